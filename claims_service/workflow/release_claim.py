"""Lets a claim through the clinic's own rules that hold it, by a manager and with the reason kept."""

from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.store import audit, claims, clinic_rules
from claims_service.store.connection import write
from claims_service.workflow.checked import Checked, checked


def release_claim(practice: int, claim: int, why: str, *, by: Actor, now: datetime, today: date) -> Checked:
    """Let one claim through all rules that hold it now, and check it again.

    Raises:
        NotFound: no such claim of this practice.
        Conflict: no rule holds it, or it has gone out.
        Rejected: no reason is given.
    """
    with write(practice):
        head = claims.heads(practice, [claim]).get(claim)
        if head is None:
            raise NotFound("claim")
        if head.state not in lifecycle.OPEN:
            raise Conflict(f"This claim is “{lifecycle.LABELS[head.state]}”: no rule holds it.")
        holding = clinic_rules.holding(practice, claim)
        if not holding:
            raise Conflict("No rule holds this claim. Check it again.")
        if not why.strip():
            raise Rejected([Problem("why", "Say why it may go.")])
        clinic_rules.release(practice, claim, [kept.id for kept in holding], why.strip(), by=by.name, at=now)
        names = ", ".join(f"“{kept.rule.name}”" for kept in holding)
        story = claims.Event(claim, "note", f"Let through the rule {names}: {why.strip()}")
        claims.add_events(practice, [story], by=by.name, at=now)
        event = audit.Event("claim.release", head.patient, f"claim:{claim}", why.strip())
        audit.record(practice, [event], by=by, at=now)
        return checked(practice, [claim], by=by.name, now=now, today=today)[0]
