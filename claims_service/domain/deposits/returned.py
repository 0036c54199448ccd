"""Deposits the bank takes back: which earlier money a debit undoes (Nacha returns, deposited checks that bounce)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from claims_service.domain.deposits.matching import OpenLine
from claims_service.domain.deposits.trace import Trace


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in under a number. match: the match that explained it, None for a line that is still open."""

    line: int
    cents: int
    booked_on: date
    trace: Trace
    match: int | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """A debit and the one receipt it takes back, cent for cent."""

    line: OpenLine
    receipt: Receipt


def returns_in(debits: Iterable[OpenLine], receipts: Iterable[Receipt]) -> tuple[Return, ...]:
    """Debits with the number and the exact amount of one earlier receipt. Two that fit: none is taken."""
    by_number: dict[tuple[str, int], list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_number[receipt.trace.number, receipt.cents].append(receipt)
    found: list[Return] = []
    for line in sorted(debits, key=lambda line: (line.booked_on, line.id)):
        if line.cents >= 0 or not line.trace.number:
            continue
        fits = [r for r in by_number[line.trace.number, -line.cents] if _same_payer(line.trace, r.trace)]
        earlier = [r for r in fits if r.booked_on <= line.booked_on]
        if len(earlier) == 1:
            found.append(Return(line, earlier[0]))
            by_number[line.trace.number, -line.cents].remove(earlier[0])
    return tuple(found)


def _same_payer(one: Trace, other: Trace) -> bool:
    return not (one.originator and other.originator) or one.originator == other.originator
