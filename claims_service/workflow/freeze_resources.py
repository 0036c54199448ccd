"""Keeps FHIR resources of everything that was recorded, sent, decided and billed: as bytes, once issued never recomputed."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.quick import quick
from claims_service.formats.fhir import write as fhir_write
from claims_service.store import audit, fhir, fhir_sources
from claims_service.store.connection import write

_BATCH = 400
_NEW = quick(fhir.NewResource)
_ALSO = {"ClaimResponse": ("ExplanationOfBenefit",)}  # one decision, told to the practice and told to the patient


@dataclass(frozen=True, slots=True)
class Outcome:
    """counts: new versions written, by kind of resource."""

    counts: dict[str, int] = field(default_factory=dict)

    @property
    def written(self) -> int:
        return sum(self.counts.values())


def freeze_resources(practice: int, *, by: Actor, now: datetime) -> Outcome:
    """Keep what is not kept yet and what has changed since; a second run in a row writes nothing."""
    written: Counter[str] = Counter()
    with write():
        for kind in fhir_sources.KINDS:
            ids = fhir_sources.waiting(practice, kind)
            for start in range(0, len(ids), _BATCH):
                written += _freeze(practice, kind, ids[start : start + _BATCH], now)
        if written:
            audit.record(practice, [audit.Event("fhir.freeze", subject=f"resources:{written.total()}")], by=by, at=now)
    return Outcome(dict(written))


def _freeze(practice: int, kind: str, ids: list[int], now: datetime) -> Counter[str]:
    records = fhir_sources.records(practice, kind, ids)
    made = [made for each in (kind, *_ALSO.get(kind, ())) for made in fhir_write.resources(each, records)]
    new = [_NEW(m.kind, m.id, m.body, m.patient, m.payer, m.identifier, m.status) for m in made]
    return fhir.add(practice, new, source="issued", at=now)
