"""Claims go out once, however often somebody asks."""

import threading

import pytest

from claims_service.formats.x12.read_837p import read_837p
from claims_service.store import claims, connection, files
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import SentFile, submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.cycle import ready


def live_files() -> dict[int, list[int]]:
    """Outgoing files by claim."""
    found: dict[int, list[int]] = {}
    for claim, file in run("select claim_id, file_id from file_claim order by id").fetchall():
        found.setdefault(claim, []).append(file)
    return found


@pytest.mark.check(16)
def test_sending_twice_makes_one_file(clinic: Clinic) -> None:
    """A second click finds nothing left to send: one file of three claims, $450.00, one control number."""
    made = ready(clinic, 3)

    first = submit_claims(clinic.practice, [head.id for head in made], by=BILLER, now=NOW)
    second = submit_claims(clinic.practice, [head.id for head in made], by=BILLER, now=NOW)

    assert [(sent.charge_cents, len(sent.claims)) for sent in first.files] == [(450_00, 3)]
    assert second.files == ()
    assert live_files() == {head.id: [first.files[0].file] for head in made}


@pytest.mark.check(16)
def test_two_people_who_send_at_once_make_one_file(clinic: Clinic) -> None:
    """Both press Send at the same moment; each claim lies in one file and no two files share a control number."""
    made = ready(clinic, 4)
    found: list[SentFile] = []
    problems: list[BaseException] = []
    together = threading.Barrier(3)

    def press() -> None:
        try:
            with connection.opened():
                together.wait()
                found.extend(submit_claims(clinic.practice, by=BILLER, now=NOW).files)
        except BaseException as problem:  # noqa: BLE001 - a thread has nobody else to tell
            problems.append(problem)

    people = [threading.Thread(target=press) for _ in range(3)]
    for one in people:
        one.start()
    for one in people:
        one.join(30)

    assert problems == []
    assert len(found) == 1
    assert {claim: len(sent) for claim, sent in live_files().items()} == {head.id: 1 for head in made}


def test_a_visit_billed_by_two_people_at_once_becomes_one_claim(clinic: Clinic) -> None:
    """Two people build claims from the same visit of $150.00: the insurer owes $150.00, not $300.00."""
    visit = record_encounters(clinic.practice, [clinic.visit()], by=BILLER, now=NOW).recorded
    together = threading.Barrier(2)
    charged: list[int] = []

    def press() -> None:
        with connection.opened():
            together.wait()
            charged.append(build_claims(clinic.practice, visit, by=BILLER, now=NOW, today=TODAY).charge_cents)

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join(30)

    assert sorted(charged) == [0, 150_00]
    assert run("select count(*) from claim").fetchone()[0] == 1


def test_the_file_holds_what_the_clinic_billed(clinic: Clinic) -> None:
    """Read back, the file has the claims with their numbers and $150.00 each."""
    made = ready(clinic, 2)
    (sent,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files

    told = {
        claim.control_number: claim.charge_cents for claim in read_837p(files.content_of(clinic.practice, sent.file))
    }
    assert told == {head.control_number: 150_00 for head in made}
    assert {head.state for head in claims.heads(clinic.practice, [h.id for h in made]).values()} == {"sent"}
