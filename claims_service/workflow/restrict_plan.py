"""'Paid in full, do not tell my plan': the patient asks before the claim goes, and the visit becomes the patient's own to pay."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.patient.plan_restriction import Policy, Restriction
from claims_service.store import audit, claims, confidential, encounters, plan_restrictions
from claims_service.store.connection import write
from claims_service.workflow.taking_back import take_back

ASKED, UNPAID = "asked", "unpaid"
_OUT = (lifecycle.NEEDS_MENDING, lifecycle.READY, lifecycle.PATIENT)


def restrict_plan(
    practice: int, wishes: Sequence[tuple[int, int]], *, by: Actor, now: datetime, today: date
) -> tuple[int, ...]:
    """(patient, visit) for each; all or none. Gives the visits that wait for a claim of their own now: build_claims makes it.

    A claim that has not gone out is taken out of the books; the visit is then built without any plan. Asked twice it holds once.

    Raises:
        NotFound: no such visit of the patient.
        Conflict: the plan has the claim already, or the visit is billed together with others.
    """
    with write(practice):
        wanted = []
        for patient, encounter in wishes:
            whose, parts = confidential.parts_of(practice, encounter)
            if whose != patient:
                raise NotFound("encounter")
            wanted += [(patient, part) for part in parts]
        held = {one.encounter for one in plan_restrictions.holding(practice, [visit for _, visit in wanted])}
        new = [one for one in dict.fromkeys(wanted) if one[1] not in held]
        visits = [visit for _, visit in new]
        _refuse(practice, visits)
        plan_restrictions.add(practice, new, on=today, by=by.name, at=now)
        _take_out(
            practice, visits, "The patient pays and asked that the plan is not told.", by=by, now=now, today=today
        )
        trail = [audit.Event("encounter.restrict_plan", patient, f"encounter:{visit}") for patient, visit in new]
        audit.record(practice, trail, by=by, at=now)
    return tuple(visits)


def _refuse(practice: int, visits: Sequence[int]) -> None:
    states = {key: one.state for key, one in encounters.load(practice, visits).items()}
    if any(state not in ("recorded", "billed") for state in states.values()):
        raise Conflict("This visit is billed together with others. Take that claim out first.")
    standing = [head for heads in claims.of_encounters(practice, visits).values() for head in heads]
    living = [head for head in standing if head.state != lifecycle.VOID]
    if any(head.state not in _OUT for head in living) or plan_restrictions.ever_sent(
        practice, [h.id for h in standing]
    ):
        raise Conflict("The plan has a claim for this visit already: the wish comes too late.")


def lift_restrictions(
    practice: int, wanted: Sequence[Restriction], why: str, *, by: Actor, now: datetime, today: date
) -> tuple[int, ...]:
    """The plan may be told again: the self-pay claim is taken out. Gives the visits that build_claims bills to their plans.

    why: ASKED by the patient, or UNPAID after the patient was told. What was paid stays the patient's credit.
    """
    with write(practice):
        holding = {one.id for one in plan_restrictions.holding(practice, [one.encounter for one in wanted])}
        ending = [one for one in wanted if one.id in holding]
        plan_restrictions.lift(practice, [one.id for one in ending], why, by=by.name, at=now)
        visits = [one.encounter for one in ending]
        story = (
            "Not paid in time: the plan is billed." if why == UNPAID else "The patient agreed that the plan is billed."
        )
        _take_out(practice, visits, story, by=by, now=now, today=today)
        trail = [
            audit.Event("encounter.lift_restriction", one.patient, f"encounter:{one.encounter}", why) for one in ending
        ]
        audit.record(practice, trail, by=by, at=now)
    return tuple(visits)


def _take_out(practice: int, visits: Sequence[int], story: str, *, by: Actor, now: datetime, today: date) -> None:
    """Claims of these visits leave the books, and the visits wait for a claim again."""
    found = claims.of_encounters(practice, visits)
    heads = [head for listed in found.values() for head in listed if head.state != lifecycle.VOID]
    take_back(practice, heads, memo="another pays", by=by.name, now=now, today=today)
    claims.set_states(practice, [(head.id, lifecycle.moved(head.state, lifecycle.VOID)) for head in heads], at=now)
    encounters.set_state(practice, [head.encounter for head in heads], "recorded")
    claims.add_events(practice, [claims.Event(head.id, "void", story) for head in heads], by=by.name, at=now)


def tell_of_end(practice: int, patient: int, encounter: int, *, by: Actor, now: datetime, today: date) -> None:
    """A person told the patient that the visit is not paid and that its plan will be billed; twice it stays the first day.

    Raises:
        NotFound: no such wish of the patient holds.
    """
    with write(practice):
        one = _of(practice, patient, encounter)
        if one.told_on is None:
            plan_restrictions.set_told(practice, one.id, today, by=by.name)
            trail = [audit.Event("encounter.tell_restriction_ends", patient, f"encounter:{encounter}")]
            audit.record(practice, trail, by=by, at=now)


def end_restriction(
    practice: int, patient: int, encounter: int, *, by: Actor, now: datetime, today: date
) -> tuple[int, ...]:
    """The patient agrees that the plan is billed after all. Gives the visits for build_claims.

    Raises:
        NotFound: no such wish of the patient holds.
    """
    with write(practice):
        one = _of(practice, patient, encounter)
        return lift_restrictions(practice, [one], ASKED, by=by, now=now, today=today)


def _of(practice: int, patient: int, encounter: int) -> Restriction:
    found = [one for one in plan_restrictions.holding(practice, [encounter]) if one.patient == patient]
    if not found:
        raise NotFound("restriction")
    return found[0]


def set_restriction_policy(practice: int, new: Policy, *, by: Actor, now: datetime) -> None:
    """How long such a visit may stay unpaid from now on."""
    with write(practice):
        plan_restrictions.add_policy(practice, new, by=by.name, at=now)
        why = f"{new.days} days, {new.grace_days} days after the notice"
        audit.record(practice, [audit.Event("billing.policy", None, "plan_restriction", why)], by=by, at=now)
