"""What is written down of claims that others replace: states, stories and trail. Not a step itself."""

from collections.abc import Sequence
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.store import audit, claims


def note_replaced(
    practice: int,
    heads: Sequence[claims.Head],
    new: Sequence[claims.NewClaim],
    ids: Sequence[int],
    *,
    built: str = "",
    why: str,
    by: Actor,
    now: datetime,
) -> None:
    """Each head gives way to the new claim of its place, with that one's id. built: what else to tell of the new ones. Inside write()."""
    states = [(head.id, lifecycle.moved(head.state, lifecycle.REPLACED)) for head in heads]
    claims.set_states(practice, states, at=now)
    events, trail = [], []
    for head, made, key in zip(heads, new, ids, strict=True):
        events.append(claims.Event(head.id, "replaced", f"Corrected by claim {made.control_number}."))
        events.append(claims.Event(key, "built", f"Built to replace claim {head.control_number}{built}."))
        trail.append(audit.Event("claim.correct", head.patient, f"claim:{head.id}", why))
        trail.append(audit.Event("claim.build", head.patient, f"claim:{key}"))
    claims.add_events(practice, events, by=by.name, at=now)
    audit.record(practice, trail, by=by, at=now)
