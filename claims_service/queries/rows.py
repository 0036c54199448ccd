"""How a page reads rows: both engines give days and instants in their own way, and many ids come as one list of marks."""

from datetime import date, datetime
from typing import Any

from claims_service.store.connection import instant_of, marks, run

__all__ = ["Record", "day", "instant", "known_day", "known_instant", "marks", "row", "rows"]
Record = tuple[Any, ...]


def day(value: Any) -> date | None:
    """A day as SQLite (text) or PostgreSQL (date) gives it."""
    return value if value is None or isinstance(value, date) else date.fromisoformat(value)


def known_day(value: Any) -> date:
    """A day that is never missing."""
    found = day(value)
    assert found is not None, "this column is never empty"
    return found


def instant(value: str | None) -> datetime | None:
    """An instant as the store writes it."""
    return instant_of(value)


def known_instant(value: str) -> datetime:
    """An instant that is never missing."""
    found = instant(value)
    assert found is not None, "this column is never empty"
    return found


def rows(sql: str, *values: object) -> list[Record]:
    """All rows of a SELECT with "?" for values."""
    return list(run(sql, values).fetchall())


def row(sql: str, *values: object) -> Record | None:
    """The first row, if any."""
    found: Record | None = run(sql, values).fetchone()
    return found
