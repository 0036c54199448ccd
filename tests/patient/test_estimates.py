"""A self-payer is told the price before the visit; a bill far above it waits, and tells the right to dispute it."""

from datetime import date, timedelta
from decimal import Decimal

import peewee
import pytest

from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.estimate.paper import INSURED, SELF_PAY
from claims_service.domain.estimate.wish import ASKED, SCHEDULED, Wish, WishedLine
from claims_service.domain.patient import frozen
from claims_service.domain.patient.statement import Statement
from claims_service.store import bills, estimates, tables
from claims_service.store.connection import run, write
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.make_estimates import (
    Asked,
    Drop,
    Issue,
    ask_estimates,
    drop_estimates,
    issue_estimates,
)
from claims_service.workflow.release_bills import Release, release_bills
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.visits import Line

DAY = date(2026, 12, 4)


def wish(clinic: Clinic, *codes: str, self_pay: bool = True, day: date | None = DAY) -> Wish:
    lines = tuple(WishedLine(code) for code in codes or ("99213", "85025"))
    return Wish(clinic.doctor, "11", lines, day, ("J069",), self_pay)


def asked(clinic: Clinic, planned: Wish | None = None, *, key: str = "form-1", reason: str = SCHEDULED) -> int:
    one = Asked(clinic.alma, reason, TODAY, key, planned or wish(clinic))
    [made] = ask_estimates(clinic.practice, [one], by=BILLER, now=NOW, today=TODAY)
    return made.estimate


def issued(clinic: Clinic, planned: Wish | None = None, *, key: str = "form-1") -> int:
    estimate = asked(clinic, planned, key=key)
    issue_estimates(clinic.practice, [Issue(estimate, planned or wish(clinic))], by=BILLER, now=NOW, today=TODAY)
    return estimate


def bill(clinic: Clinic, today: date) -> tuple[list[Statement], tuple[int, ...]]:
    made = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=today)
    texts = [bills.statement_content(clinic.practice, key) for key in made.statements]
    return [frozen.statement(text) for text in texts], made.held


def test_the_paper_holds_everything_the_law_asks_for(clinic: Clinic) -> None:
    """An office visit at $120.00 and a blood count at $30.00: $150.00, with who gives it, where, why and when."""
    paper = estimates.paper(clinic.practice, issued(clinic))

    assert (paper.kind, paper.charge_cents) == (SELF_PAY, 150_00)
    assert (paper.patient, paper.birth_on) == ("Alma Testpatient", date(1980, 1, 1))
    assert (paper.npi, paper.tax_id, paper.provider_npi, paper.provider) == (
        "1990000014", "990000001", "1990000022", "Imani Voss",
    )  # fmt: skip
    assert [(line.procedure, line.charge_cents, line.units) for line in paper.lines] == [
        ("99213", 120_00, Decimal(1)),
        ("85025", 30_00, Decimal(1)),
    ]
    assert paper.diagnoses[0][0] == "J06.9"
    assert (paper.planned_on, paper.place) == (DAY, ("Office", "Consultorio"))


def test_a_form_sent_twice_asks_once(clinic: Clinic) -> None:
    assert asked(clinic) == asked(clinic)
    assert tables.EstimateRow.select().count() == 1


def test_what_was_issued_stays_whatever_the_price_list_says_later(clinic: Clinic) -> None:
    estimate = issued(clinic)
    tables.Fee.update(cents=999_00).execute()
    issue_estimates(clinic.practice, [Issue(estimate, wish(clinic, "93000"))], by=BILLER, now=NOW, today=TODAY)

    assert estimates.paper(clinic.practice, estimate).charge_cents == 150_00
    with pytest.raises(Conflict):
        drop_estimates(clinic.practice, [Drop(estimate, "not needed")], by=BILLER, now=NOW)


def test_a_service_without_a_price_is_never_guessed(clinic: Clinic) -> None:
    planned = wish(clinic, "99213", "71046")
    estimate = asked(clinic, planned)

    with pytest.raises(Rejected) as refused:
        issue_estimates(clinic.practice, [Issue(estimate, planned)], by=BILLER, now=NOW, today=TODAY)

    assert [problem.where for problem in refused.value.problems] == ["lines[1].charge"]
    assert tables.EstimatePaper.select().count() == 0


def test_with_a_plan_the_contract_s_price_is_told_and_the_share_is_not_known_before_the_plan_was_asked(
    clinic: Clinic,
) -> None:
    """Quillhaven allows $90.00 and $22.50 of $150.00."""
    paper = estimates.paper(clinic.practice, issued(clinic, wish(clinic, self_pay=False)))

    assert (paper.kind, paper.payer, paper.allowed_cents) == (INSURED, "Quillhaven Health", 112_50)
    assert (paper.low_cents, paper.high_cents, paper.plan_pays) == (None, None, None)


def test_another_s_patient_is_not_found(clinic: Clinic) -> None:
    one = Asked(999, ASKED, TODAY, "form-1", wish(clinic))

    with pytest.raises(NotFound):
        ask_estimates(clinic.practice, [one], by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        estimates.head(clinic.practice, asked(clinic), patient=clinic.bruno)


def test_a_bill_far_above_waits_until_a_person_lets_it_go_and_then_tells_the_right_to_dispute(clinic: Clinic) -> None:
    """Estimated at $150.00, billed at $550.00: held; released, it says so and names the day 120 days on."""
    issued(clinic)
    visit = visits.sent(clinic, [Line("99213", 550_00)], on=DAY, plan=False)
    later = DAY + timedelta(days=3)

    assert bill(clinic, later) == ([], (visit.encounter,))
    assert bill(clinic, later) == ([], (visit.encounter,))
    [hold] = estimates.holds(clinic.practice, [visit.encounter])[visit.encounter]
    assert (hold.expected_cents, hold.billed_cents) == (150_00, 550_00)

    with pytest.raises(Rejected):
        release_bills(clinic.practice, [Release(hold.id, " ")], by=BILLER, now=NOW)
    release_bills(clinic.practice, [Release(hold.id, "a fracture was found")], by=BILLER, now=NOW)
    [[statement], held] = bill(clinic, later)

    assert held == ()
    above = statement.visits[0].above
    assert above is not None
    assert (above.expected_cents, above.billed_cents) == (150_00, 550_00)
    assert above.until == later + timedelta(days=120)
    assert frozen.statement(frozen.freeze(statement)) == statement


def test_one_cent_less_goes_out_at_once(clinic: Clinic) -> None:
    issued(clinic)
    visits.sent(clinic, [Line("99213", 549_99)], on=DAY, plan=False)

    [[statement], held] = bill(clinic, DAY + timedelta(days=3))

    assert held == ()
    assert statement.visits[0].above is None


def test_two_visits_of_one_estimate_count_together_and_what_went_out_stays_out(clinic: Clinic) -> None:
    """$300.00 is billed; the second visit of $300.00 makes $600.00 against $150.00 and waits alone."""
    issued(clinic)
    visits.sent(clinic, [Line("99213", 300_00)], on=DAY, plan=False)
    bill(clinic, DAY + timedelta(days=3))
    second = visits.sent(clinic, [Line("85025", 300_00)], on=DAY + timedelta(days=7), plan=False)

    statements, held = bill(clinic, DAY + timedelta(days=40))

    assert held == (second.encounter,)
    assert [visit.invoice.share_cents for visit in statements[0].visits] == [300_00]


def test_a_plan_s_bill_is_not_compared(clinic: Clinic) -> None:
    issued(clinic)
    lines = [Line("99213", 700_00, 0, 0, {"PR1": 700_00})]
    visit = visits.sent(clinic, lines, on=DAY)
    visits.answered(clinic, visit, lines, on=DAY)

    [[statement], held] = bill(clinic, DAY + timedelta(days=3))

    assert (held, statement.owed_cents) == ((), 700_00)


@pytest.mark.parametrize(
    "sql",
    [
        "update estimate set words = 'other' where state = 'issued'",
        "update estimate_paper set charge_cents = 1",
        "delete from estimate_paper",
        "delete from estimate",
    ],
)
def test_the_database_itself_keeps_what_was_issued(clinic: Clinic, sql: str) -> None:
    issued(clinic)

    with pytest.raises(peewee.DatabaseError), write():
        run(sql, ())
