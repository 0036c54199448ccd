"""Keeps FHIR resources of everything that was recorded, sent, decided and billed: as bytes, once issued never recomputed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.quick import bulk
from claims_service.formats.fhir import write as fhir_write
from claims_service.store import audit, fhir, fhir_sources
from claims_service.store.connection import write

_BATCH = 400
_ROUND = 8000  # rows looked at in one transaction
_ALSO = {"ClaimResponse": ("ExplanationOfBenefit",)}  # one decision, told to the practice and told to the patient


@dataclass(frozen=True, slots=True)
class Outcome:
    """counts: new versions written, by kind of resource."""

    counts: dict[str, int] = field(default_factory=dict)

    @property
    def written(self) -> int:
        return sum(self.counts.values())


def freeze_resources(practice: int, *, by: Actor, now: datetime) -> Outcome:
    """Keep what came and what changed since; a second run in a row writes nothing.

    Some thousand resources a transaction: each is whole, and what is left stays noted.
    """
    written: Counter[str] = Counter()
    more = True
    while more:
        with write():
            made, more = _round(practice, now)
            if made:
                audit.record(practice, [audit.Event("fhir.freeze", subject=f"resources:{made.total()}")], by=by, at=now)
        written += made
    return Outcome(dict(written))


def _round(practice: int, now: datetime) -> tuple[Counter[str], bool]:
    """What was written, by kind, and whether more may be due. In the order of kinds: a claim's patient comes before it."""
    made: Counter[str] = Counter()
    left = _ROUND
    for kind in fhir_sources.KINDS:
        while left:
            due = fhir_sources.due(practice, kind, min(_BATCH, left))
            if not due.notes:
                break
            with bulk():
                made += _freeze(practice, kind, due.ids, now)
            fhir_sources.settle(due.notes)
            left -= len(due.notes)
    return made, not left


def _freeze(practice: int, kind: str, ids: Sequence[int], now: datetime) -> Counter[str]:
    records = fhir_sources.records(practice, kind, ids)
    made = [made for each in (kind, *_ALSO.get(kind, ())) for made in fhir_write.resources(each, records)]
    new = [fhir.NewResource(m.kind, m.id, m.body, m.patient, m.payer, m.identifier, m.status) for m in made]
    return fhir.add(practice, new, source="issued", at=now)
