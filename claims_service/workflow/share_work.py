"""Gives work to people, lets it sleep until a day, and keeps what they note about it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.store import audit, users, work
from claims_service.store.connection import write
from claims_service.store.work import CLAIM, VISIT

LONGEST_NOTE = 500
LONGEST_SNOOZE = timedelta(days=366)


def assign(practice: int, kind: str, ids: Sequence[int], assignee: int | None, *, by: Actor, now: datetime) -> int:
    """Give claims (or visits, by kind) to a person of the staff; None takes them back. How many.

    Raises:
        NotFound: a claim, a visit or the person is not of this practice.
    """
    with write(practice):
        if assignee is not None:
            person = users.by_id(practice, assignee)
            if person is None or not person.active or person.role not in users.WORKERS:
                raise NotFound("person")
        return _change(practice, kind, ids, {"assignee_id": assignee}, "work.assign", by=by, now=now)


def snooze(
    practice: int, kind: str, ids: Sequence[int], until: date | None, *, by: Actor, now: datetime, today: date
) -> int:
    """Let work sleep until a day, on which it comes back by itself, or earlier when something new happens; None wakes it.

    Raises:
        NotFound: a claim or visit is not of this practice.
        Rejected: the day is not in the coming year.
    """
    if until is not None and not today < until <= today + LONGEST_SNOOZE:
        raise Rejected([Problem("until", "Choose a day after today, within a year.")])
    with write(practice):
        return _change(practice, kind, ids, {"snoozed_until": until}, "work.snooze", by=by, now=now)


def note(practice: int, kind: str, ids: Sequence[int], text: str, *, by: Actor, now: datetime) -> int:
    """Keep a note about each; notes are never changed.

    Raises:
        NotFound: a claim or visit is not of this practice.
        Rejected: nothing was written, or too much.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_NOTE:
        raise Rejected([Problem("note", f"Write a note of at most {LONGEST_NOTE} letters.")])
    with write(practice):
        subjects = work.subjects(practice, kind, ids)
        work.add_notes(practice, subjects, text, by=by.name, at=now)
        _tell(practice, subjects, "work.note", by=by, now=now)
        return len(subjects)


def _change(
    practice: int,
    kind: str,
    ids: Sequence[int],
    values: dict[str, int | date | None],
    what: str,
    *,
    by: Actor,
    now: datetime,
) -> int:
    subjects = work.subjects(practice, kind, ids)
    work.change_tasks(practice, subjects, values, by=by.name, at=now)
    _tell(practice, subjects, what, by=by, now=now)
    return len(subjects)


def _tell(practice: int, subjects: Sequence[work.Subject], what: str, *, by: Actor, now: datetime) -> None:
    audit.record(practice, [audit.Event(what, s.patient, f"{s.kind}:{s.id}") for s in subjects], by=by, at=now)


__all__ = ["CLAIM", "VISIT", "assign", "note", "snooze"]
