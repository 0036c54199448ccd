"""The manager says what is taken off for paying early."""

from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.patient.prompt_pay import Policy
from claims_service.store import audit, prompt_pay
from claims_service.store.connection import write


def set_prompt_pay(practice: int, new: Policy, *, by: Actor, now: datetime) -> None:
    """From now on new statements promise it; those that are out keep what they promise."""
    with write(practice):
        prompt_pay.add_policy(practice, new, by=by.name, at=now)
        why = f"{new.percent} percent, {new.days} days{', insured too' if new.insured else ''}"
        audit.record(practice, [audit.Event("prompt_pay.policy", why=why)], by=by, at=now)
