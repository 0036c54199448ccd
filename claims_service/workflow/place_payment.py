"""Places held insurer payments on the claims they belong to, and closes what a person has settled elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.remittance.standing import mirrors
from claims_service.store import audit, claims, remittances
from claims_service.store.connection import write
from claims_service.workflow.claims_behind import PAYABLE
from claims_service.workflow.placing import place, try_again


@dataclass(frozen=True, slots=True)
class Placement:
    """item: a held payment that waits for a claim; claim: where it belongs, by its id."""

    item: int
    claim: int


def place_payments(
    practice: int, placements: Sequence[Placement], *, by: Actor, now: datetime, today: date
) -> tuple[int, ...]:
    """Post each held payment to its claim as the insurer decided it; the money comes out of SUSPENSE. Gives the claims.

    Raises:
        NotFound: no such open item or claim here.
        Conflict: the claim was never sent to an insurer.
    """
    with write(practice):
        heads = claims.heads(practice, [p.claim for p in placements])
        waiting = {w.item: w for w in remittances.waiting(practice, [p.item for p in placements])}
        pairs = []
        for placement in placements:
            held, head = waiting.get(placement.item), heads.get(placement.claim)
            if held is None or head is None or head.payer is None:
                raise NotFound("held payment or claim")
            if head.state not in PAYABLE:
                raise Conflict(f"This claim is “{lifecycle.LABELS[head.state]}”: no insurer can have paid it.")
            pairs.append((held, head))
        place(practice, pairs, forced=True, by=by, now=now, today=today)
        # What waited for this decision, its reversal for one, may follow by itself.
        try_again(practice, by=by, now=now, today=today)
    return tuple(p.claim for p in placements)


def close_items(practice: int, items: Sequence[int], *, outcome: str, by: Actor, now: datetime) -> int:
    """A person settled these outside; the reason is kept. Gives how many closed.

    Money that is still held is no matter of words: it is placed or given back. Only a payment and its reversal, which
    come to nothing together, are closed, and the one closes the other.

    Raises:
        Conflict: no reason was given, or the money of one is still held.
    """
    if not outcome.strip():
        raise Conflict("Say in a few words what was done.")
    with write(practice):
        items = _with_mirrors(practice, items)
        closed = sum(
            remittances.close_held(practice, item=item, outcome=outcome.strip(), by=by.name, at=now) for item in items
        )
        audit.record(
            practice,
            [audit.Event("held.close", None, f"held:{item}", outcome.strip()) for item in items],
            by=by,
            at=now,
        )
    return closed


def _with_mirrors(practice: int, items: Sequence[int]) -> list[int]:
    """The same items, each that holds money with the one that takes it back."""
    waiting = remittances.waiting(practice)
    pairs = mirrors([(w.item, w.payment.control_number, w.payment.paid_cents) for w in waiting])
    holding = {w.item for w in waiting if w.payment.paid_cents}
    if any(item in holding and item not in pairs for item in items):
        raise Conflict("This money is still held. Place it on its claim, or give it back to who sent it.")
    return sorted({*items, *(pairs[item] for item in items if item in pairs)})
