"""From the visit to the second plan: the same month on both databases."""

import hashlib
from typing import Any

import pytest

from claims_service.domain.ledger import accounts as a
from claims_service.formats.x12.read_837p import read_837p
from claims_service.store import audit, connection, files, journal
from claims_service.store.connection import run
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.record_encounter import mend_encounter, record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import USUAL, Service, file_835, payment, plb, remittance, reversal
from tests.store_fixtures import Databases, Engine
from tests.workflow.cycle import post, ready, sent


def test_what_the_first_plan_leaves_goes_to_the_second_with_its_decision(clinic: Clinic) -> None:
    """Bruno has two plans. Quillhaven pays $87.00 and leaves $25.00; Northfold is billed with that decision, once."""
    (claim,) = sent(clinic, patient=clinic.bruno)
    post(clinic, file_835(remittance([payment(claim.control_number)])))
    assert journal.balance(clinic.practice, a.NEXT_PAYER_OWES, claim=claim.id) == 25_00

    moved = bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    again = bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert (moved.cents, len(moved.claims), again.cents) == (25_00, 1, 0)
    second = moved.claims[0].claim
    assert journal.balance(clinic.practice, a.PAYER_OWES, claim=second, payer=clinic.northfold) == 25_00
    assert journal.balance(clinic.practice, a.NEXT_PAYER_OWES) == 0
    (file,) = submit_claims(clinic.practice, [second], by=BILLER, now=NOW).files
    (written,) = read_837p(files.content_of(clinic.practice, file.file))
    assert written.sequence == "S"
    assert written.other_payers[0].paid_cents == 87_00
    decisions = [decision for line in written.lines for decision in line.decisions]
    told = [(one.paid_cents, [(x.group, x.reason, x.cents) for x in one.adjustments]) for one in decisions]
    assert told == [(65_00, [("CO", "45", 30_00), ("PR", "3", 25_00)]), (22_00, [("CO", "45", 8_00)])]


def test_the_second_plan_pays_the_rest_and_nothing_is_owed(clinic: Clinic) -> None:
    """Northfold pays $20.00 of the $25.00 and leaves $5.00: the two plans and Bruno make up the $150.00."""
    (claim,) = sent(clinic, patient=clinic.bruno)
    post(clinic, file_835(remittance([payment(claim.control_number)])))
    bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    (file,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
    (written,) = read_837p(files.content_of(clinic.practice, file.file))
    services = (
        Service("99213", 120_00, {"OA23": 95_00, "PR2": 5_00}),
        Service("85025", 30_00, {"OA23": 30_00}),
    )

    decided = payment(written.control_number, services, status="2")

    answer = remittance([decided], trace="NF1", payer_identifier="NF002", payer_name="NORTHFOLD MUTUAL")
    outcome = post(clinic, file_835(answer))

    assert outcome.state == "read", outcome
    totals = {name: cents for name, cents in journal.trial_balance(clinic.practice).items() if cents}
    assert totals == {a.REVENUE: -150_00, a.INSURER_CLEARING: 107_00, a.CONTRACTUAL: 38_00, a.PATIENT_OWES: 5_00}


def test_a_mended_visit_reverses_its_charge_and_books_the_new_one(clinic: Clinic) -> None:
    """$150.00 were booked; the blood count was not done. The old charge stays, its reversal beside it: $120.00 are owed."""
    (claim,) = ready(clinic)
    mend_encounter(
        clinic.practice, claim.encounter, clinic.visit(None, "99213", reference="V0"), version=1, by=BILLER, now=NOW
    )

    check_claims(clinic.practice, [claim.id], by=BILLER, now=NOW, today=TODAY)

    assert journal.balance(clinic.practice, a.PAYER_OWES, claim=claim.id) == 120_00
    posted = [entry for _, entry in journal.entries_of(clinic.practice, "claim", claim.id)]
    totals = [(entry.total_cents, entry.reverses is not None) for entry in posted]
    assert totals == [(150_00, False), (150_00, True), (120_00, False)]


def test_a_visit_recorded_twice_counts_once(clinic: Clinic) -> None:
    """The same reference from a second import is known: one visit, one charge."""
    both = record_encounters(clinic.practice, [clinic.visit(), clinic.visit()], by=BILLER, now=NOW)
    later = record_encounters(clinic.practice, [clinic.visit()], by=BILLER, now=NOW)

    assert len(both.recorded) == 1
    assert later.recorded == ()


def month(url: str) -> dict[str, Any]:
    """A month on one database: what its books, claims and audit trail say."""
    connection.connect(url)
    with connection.opened():
        clinic = clinics.found()
        heads = [*sent(clinic, 3), *sent(clinic, patient=clinic.bruno)]
        first = payment(heads[0].control_number)
        corrected = payment(heads[0].control_number, (USUAL[0], Service("85025", 30_00, {"CO16": 30_00})))
        post(
            clinic,
            file_835(remittance([first, *(payment(head.control_number) for head in heads[2:])], [plb("L6", -3_00)])),
        )
        post(clinic, file_835(remittance([reversal(first), corrected, payment("C99999999")], trace="EFT2")))
        bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY)
        assert (journal.check(), audit.verify()) == ([], [])
        sql = {
            "entries": "select id, period, kind, key, total_cents, reverses, at from journal_entry order by id",
            "transfers": "select entry_id, debit, credit, cents, claim, line, patient, payer, reason from journal_transfer order by id",
            "claims": "select id, state, sequence, control_number, charge_cents from claim order by id",
            "held": "select kind, place, cents, message from held_item order by id",
            "trail": "select seq, hash from audit order by practice_id, seq",
        }
        return {name: [tuple(row) for row in run(text).fetchall()] for name, text in sql.items()}


@pytest.mark.check(31)
def test_both_databases_end_the_month_with_the_same_books(databases: Databases) -> None:
    """Entry by entry, to the hash of the last audit row: SQLite and PostgreSQL say the same."""
    engines: tuple[Engine, Engine] = ("sqlite", "postgresql")

    small, large = (month(databases.migrated(engine)) for engine in engines)

    assert small == large
    digests = {hashlib.sha256(repr(found).encode()).hexdigest() for found in (small, large)}
    assert len(digests) == 1
