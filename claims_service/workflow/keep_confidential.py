"""Keep a visit confidential, or every visit of a patient from today on: from then on only the patient is told of it and asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.patient.confidential import Reach, kept, problems
from claims_service.store import audit, bills, confidential, patients, pay_links, reminders
from claims_service.store.connection import write


@dataclass(frozen=True, slots=True)
class Wish:
    """encounter: the one visit; None for every visit from today on."""

    patient: int
    encounter: int | None
    reach: Reach


def keep_confidential(practice: int, wishes: Sequence[Wish], *, by: Actor, now: datetime, today: date) -> list[int]:
    """All of the batch or none. What holds already with the same address is not written again. Gives the new requests.

    Where a visit may stand on a bill already, pay links that others may hold stop working and letters are not mailed:
    the next bill says nothing of it.

    Raises:
        NotFound: no such patient here, or a visit of somebody else.
        Rejected: nowhere to write to, at "[place].field".
    """
    with write(practice):
        found = [
            replace(problem, where=f"[{at}].{problem.where}")
            for at, wish in enumerate(wishes)
            for problem in problems(wish.reach)
        ]
        if found:
            raise Rejected(found)
        asked = sorted({wish.patient for wish in wishes})
        if set(patients.people(practice, asked)) != set(asked):
            raise NotFound("patient")
        bills.lock_patients(practice, asked)
        standing = {
            (one.patient, one.encounter, one.reach)
            for listed in confidential.requests(practice, asked).values()
            for one in listed
        }
        wanted = [(wish.patient, visit, kept(wish.reach)) for wish in wishes for visit in _visits(practice, wish)]
        new = [one for one in dict.fromkeys(wanted) if one not in standing]
        for patient, visit, _ in new:
            confidential.lift(practice, patient, visit, by=by.name, at=now)
        made = confidential.add(practice, new, since=today, by=by.name, at=now)
        told = sorted({patient for patient, visit, _ in new if visit})
        pay_links.revoke_shared(practice, told, at=now)
        reminders.take_back(practice, told, "A visit was made confidential; a new bill follows")
        _note(practice, "encounter.keep_confidential", [one[:2] for one in new], by=by, now=now)
    return made


def end_confidential(practice: int, patient: int, encounter: int | None, *, by: Actor, now: datetime) -> int:
    """The patient takes it back: the next bill names the visit again. Gives how many requests ended, 0 when none held.

    Raises:
        NotFound: no such patient here, or a visit of somebody else.
    """
    with write(practice):
        if not patients.people(practice, [patient]):
            raise NotFound("patient")
        bills.lock_patients(practice, [patient])
        visits = _visits(practice, Wish(patient, encounter, Reach("")))
        ended = [
            (patient, visit) for visit in visits if confidential.lift(practice, patient, visit, by=by.name, at=now)
        ]
        _note(practice, "encounter.end_confidential", ended, by=by, now=now)
    return len(ended)


def _visits(practice: int, wish: Wish) -> Sequence[int | None]:
    """A visit that claims took apart is kept whole."""
    if wish.encounter is None:
        return [None]
    patient, parts = confidential.parts_of(practice, wish.encounter)
    if patient != wish.patient:
        raise NotFound("encounter")
    return parts


def _note(practice: int, action: str, done: Sequence[tuple[int, int | None]], *, by: Actor, now: datetime) -> None:
    events = [
        audit.Event(action, patient, f"encounter:{visit}" if visit else f"patient:{patient}") for patient, visit in done
    ]
    audit.record(practice, events, by=by, at=now)
