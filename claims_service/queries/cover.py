"""What the front desk sees of a patient's cover: the newest answer of each plan, what it contradicts, and approvals in advance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.authorization import Authorization
from claims_service.domain.coverage import Coverage, in_order
from claims_service.domain.eligibility.differences import Difference, differences
from claims_service.domain.eligibility.summary import Summary, summary
from claims_service.domain.errors import NotFound
from claims_service.domain.party import Person
from claims_service.formats.tables import codes
from claims_service.queries.rows import instant, known_instant
from claims_service.store import authorizations, eligibility, parties, patients
from claims_service.store.connection import opened
from claims_service.store.eligibility import Kept


@dataclass(frozen=True, slots=True)
class PlanCover:
    """One plan. state: never, asked, failed or answered, of the newest question; problem: why that has no answer.

    told: the newest answer, for the day answered_for; None before the first. differences: against what is kept here now.
    refusals: (what the insurer says, what to do). not_paid, to_authorize: services in words.
    """

    plan: Coverage
    state: str = "never"
    asked_at: datetime | None = None
    problem: str = ""
    by_file: bool = False
    told: Summary | None = None
    answered_at: datetime | None = None
    answered_for: date | None = None
    file: int | None = None
    differences: tuple[Difference, ...] = ()
    refusals: tuple[tuple[str, str], ...] = ()
    not_paid: tuple[str, ...] = ()
    to_authorize: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval with its insurer's name."""

    authorization: Authorization
    payer_name: str


def of_patient(practice: int, patient: int, plans: Sequence[Coverage]) -> tuple[PlanCover, ...]:
    """Each of the patient's plans, in their order, in three SELECTs."""
    with opened():
        person = patients.people(practice, [patient]).get(patient)
        kept = eligibility.of_patient(practice, patient)
    return tuple(_cover(plan, person, kept.get(plan.id)) for plan in plans)


def on_day(practice: int, people: Sequence[int], day: date) -> dict[int, tuple[PlanCover, ...]]:
    """What the insurers said about a day, for each of these patients the plans that hold on it, in three SELECTs."""
    with opened():
        persons = patients.people(practice, people)
        plans = patients.coverages(practice, list(persons), persons)
        kept = eligibility.of_day(practice, day, people)
    return {
        patient: tuple(_cover(plan, persons[patient], kept.get(plan.id)) for plan in in_order(plans[patient], day))
        for patient in persons
    }


def _cover(plan: Coverage, person: Person | None, kept: Kept | None) -> PlanCover:
    if kept is None or person is None:
        return PlanCover(plan)
    asked = known_instant(kept.last.asked_at)
    if kept.answer is None:
        return PlanCover(plan, kept.last.state, asked, kept.last.problem, kept.last.route == "file")
    told = summary(kept.answer)
    return PlanCover(
        plan, kept.last.state, asked, kept.last.problem, kept.last.route == "file", told, instant(kept.answered_at),
        kept.answered_for, kept.answer_file, () if told.refusals else differences(kept.answer, plan, person),
        tuple(dict.fromkeys(_refusal(refusal.reason) for refusal in told.refusals)), _services(told.not_paid),
        _services(told.to_authorize),
    )  # fmt: skip


def _refusal(reason: str) -> tuple[str, str]:
    row = codes.row("aaa_reject", reason) or {}
    return row.get("label_en", f"code {reason}"), row.get("staff_hint", "")


def _services(listed: Sequence[str]) -> tuple[str, ...]:
    return tuple(codes.label("service_type", code) for code in listed)


def approvals(practice: int, patient: int) -> tuple[Approval, ...]:
    """Those that hold or will, before those that are over; the newest first."""
    with opened():
        found = authorizations.of_patients(practice, [patient]).get(patient, ())
        names = parties.payers(practice) if found else {}
    newest = sorted(found, key=lambda one: (one.valid_until or date.max, one.id), reverse=True)
    return tuple(Approval(one, names[one.payer_id].name) for one in newest)


def approval(practice: int, patient: int, key: int) -> Authorization:
    """One approval of one patient.

    Raises:
        NotFound: the patient has no such approval here.
    """
    for found in approvals(practice, patient):
        if found.authorization.id == key:
            return found.authorization
    raise NotFound("approval")
