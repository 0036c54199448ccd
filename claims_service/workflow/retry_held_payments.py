"""Tries held insurer payments again: what came before its claim, or before what it follows, is posted by itself once that is here."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.store.connection import write
from claims_service.workflow.placing import try_again


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many held payments found their place, and how many still wait."""

    placed: int
    waiting: int


def retry_held_payments(practice: int, *, by: Actor, now: datetime, today: date) -> Outcome:
    """Each is looked for as on the day it came in; nothing is guessed, and trying twice changes nothing."""
    with write(practice):
        return Outcome(*try_again(practice, by=by, now=now, today=today))
