"""Closed months: each with its trial balance as it stood, and the hash of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import orjson

from claims_service.domain.dates import last_of
from claims_service.store.connection import insert_rows, opened, run, write
from claims_service.store.tables import Period


@dataclass(frozen=True, slots=True)
class Closed:
    """month: "2026-10". body: the trial balance at its end, as hashed. closed_at: aware UTC as text."""

    month: str
    closed_at: str
    closed_by: str
    digest: str
    body: str

    @property
    def trial_balance(self) -> dict[str, int]:
        """Debit-positive cents by account."""
        found: dict[str, int] = orjson.loads(self.body)["accounts"]
        return found


def body(month: str, trial_balance: Mapping[str, int]) -> str:
    """The trial balance as text that is the same wherever it is written."""
    return orjson.dumps({"month": month, "accounts": dict(trial_balance)}, option=orjson.OPT_SORT_KEYS).decode()


def digest(text: str) -> str:
    """The hash of a trial balance."""
    return hashlib.sha256(text.encode()).hexdigest()


def close(practice: int, month: str, text: str, *, by: str, at: datetime) -> str:
    """Close a month; from now on the database refuses entries in it and before. Gives the digest."""
    found = digest(text)
    with write():
        columns = ("practice", "month", "closed_at", "closed_by", "digest", "body")
        insert_rows(Period, columns, [(practice, month, at, by, found, text)])
    return found


def closed(practice: int) -> list[Closed]:
    """Closed months, the latest first."""
    sql = "select month, closed_at, closed_by, digest, body from period where practice_id = ? order by month desc"
    with opened():
        return [Closed(*row) for row in run(sql, (practice,)).fetchall()]


def first_open_day(practice: int) -> date:
    """The day after the last closed month; date.min before any was closed."""
    sql = "select max(month) from period where practice_id = ?"
    with opened():
        latest = run(sql, (practice,)).fetchone()[0]
    return last_of(latest) + timedelta(days=1) if latest else date.min


def months_with_entries(practice: int, until: str) -> list[str]:
    """Months up to this one, itself included, in which something was posted; the earliest first."""
    sql = "select distinct period from journal_entry where practice_id = ? and period <= ? order by period"
    with opened():
        return [row[0] for row in run(sql, (practice, until)).fetchall()]
