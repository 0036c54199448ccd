"""Places held insurer payments on the claims they belong to, and closes what a person has settled elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import Conflict, NotFound
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
    """A person settled these outside (asked the insurer, sent money back by letter); the reason is kept. Gives how many closed.

    Raises:
        Conflict: no reason was given.
    """
    if not outcome.strip():
        raise Conflict("Say in a few words what was done.")
    with write(practice):
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
