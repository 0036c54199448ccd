"""The books of a clinic as a page shows them: every account, and whether everything they promise holds."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.ledger.accounts import CHART, Account
from claims_service.queries.rows import instant, row, rows
from claims_service.store import journal
from claims_service.store.connection import opened
from claims_service.store.journal import Fault


@dataclass(frozen=True, slots=True)
class Balance:
    """cents: as the account grows, so that a usual balance is positive."""

    account: Account
    debit_cents: int
    credit_cents: int


@dataclass(frozen=True, slots=True)
class Standing:
    """In short: entries, when the last was written, and the sum over all accounts, which must be zero."""

    entries: int
    last_at: datetime | None
    difference_cents: int
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """What one kind of entry did in a month."""

    month: str
    kind: str
    entries: int
    cents: int


def standing(practice: int) -> Standing:
    """For the corner of a page, in two SELECTs."""
    with opened():
        found = row(
            "select count(*), max(at), (select coalesce(sum(cents), 0) from balance where practice_id = ?) from journal_entry where practice_id = ?",
            practice, practice,
        )  # fmt: skip
        closed = rows("select month from period where practice_id = ? order by month", practice)
    assert found is not None, "a count always gives a row"
    return Standing(int(found[0]), instant(found[1]), int(found[2]), tuple(str(month) for (month,) in closed))


def trial_balance(practice: int, until: date | None = None) -> list[Balance]:
    """Every account with its debits less credits on its own side, from the journal itself."""
    totals = journal.trial_balance(practice, until)
    return [Balance(account, max(totals[account.name], 0), max(-totals[account.name], 0)) for account in CHART]


def faults(practice: int) -> list[Fault]:
    """What does not hold, other practices left out."""
    mine = f"practice {practice},"
    return [
        fault for fault in journal.check() if not fault.place.startswith("practice ") or fault.place.startswith(mine)
    ]


def movements(practice: int) -> list[Movement]:
    """Entries by month and kind, the newest month first, in one SELECT."""
    sql = (
        "select period, kind, count(*), sum(total_cents) from journal_entry where practice_id = ? group by period, kind"
        " order by period desc, kind limit 60"
    )
    with opened():
        return [Movement(str(month), str(kind), int(n), int(cents)) for month, kind, n, cents in rows(sql, practice)]
