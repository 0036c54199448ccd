"""Who comes to the clinic on a day, as far as it is known here, and what their insurers said about that day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.eligibility.summary import COVERED, NOT_COVERED
from claims_service.queries import cover
from claims_service.queries.cover import PlanCover
from claims_service.queries.rows import rows
from claims_service.store import patients
from claims_service.store.connection import instant_text, opened

# What the front desk does with each: nothing; ask for another plan; call the insurer; wait; ask; let the patient pay.
STANDINGS = ("not_active", "no_answer", "otherwise", "asked", "never", "no_plan", "active")


@dataclass(frozen=True, slots=True)
class Coming:
    """A patient who comes. standing: of STANDINGS; covers: of the plans that hold on the day, the first plan first."""

    patient: int
    name: str
    standing: str
    covers: tuple[PlanCover, ...]


def patients_on(practice: int, day: date) -> list[int]:
    """Patients with a visit recorded for that day, each once, in one SELECT."""
    sql = "select distinct patient_id from encounter where practice_id = ? and served_on = ? and state <> 'void' order by patient_id"
    with opened():
        return [patient for (patient,) in rows(sql, practice, day)]


def by_record(practice: int, references: list[str]) -> dict[str, int]:
    """Patients by their record numbers; unknown ones are left out."""
    return patients.by_reference(practice, references)


def coming(practice: int, day: date, *, begins_at: datetime) -> tuple[Coming, ...]:
    """Everyone with a visit recorded for a day, or whose insurer was asked about it ahead; who needs something first. In five SELECTs.

    begins_at: midnight of that day at the clinic; who was asked about later stands at the desk already.
    """
    asked = "select distinct patient_id from eligibility_check where practice_id = ? and served_on = ? and asked_at < ?"
    with opened():
        ahead = [patient for (patient,) in rows(asked, practice, day, instant_text(begins_at))]
        everyone = sorted({*patients_on(practice, day), *ahead})
        told = cover.on_day(practice, everyone, day)
        names = {
            key: f"{person.first} {person.last}".strip() for key, person in patients.people(practice, everyone).items()
        }
    found = [Coming(key, names[key], _standing(told[key]), told[key]) for key in everyone if key in told]
    return tuple(sorted(found, key=lambda one: (STANDINGS.index(one.standing), one.name)))


def _standing(covers: Sequence[PlanCover]) -> str:
    """Of the first plan, and "otherwise" where the insurer has something otherwise than we do."""
    if not covers:
        return "no_plan"
    first = covers[0]
    if first.told is None:
        return "no_answer" if first.state == "failed" else first.state
    if first.told.standing == NOT_COVERED:
        return NOT_COVERED
    if first.told.standing != COVERED or first.refusals:
        return "no_answer"
    return "otherwise" if any(plan.differences for plan in covers) else "active"


def counts(listed: Sequence[Coming]) -> Mapping[str, int]:
    """How many of each standing, those of none left out."""
    found = {name: sum(one.standing == name for one in listed) for name in STANDINGS}
    return {name: number for name, number in found.items() if number}
