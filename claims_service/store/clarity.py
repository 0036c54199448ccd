"""What patients say of their bills, one answer a bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.store.connection import in_parts, insert_rows, marks, opened, run
from claims_service.store.tables import BillClarity

_NEW = (
    "practice", "patient", "statement", "after", "answer", "encounter", "line", "reason", "line_type", "line_types", "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, with the line that was not clear where the patient named one."""

    patient: int
    statement: int
    after: str
    answer: str
    encounter: int | None
    line: int | None
    reason: str
    line_type: str
    line_types: str


def is_answered(practice: int, statement: int) -> bool:
    """Whether the question of this bill has its answer."""
    with opened():
        found = run("select 1 from bill_clarity where practice_id = ? and statement_id = ?", (practice, statement))
        return found.fetchone() is not None


def of_statements(practice: int, statements: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """(answer, types of line on the bill with spaces between, type of the line that was not clear) of each bill that has one."""
    found: dict[int, tuple[str, str, str]] = {}
    with opened():
        for part in in_parts(statements):
            sql = f"select statement_id, answer, line_types, line_type from bill_clarity where statement_id in ({marks(part)})"
            own = run(f"{sql} and +practice_id = ?", (*part, practice)).fetchall()
            found.update({statement: (answer, types, unclear) for statement, answer, types, unclear in own})
    return found


def add(practice: int, new: Sequence[Answered], *, at: datetime) -> None:
    """Keep answers to bills that have none. Inside write()."""
    rows = [
        (
            practice,
            a.patient,
            a.statement,
            a.after,
            a.answer,
            a.encounter,
            a.line,
            a.reason,
            a.line_type,
            a.line_types,
            at,
        )
        for a in new
    ]
    insert_rows(BillClarity, _NEW, rows)
