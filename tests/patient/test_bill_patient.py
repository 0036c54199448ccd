"""Bills go out once every plan has answered, once each, and say what the books say."""

from datetime import timedelta
from typing import Any

import pytest

from claims_service.domain.ledger.accounts import PATIENT_CREDIT, PATIENT_OWES
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.patient import frozen
from claims_service.domain.patient.statement import Statement
from claims_service.store import audit, journal, tables
from claims_service.store.connection import database
from claims_service.workflow.bill_patient import Outcome, bill_patients
from tests.clinic import BILLER, NOW, TODAY, Clinic, found
from tests.patient import visits
from tests.patient.visits import FIVE, Line


def run(clinic: Clinic, days: int = 0) -> Outcome:
    later = timedelta(days=days)
    return bill_patients(clinic.practice, None, by=BILLER, now=NOW + later, today=TODAY + later)


def statement(outcome: Outcome, number: int = 0) -> Statement:
    return frozen.statement(tables.Statement.get_by_id(outcome.statements[number]).content)


def test_a_statement_says_what_the_books_say(clinic: Clinic) -> None:
    """Alma's visit: $515.00 less $234.00 discount less $180.40 from the plan is her share of $100.60."""
    visit = visits.decided(clinic)
    told = statement(run(clinic))
    assert (told.charge_cents, told.discount_cents, told.plan_paid_cents) == (515_00, 234_00, 180_40)
    assert told.owed_cents == 100_60 == journal.balance(clinic.practice, PATIENT_OWES, claim=visit.claim)
    assert [line.share_cents for line in told.visits[0].invoice.lines] == [30_00, 42_00, 22_00, 4_80, 1_80]
    assert told.due_on == TODAY + timedelta(days=30)
    assert not journal.check()
    assert not audit.verify()


def test_nothing_is_billed_while_an_insurer_has_yet_to_answer(clinic: Clinic) -> None:
    visit = visits.sent(clinic, FIVE)
    assert run(clinic) == Outcome((), (), 0, 0)
    visits.answered(clinic, visit, FIVE)
    visits.taken_back(clinic, visit)
    assert run(clinic).statements == ()


def test_a_second_plan_has_to_answer_before_the_patient_is_billed(clinic: Clinic) -> None:
    """The first plan left $30.00 to the patient by mistake while $12.00 waits for the second plan."""
    visits.decided(clinic, [Line("99214", 100_00, 20_00, 38_00, {"PR3": 30_00})])
    visit = visits.decided(clinic, [Line("99214", 100_00, 20_00, 38_00, {"PR3": 30_00})])
    tables.ClaimRow.update(state="sent").where(tables.ClaimRow.id == visit.claim).execute()
    outcome = run(clinic)
    assert outcome.waiting == 1
    assert outcome.owed_cents == 30_00


def test_a_bill_run_again_makes_no_second_bill(clinic: Clinic) -> None:
    visits.decided(clinic)
    first, again, next_week = run(clinic), run(clinic), run(clinic, 7)
    assert len(first.statements) == len(first.invoices) == 1
    assert again.statements == next_week.statements == again.invoices == ()
    assert len(run(clinic, 28).statements) == 1, "an open bill is told again after four weeks"


def test_a_new_visit_is_told_at_once_with_what_is_still_open(clinic: Clinic) -> None:
    visits.decided(clinic)
    run(clinic)
    visits.decided(clinic, FIVE[:1])
    told = statement(run(clinic, 3))
    assert [visit.owed_cents for visit in told.visits] == [100_60, 30_00]


def test_a_corrected_answer_brings_a_new_invoice_and_leaves_the_old_one_as_it_was(clinic: Clinic) -> None:
    """The plan changes its answer: the heart tracing is now paid, the share falls from $100.60 to $58.60."""
    visit = visits.decided(clinic)
    first = run(clinic)
    before = tables.Invoice.get_by_id(first.invoices[0]).content
    visits.taken_back(clinic, visit)
    mended = [line if line.code != "93000" else Line("93000", 95_00, 53_00, 42_00, {}, line.words) for line in FIVE]
    visits.answered(clinic, visit, mended, key="2")
    second = run(clinic, 2)
    assert statement(second).owed_cents == 58_60
    old = tables.Invoice.get_by_id(first.invoices[0])
    assert (old.content, old.replaced_by) == (before, second.invoices[0])


def test_a_denied_service_is_the_clinics_work_and_not_on_the_bill(clinic: Clinic) -> None:
    """The plan refused $95.00 for a missing paper: the patient owes the $30.00 copay and nothing of it."""
    visits.decided(clinic, [FIVE[0], Line("93000", 95_00)])
    told = statement(run(clinic))
    assert (told.owed_cents, told.in_review_cents) == (30_00, 95_00)
    assert "That is our job" in told.visits[0].invoice.lines[1].explained[0]


def test_a_visit_without_a_plan_is_billed_at_its_price(clinic: Clinic) -> None:
    visits.sent(clinic, FIVE[:2], plan=False)
    told = statement(run(clinic))
    assert told.owed_cents == told.charge_cents == 340_00
    assert told.payers == ()


def test_a_visit_paid_too_much_pays_another_one(clinic: Clinic) -> None:
    """Alma had paid $30.00 before the plan took the copay back: it pays $30.00 of her other visit of $42.00."""
    other = visits.decided(clinic, FIVE[1:2])
    visit = visits.decided(clinic, [Line("99214", 100_00, 20_00, 80_00)])
    early = Transfer("desk_clearing", PATIENT_OWES, 30_00, visit.claim, None, clinic.alma)
    journal.post(clinic.practice, [Entry(TODAY, "payment", "early", "payment", 1, (early,))], by="test", at=NOW)
    assert statement(run(clinic)).owed_cents == 12_00
    assert journal.balance(clinic.practice, PATIENT_OWES, claim=other.claim) == 12_00
    assert journal.balance(clinic.practice, PATIENT_OWES, claim=visit.claim) == 0
    assert journal.balance(clinic.practice, PATIENT_CREDIT) == 0
    assert not journal.check()


def test_a_bill_for_one_clinic_leaves_another_alone(clinic: Clinic) -> None:
    second = found("Hillside Clinic", "1990000030", suffix="B")
    visits.decided(second)
    assert run(clinic).statements == ()


def test_a_run_over_many_patients_asks_no_question_for_each(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two visits or thirty, the same number of SELECTs."""
    asked: list[str] = []
    execute = database.obj.execute_sql  # type: ignore[attr-defined]

    def counted(sql: str, *values: Any) -> Any:
        asked.append(sql)
        return execute(sql, *values)

    def questions(visit_count: int) -> int:
        for _ in range(visit_count):
            visits.decided(clinic, FIVE[:1])
        with monkeypatch.context() as patch:
            patch.setattr(database.obj, "execute_sql", counted)  # type: ignore[attr-defined]
            run(clinic, days=visit_count)
        found = sum(sql.lstrip().lower().startswith("select") for sql in asked)
        asked.clear()
        return found

    assert questions(2) >= questions(30)
