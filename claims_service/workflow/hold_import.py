"""Keeps a file of visits between the look at it and a person's word that it be taken, and how far the taking is."""

from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict
from claims_service.domain.visit_import import NewImport
from claims_service.store import audit, visit_imports
from claims_service.store.connection import write


def hold_import(practice: int, new: NewImport, *, by: Actor, now: datetime) -> int:
    """Keep a checked file; gives its id."""
    with write(practice):
        key = visit_imports.add(practice, new, by=by.name, at=now)
        audit.record(practice, [audit.Event("import.check", subject=f"import:{key}")], by=by, at=now)
    return key


def note_progress(
    practice: int, key: int, *, start: int, done: int, added: int, known: int, is_last: bool, by: Actor, now: datetime
) -> None:
    """A part of the file from number `start` on was taken. added, known: of this part.

    Raises:
        NotFound: no such file.
        Conflict: somebody else takes it and is further.
    """
    with write(practice):
        file = visit_imports.one(practice, key)
        if file.state not in (visit_imports.CHECKED, visit_imports.RUNNING):
            raise Conflict("This file was taken already.")
        if file.state == visit_imports.RUNNING and file.done != start:
            raise Conflict("Somebody else takes this file just now.")
        before = (file.added, file.known) if file.state == visit_imports.RUNNING else (0, 0)
        visit_imports.progress(
            practice, key, done=done, added=before[0] + added, known=before[1] + known, is_last=is_last
        )
        if is_last:
            audit.record(practice, [audit.Event("import.take", subject=f"import:{key}")], by=by, at=now)


def drop_import(practice: int, key: int, *, by: Actor, now: datetime) -> None:
    """Forget a file that is not to be taken.

    Raises:
        NotFound: no such file.
    """
    with write(practice):
        visit_imports.one(practice, key)
        visit_imports.drop(practice, key)
        audit.record(practice, [audit.Event("import.drop", subject=f"import:{key}")], by=by, at=now)
