"""Tasks and notes about claims, and about visits that no claim was built from yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.errors import NotFound
from claims_service.store.connection import in_parts, insert_rows, marks, opened, run, write
from claims_service.store.tables import WorkNote, WorkTask

CLAIM, VISIT = "claim", "encounter"
_TASK = ("practice", "claim", "encounter", "assignee", "snoozed_until", "by", "at")
_NOTE = ("practice", "claim", "encounter", "text", "by", "at")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a task is about. kind: CLAIM or VISIT."""

    kind: str
    id: int
    patient: int


def subjects(practice: int, kind: str, ids: Sequence[int]) -> list[Subject]:
    """Claims or visits of this practice, in order.

    Raises:
        NotFound: one is not of this practice.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[int, int] = {}
    with opened():
        for part in in_parts(wanted):
            sql = f"select id, patient_id from {kind} where +practice_id = ? and id in ({marks(part)})"
            found.update(run(sql, (practice, *part)).fetchall())
    if len(found) < len(wanted):
        raise NotFound(kind)
    return [Subject(kind, key, found[key]) for key in wanted]


def change_tasks(
    practice: int, listed: Sequence[Subject], values: Mapping[str, int | date | None], *, by: str, at: datetime
) -> None:
    """values: "assignee_id" or "snoozed_until"; what is not named stays as it is."""
    with write():
        known = _known(practice, listed)
        new = [subject for subject in listed if subject not in known]
        rows = [
            (practice, *_pair(s), values.get("assignee_id"), values.get("snoozed_until"), by, at) for s in new
        ]  # fmt: skip
        insert_rows(WorkTask, _TASK, rows)
        columns = ", ".join(f"{name} = ?" for name in values)
        for subject in known:
            run(
                f"update work_task set {columns}, by = ?, at = ? where practice_id = ? and {subject.kind}_id = ?",
                (*values.values(), by, at, practice, subject.id),
            )


def add_notes(practice: int, listed: Sequence[Subject], text: str, *, by: str, at: datetime) -> None:
    """The same note about each."""
    with write():
        insert_rows(WorkNote, _NOTE, [(practice, *_pair(subject), text, by, at) for subject in listed])


def _known(practice: int, listed: Sequence[Subject]) -> list[Subject]:
    """Those that have a task already."""
    known = []
    for kind in (CLAIM, VISIT):
        ids = [subject.id for subject in listed if subject.kind == kind]
        for part in in_parts(ids):
            sql = f"select {kind}_id from work_task where practice_id = ? and {kind}_id in ({marks(part)})"
            there: set[Any] = {row[0] for row in run(sql, (practice, *part)).fetchall()}
            known += [subject for subject in listed if subject.kind == kind and subject.id in there]
    return known


def _pair(subject: Subject) -> tuple[int | None, int | None]:
    return (subject.id, None) if subject.kind == CLAIM else (None, subject.id)
