"""How billing goes, told in days and dollars; each number is the one a manager would count by hand."""

from datetime import date, timedelta

import pytest

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Rejected
from claims_service.domain.ledger.journal import Entry, moved
from claims_service.domain.patient import clarity
from claims_service.queries import measures
from claims_service.queries.measures import Days
from claims_service.store import audit, journal, reminders, tables
from claims_service.store.connection import write
from claims_service.workflow.answer_clarity import Answer, answer_clarity
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.set_collection_price import set_price
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.test_disputes import bill, dispute, newest
from tests.patient.visits import FIVE

NOVEMBER = date(2026, 11, 1)
ALMA = Actor("patient:1", "patient", "127.0.0.1")


def month(clinic: Clinic) -> measures.Month:
    bills = measures.issued(clinic.practice, date(2026, 10, 1), date(2026, 11, 30))
    return measures.months(clinic.practice, [date(2026, 10, 1), NOVEMBER], bills)[-1]


@pytest.fixture
def billed(clinic: Clinic) -> Clinic:
    """Alma ($100.60) and Bruno ($72.00) were seen on October 6 and get their first bills on November 20, 45 days later."""
    visits.decided(clinic)
    visits.decided(clinic, FIVE[:2], patient=clinic.bruno)
    bill(clinic)
    return clinic


def test_a_month_counts_days_openings_payments_disputes_and_answers(billed: Clinic) -> None:
    """Alma reads her bill and pays $30.60 at the desk after 5 days. Bruno disputes $42.00 of his and finds its deductible hard.
    November: 2 bills, 45 days to bill, 5 to payment, both opened, half paid, half disputed, half clear.
    """
    practice, alma, bruno = billed.practice, newest(billed), newest(billed, billed.bruno)
    audit.record_look(practice, [audit.Event("statement.read", billed.alma, f"statement:{alma}")], by=ALMA, at=NOW)
    audit.record_look(practice, [audit.Event("statement.read", billed.bruno, f"statement:{bruno}")], by=BILLER, at=NOW)
    assert month(billed).opened == 1, "what the staff read is not opened by the patient"
    later = NOW + timedelta(days=5)
    paid = DeskPayment(billed.alma, 30_60, "cash", "desk:1")
    take_desk_payments(practice, [paid], by=BILLER, now=later, today=TODAY + timedelta(days=5))
    dispute(billed, visits.Visit(2, 2, billed.bruno), 2)
    said = [Answer(billed.alma, alma, "payment", "yes"), Answer(billed.bruno, bruno, "dispute", "no", (2, 2))]
    answer_clarity(practice, said, by=ALMA, now=later)

    found = month(billed)

    assert (found.bills, found.opened, found.paid, found.disputed, found.judged, found.clear) == (2, 2, 1, 1, 2, 1)
    assert (found.to_bill, found.to_payment, found.collected_cents) == (Days(45, 45), Days(5, 5), 30_60)
    kinds = {one.words: one for one in measures.by_kind(measures.issued(practice, NOVEMBER, TODAY))}
    assert (kinds["Deductible"].judged, kinds["Deductible"].clear, kinds["Deductible"].unclear) == (2, 1, 1)
    assert kinds["Coinsurance"].judged == 1, "of Alma's bill alone"
    assert (found.cost_cents, found.cost_of_hundred) == (0, 0)


def test_a_payment_after_the_next_bill_is_the_next_bills(billed: Clinic) -> None:
    """Alma's bill of November 20 is followed by one of December 18; what she pays at the desk on December 20 came for the second."""
    practice, december = billed.practice, date(2026, 12, 18)
    visits.decided(billed, FIVE[:1], on=date(2026, 12, 1))
    bill_patients(practice, None, by=BILLER, now=NOW + timedelta(days=28), today=december)
    paid = DeskPayment(billed.alma, 30_00, "cash", "desk:1")
    take_desk_payments(practice, [paid], by=BILLER, now=NOW + timedelta(days=30), today=date(2026, 12, 20))

    of_alma = [one for one in measures.issued(practice, NOVEMBER, december) if one.patient == billed.alma]

    assert [(one.issued_on, one.paid_days) for one in of_alma] == [(TODAY, None), (december, 2)]


def test_collecting_costs_what_was_booked_as_card_fees_and_what_left_the_house(billed: Clinic) -> None:
    """$30.60 collected; a fee of $0.90, two letters at $1.05 and a text at $0.02: $3.02, that is $9.87 for each $100.00."""
    practice = billed.practice
    paid = DeskPayment(billed.alma, 30_60, "cash", "desk:1")
    take_desk_payments(practice, [paid], by=BILLER, now=NOW, today=TODAY)
    with write():
        entry = Entry(TODAY, "deposit", "fee:1", "deposit", 1, moved("card_fees", "card_clearing", 90))
        journal.post(practice, [entry], by="user:1", at=NOW)
        for number, (letter, channel, state) in enumerate(
            [("ready", "paper", reminders.PRINTED), ("first", "paper", reminders.SENT), ("last", "text", reminders.SENT),
             ("final", "paper", reminders.TO_PRINT)]
        ):  # fmt: skip
            tables.Reminder.create(
                practice=practice, statement=newest(billed), patient=billed.alma, letter=letter, channel=channel, state=state,
                open_cents=100_60, at=NOW + timedelta(seconds=number),
            )  # fmt: skip
    assert month(billed).cost_cents == 90, "the clinic has not said what a letter costs"
    set_price(practice, letter_cents=1_05, text_cents=2, by=BILLER, now=NOW)

    found = month(billed)

    assert (found.fee_cents, found.letter_cents, found.text_cents) == (90, 2_10, 2)
    assert found.cost_of_hundred == 9_87


def test_a_month_without_bills_says_nothing_rather_than_zero(clinic: Clinic) -> None:
    found = month(clinic)
    assert (found.bills, found.to_bill, found.to_payment, found.cost_of_hundred) == (0, None, None, None)


@pytest.mark.parametrize(
    ("values", "middle", "slow"), [([3], 3, 3), ([1, 9], 1, 9), (range(1, 11), 5, 9), (range(1, 21), 10, 18)]
)
def test_the_middle_and_what_nine_of_ten_stay_within(values: list[int], middle: int, slow: int) -> None:
    assert measures.days(values) == Days(middle, slow)


def test_the_months_are_counted_back_over_the_new_year() -> None:
    assert measures.last_months(date(2027, 1, 31), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize("cents", [-1, 100_01])
def test_a_price_no_letter_has_is_refused_at_its_field(clinic: Clinic, cents: int) -> None:
    with pytest.raises(Rejected) as refused:
        set_price(clinic.practice, letter_cents=cents, text_cents=0, by=BILLER, now=NOW)
    assert [problem.where for problem in refused.value.problems] == ["letter"]


def test_every_kind_of_share_that_a_bill_can_have_is_told_in_the_measures() -> None:
    """A new reason for a share that had no words here would be left out of who found the bill clear."""
    assert set(measures.KINDS) == {*clarity.TYPES.values(), clarity.OTHER, clarity.SELF_PAY}
