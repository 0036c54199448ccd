"""What a patient paid in a calendar year: each day's money with its visits, the sum that of the journal."""

from datetime import date, timedelta

import pytest

from claims_service.domain.patient.confidential import PORTAL, Reach
from claims_service.domain.patient.statement import Sender
from claims_service.formats.documents.paid_in_year_pdf import PaidOnPaper, YearOnPaper, paid_in_year_pdf
from claims_service.queries.paid_in_year import YearPaid, years_paid
from claims_service.store import payments
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.keep_confidential import Wish, keep_confidential
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.statement_stories import as_read
from tests.patient.visits import FIVE

NEW_YEAR = date(TODAY.year + 1, 1, 4)


def paid(clinic: Clinic, cents: int, on: date, statement: int | None = None) -> int:
    wish = DeskPayment(clinic.alma, cents, "cash", f"{on}-{cents}", statement=statement)
    at = NOW + timedelta(days=(on - TODAY).days)
    [payment] = take_desk_payments(clinic.practice, [wish], by=BILLER, now=at, today=on)
    return payment.payment


def given_back(clinic: Clinic, payment: int, cents: int, on: date) -> None:
    at = NOW + timedelta(days=(on - TODAY).days)
    wish = Refund(payment, cents, payments.get(clinic.practice, payment).refunded_cents, "asked for it back")
    refund_payments(clinic.practice, [wish], processor=None, by=BILLER, now=at, today=on)


def sums(found: list[YearPaid]) -> dict[int, int]:
    return {one.year: one.cents for one in found}


def test_each_year_counts_what_came_in_and_went_back_on_its_days(clinic: Clinic) -> None:
    """$70.00 in November, $30.60 in January, when $10.00 of the first came back: $70.00 in one year, $20.60 in the next."""
    visits.decided(clinic)
    first = paid(clinic, 70_00, TODAY)
    paid(clinic, 30_60, NEW_YEAR)
    given_back(clinic, first, 10_00, NEW_YEAR)
    assert sums(years_paid(clinic.practice, clinic.alma)) == {NEW_YEAR.year: 20_60, TODAY.year: 70_00}
    assert years_paid(clinic.practice, clinic.bruno) == []


def test_a_payment_names_its_visits_and_what_is_kept(clinic: Clinic) -> None:
    """$150.00 for a share of $100.60: so much for the visit of October 6, and $49.40 kept for the next bill."""
    visits.decided(clinic)
    paid(clinic, 150_00, TODAY)
    [told] = years_paid(clinic.practice, clinic.alma)
    [row] = told.rows
    assert [(visit.served_on, visit.cents) for visit in row.visits] == [(date(2026, 10, 6), 100_60)]
    assert (row.on, row.cents, row.kept_cents, row.own) == (TODAY, 150_00, 49_40, False)


def test_confidential_visits_are_left_out_of_what_others_read(clinic: Clinic) -> None:
    """Alma pays $100.60 for one visit and $30.00 for one she keeps to herself: the paper for others says $100.60."""
    visits.decided(clinic)
    secret = visits.decided(clinic, FIVE[:1], on=date(2026, 10, 13))
    keep_confidential(
        clinic.practice, [Wish(clinic.alma, secret.encounter, Reach(PORTAL))], by=BILLER, now=NOW, today=TODAY
    )
    made = bill_patients(clinic.practice, [clinic.alma], by=BILLER, now=NOW, today=TODAY).statements
    for statement, cents in zip(made, (100_60, 30_00), strict=True):
        paid(clinic, cents, TODAY, statement)
    [told] = years_paid(clinic.practice, clinic.alma)
    assert (told.cents, told.own) == (130_60, True)
    assert (told.without_own().cents, told.without_own().own) == (100_60, False)


@pytest.mark.parametrize(("language", "words"), [("en", "What you paid in 2026"), ("es", "Lo que usted pagó en 2026")])
def test_the_paper_lists_each_day_and_adds_up(language: str, words: str) -> None:
    rows = (
        PaidOnPaper(TODAY, "R1-1001", "card", 70_00, ((date(2026, 10, 6), "Imani Voss", 60_00),), 10_00),
        PaidOnPaper(TODAY, "R1-1001", "card", -10_00),
    )
    told = YearOnPaper(2026, "Alma Testpatient", Sender("Lakeside Clinic", "5035550142"), TODAY, rows)
    text = as_read.paper(paid_in_year_pdf(told, language))
    assert words in text
    assert as_read.cents(text) == [60_00, 70_00, 60_00, 10_00, -10_00]
