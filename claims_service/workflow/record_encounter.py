"""Takes visits in, a batch at a time; a visit recorded twice counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.encounter import Encounter
from claims_service.domain.errors import Problem, Rejected
from claims_service.store import audit, encounters, parties, patients
from claims_service.store.connection import write


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
        _check(practice, visits)
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
        NotFound, Conflict: see store.encounters.replace.
        Rejected: as record_encounters.
    """
    with write(practice):
        _check(practice, [mended])
        encounters.replace(practice, encounter, mended, version=version)
        audit.record(
            practice, [audit.Event("encounter.mend", mended.patient_id, f"encounter:{encounter}", why)], by=by, at=now
        )


def _check(practice: int, visits: Sequence[Encounter]) -> None:
    known = patients.people(practice, list({visit.patient_id for visit in visits}))
    staff = parties.providers(practice)
    problems = []
    for i, visit in enumerate(visits):
        if visit.patient_id not in known:
            problems.append(Problem(f"[{i}].patient", "There is no such patient.", "", "Search for the patient again."))
        if visit.rendering_id not in staff:
            problems.append(Problem(f"[{i}].rendering", "There is no such provider.", "", "Choose who gave the care."))
        if visit.referring_id is not None and visit.referring_id not in staff:
            problems.append(
                Problem(f"[{i}].referring", "There is no such referring provider.", "", "Choose one from the list.")
            )
        if not visit.reference:
            problems.append(
                Problem(f"[{i}].reference", "The visit has no reference.", "", "Give each visit a number of its own.")
            )
    if problems:
        raise Rejected(problems)
