"""Takes visits in, a batch at a time; a visit recorded twice counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.claim import VOID
from claims_service.domain.encounter import Encounter
from claims_service.domain.errors import Conflict
from claims_service.store import audit, claims, encounters
from claims_service.store.connection import write
from claims_service.workflow.visit_people import check_people, check_whole


@dataclass(frozen=True, slots=True)
class Outcome:
    """ids: of the recorded visits in the order they came; None for one that was there before."""

    ids: tuple[int | None, ...]

    @property
    def recorded(self) -> tuple[int, ...]:
        return tuple(key for key in self.ids if key)


def record_encounters(
    practice: int, visits: Sequence[Encounter], *, by: Actor, now: datetime, source: str = "form"
) -> Outcome:
    """Record visits; all of the batch or none of it.

    Raises:
        Rejected: a patient or provider is not of this practice, or a reference is missing.
    """
    with write(practice):
        check_people(practice, visits)
        ids = encounters.add_many(practice, visits, source=source, by=by.name, at=now)
        events = [
            audit.Event("encounter.record", visit.patient_id, f"encounter:{key}")
            for key, visit in zip(ids, visits, strict=True)
            if key
        ]
        audit.record(practice, events, by=by, at=now)
    return Outcome(tuple(ids))


def mend_encounter(
    practice: int, encounter: int, mended: Encounter, *, version: int, by: Actor, now: datetime, why: str = ""
) -> None:
    """Write a corrected visit over the recorded one, while no claim of it has gone out.

    Raises:
        NotFound: no such visit.
        Conflict: another person saved it meanwhile, or a claim of it went out and was not sent back.
        Rejected: as record_encounters.
    """
    with write(practice):
        check_people(practice, [mended])
        check_whole([mended])
        for claim in claims.of_encounters(practice, [encounter]).get(encounter, []):
            if claim.state not in (*lifecycle.OPEN, lifecycle.VOID) or claim.frequency == VOID:
                state = lifecycle.LABELS[claim.state]
                raise Conflict(f"Claim {claim.control_number} of this visit is “{state}”: correct it by a replacement.")
        encounters.replace(practice, encounter, mended, version=version)
        audit.record(
            practice, [audit.Event("encounter.mend", mended.patient_id, f"encounter:{encounter}", why)], by=by, at=now
        )
