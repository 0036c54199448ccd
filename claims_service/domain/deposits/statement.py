"""What a bank says happened on an account: its lines, and the balances that prove none is missing."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from claims_service.domain.deposits.trace import NO_TRACE, Trace
from claims_service.domain.errors import Problem
from claims_service.domain.money import spoken


@dataclass(frozen=True, slots=True)
class BankLine:
    """One booked line. position: from 1 in the file; cents: negative when money left the account.

    trace: from the addenda, or the bank's own number of the check or transfer with no originator.
    bank_reference: the bank's number of the line, where it gives one.
    """

    position: int
    booked_on: date
    cents: int
    description: str = ""
    trace: Trace = NO_TRACE
    counterparty: str = ""
    bank_reference: str = ""


@dataclass(frozen=True, slots=True)
class BankStatement:
    """An account between two balances, as the bank states them."""

    account: str
    opening_cents: int
    closing_cents: int
    lines: tuple[BankLine, ...]

    @property
    def lines_cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def first_on(self) -> date | None:
        return min((line.booked_on for line in self.lines), default=None)


def problems_in(statements: Iterable[BankStatement]) -> list[Problem]:
    """Where a statement's lines do not lead from one balance to the other, or a day does not follow the day before."""
    problems: list[Problem] = []
    last: dict[str, int] = {}
    for number, statement in enumerate(statements, 1):
        where = f"statement {number}, account ending in {statement.account[-4:]}"
        before = last.get(statement.account, statement.opening_cents)
        if before != statement.opening_cents:
            problems.append(
                _gap(where, "does not begin where the one before it ended", statement.opening_cents - before)
            )
        off = statement.opening_cents + statement.lines_cents - statement.closing_cents
        if off:
            sums = f"{spoken(statement.opening_cents)} and the lines are not {spoken(statement.closing_cents)}"
            problems.append(_gap(where, f"opening balance {sums}", off))
        last[statement.account] = statement.closing_cents
    return problems


def _gap(where: str, what: str, cents: int) -> Problem:
    mend = "Nothing was taken from this file. Get it from the bank again; if it is the same, ask the bank."
    return Problem(where, f"{what}: off by {spoken(cents)}", "opening + lines = closing", mend)


def line_keys(account: str, lines: Iterable[BankLine]) -> list[str]:
    """One name a line, the same in every export that holds it, so that two that overlap count once.

    Two lines of a day that look alike are told apart by their order.
    """
    seen: Counter[str] = Counter()
    keys = []
    for line in lines:
        told = line.bank_reference or f"{line.description}|{line.trace.number}|{line.counterparty}"
        text = f"{account}|{line.booked_on}|{line.cents}|{' '.join(told.upper().split())}"
        digest = hashlib.sha256(text.encode()).hexdigest()[:40]
        seen[digest] += 1
        keys.append(f"{line.booked_on}:{digest}:{seen[digest]}")
    return keys
