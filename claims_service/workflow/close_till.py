"""The end of a day at the desk: the till is counted against the journal, and its money goes onto a deposit slip."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import AlreadyDone, Conflict, Problem, Rejected
from claims_service.domain.ledger.accounts import TILL, TILL_DIFFERENCE
from claims_service.domain.ledger.journal import Entry, moved
from claims_service.domain.money import MOST_CENTS, spoken
from claims_service.store import audit, counter, counters, journal
from claims_service.store.connection import write

_FIRST_SLIP = 100


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, without the change that is kept in the till. why: what explains a difference."""

    cash_cents: int
    check_cents: int
    why: str = ""


def count_till(practice: int, counted: Counted, *, by: Actor, now: datetime, today: date) -> counter.Count:
    """Keep the day's count; a difference is booked to the change in the till, so that the bank gets what patients paid.

    Raises:
        Rejected: below zero, or a difference without a reason.
        AlreadyDone: the till was counted today.
    """
    wrong = [
        Problem(name, "Write $0.00 or more.")
        for name, cents in (("cash", counted.cash_cents), ("checks", counted.check_cents))
        if not 0 <= cents <= MOST_CENTS
    ]
    if wrong:
        raise Rejected(wrong)
    with write(practice):
        there = counter.at_desk(practice, lock=True)
        if counter.counted(practice, today):
            raise AlreadyDone("The till was counted today.")
        cash = sum(part.cents for part in there if part.method == counter.CASH)
        checks = sum(part.cents for part in there) - cash
        why = counted.why.strip()
        count = counter.Count(today, counted.cash_cents, cash, counted.check_cents, checks, why, by.name)
        if (counted.cash_cents != cash or counted.check_cents != checks) and not why:
            off = f"The journal says {spoken(cash)} in cash and {spoken(checks)} in checks."
            raise Rejected([Problem("why", f"{off} Count again, or say what explains it.")])
        key = counter.add_count(practice, count, by=by.name, at=now)
        transfers = moved(TILL, TILL_DIFFERENCE, count.difference_cents)
        journal.post(
            practice,
            [Entry(today, "till_count", f"till_count:{key}", "till_count", key, transfers)],
            by=by.name,
            at=now,
        )
        audit.record(practice, [audit.Event("till.count", subject=f"till_count:{key}")], by=by, at=now)
        return count


def make_deposit_slip(practice: int, *, by: Actor, now: datetime, today: date) -> int:
    """Put all cash and checks of the desk onto a slip for the bank; gives its id.

    Raises:
        Conflict: there is nothing to bring.
    """
    with write(practice):
        parts = counter.at_desk(practice, lock=True)
        if not parts:
            raise Conflict("There is no cash and no check to bring to the bank.")
        number = f"D{practice}-{_FIRST_SLIP + counters.next_values(practice, 'deposit_slip')[0]}"
        slip = counter.add_slip(practice, number, today, parts, by=by.name, at=now)
        audit.record(practice, [audit.Event("deposit_slip.make", subject=f"deposit_slip:{slip}")], by=by, at=now)
        return slip
