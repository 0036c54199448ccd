"""What a letter and a text message cost a clinic, for the cost of collecting."""

from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Problem, Rejected
from claims_service.store import audit, collection_price
from claims_service.store.connection import write

MOST_CENTS = 100_00


def set_price(practice: int, *, letter_cents: int, text_cents: int, by: Actor, now: datetime) -> None:
    """These hold from now on.

    Raises:
        Rejected: less than nothing, or more than $100.00.
    """
    given = {"letter": letter_cents, "text": text_cents}
    found = [
        Problem(name, "Write an amount from 0.00 to 100.00.")
        for name, cents in given.items()
        if not 0 <= cents <= MOST_CENTS
    ]
    if found:
        raise Rejected(found)
    new = collection_price.Price(letter_cents, text_cents)
    with write(practice):
        if new != collection_price.price(practice):
            collection_price.add(practice, new, by=by.name, at=now)
            audit.record(practice, [audit.Event("collection.price")], by=by, at=now)
