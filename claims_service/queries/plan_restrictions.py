"""Visits that no plan is told of, as staff see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.patient import plan_restriction as rules
from claims_service.domain.patient.plan_restriction import Policy, Restriction
from claims_service.queries.rows import known_day, rows
from claims_service.store import plan_restrictions
from claims_service.store.connection import marks, opened


@dataclass(frozen=True, slots=True)
class Shown:
    """state: waits, paid, tell, told, over. pay_by: the last day of what is waited for."""

    restriction: Restriction
    patient_name: str
    served_on: date
    open_cents: int
    state: str
    pay_by: date


def policy(practice: int) -> Policy:
    """How long such a visit may stay unpaid."""
    return plan_restrictions.policy(practice)


def of_patient(practice: int, patient: int, *, today: date) -> list[Shown]:
    """What holds for a patient, the newest first."""
    with opened():
        found = [one for one in plan_restrictions.of_patient(practice, patient) if not one.lifted_why]
        return _shown(practice, found, today)


def to_tell(practice: int, *, today: date) -> list[Shown]:
    """Patients who are to be told that their plan will be billed, the oldest wish first."""
    with opened():
        return [one for one in _shown(practice, plan_restrictions.holding(practice), today) if one.state == rules.TELL]


def is_held(practice: int, encounter: int) -> bool:
    """Whether no plan is told of a visit."""
    return bool(plan_restrictions.holding(practice, [encounter]))


def _shown(practice: int, found: Sequence[Restriction], today: date) -> list[Shown]:
    visits = [one.encounter for one in found]
    owed, policy_now = plan_restrictions.open_cents(practice, visits), plan_restrictions.policy(practice)
    sql = (
        "select e.id, e.served_on, p.first, p.last from encounter e join patient p on p.id = e.patient_id"
        f" where e.practice_id = ? and e.id in ({marks(visits) or 'null'})"
    )
    about = {key: (known_day(on), f"{first} {last}".strip()) for key, on, first, last in rows(sql, practice, *visits)}
    shown = []
    for one in found:
        day, name = about[one.encounter]
        cents = owed.get(one.encounter, 0)
        state = rules.stands(one, policy_now, cents, today) if one.encounter in owed else rules.WAITS
        shown.append(Shown(one, name, day, cents, state, rules.pay_by(one, policy_now)))
    return shown
