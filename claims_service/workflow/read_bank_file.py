"""Takes in bank files: whole or not at all, each line once, every cent on the bank account and not explained yet."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain import money
from claims_service.domain.actor import Actor
from claims_service.domain.deposits.statement import BankLine, BankStatement, line_keys
from claims_service.domain.errors import Rejected
from claims_service.domain.ledger.accounts import BANK, UNEXPLAINED
from claims_service.domain.ledger.journal import Entry, moved
from claims_service.formats.bank.read import read_bank_statements
from claims_service.store import audit, deposits, files, journal, periods
from claims_service.store.connection import write
from claims_service.workflow.incoming import FileOutcome, IncomingFile

KIND = "bank"


def read_bank_file(
    practice: int, incoming: Sequence[IncomingFile], *, by: Actor, now: datetime
) -> tuple[FileOutcome, ...]:
    """What became of each file; a file that can't be taken leaves nothing behind and does not stop the others."""
    return tuple(_read(practice, file, by=by, now=now) for file in incoming)


def _read(practice: int, file: IncomingFile, *, by: Actor, now: datetime) -> FileOutcome:
    try:
        statements = read_bank_statements(file.content)
        with write(practice):
            earlier = files.earlier(practice, file.content, KIND)
            if earlier is not None:
                return FileOutcome(earlier, file.name, KIND, "duplicate", "Seen before: nothing was booked again.")
            return _keep(practice, file, statements, by=by, now=now)
    except Rejected as rejected:
        return FileOutcome(None, file.name, KIND, "refused", "Not taken: nothing was booked.", rejected.problems)


def _keep(
    practice: int, file: IncomingFile, statements: Sequence[BankStatement], *, by: Actor, now: datetime
) -> FileOutcome:
    lines = [line for statement in statements for line in statement.lines]
    total = sum(line.cents for line in lines)
    summary = {
        "accounts": sorted({statement.account[-4:] for statement in statements}), "lines": len(lines),
        "opening_cents": statements[0].opening_cents, "closing_cents": statements[-1].closing_cents,
    }  # fmt: skip
    new = files.NewFile(
        "in", KIND, file.name, file.content, total_cents=total, state="read", outcome=json.dumps(summary)
    )
    kept = files.add(practice, new, by=by.name, at=now)
    fresh: list[tuple[int, str, BankLine]] = []
    for account, listed in _by_account(statements).items():
        keyed = zip(line_keys(account, listed), listed, strict=True)
        fresh += deposits.add_lines(practice, kept, account, keyed, at=now)
    opens = periods.first_open_day(practice)
    entries = [_entry(key_id, key, line, opens) for key_id, key, line in fresh]
    journal.post(practice, entries, by=by.name, at=now)
    audit.record(practice, [audit.Event("bank_file.read", subject=f"file:{kept}")], by=by, at=now)
    fresh_cents = sum(line.cents for _, _, line in fresh)
    counts = {"lines": len(lines), "new": len(fresh), "known": len(lines) - len(fresh)}
    cents = {"lines": total, "new": fresh_cents, "known": total - fresh_cents}
    return FileOutcome(kept, file.name, KIND, "read", _sentence(counts, fresh_cents), (), counts, cents)


def _by_account(statements: Sequence[BankStatement]) -> dict[str, list[BankLine]]:
    """All lines of an account together, so that lines that look alike are counted through the whole file."""
    found: dict[str, list[BankLine]] = {}
    for statement in statements:
        found.setdefault(statement.account, []).extend(statement.lines)
    return found


def _entry(line_id: int, key: str, line: BankLine, opens: date) -> Entry:
    """Dated by the bank, so that the bank account equals the bank's own balance on every day of an open month.

    A line of a closed month is booked on the first open day; the line keeps the bank's day and the entry says it.
    """
    transfers = moved(BANK, UNEXPLAINED, line.cents)
    day, memo = (line.booked_on, "") if line.booked_on >= opens else (opens, f"dated {line.booked_on} by the bank")
    return Entry(day, "deposit", f"bank_line:{key}", "bank_line", line_id, transfers, memo)


def _sentence(counts: dict[str, int], fresh_cents: int) -> str:
    known = f", {counts['known']} seen before" if counts["known"] else ""
    noun = "line" if counts["new"] == 1 else "lines"
    return f"{counts['new']} new {noun}, {money.spoken(fresh_cents)}{known}."
