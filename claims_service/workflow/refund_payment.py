"""Give a patient's money back, never more than was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, Problem, Rejected
from claims_service.domain.money import spoken
from claims_service.domain.patient.payment import PAID
from claims_service.gateways.cards.processor import CardProcessor, CardRefused
from claims_service.store import payments
from claims_service.store.connection import write
from claims_service.store.payments import PaymentRecord
from claims_service.workflow.patient_money import book_refunds


@dataclass(frozen=True, slots=True)
class Refund:
    """A wish to give back. seen_refunded_cents: what was refunded when the person looked, so that two people give back once."""

    payment: int
    cents: int
    seen_refunded_cents: int
    why: str


def refund_payments(
    practice: int, refunds: Sequence[Refund], *, processor: CardProcessor, by: Actor, now: datetime, today: date
) -> list[int]:
    """Give back each, to the card it came from, or over the counter; gives the cents posted of each, 0 when it was done before.

    Raises:
        NotFound: no such payment of this practice.
        Rejected: nothing, or more than is left of the payment.
        Conflict: somebody refunded meanwhile, or the card company refuses.
    """
    return [_refund(practice, refund, processor, by, now, today) for refund in refunds]


def _refund(practice: int, refund: Refund, processor: CardProcessor, by: Actor, now: datetime, today: date) -> int:
    seen = payments.get(practice, refund.payment)
    _check(seen, refund)
    total = refund.seen_refunded_cents + refund.cents
    if seen.method == "card":
        # Before the books, under a key of its own: after a fault the same refund is asked for again and made once.
        key = f"{seen.key}:refund:{total}"
        try:
            total = processor.refund(
                str(practice), seen.key, refund.cents, reference=seen.processor_reference, refund_key=key, now=now
            )
        except CardRefused as refusal:
            raise Conflict(str(refusal)) from None
    with write(practice):
        payment = payments.get(practice, refund.payment, lock=True)
        if seen.method != "card":
            _check(payment, refund)
        return book_refunds(practice, payment, total, by=by, now=now, today=today, why=refund.why)


def _check(payment: PaymentRecord, refund: Refund) -> None:
    if payment.refunded_cents != refund.seen_refunded_cents:
        raise Conflict("part of this payment was refunded meanwhile: look at it again")
    left = payment.cents - payment.refunded_cents if payment.state == PAID else 0
    if not 0 < refund.cents <= left:
        raise Rejected([Problem("amount", f"At most {spoken(left)} of this payment can be given back.")])
    if not refund.why.strip():
        raise Rejected([Problem("why", "Say why the money is given back.")])
