"""Give a patient's money back, never more than was paid, and with a second person above a limit."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict
from claims_service.domain.ledger.second_person import asks_second_person
from claims_service.gateways.cards.processor import CardProcessor
from claims_service.store import audit, payments, second_person
from claims_service.store.connection import write
from claims_service.workflow.giving_back import Refund, book, check, refund_at_company

__all__ = ["Refund", "ask_refund", "refund_payments"]


def refund_payments(
    practice: int, refunds: Sequence[Refund], *, processor: CardProcessor | None, by: Actor, now: datetime, today: date
) -> list[int]:
    """Give back each, to the card it came from, or over the counter; gives the cents posted of each, 0 when it was done before.

    Raises:
        NotFound: no such payment of this practice.
        Rejected: nothing, or more than is left of the payment.
        Conflict: somebody refunded meanwhile, the card company refuses, or a second person has to agree first.
    """
    return [_refund(practice, refund, processor, by, now, today) for refund in refunds]


def _refund(
    practice: int, refund: Refund, processor: CardProcessor | None, by: Actor, now: datetime, today: date
) -> int:
    seen = payments.get(practice, refund.payment)
    check(seen, refund)
    if asks_second_person(refund.cents, seen.refunded_cents, second_person.limit(practice)):
        raise Conflict("A second person has to agree to so much first.")
    total = refund_at_company(practice, seen, refund, processor, now)
    with write(practice):
        return book(practice, refund, total, by=by, now=now, today=today)


def ask_refund(practice: int, refund: Refund, *, by: Actor, now: datetime) -> int | None:
    """Keep a refund for a second person; None where none is needed.

    Raises:
        NotFound: no such payment of this practice.
        Rejected: nothing, or more than is left of the payment.
        Conflict: somebody refunded meanwhile, or a refund of this payment waits already.
    """
    with write(practice):
        seen = payments.get(practice, refund.payment, lock=True)
        check(seen, refund)
        if not asks_second_person(refund.cents, seen.refunded_cents, second_person.limit(practice)):
            return None
        if second_person.waits(practice, second_person.REFUNDS, refund.payment):
            raise Conflict("A refund of this payment waits for a second person already.")
        asked = second_person.Asked(
            second_person.REFUNDS,
            None,
            "",
            refund.payment,
            refund.cents,
            refund.seen_refunded_cents,
            "refund",
            refund.why.strip(),
        )
        (request,) = second_person.ask(practice, [asked], by=by.name, at=now)
        audit.record(practice, [audit.Event("refund.ask", seen.patient, f"money_request:{request}")], by=by, at=now)
        return request
