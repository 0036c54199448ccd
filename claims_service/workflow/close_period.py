"""Closes a month: its trial balance is kept with its hash, and nothing more can be posted in it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims_service.domain import dates
from claims_service.domain.actor import Actor
from claims_service.domain.errors import AlreadyDone, Conflict, Problem, Rejected
from claims_service.domain.money import spoken
from claims_service.store import audit, journal, parties, periods
from claims_service.store.connection import write

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outcome:
    """trial_balance: debit-positive cents of every account at the month's end. digest: sha256 of it as kept."""

    month: str
    trial_balance: dict[str, int]
    digest: str


def close_period(practice: int, month: str, *, by: Actor, now: datetime, seen: str = "") -> Outcome:
    """Close a past month ("2026-10"), the earlier ones first. It is never opened again: what comes later is posted later.

    seen: the digest of the trial balance that was looked at; empty when nobody looked.

    Raises:
        Rejected: not a month.
        AlreadyDone: the month, or a later one, is closed.
        Conflict: the month is not over, an earlier one is open, the books do not hold, or something was posted since it was looked at.
    """
    if not _MONTH.fullmatch(month):
        raise Rejected([Problem("month", "Write the month like 2026-10.")])
    with write(practice):
        _may_close(practice, month, now.astimezone(ZoneInfo(parties.zone(practice))).date())
        balance = journal.trial_balance(practice, until=dates.last_of(month))
        if off := sum(balance.values()):
            raise Conflict(f"The accounts are off by {spoken(off)} at the end of {month}, so it can't be closed.")
        text = periods.body(month, balance)
        if seen and seen != periods.digest(text):
            raise Conflict(f"Something was posted in {month} since you looked. Look at its trial balance again.")
        digest = periods.close(practice, month, text, by=by.name, at=now)
        audit.record(practice, [audit.Event("period.close", None, f"period:{month}")], by=by, at=now)
    return Outcome(month, balance, digest)


def _may_close(practice: int, month: str, today: date) -> None:
    if month >= dates.period(today):
        raise Conflict(f"{month} is not over. A month is closed from the first day of the next one.")
    closed = {period.month for period in periods.closed(practice)}
    if closed and month <= max(closed):
        raise AlreadyDone(f"{max(closed)} is closed, and with it every month before.", max(closed))
    earlier = [m for m in periods.months_with_entries(practice, month) if m != month and m > max(closed, default="")]
    if earlier:
        raise Conflict(f"Close {earlier[0]} first.")
    if faults := journal.check(practice):
        first = faults[0]
        raise Conflict(
            f"The books do not hold, so {month} can't be closed: {first.place} {first.message} ({spoken(first.cents)})."
        )
