"""How money goes back to a patient; shared by the step that gives it and the one that agrees to it."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, Problem, Rejected
from claims_service.domain.money import spoken
from claims_service.domain.patient.payment import PAID
from claims_service.gateways.cards.processor import CardProcessor, CardRefused
from claims_service.store import payments
from claims_service.store.payments import PaymentRecord
from claims_service.workflow.patient_money import book_refunds


@dataclass(frozen=True, slots=True)
class Refund:
    """A wish to give back. seen_refunded_cents: what was refunded when the person looked, so that two people give back once."""

    payment: int
    cents: int
    seen_refunded_cents: int
    why: str


def refund_at_company(
    practice: int, seen: PaymentRecord, refund: Refund, processor: CardProcessor | None, now: datetime
) -> int:
    """Tell the card company, outside of write(); gives the cents refunded of the payment in total.

    Before the books, under a key of its own: after a fault the same refund is asked for again and made once.

    Raises:
        Conflict: the card company refuses, or there is none.
    """
    total = refund.seen_refunded_cents + refund.cents
    if seen.method != "card":
        return total
    if processor is None:
        raise Conflict("No card company is connected, so this can't go back to the card.")
    key = f"{seen.key}:refund:{total}"
    try:
        return processor.refund(
            str(practice), seen.key, refund.cents, reference=seen.processor_reference, refund_key=key, now=now
        )
    except CardRefused as refusal:
        raise Conflict(str(refusal)) from None


def book(practice: int, refund: Refund, total: int, *, by: Actor, now: datetime, today: date) -> int:
    """The cents posted, 0 when it was done before. Inside write()."""
    payment = payments.get(practice, refund.payment, lock=True)
    if payment.method != "card":
        check(payment, refund)
    return book_refunds(practice, payment, total, by=by, now=now, today=today, why=refund.why)


def check(payment: PaymentRecord, refund: Refund) -> None:
    """Whether so much may go back.

    Raises:
        Rejected: nothing, more than is left of the payment, or no reason.
        Conflict: somebody refunded meanwhile.
    """
    if payment.refunded_cents != refund.seen_refunded_cents:
        raise Conflict("part of this payment was refunded meanwhile: look at it again")
    left = payment.cents - payment.refunded_cents if payment.state == PAID else 0
    if not 0 < refund.cents <= left:
        raise Rejected([Problem("amount", f"At most {spoken(left)} of this payment can be given back.")])
    if not refund.why.strip():
        raise Rejected([Problem("why", "Say why the money is given back.")])
