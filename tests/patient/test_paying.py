"""One payment for chosen visits, a discount for paying early that the server decides, and a receipt that says what it paid."""

import email as mail_format
from collections.abc import Iterator
from datetime import timedelta
from email import policy as mail_policy
from pathlib import Path

import pytest

from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import CARD_CLEARING, PATIENT_CREDIT, PATIENT_OWES, WRITE_OFF
from claims_service.domain.patient import frozen
from claims_service.domain.patient.prompt_pay import Policy
from claims_service.domain.patient.statement import Statement
from claims_service.gateways.cards.stripe_checkout import StripeCheckout
from claims_service.gateways.messages.outbox import FolderOutbox
from claims_service.queries.receipts import PaidVisit, paid_for
from claims_service.store import bills, journal, payments, prompt_pay, tables
from claims_service.store.connection import write
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.open_disputes import Complaint, open_disputes
from claims_service.workflow.pause_bills import choose_contact
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.send_receipts import Sent, send_receipts
from claims_service.workflow.take_payment import (
    CardPayment,
    DeskPayment,
    settle_payments,
    start_payments,
    take_desk_payments,
)
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.gateways.stripe_stand_in import KEY, WEBHOOK_SECRET, StandIn, signed, standing_in
from tests.patient import visits
from tests.patient.visits import FIVE, Line, Visit

SELF_PAY = (Line("99213", 200_00, words="Doctor visit"),)


class Counter:
    """Alma's two visits at a clinic with Stripe behind it: $100.60 left by her plan, and $200.00 that she pays herself."""

    def __init__(self, clinic: Clinic, company: StandIn, stripe: StripeCheckout) -> None:
        self.clinic, self.company, self.stripe = clinic, company, stripe
        self.insured: Visit = visits.decided(clinic)
        self.own: Visit = visits.sent(clinic, SELF_PAY, plan=False, on=TODAY - timedelta(days=20))

    def bill(self, *, percent: int = 0, insured: bool = False) -> Statement:
        """Bill Alma under a policy of ten days."""
        if percent:
            with write(self.clinic.practice):
                new = Policy(percent, 10, insured)
                prompt_pay.add_policy(self.clinic.practice, new, by=BILLER.name, at=NOW)
        made = bill_patients(self.clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
        self.statement = made.statements[0]
        return frozen.statement(bills.statement_content(self.clinic.practice, self.statement))

    def start(self, cents: int, *chosen: int, key: str = "form-1", days: int = 0) -> payments.PaymentRecord:
        wish = CardPayment(self.clinic.alma, self.statement, cents, key, "Bill", "/paid/{payment}", "/back", chosen)
        at = NOW + timedelta(days=days)
        [started] = start_payments(self.clinic.practice, [wish], processor=self.stripe, by=BILLER, now=at)
        return payments.get(self.clinic.practice, started.payment)

    def tell(self, body: bytes, days: int = 0) -> payments.PaymentRecord:
        event = self.stripe.read_event(body, signed(body), now=NOW)
        now, today = NOW + timedelta(days=days), TODAY + timedelta(days=days)
        return settle_payments(self.clinic.practice, [event], by=BILLER, now=now, today=today)[0]

    def pay(self, cents: int, *chosen: int, key: str = "form-1", days: int = 0) -> payments.PaymentRecord:
        return self.tell(self.company.pay(self.start(cents, *chosen, key=key, days=days).processor_reference), days)

    def owed(self, visit: Visit | None = None) -> int:
        about = {"claim": visit.claim} if visit else {"patient": self.clinic.alma}
        return journal.balance(self.clinic.practice, PATIENT_OWES, **about)

    def off(self) -> int:
        return journal.balance(self.clinic.practice, WRITE_OFF)


@pytest.fixture
def counter(clinic: Clinic) -> Iterator[Counter]:
    with standing_in() as (company, address):
        yield Counter(clinic, company, StripeCheckout(KEY, WEBHOOK_SECRET, "https://b.example", base=address))
    assert not journal.check()


def test_a_chosen_visit_is_paid_and_no_other(counter: Counter) -> None:
    """Alma pays the newer visit of $200.00 and leaves the older $100.60 open."""
    counter.bill()
    paid = counter.pay(200_00, counter.own.encounter)
    assert (counter.owed(counter.own), counter.owed(counter.insured)) == (0, 100_60)
    told = paid_for(counter.clinic.practice, paid.id)
    assert told.visits == (PaidVisit(TODAY - timedelta(days=20), "Imani Voss", 200_00),)


def test_all_open_visits_are_paid_in_one_payment(counter: Counter) -> None:
    """$300.60 for both: two lines on the receipt that make the payment."""
    counter.bill()
    paid = counter.pay(300_60, counter.own.encounter, counter.insured.encounter)
    assert counter.owed() == 0
    assert [visit.cents for visit in paid_for(counter.clinic.practice, paid.id).visits] == [100_60, 200_00]


def test_chosen_visits_cost_what_is_open_on_them_and_nothing_else(counter: Counter) -> None:
    """$1.00 for a visit of $200.00, or a sum that was true yesterday, is not what the form says: nothing is noted."""
    counter.bill()
    for cents in (1_00, 199_99, 300_60):
        with pytest.raises(Conflict):
            counter.start(cents, counter.own.encounter)
    cash = DeskPayment(counter.clinic.alma, 120_60, "cash", "desk")
    take_desk_payments(counter.clinic.practice, [cash], by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(Conflict):
        counter.start(200_00, counter.own.encounter)
    assert tables.Payment.select().where(tables.Payment.method == "card").count() == 0
    assert counter.pay(180_00, counter.own.encounter).state == "paid"
    assert counter.owed() == 0


def test_a_visit_of_another_patient_or_another_bill_is_not_there(counter: Counter) -> None:
    bruno = visits.decided(counter.clinic, FIVE[:1], patient=counter.clinic.bruno)
    counter.bill()
    with pytest.raises(NotFound):
        counter.start(30_00, bruno.encounter)


def test_a_disputed_amount_is_no_part_of_a_chosen_visit(counter: Counter) -> None:
    """$42.00 of $100.60 is disputed: the visit costs $58.60, and $42.00 stay open and held."""
    counter.bill()
    places = ((counter.insured.encounter, 2),)
    wish = Complaint(counter.clinic.alma, counter.statement, places, "wrong_amount", "Too much.", "form-d")
    open_disputes(counter.clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(Conflict):
        counter.start(100_60, counter.insured.encounter)
    counter.pay(58_60, counter.insured.encounter)
    assert counter.owed(counter.insured) == 42_00


def test_without_a_policy_a_bill_promises_nothing(counter: Counter) -> None:
    assert counter.bill().prompt_pay is None
    counter.pay(300_60)
    assert counter.off() == 0


@pytest.mark.parametrize(("insured", "promised"), [(False, 20_00), (True, 30_06)])
def test_paid_in_full_in_time_the_discount_is_taken_off(counter: Counter, insured: bool, promised: int) -> None:
    """10%: $20.00 of the $200.00 without a plan, or $30.06 of all $300.60 where the manager says so."""
    told = counter.bill(percent=10, insured=insured)
    assert told.prompt_pay is not None
    assert (told.prompt_pay.cents, told.prompt_pay.until) == (promised, TODAY + timedelta(days=10))
    paid = counter.pay(300_60 - promised, days=10)
    assert (counter.owed(), counter.off(), paid_for(counter.clinic.practice, paid.id).off_cents) == (
        0,
        promised,
        promised,
    )
    [entry] = [e for _, e in journal.entries_of(counter.clinic.practice, "payment", paid.id) if e.kind == "prompt_pay"]
    assert {t.reason for t in entry.transfers} == {"prompt_pay"}
    assert insured or {t.claim for t in entry.transfers} == {counter.own.claim}


def test_a_day_late_or_a_cent_short_nothing_is_taken_off(counter: Counter) -> None:
    counter.bill(percent=10)
    counter.pay(280_59, key="short")
    assert (counter.off(), counter.owed()) == (0, 20_01)
    counter.pay(20_01, key="late", days=11)
    assert (counter.off(), counter.owed()) == (0, 0)


def test_parts_that_make_the_bill_whole_in_time_count_as_paid_in_full(counter: Counter) -> None:
    """$100.00 on the first day and $180.60 on the ninth: the last one brings the $20.00 off."""
    counter.bill(percent=10)
    counter.pay(100_00, key="one")
    counter.pay(180_60, key="two", days=9)
    assert (counter.off(), counter.owed()) == (20_00, 0)


def test_who_pays_the_whole_price_in_time_has_the_discount_as_credit(counter: Counter) -> None:
    """$300.60 in cash at the desk on a bill that promised $20.00 off."""
    counter.bill(percent=10)
    cash = DeskPayment(counter.clinic.alma, 300_60, "cash", "desk")
    take_desk_payments(counter.clinic.practice, [cash], by=BILLER, now=NOW, today=TODAY)
    assert counter.off() == 20_00
    assert journal.balance(counter.clinic.practice, PATIENT_CREDIT, patient=counter.clinic.alma) == -20_00


def test_a_dispute_rests_the_discount(counter: Counter) -> None:
    counter.bill(percent=10)
    places = ((counter.own.encounter, 1),)
    wish = Complaint(counter.clinic.alma, counter.statement, places, "wrong_amount", "Too much.", "form-d")
    open_disputes(counter.clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    counter.pay(100_60)
    assert (counter.off(), counter.owed()) == (0, 200_00)


@pytest.mark.parametrize(("ending", "off", "owed"), [("lost", 0, 300_60), ("won", 20_00, 0)])
def test_a_payment_taken_back_takes_its_discount_with_it(counter: Counter, ending: str, off: int, owed: int) -> None:
    """$280.60 paid and $20.00 off; the bank takes it back: all $300.60 is owed again, until the clinic wins. Ten times told, once booked."""
    counter.bill(percent=10)
    reference = counter.pay(280_60).processor_reference
    for status in ("needs_response", ending):
        told = counter.company.dispute(reference, status, 280_60)
        for _ in range(10):
            counter.tell(told)
        if status == "needs_response":
            assert (counter.off(), counter.owed()) == (0, 300_60)
    assert (counter.off(), counter.owed()) == (off, owed)
    assert journal.balance(counter.clinic.practice, CARD_CLEARING) == (280_60 if ending == "won" else 0)


@pytest.mark.parametrize("bad", [(-1, 10), (51, 10), (10, 0), (10, 31)])
def test_a_policy_that_makes_no_sense_is_refused(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="from"):
        Policy(*bad)


def mails(folder: Path) -> list[str]:
    found = [
        mail_format.message_from_bytes(file.read_bytes(), policy=mail_policy.default) for file in folder.glob("*.eml")
    ]
    return sorted(f"{mail['Subject']}\n{mail.get_content()}" for mail in found)


def test_a_receipt_and_each_refund_are_mailed_once_to_who_chose_email(counter: Counter, tmp_path: Path) -> None:
    """$200.00 paid, $50.00 given back: two e-mails with number and amount, and no word of the care."""
    practice, outbox = counter.clinic.practice, FolderOutbox(tmp_path / "mail")
    counter.bill()
    choose_contact(practice, counter.clinic.alma, by_email=True, by_text=False, via="portal", by=BILLER, now=NOW)
    paid = counter.pay(200_00, counter.own.encounter)
    night = send_receipts(
        practice, outbox=outbox, site_url="https://b.example", by=BILLER, now=NOW + timedelta(hours=14)
    )
    assert night == Sent()
    for count in (1, 0):
        assert send_receipts(practice, outbox=outbox, site_url="https://b.example", by=BILLER, now=NOW).sent == count
    back = Refund(paid.id, 50_00, 0, "charged twice")
    refund_payments(practice, [back], processor=counter.stripe, by=BILLER, now=NOW, today=TODAY)
    counter.tell(counter.company.refunded(paid.processor_reference))
    for count in (1, 0):
        assert send_receipts(practice, outbox=outbox, site_url="https://b.example", by=BILLER, now=NOW).sent == count
    refund, receipt = mails(tmp_path / "mail")
    assert "$200.00" in receipt
    assert paid.receipt_number is not None
    assert paid.receipt_number in receipt
    assert f"https://b.example/portal/payments/{paid.id}" in receipt
    assert "$50.00" in refund
    assert "to the card" in refund
    for mail in (refund, receipt):
        assert "$" not in mail.partition("\n")[0]
        for care in ("Doctor visit", "99213", "Voss"):
            assert care not in mail
    assert [visit.cents for visit in paid_for(practice, paid.id).visits] == [150_00]


def test_who_chose_no_email_finds_the_receipt_on_the_portal_alone(counter: Counter, tmp_path: Path) -> None:
    counter.bill()
    counter.pay(200_00, counter.own.encounter)
    sent = send_receipts(counter.clinic.practice, outbox=FolderOutbox(tmp_path), site_url="", by=BILLER, now=NOW)
    assert sent == Sent(without=1)
    assert not list(tmp_path.iterdir())


def test_more_than_is_open_is_refused_for_chosen_visits_while_a_bank_debit_is_on_its_way(counter: Counter) -> None:
    counter.bill()
    sent = counter.start(200_00, counter.own.encounter)
    counter.tell(counter.company.pay(sent.processor_reference, by_bank=True))
    with pytest.raises(Rejected):
        counter.start(200_00, counter.own.encounter, key="form-2")
