"""Lets bills go that wait since they are far above their estimate; a person says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Problem, Rejected
from claims_service.store import audit, estimates
from claims_service.store.connection import write

_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Release:
    """A bill that waits. why: in a person's words, without patient data."""

    hold: int
    why: str


def release_bills(practice: int, wanted: Sequence[Release], *, by: Actor, now: datetime) -> list[int]:
    """Let each go with the next run; gives whose they are. One let go before stays as it is.

    Raises:
        NotFound: no such hold of this practice.
        Rejected: no reason.
    """
    patients = []
    with write(practice):
        for one in wanted:
            hold, patient = estimates.hold(practice, one.hold)
            why = one.why.strip()[:_LONGEST]
            if not why:
                raise Rejected([Problem("why", "Say why the bill is right although it is above the estimate.")])
            patients.append(patient)
            if not hold.why:
                estimates.release(practice, hold.id, why=why, by=by.name, at=now)
                event = audit.Event("bill.release", patient, f"encounter:{hold.encounter}", why)
                audit.record(practice, [event], by=by, at=now)
    return patients
