"""What is written down of claims that give way to new ones: states, stories and trail. Not a step itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.store import audit, claims


@dataclass(frozen=True, slots=True)
class Way:
    """Why one gives way. kind, told: of the old claim's story; built: of the new one's; {} is the number of the other. action: of the trail."""

    kind: str
    told: str
    built: str
    action: str


CORRECTED = Way("replaced", "Corrected by claim {}.", "Built to replace claim {}.", "claim.correct")
CORRECTED_NEXT = Way(
    "replaced",
    "Corrected by claim {}.",
    "Built to replace claim {}, with the decision of the plan before it as it is now.",
    "claim.correct",
)
VOIDED = Way("void", "The insurer is asked to void it by claim {}.", "Built to void claim {}.", "claim.void")


def note_replaced(
    practice: int,
    heads: Sequence[claims.Head],
    new: Sequence[claims.NewClaim],
    ids: Sequence[int],
    way: Way,
    *,
    why: str,
    by: Actor,
    now: datetime,
) -> None:
    """Each head gives way to the new claim of its place, with that one's id. why: without patient data. Inside write()."""
    states = [(head.id, lifecycle.moved(head.state, lifecycle.REPLACED)) for head in heads]
    claims.set_states(practice, states, at=now)
    events, trail = [], []
    for head, made, key in zip(heads, new, ids, strict=True):
        events.append(claims.Event(head.id, way.kind, way.told.format(made.control_number)))
        events.append(claims.Event(key, "built", way.built.format(head.control_number)))
        trail.append(audit.Event(way.action, head.patient, f"claim:{head.id}", why))
        trail.append(audit.Event("claim.build", head.patient, f"claim:{key}"))
    claims.add_events(practice, events, by=by.name, at=now)
    audit.record(practice, trail, by=by, at=now)
