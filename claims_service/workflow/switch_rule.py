"""Switches a kept rule on or off, and looks again at the claims that have not gone out."""

from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import NotFound
from claims_service.store import audit, claims, clinic_rules
from claims_service.store.connection import write
from claims_service.workflow.checked import Checked, checked


def switch_rule(practice: int, rule: int, *, on: bool, by: Actor, now: datetime, today: date) -> tuple[Checked, ...]:
    """From now on this version of a rule holds, in place of its others, or none of it does; gives the claims looked at again.

    Raises:
        NotFound: no such version of a rule of this practice.
    """
    with write(practice):
        kept = clinic_rules.find(practice, rule)
        if kept is None:
            raise NotFound("rule")
        if kept.is_on == on:
            return ()
        clinic_rules.switch(practice, kept.rule.number, rule if on else None, by=by.name, at=now)
        action = "rule.switch_on" if on else "rule.switch_off"
        audit.record(practice, [audit.Event(action, subject=f"clinic_rule:{rule}")], by=by, at=now)
        waiting = claims.in_states(practice, (lifecycle.READY, lifecycle.NEEDS_MENDING))
        return checked(practice, waiting, by=by.name, now=now, today=today)
