"""Says above which sum a write-off or refund asks for a second person."""

from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.ledger.second_person import MOST_LIMIT_CENTS
from claims_service.domain.money import spoken
from claims_service.store import audit, second_person
from claims_service.store.connection import write


def set_money_limit(practice: int, cents: int, *, by: Actor, now: datetime) -> None:
    """It holds from now on; what waits already goes on waiting.

    Raises:
        Rejected: below zero, or so high that nobody would ever be asked.
    """
    if not 0 <= cents <= MOST_LIMIT_CENTS:
        raise Rejected([Problem("limit", f"Write $0.00 or more, and {spoken(MOST_LIMIT_CENTS)} or less.")])
    with write(practice):
        second_person.set_limit(practice, cents, by=by.name, at=now)
        audit.record(practice, [audit.Event("money_limit.set", subject=f"cents:{cents}")], by=by, at=now)
