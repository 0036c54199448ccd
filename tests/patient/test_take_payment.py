"""Money from patients: counted once, never more than is open, given back at most once."""

import itertools
import json
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_service.domain.errors import BillingError, Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import CARD_CLEARING, DESK_CLEARING, PATIENT_CREDIT, PATIENT_OWES
from claims_service.gateways.cards.processor import BadSignature, CardRefused, Order
from claims_service.gateways.cards.test_processor import Message, TestProcessor, fee_cents
from claims_service.store import connection, journal, payments, tables
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.receive_payouts import receive_payouts
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.set_money_limit import set_money_limit
from claims_service.workflow.take_payment import (
    CardPayment,
    DeskPayment,
    settle_payments,
    start_payments,
    take_desk_payments,
)
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.visits import FIVE, Visit


@pytest.fixture
def processor(tmp_path: Path) -> TestProcessor:
    return TestProcessor(tmp_path, "a secret")


@pytest.fixture
def visit(clinic: Clinic) -> Visit:
    """Alma owes $100.60 for one visit."""
    return visits.decided(clinic)


def wish(patient: int, cents: int = 100_60, key: str = "form-1", statement: int | None = None) -> CardPayment:
    return CardPayment(patient, statement, cents, key, "Your bill", "/paid", "/back")


def start(clinic: Clinic, processor: TestProcessor, cents: int = 100_60, key: str = "form-1") -> str:
    """The reference of the checkout page."""
    [started] = start_payments(
        clinic.practice, [wish(clinic.alma, cents, key)], processor=processor, by=BILLER, now=NOW
    )
    return started.url.rpartition("/")[2]


def tell(clinic: Clinic, processor: TestProcessor, message: Message) -> payments.PaymentRecord:
    event = processor.read_event(message.body, message.signature, now=NOW)
    [payment] = settle_payments(clinic.practice, [event], by=BILLER, now=NOW, today=TODAY)
    return payment


def owed(clinic: Clinic) -> int:
    return journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma)


def test_a_card_payment_is_in_the_books_when_the_card_company_says_so(
    clinic: Clinic, visit: Visit, processor: TestProcessor
) -> None:
    """Alma pays $70.60 of her $100.60: $30.00 stay open, and nothing moves before the message."""
    reference = start(clinic, processor, 70_60)
    assert owed(clinic) == 100_60
    paid = tell(clinic, processor, processor.pay(reference, good=True, now=NOW))
    assert (paid.state, owed(clinic), journal.balance(clinic.practice, CARD_CLEARING)) == ("paid", 30_00, 70_60)
    assert paid.receipt_number
    assert not journal.check()


@pytest.mark.check(17)
def test_messages_ten_times_and_in_any_order_are_one_payment(clinic: Clinic, tmp_path: Path) -> None:
    """Declined, then paid $100.60, then $20.00 given back: all six orders, each message ten times, end the same."""
    ends = set()
    for number, order in enumerate(itertools.permutations(range(3))):
        patient = visits.decided(clinic).patient
        open_before = journal.balance(clinic.practice, PATIENT_OWES, patient=patient)
        processor = TestProcessor(tmp_path / str(number), "a secret")
        reference = start(clinic, processor, key=f"form-{number}")
        messages = [processor.pay(reference, good=False, now=NOW), processor.pay(reference, good=True, now=NOW)]
        processor.refund(str(clinic.practice), f"form-{number}", 20_00, reference=reference, refund_key="r", now=NOW)
        messages.append(processor.refund_message(reference, now=NOW))
        for place in order * 10:
            payment = tell(clinic, processor, messages[place])
        change = open_before - journal.balance(clinic.practice, PATIENT_OWES, patient=patient)
        ends.add((payment.state, payment.cents, payment.refunded_cents, change))
    assert ends == {("paid", 100_60, 20_00, 80_60)}
    assert not journal.check()


def test_a_declined_card_moves_no_money_and_the_next_try_counts(
    clinic: Clinic, visit: Visit, processor: TestProcessor
) -> None:
    reference = start(clinic, processor)
    assert tell(clinic, processor, processor.pay(reference, good=False, now=NOW)).state == "failed"
    assert owed(clinic) == 100_60
    assert tell(clinic, processor, processor.pay(reference, good=True, now=NOW)).state == "paid"
    assert owed(clinic) == 0


def test_pressing_pay_twice_opens_one_page(clinic: Clinic, visit: Visit, processor: TestProcessor) -> None:
    assert start(clinic, processor) == start(clinic, processor)
    assert tables.Payment.select().count() == 1


def test_a_form_that_was_paid_cannot_be_used_for_another_amount(
    clinic: Clinic, visit: Visit, processor: TestProcessor
) -> None:
    start(clinic, processor)
    with pytest.raises(Conflict):
        start(clinic, processor, 10_00)


@pytest.mark.parametrize("cents", [-1, 0, 99, 100_61, 10**12])
def test_a_card_payment_is_never_more_than_is_owed(
    clinic: Clinic, visit: Visit, processor: TestProcessor, cents: int
) -> None:
    with pytest.raises(Rejected):
        start(clinic, processor, cents)
    assert tables.Payment.select().count() == 0


def test_another_patients_statement_is_not_found(clinic: Clinic, visit: Visit, processor: TestProcessor) -> None:
    outcome = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        start_payments(
            clinic.practice,
            [wish(clinic.bruno, statement=outcome.statements[0])],
            processor=processor,
            by=BILLER,
            now=NOW,
        )


@pytest.mark.check(7)
def test_what_is_paid_too_much_is_kept_as_credit_and_no_visit_falls_below_zero(clinic: Clinic, visit: Visit) -> None:
    """$150.00 in cash for an open $100.60: $49.40 are Alma's credit, and pay her next visit of $30.00."""
    desk = DeskPayment(clinic.alma, 150_00, "cash", "desk-1")
    [taken] = take_desk_payments(clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)
    [again] = take_desk_payments(clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)
    assert (again.payment, again.receipt_number, again.again) == (taken.payment, taken.receipt_number, True)
    assert owed(clinic) == 0
    assert journal.balance(clinic.practice, PATIENT_CREDIT, patient=clinic.alma) == -49_40
    second = visits.decided(clinic, FIVE[:1])
    assert bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).owed_cents == 0
    assert journal.balance(clinic.practice, PATIENT_OWES, claim=second.claim) == 0
    assert journal.balance(clinic.practice, PATIENT_CREDIT, patient=clinic.alma) == -19_40
    assert journal.balance(clinic.practice, DESK_CLEARING) == 150_00
    assert not journal.check()


@pytest.mark.parametrize(
    ("cents", "method", "number"),
    [(0, "cash", ""), (-5, "cash", ""), (10**12, "cash", ""), (5, "card", ""), (5, "check", " ")],
)
def test_a_desk_payment_that_makes_no_sense_is_refused(
    clinic: Clinic, visit: Visit, cents: int, method: str, number: str
) -> None:
    with pytest.raises(Rejected):
        take_desk_payments(
            clinic.practice, [DeskPayment(clinic.alma, cents, method, "k", number)], by=BILLER, now=NOW, today=TODAY
        )
    assert tables.Payment.select().count() == 0


def test_a_refund_opens_the_visit_again(clinic: Clinic, visit: Visit, processor: TestProcessor) -> None:
    paid = tell(clinic, processor, processor.pay(start(clinic, processor), good=True, now=NOW))
    wanted = Refund(paid.id, 40_60, 0, "charged for the wrong visit")
    posted = refund_payments(clinic.practice, [wanted], processor=processor, by=BILLER, now=NOW, today=TODAY)
    assert (posted, owed(clinic), journal.balance(clinic.practice, CARD_CLEARING)) == ([40_60], 40_60, 60_00)
    # The company's own message about it comes later and adds nothing.
    tell(clinic, processor, processor.refund_message(paid.processor_reference, now=NOW))
    assert owed(clinic) == 40_60
    assert not journal.check()


@pytest.mark.check(38)
@pytest.mark.parametrize("method", ["card", "cash"])
def test_a_refund_clicked_by_two_people_at_once_is_given_once(
    clinic: Clinic, visit: Visit, processor: TestProcessor, method: str
) -> None:
    """Both see $100.60 and press at once; the patient gets $100.60 back, not $201.20."""
    if method == "card":
        payment = tell(clinic, processor, processor.pay(start(clinic, processor), good=True, now=NOW)).id
    else:
        desk = DeskPayment(clinic.alma, 100_60, "cash", "desk")
        payment = take_desk_payments(clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)[0].payment
    set_money_limit(clinic.practice, 500_00, by=BILLER, now=NOW)  # each may give it back alone
    together = threading.Barrier(2)
    given: list[int] = []

    def press() -> None:
        with connection.opened():
            together.wait()
            try:
                wanted = Refund(payment, 100_60, 0, "paid twice")
                given.extend(
                    refund_payments(clinic.practice, [wanted], processor=processor, by=BILLER, now=NOW, today=TODAY)
                )
            except BillingError:
                given.append(0)

    people = [threading.Thread(target=press) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(given) == [0, 100_60]
    assert payments.get(clinic.practice, payment).refunded_cents == 100_60
    assert not journal.check()


def test_no_more_is_refunded_than_was_paid(clinic: Clinic, visit: Visit, processor: TestProcessor) -> None:
    paid = tell(clinic, processor, processor.pay(start(clinic, processor), good=True, now=NOW))
    for cents in (100_61, 0, -1):
        with pytest.raises(Rejected):
            refund_payments(
                clinic.practice,
                [Refund(paid.id, cents, 0, "why")],
                processor=processor,
                by=BILLER,
                now=NOW,
                today=TODAY,
            )
    with pytest.raises(CardRefused):
        processor.refund(
            str(clinic.practice), "form-1", 100_61, reference=paid.processor_reference, refund_key="x", now=NOW
        )


def test_a_message_that_is_changed_old_or_unsigned_is_not_believed(
    clinic: Clinic, visit: Visit, processor: TestProcessor
) -> None:
    good = processor.pay(start(clinic, processor), good=True, now=NOW)
    more = json.dumps({**json.loads(good.body), "cents": 999_99}).encode()
    for body, signature, now in [
        (more, good.signature, NOW),
        (good.body, good.signature[:-1] + "x", NOW),
        (good.body, "", NOW),
        (good.body, "t=9,v1=é", NOW),
        (good.body, good.signature, NOW + timedelta(minutes=6)),
    ]:
        with pytest.raises(BadSignature):
            processor.read_event(body, signature, now=now)


def test_payouts_are_payments_less_refunds_and_fees(clinic: Clinic, visit: Visit, processor: TestProcessor) -> None:
    """$70.60 and $30.00 by card, $10.00 back: $90.60 less fees of $2.35 and $1.17 come to the bank two days later."""
    first = start(clinic, processor, 70_60)
    tell(clinic, processor, processor.pay(first, good=True, now=NOW))
    second = start(clinic, processor, 30_00, "form-2")
    tell(clinic, processor, processor.pay(second, good=True, now=NOW))
    processor.refund(str(clinic.practice), "form-2", 10_00, reference=second, refund_key="r", now=NOW)
    for later, count in [(1, 0), (2, 1), (2, 0), (9, 0)]:
        outcome = receive_payouts(
            clinic.practice, processor=processor, by=BILLER, now=NOW, today=TODAY + timedelta(days=later)
        )
        assert len(outcome.payouts) == count
    [payout] = tables.CardPayout.select()
    assert (payout.gross_cents, payout.fee_cents, payout.net_cents) == (90_60, 2_35 + 1_17, 90_60 - 3_52)
    assert payout.paid_on == TODAY + timedelta(days=2)


def test_a_fee_is_two_point_nine_percent_and_thirty_cents_in_whole_cents() -> None:
    """2.9% of $100.00 is $2.90; of $70.60 it is $2.0474, which counts as $2.05."""
    assert fee_cents(100_00) == 3_20
    assert fee_cents(70_60) == 2_35
    assert fee_cents(1) == 31


def test_an_order_of_another_clinic_stays_apart(processor: TestProcessor) -> None:
    references = {
        processor.create_checkout(Order(account, "k", 5_00, "w", "/r", "/b"), now=NOW).reference for account in "12"
    }
    assert len(references) == 2
    assert processor.payouts("1", until=date(2030, 1, 1)) == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 60_00), min_size=1, max_size=5))
def test_every_payment_is_allocations_plus_credit(clinic: Clinic, amounts: list[int]) -> None:
    """However much is paid in however many pieces: no visit below zero, and not a cent lost."""
    visits.decided(clinic, FIVE[:2])
    base = tables.Payment.select().count()
    desks = [DeskPayment(clinic.alma, cents, "cash", f"{base + i}") for i, cents in enumerate(amounts)]
    take_desk_payments(clinic.practice, desks, by=BILLER, now=NOW, today=TODAY)
    rows = connection.run("select sum(cents) from balance where account = ? group by claim", (PATIENT_OWES,)).fetchall()
    assert all(row[0] >= 0 for row in rows)
    paid = connection.run("select sum(cents - refunded_cents) from payment").fetchone()[0]
    put = connection.run("select coalesce(sum(cents), 0) from allocation").fetchone()[0]
    assert put - journal.balance(clinic.practice, PATIENT_CREDIT) == paid
    assert not journal.check()
