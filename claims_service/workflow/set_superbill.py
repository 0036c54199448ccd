"""Keeps the clinic's own superbills."""

from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.superbill import Superbill
from claims_service.store import audit, superbills
from claims_service.store.connection import write


def set_superbill(practice: int, wanted: Superbill, *, superbill: int | None = None, by: Actor, now: datetime) -> int:
    """Add one, or write over it; gives its id.

    Raises:
        NotFound: no such superbill.
        Conflict: the clinic has another of this name.
    """
    with write(practice):
        if superbill is None:
            superbill = superbills.add(practice, wanted, by=by.name, at=now)
        else:
            superbills.replace(practice, superbill, wanted, by=by.name, at=now)
        audit.record(practice, [audit.Event("superbill.set", subject=f"superbill:{superbill}")], by=by, at=now)
    return superbill


def remove_superbill(practice: int, superbill: int, *, by: Actor, now: datetime) -> None:
    """Take one away.

    Raises:
        NotFound: no such superbill.
    """
    with write(practice):
        superbills.remove(practice, superbill)
        audit.record(practice, [audit.Event("superbill.remove", subject=f"superbill:{superbill}")], by=by, at=now)
