"""What an insurer still holds, and the questions about it that have answered themselves. Not a step itself."""

from collections import defaultdict
from datetime import datetime

from claims_service.domain.ledger.accounts import IN_REVIEW, PROVIDER_BALANCE
from claims_service.domain.remittance.open_items import Item, cleared
from claims_service.store import open_items, remittances

OPEN = (PROVIDER_BALANCE, IN_REVIEW)


def items_of(practice: int, payer: int) -> dict[int, Item]:
    """An insurer's open and cleared items by adjustment."""
    settled: dict[int, int] = defaultdict(int)
    for one in open_items.settlements(practice):
        settled[one.adjustment] += one.cents
    listed = [a for a in open_items.adjustments(practice, payer).get(payer, []) if a.account in OPEN]
    return {item.adjustment.id: item for item in cleared(listed, settled)}


def close_cleared(practice: int, payer: int | None, *, by: str, now: datetime) -> None:
    """Close the held items of adjustments of which nothing is left."""
    owner = payer or open_items.NOT_KNOWN
    waiting = open_items.waiting(practice, owner)
    if not waiting:
        return
    remittance_of = open_items.remittances_of(practice, owner)
    for key, item in items_of(practice, owner).items():
        end = f", PLB {item.adjustment.position}"
        held = next((h for (r, place), h in waiting.items() if r == remittance_of[key] and place.endswith(end)), None)
        if held is not None and not item.left_cents:
            remittances.close_held(practice, item=held, outcome=_outcome(item), by=by, at=now)


def _outcome(item: Item) -> str:
    own = item.adjustment.id
    others = sorted({c.cleared_by if c.opened == own else c.opened for c in item.clearings})
    if not others:
        return "Placed by a person."
    return "Cleared by a later payment." if any(c.opened == own for c in item.clearings) else "Clears an earlier item."
