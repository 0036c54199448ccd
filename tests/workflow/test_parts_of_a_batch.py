"""A large batch is kept part by part, each whole: one that breaks off leaves nothing half done, and the next run does the rest."""

from datetime import timedelta

import pytest

from claims_service.store import audit, files, journal
from claims_service.store.connection import run
from claims_service.workflow import build_claim, submit_claims
from claims_service.workflow.checked import checked
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic
from tests.workflow.cycle import ready


class Killed(Exception):
    """The program ends here."""


def killed_at(step: object, second: int) -> object:
    """The same step, which works until it is called for the n-th time."""
    calls = 0

    def once_more(*args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == second:
            raise Killed
        return step(*args, **options)  # type: ignore[operator]

    return once_more


def count(sql: str) -> int:
    return int(run(f"select count(*) from {sql}").fetchone()[0])


def test_visits_of_a_batch_that_was_cut_off_wait_as_before(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three visits of $150.00, two of Alma; the program ends while Bruno's claim is checked. Alma's claims are ready and booked,
    $300.00; of Bruno's there is no trace, until the batch is built again.
    """
    visits = [
        clinic.visit(reference="V1"),
        clinic.visit(clinic.bruno, reference="V2"),
        clinic.visit(reference="V3", served_on=VISIT_DAY - timedelta(days=1)),
    ]
    record_encounters(clinic.practice, visits, by=BILLER, now=NOW)
    monkeypatch.setattr(build_claim, "_BATCH", 1)
    with monkeypatch.context() as patched:
        patched.setattr(build_claim, "checked", killed_at(checked, 2))
        with pytest.raises(Killed):
            build_claim.build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert run("select reference, state from encounter order by id").fetchall() == [
        ("V1", "billed"),
        ("V2", "recorded"),
        ("V3", "billed"),
    ]
    assert count("claim") == count("audit where action = 'claim.build'") == 2
    assert count("claim_event where kind = 'checked'") == 2
    assert run("select sum(total_cents) from journal_entry").fetchone()[0] == 300_00

    again = build_claim.build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert (again.charge_cents, count("claim"), count("encounter where state = 'recorded'")) == (150_00, 3, 0)
    assert (journal.check(), audit.verify()) == ([], [])


def test_files_of_a_run_that_was_cut_off_are_made_by_the_next(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three claims, one a file; the program ends while the second file is kept. One file is out, its claim sent; the two others
    are ready, and go out with the numbers 2 and 3.
    """
    ready(clinic, 3)
    monkeypatch.setattr(submit_claims, "MOST_CLAIMS", 1)
    with monkeypatch.context() as patched:
        patched.setattr(files, "add_claims", killed_at(files.add_claims, 2))
        with pytest.raises(Killed):
            submit_claims.submit_claims(clinic.practice, by=BILLER, now=NOW)

    assert count("exchange_file") == count("file_claim") == count("claim where state = 'sent'") == 1
    assert count("claim where state = 'ready'") == 2

    again = submit_claims.submit_claims(clinic.practice, by=BILLER, now=NOW)

    assert (again.claim_count, count("claim where state = 'sent'")) == (2, 3)
    assert run("select interchange_control from exchange_file order by id").fetchall() == [
        (f"{number:09}",) for number in (1, 2, 3)
    ]
    assert count("(select distinct claim_id from file_claim) as sent") == count("file_claim") == 3


def test_a_claim_that_was_stopped_while_files_were_made_stays_here(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two claims, one a file; when the first file is out, somebody stops the second claim: no file is made of it."""
    first, second = ready(clinic, 2)
    monkeypatch.setattr(submit_claims, "MOST_CLAIMS", 1)
    send = submit_claims._send

    def send_and_stop(*args: object, **options: object) -> object:
        made = send(*args, **options)  # type: ignore[arg-type]
        run("update claim set state = 'needs_mending' where state = 'ready'")
        return made

    monkeypatch.setattr(submit_claims, "_send", send_and_stop)

    sent = submit_claims.submit_claims(clinic.practice, by=BILLER, now=NOW)

    stopped = run("select id from claim where state = 'needs_mending'").fetchall()
    assert (sent.claim_count, count("exchange_file"), len(stopped)) == (1, 1, 1)
    assert {*sent.files[0].claims, *(row[0] for row in stopped)} == {first.id, second.id}


def test_hundreds_of_rows_are_written_in_their_order(clinic: Clinic) -> None:
    """Two hundred and fifty looks at a patient in one call, three statements on SQLite: the chain holds, none is missing."""
    before = audit.count()
    looks = [audit.Event("patient.read", clinic.alma, f"patient:{n}") for n in range(250)]

    audit.record(clinic.practice, looks, by=BILLER, at=NOW)

    subjects = run("select subject from audit where action = 'patient.read' order by seq").fetchall()
    assert [subject for (subject,) in subjects] == [look.subject for look in looks]
    assert (audit.count() - before, audit.verify()) == (250, [])
