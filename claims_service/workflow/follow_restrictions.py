"""Visits that no plan is told of and that are not paid: the patient is told first, then the wish ends and the plan is billed."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.patient import plan_restriction as rules
from claims_service.store import payment_notices, plan_restrictions, reminders
from claims_service.store.connection import write
from claims_service.workflow.restrict_plan import UNPAID, lift_restrictions

ENDS = "plan_told"  # kind of the message that says so


@dataclass(frozen=True, slots=True)
class Followed:
    """to_tell: restrictions whose patients are to be told; visits: whose wish ended, for build_claims."""

    to_tell: int
    visits: tuple[int, ...]


def follow_restrictions(practice: int, *, by: Actor, now: datetime, today: date) -> Followed:
    """Let each patient be told whose visit is not paid by its day, and end the wish of who was told and has not paid since.

    Nothing ends before the patient was told: by the e-mail that left, or by a person who says so. Bills that rest wait as well.
    """
    with write(practice):
        policy, holding = plan_restrictions.policy(practice), plan_restrictions.holding(practice)
        owed = plan_restrictions.open_cents(practice, [one.encounter for one in holding])
        resting = reminders.holds(practice, sorted({one.patient for one in holding}))
        to_tell, over = 0, []
        for one in holding:
            if one.encounter not in owed or one.patient in resting:
                continue
            state = rules.stands(one, policy, owed[one.encounter], today)
            if state == rules.PAID and one.told_on:
                plan_restrictions.set_told(practice, one.id, None, by="")
            elif state == rules.TELL:
                key = f"{ENDS}:{one.id}"
                payment_notices.add(practice, one.patient, None, ENDS, key, owed[one.encounter], at=now)
                to_tell += 1
            elif state == rules.OVER:
                over.append(one)
        ended = lift_restrictions(practice, over, UNPAID, by=by, now=now, today=today)
    return Followed(to_tell, ended)
