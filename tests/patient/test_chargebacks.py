"""A bank takes a card payment back: told by the built-in card company as by a real one, booked, and told to the patient."""

import itertools
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from claims_service.domain.ledger.accounts import BANK, CARD_CLEARING, CARD_FEES, PATIENT_OWES
from claims_service.gateways.cards.processor import CardRefused
from claims_service.gateways.cards.test_processor import Message, TestProcessor
from claims_service.gateways.messages.outbox import FolderOutbox
from claims_service.queries import chargebacks, receipts, today
from claims_service.store import journal, payments, tables
from claims_service.workflow.pause_bills import choose_contact
from claims_service.workflow.receive_payouts import receive_payouts
from claims_service.workflow.send_receipts import send_receipts
from claims_service.workflow.take_payment import CardPayment, settle_payments, start_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits

LATER = TODAY.replace(day=30)


@dataclass
class Company:
    """The built-in card company and Alma's payments there."""

    clinic: Clinic
    processor: TestProcessor
    patient: int = 0

    def start(self, key: str = "form-1") -> str:
        """Alma owes $100.60 for one visit more and starts to pay it; the company's name for it."""
        self.patient = visits.decided(self.clinic).patient
        wish = CardPayment(self.patient, None, 100_60, key, "Bill S1", "/portal/payments/{payment}", "/portal/bills/1")
        [made] = start_payments(self.clinic.practice, [wish], processor=self.processor, by=BILLER, now=NOW)
        return payments.get(self.clinic.practice, made.payment).processor_reference

    def tell(self, message: Message) -> payments.PaymentRecord:
        event = self.processor.read_event(message.body, message.signature, now=NOW)
        return settle_payments(self.clinic.practice, [event], by=BILLER, now=NOW, today=TODAY)[0]

    def balance(self, account: str) -> int:
        return journal.balance(self.clinic.practice, account)


@pytest.fixture
def company(clinic: Clinic, tmp_path: Path) -> Company:
    return Company(clinic, TestProcessor(tmp_path, "a secret"))


@pytest.mark.parametrize(("won", "state", "owed"), [(True, "won", 0), (False, "lost", 100_60)])
def test_the_debt_is_open_again_until_the_clinic_wins(company: Company, won: bool, state: str, owed: int) -> None:
    """$100.60 paid and taken back: owed again at once; won it counts again, lost it stays open. Staff see it wait, then ended."""
    reference = company.start()
    company.tell(company.processor.pay(reference, good=True, now=NOW))
    assert company.balance(PATIENT_OWES) == 0
    company.tell(company.processor.charge_back(reference, now=NOW))
    assert (company.balance(PATIENT_OWES), company.balance(CARD_CLEARING)) == (100_60, 0)
    practice = company.clinic.practice
    [waiting] = chargebacks.chargebacks(practice)
    assert (waiting.state, waiting.cents, waiting.owes_cents) == ("open", 100_60, 100_60)
    assert today.queues(practice, now=NOW)["chargebacks"].cents == 100_60
    assert today.rail_counts(practice)["chargebacks"] == 1
    assert receipts.charged_back_cents(waiting.payment) == 100_60
    company.tell(company.processor.end_chargeback(reference, won=won, now=NOW))
    assert (company.balance(PATIENT_OWES), company.balance(CARD_CLEARING)) == (owed, 100_60 - owed)
    assert [one.state for one in chargebacks.chargebacks(practice)] == [state]
    assert today.rail_counts(practice)["chargebacks"] == 0
    assert receipts.charged_back_cents(waiting.payment) == owed
    assert not journal.check()


@pytest.mark.thorough
@pytest.mark.check(17)
@pytest.mark.parametrize(("won", "end"), [(True, ("paid", 0, 100_60)), (False, ("refunded", 100_60, 0))])
def test_its_messages_ten_times_and_in_all_orders_end_the_same(
    company: Company, won: bool, end: tuple[str, int, int]
) -> None:
    """Declined, paid, taken back, decided: 24 orders, each message ten times; the patient hears of each change once."""
    ends, clearing = set(), 0
    for number, order in enumerate(itertools.permutations(range(4))):
        reference = company.start(f"form-{number}")
        processor = company.processor
        told = [
            processor.pay(reference, good=False, now=NOW),
            processor.pay(reference, good=True, now=NOW),
            processor.charge_back(reference, now=NOW),
            processor.end_chargeback(reference, won=won, now=NOW),
        ]
        for place in order * 10:
            ended = company.tell(told[place])
        ends.add((ended.state, ended.refunded_cents, company.balance(CARD_CLEARING) - clearing))
        clearing = company.balance(CARD_CLEARING)
        kinds = [row.kind for row in tables.PaymentNotice.select().where(tables.PaymentNotice.payment == ended.id)]
        assert len(kinds) == len(set(kinds))
    assert ends == {end}
    assert not journal.check()


def test_the_patient_is_told_by_e_mail_in_the_own_language(company: Company, tmp_path: Path) -> None:
    """Two letters: taken back, and counts again; no amount in a subject, and none twice."""
    reference, practice = company.start(), company.clinic.practice
    tables.Patient.update(language="es").where(tables.Patient.id == company.patient).execute()
    choose_contact(practice, company.patient, by_email=True, by_text=False, via="portal", by=BILLER, now=NOW)
    company.tell(company.processor.pay(reference, good=True, now=NOW))
    for _ in range(2):
        company.tell(company.processor.charge_back(reference, now=NOW))
    company.tell(company.processor.end_chargeback(reference, won=True, now=NOW))
    outbox = FolderOutbox(tmp_path / "mail")
    for _ in range(2):
        send_receipts(practice, outbox=outbox, site_url="https://b.example", by=BILLER, now=NOW)
    read = [message_from_bytes(file.read_bytes(), policy=default) for file in (tmp_path / "mail").iterdir()]
    letters = {mail["subject"]: mail.get_content() for mail in read}
    assert len(read) == 3
    assert (
        "su banco retiró $100.60 de su pago con el recibo R1-1001"
        in letters["Su banco retiró un pago a Lakeside Clinic"]
    )
    assert "El pago cuenta otra vez." in letters["Su pago a Lakeside Clinic cuenta otra vez"]


def test_what_is_taken_back_leaves_the_payout_with_its_fee(company: Company) -> None:
    """Two payments of $100.60, one taken back: $100.60 less fees of 2 × $3.22 and $15.00 come to the bank."""
    for key in ("form-1", "form-2"):
        reference = company.start(key)
        company.tell(company.processor.pay(reference, good=True, now=NOW))
    company.tell(company.processor.charge_back(reference, now=NOW))
    practice = company.clinic.practice
    [payout] = company.processor.payouts(str(practice), until=LATER)
    assert (payout.gross_cents, payout.fee_cents, payout.net_cents) == (100_60, 21_44, 79_16)
    receive_payouts(practice, processor=company.processor, by=BILLER, now=NOW, today=LATER)
    assert company.balance(CARD_CLEARING) == 100_60  # until the bank's line is matched
    assert (company.balance(BANK), company.balance(CARD_FEES)) == (0, 0)
    company.processor.end_chargeback(reference, won=True, now=NOW.replace(day=22))
    [_, returned] = company.processor.payouts(str(practice), until=LATER)
    assert (returned.gross_cents, returned.fee_cents) == (100_60, 0)


def test_what_a_bank_has_taken_is_not_given_back_as_well(company: Company) -> None:
    reference = company.start()
    with pytest.raises(CardRefused):
        company.processor.charge_back(reference, now=NOW)
    with pytest.raises(CardRefused):
        company.processor.end_chargeback(reference, won=True, now=NOW)
    company.tell(company.processor.pay(reference, good=True, now=NOW))
    company.tell(company.processor.charge_back(reference, now=NOW))
    account, options = str(company.clinic.practice), {"reference": reference, "refund_key": "r", "now": NOW}
    with pytest.raises(CardRefused):
        company.processor.refund(account, "form-1", 50_00, **options)  # type: ignore[arg-type]
