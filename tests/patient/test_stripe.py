"""Money by Stripe: its messages ten times and in every order, declines, bank debits, refunds, chargebacks, payouts."""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_service.domain.errors import Conflict, Rejected
from claims_service.domain.ledger.accounts import CARD_CLEARING, PATIENT_OWES
from claims_service.gateways.cards.processor import OTHER, PAID_OUT, BadSignature, CardRefused
from claims_service.gateways.cards.stripe_checkout import StripeCheckout
from claims_service.store import journal, payments, tables
from claims_service.workflow.receive_payouts import receive_payouts
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.take_payment import CardPayment, settle_payments, start_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.gateways.stripe_stand_in import KEY, WEBHOOK_SECRET, StandIn, signed, standing_in
from tests.patient import visits

SITE = "https://billing.example.org"


@dataclass
class Desk:
    """The clinic with Stripe behind it."""

    clinic: Clinic
    company: StandIn
    stripe: StripeCheckout
    patient: int = 0

    def start(self, cents: int = 100_60, key: str = "form-1") -> payments.PaymentRecord:
        wish = CardPayment(self.patient, None, cents, key, "Bill S1", "/portal/payments/{payment}", "/portal/bills/1")
        [started] = start_payments(self.clinic.practice, [wish], processor=self.stripe, by=BILLER, now=NOW)
        return payments.get(self.clinic.practice, started.payment)

    def tell(self, body: bytes) -> payments.PaymentRecord | None:
        event = self.stripe.read_event(body, signed(body), now=NOW)
        if not event.account:
            return None
        return settle_payments(self.clinic.practice, [event], by=BILLER, now=NOW, today=TODAY)[0]

    def owed(self) -> int:
        return journal.balance(self.clinic.practice, PATIENT_OWES, patient=self.patient)

    def at_the_card_company(self) -> int:
        return journal.balance(self.clinic.practice, CARD_CLEARING)


@pytest.fixture
def desk(clinic: Clinic) -> Iterator[Desk]:
    """Alma owes $100.60 for one visit."""
    with standing_in() as (company, address):
        stripe = StripeCheckout(KEY, WEBHOOK_SECRET, SITE, base=address)
        yield Desk(clinic, company, stripe, visits.decided(clinic).patient)


def test_the_server_says_what_is_paid_for_and_how_much(desk: Desk) -> None:
    """$70.60 of $100.60: Stripe is told cents, currency, words and our key, and nothing of the patient or the care."""
    payment = desk.start(70_60)
    [session] = desk.company.sessions.values()
    assert (session["amount_total"], session["currency"]) == (70_60, "usd")
    assert session["metadata"] == {"practice": str(desk.clinic.practice), "key": "form-1"}
    assert session["success_url"] == f"{SITE}/portal/payments/{payment.id}"
    assert "Alma" not in json.dumps(session)
    assert payment.processor_reference == session["id"]


def test_pressing_pay_twice_opens_one_page_and_another_amount_under_the_same_key_none(desk: Desk) -> None:
    desk.start()
    desk.start()
    assert len(desk.company.sessions) == 1
    assert tables.Payment.select().count() == 1
    tables.Payment.update(cents=50_00).execute()
    with pytest.raises(CardRefused, match="another amount"):
        desk.start(50_00)


def test_an_amount_above_what_is_owed_never_reaches_stripe(desk: Desk) -> None:
    with pytest.raises(Rejected):
        desk.start(100_61)
    assert not desk.company.calls


def test_a_message_with_another_amount_than_was_ordered_moves_nothing(desk: Desk) -> None:
    """Somebody changed the page's $100.60 to $1.00 and Stripe took that: it is not booked as this payment."""
    payment = desk.start()
    body = desk.company.pay(payment.processor_reference)
    less = json.loads(body)
    less["data"]["object"]["amount_total"] = 1_00
    with pytest.raises(Conflict):
        desk.tell(json.dumps(less).encode())
    assert (desk.owed(), desk.at_the_card_company()) == (100_60, 0)
    assert desk.tell(body) is not None  # the refused message did not use up the true one
    assert desk.owed() == 0


@pytest.mark.check(17)
def test_signed_messages_ten_times_and_in_all_orders_are_one_payment(desk: Desk) -> None:
    """$100.60 paid, $20.00 back, then a chargeback of the other $80.60 that the clinic loses: 24 orders, each ten times, one end."""
    ends, clearing = set(), desk.at_the_card_company()
    for number, order in enumerate(itertools.permutations(range(1, 5))):
        desk.patient = visits.decided(desk.clinic).patient
        payment, open_before = desk.start(key=f"form-{number}"), desk.owed()
        told = _story(desk, payment.processor_reference, "lost")
        for place in order * 10:
            desk.tell(told[place])
        ended = payments.get(desk.clinic.practice, payment.id)
        ends.add((ended.state, ended.refunded_cents, open_before - desk.owed(), desk.at_the_card_company() - clearing))
    assert ends == {("refunded", 100_60, 0, 0)}
    assert not journal.check()


def _story(desk: Desk, reference: str, ending: str) -> list[bytes]:
    told = [desk.company.declined(reference), desk.company.pay(reference)]
    desk.company.refund({"payment_intent": desk.company.sessions[reference]["payment_intent"], "amount": "2000"})
    told.append(desk.company.refunded(reference))
    return [*told, *(desk.company.dispute(reference, status, 80_60) for status in ("needs_response", ending))]


@pytest.mark.thorough
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 4), max_size=12), st.permutations(range(5)), st.sampled_from(["won", "lost"]))
def test_whatever_comes_again_in_between_the_books_end_the_same(
    desk: Desk, again: list[int], order: list[int], ending: str
) -> None:
    """Won: $80.60 of the $100.60 count; lost: nothing does."""
    desk.patient, before = visits.decided(desk.clinic).patient, desk.at_the_card_company()
    payment = desk.start(key=f"form-{tables.Payment.select().count()}")
    open_before = desk.owed()
    told = _story(desk, payment.processor_reference, ending)
    for place in [*again, *order, *again]:
        desk.tell(told[place])
    counts = 80_60 if ending == "won" else 0
    assert open_before - desk.owed() == counts
    assert desk.at_the_card_company() - before == counts
    assert not journal.check()


def test_a_declined_card_moves_no_money_and_the_next_one_pays(desk: Desk) -> None:
    payment = desk.start()
    declined = desk.tell(desk.company.declined(payment.processor_reference))
    assert declined is not None
    assert (declined.state, desk.owed()) == ("failed", 100_60)
    desk.tell(desk.company.pay(payment.processor_reference))
    assert desk.owed() == 0


def test_a_bank_debit_counts_when_it_arrives_and_is_not_asked_for_twice_meanwhile(desk: Desk) -> None:
    """$100.60 from a bank account: on its way for days, nothing booked, and no second payment can be started."""
    payment = desk.start()
    sent = desk.company.pay(payment.processor_reference, by_bank=True)
    desk.tell(sent)
    assert payments.get(desk.clinic.practice, payment.id).state == "pending"
    assert desk.owed() == 100_60
    with pytest.raises(Rejected):
        desk.start(key="form-2")
    desk.tell(desk.company.cleared(payment.processor_reference))
    desk.tell(sent)
    assert (payments.get(desk.clinic.practice, payment.id).state, desk.owed()) == ("paid", 0)


def test_a_bank_debit_that_comes_back_leaves_the_bill_open(desk: Desk) -> None:
    payment = desk.start()
    sent, back = desk.company.pay(payment.processor_reference, by_bank=True), None
    for body in (sent, desk.company.bounced(payment.processor_reference)):
        back = desk.tell(body)
    assert back is not None
    assert (back.state, desk.owed(), desk.at_the_card_company()) == ("failed", 100_60, 0)
    assert desk.start(key="form-2").state == "started"


def test_a_page_that_expired_moved_nothing(desk: Desk) -> None:
    payment = desk.start()
    event = desk.tell(desk.company.expired(payment.processor_reference))
    assert event is not None
    assert (event.state, desk.owed()) == ("started", 100_60)


@pytest.mark.parametrize(("ending", "owed"), [("lost", 100_60), ("won", 0)])
def test_a_chargeback_opens_the_debt_again_until_the_clinic_wins(desk: Desk, ending: str, owed: int) -> None:
    payment = desk.start()
    reference = payment.processor_reference
    desk.tell(desk.company.pay(reference))
    assert desk.owed() == 0
    desk.tell(desk.company.dispute(reference, "warning_needs_response", 100_60))
    assert desk.owed() == 0  # an inquiry moves no money
    desk.tell(desk.company.dispute(reference, "needs_response", 100_60))
    assert (desk.owed(), desk.at_the_card_company()) == (100_60, 0)
    desk.tell(desk.company.dispute(reference, ending, 100_60))
    assert (desk.owed(), desk.at_the_card_company()) == (owed, 100_60 - owed)
    kinds = [row.kind for row in tables.JournalEntry.select().where(tables.JournalEntry.source == "payment")]
    assert kinds.count("chargeback") == (2 if ending == "won" else 1)
    assert not journal.check()


def test_a_partial_refund_asked_for_twice_is_given_once_and_its_message_adds_nothing(desk: Desk) -> None:
    """$40.60 of $100.60 back to the card; the answer is lost and it is asked for again."""
    payment = desk.start()
    desk.tell(desk.company.pay(payment.processor_reference))
    wanted = Refund(payment.id, 40_60, 0, "wrong visit")
    options = {"reference": payment.processor_reference, "refund_key": "form-1:refund:4060", "now": NOW}
    desk.stripe.refund(str(desk.clinic.practice), "form-1", 40_60, **options)  # type: ignore[arg-type]
    posted = refund_payments(desk.clinic.practice, [wanted], processor=desk.stripe, by=BILLER, now=NOW, today=TODAY)
    desk.tell(desk.company.refunded(payment.processor_reference))
    assert (posted, desk.owed(), desk.at_the_card_company()) == ([40_60], 40_60, 60_00)
    assert desk.company.charge_of(payment.processor_reference)["amount_refunded"] == 40_60
    desk.company.refund(
        {"payment_intent": desk.company.charge_of(payment.processor_reference)["payment_intent"], "amount": "6000"}
    )
    whole = desk.tell(desk.company.refunded(payment.processor_reference))  # the rest, from the company's own pages
    assert whole is not None
    assert (whole.state, desk.owed(), desk.at_the_card_company()) == ("refunded", 100_60, 0)
    with pytest.raises(Conflict):
        refund_payments(desk.clinic.practice, [wanted], processor=desk.stripe, by=BILLER, now=NOW, today=TODAY)


def test_a_message_that_is_changed_old_or_unsigned_is_not_believed(desk: Desk) -> None:
    body = desk.company.pay(desk.start().processor_reference)
    old = int(time.time()) - int(timedelta(minutes=6).total_seconds())
    for told, signature in [
        (body + b" ", signed(body)),
        (body, ""),
        (body, "t=9,v1=é"),
        (body, signed(body, secret="whsec_other")),
        (body, signed(body, at=old)),
        (b"\xff", signed(b"\xff")),
    ]:
        with pytest.raises(BadSignature):
            desk.stripe.read_event(told, signature, now=NOW)
    assert desk.owed() == 100_60


def test_what_is_sold_elsewhere_in_the_same_account_does_not_concern_us(desk: Desk) -> None:
    desk.start()
    [session] = desk.company.sessions.values()
    for about in (session | {"metadata": {}}, session | {"currency": "eur"}):
        body = desk.company.message("checkout.session.completed", about)
        assert desk.stripe.read_event(body, signed(body), now=NOW).kind == OTHER
    body = desk.company.message("customer.created", {"id": "cus_1"})
    assert desk.stripe.read_event(body, signed(body), now=NOW).kind == OTHER


def test_a_payout_is_payments_less_refunds_chargebacks_and_fees(desk: Desk) -> None:
    """$100.60 less $20.00 back and a chargeback of $30.00 with its $15.00: $50.60 less fees of $18.22 and $2.00 come to the bank."""
    payment = desk.start()
    desk.tell(desk.company.pay(payment.processor_reference))
    charge = desk.company.charge_of(payment.processor_reference)
    noon = int(datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC).timestamp())
    body = desk.company.pay_out(noon, [
        ("charge", 100_60, 3_22, charge), ("refund", -20_00, 0, charge), ("adjustment", -30_00, 15_00, None), ("stripe_fee", -2_00, 0, None),
    ])  # fmt: skip
    event = desk.stripe.read_event(body, signed(body), now=NOW)
    assert (event.kind, event.account) == (PAID_OUT, str(desk.clinic.practice))
    for new in (1, 0):
        outcome = receive_payouts(desk.clinic.practice, processor=desk.stripe, by=BILLER, now=NOW, today=TODAY)
        assert len(outcome.payouts) == new
    [payout] = tables.CardPayout.select()
    assert (payout.gross_cents, payout.fee_cents, payout.net_cents) == (50_60, 20_22, 30_38)
    assert payout.paid_on == TODAY
    assert not list(desk.stripe.payouts("987654", until=TODAY))


def test_a_stripe_that_is_down_or_knows_no_key_charges_nothing_and_says_so_without_their_words(desk: Desk) -> None:
    address = desk.stripe._api._requestor._options.base_addresses["api"]
    strange = StripeCheckout("sk_test_other", WEBHOOK_SECRET, SITE, base=address)
    desk.stripe, known = strange, desk.stripe
    with pytest.raises(CardRefused, match="does not accept our key") as refused:
        desk.start()
    assert "sk_test" not in str(refused.value)
    desk.stripe, desk.company.down = known, True
    with pytest.raises(CardRefused, match="does not answer"):
        desk.start()
    desk.company.down = False
    assert desk.start().processor_reference
    assert tables.Payment.select().count() == 1
