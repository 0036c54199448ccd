"""Sends receipts by e-mail to who chose e-mail: one for each payment, and one for each time money went back or was taken back."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.prompt_pay import taken_cents
from claims_service.domain.patient.receipt_letters import (
    ReceiptAbout,
    chargeback_won_email,
    charged_back_email,
    receipt_email,
    refund_email,
)
from claims_service.gateways.messages.outbox import Outbox
from claims_service.store import bills, journal, parties, payment_notices, payments, reminders
from claims_service.store.payment_notices import (
    CHARGEBACK_WON,
    CHARGED_BACK,
    FAILED,
    NO_EMAIL,
    RECEIPT,
    REFUND,
    SENT,
    Notice,
)
from claims_service.workflow.notices import mail


@dataclass(frozen=True, slots=True)
class Sent:
    """without: patients who chose no e-mail; failed: not taken by the mail server."""

    sent: int = 0
    without: int = 0
    failed: int = 0


def send_receipts(practice: int, *, outbox: Outbox, site_url: str, by: Actor, now: datetime) -> Sent:
    """What is due, each once. In quiet hours nothing leaves; it leaves after them."""
    waiting = payment_notices.due(practice, (RECEIPT, REFUND, CHARGED_BACK, CHARGEBACK_WON))
    if not waiting or reminders.policy(practice).is_quiet(now.astimezone(ZoneInfo(parties.zone(practice))).time()):
        return Sent()
    counts = Counter(
        mail(practice, one, partial(_words, practice, one, site_url), outbox, "receipt.mail", by=by, now=now)
        for one in waiting
    )
    return Sent(counts[SENT], counts[NO_EMAIL], counts[FAILED])


def _words(practice: int, notice: Notice, site_url: str) -> Words:
    assert notice.payment is not None, "a receipt is about a payment"
    payment = payments.get(practice, notice.payment)
    clinic = parties.billing_provider(practice)
    name, _, language = bills.addressees(practice, [notice.patient])[notice.patient]
    at = payment.settled_at or payment.started_at
    booked = [entry for _, entry in journal.entries_of(practice, "payment", payment.id)]
    off_cents = taken_cents(booked) if notice.kind == RECEIPT else 0
    about = ReceiptAbout(
        clinic.name, spoken_phone(clinic.phone), name.partition(" ")[0], payment.receipt_number or "",
        at.astimezone(ZoneInfo(parties.zone(practice))).date(), notice.cents, off_cents,
        f"{site_url}/portal/payments/{payment.id}", language,
    )  # fmt: skip
    if notice.kind == REFUND:
        return refund_email(about, by_card=payment.method == "card")
    say_it = {RECEIPT: receipt_email, CHARGED_BACK: charged_back_email, CHARGEBACK_WON: chargeback_won_email}
    return say_it[notice.kind](about)
