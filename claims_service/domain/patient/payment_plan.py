"""Payment plans: what is offered, the schedule to the cent, and how a plan stands by what was paid.

A plan is a promise about the open part of some visits. What is owed and what was paid stands in the journal alone; a
schedule is read against it. No interest, no fee: the amounts add up to what was open, and being late costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from claims_service.domain.dates import add_months
from claims_service.domain.money import spoken
from claims_service.domain.patient.wording import short_date
from claims_service.words import ENGLISH, SPANISH, say

RUNNING, PAID, STOPPED = "running", "paid", "stopped"
KEPT, LATE, LAPSED, RESTING = "kept", "late", "lapsed", "resting"
STATES = (RUNNING, PAID, STOPPED)
AGREED, SHORTENED, RESTORED = "agreed", "shortened", "restored"
MONTHS = (2, 3, 4, 6, 9, 12, 18, 24, 36)
LEAST_A_MONTH = 100  # what a card company takes
MOST_GRACE = 60
DAYS_TO_FIRST = 14


@dataclass(frozen=True, slots=True)
class Policy:
    """least_cents: of a month's payment; most_months 0: no plans are offered. grace_days: after a due day, before a plan lapses."""

    least_cents: int = 1000
    most_months: int = 12
    grace_days: int = 10

    def __post_init__(self) -> None:
        if self.least_cents < LEAST_A_MONTH:
            raise ValueError("a month's payment is $1.00 or more")
        if not (self.most_months == 0 or MONTHS[0] <= self.most_months <= MONTHS[-1]):
            raise ValueError("from 2 to 36 months, or 0 for none")
        if not 0 <= self.grace_days <= MOST_GRACE:
            raise ValueError("from 0 to 60 days")


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a schedule."""

    due_on: date
    cents: int


Schedule = tuple[Instalment, ...]


def first_due(today: date, bill_due_on: date) -> date:
    """Not before the bill itself would have been due, and two weeks from now at least."""
    return max(bill_due_on, today + timedelta(days=DAYS_TO_FIRST))


def schedule(total_cents: int, months: int, first_on: date) -> Schedule:
    """Equal payments a month apart, rounded down to the cent; the last takes the rest."""
    each = total_cents // months
    rest = total_cents - each * (months - 1)
    return tuple(Instalment(add_months(first_on, n), each if n < months - 1 else rest) for n in range(months))


def offers(total_cents: int, policy: Policy, first_on: date) -> tuple[Schedule, ...]:
    """What a patient may choose from, the shortest first; nothing where the least amount allows no two months."""
    fit = [n for n in MONTHS if n <= policy.most_months and total_cents // n >= policy.least_cents]
    return tuple(schedule(total_cents, months, first_on) for months in fit)


def total(of: Sequence[Instalment]) -> int:
    """The sum of a schedule."""
    return sum(one.cents for one in of)


def cut(agreed: Schedule, total_cents: int) -> Schedule:
    """The schedule shortened from its end until it adds up to no more than a total; never longer than agreed."""
    kept, left = [], total_cents
    for one in agreed:
        if left <= 0:
            break
        kept.append(Instalment(one.due_on, min(one.cents, left)))
        left -= one.cents
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Money:
    """Of a plan's visits, by the journal. paid_cents: by card, cash and check since it was agreed, less what was given back.

    open_cents: asked for now; held_cents: disputed, so not asked for.
    """

    paid_cents: int
    open_cents: int
    held_cents: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands on a day. state: kept, late, lapsed, resting (all of it is disputed), paid.

    paid: payments of the schedule that are complete. next_cents: what is missing of the next one. behind_cents: what was
    due before today and did not come. late_on: since when the plan lapses, where it is late.
    """

    schedule: Schedule
    state: str
    paid: int
    paid_cents: int
    left_cents: int
    next_on: date | None = None
    next_cents: int = 0
    behind_cents: int = 0
    lapses_on: date | None = None

    @property
    def is_kept(self) -> bool:
        """The patient does what was agreed, or is in the days of grace: nobody reminds them of the whole bill."""
        return self.state in {KEPT, LATE, RESTING}

    @property
    def to_pay_cents(self) -> int:
        """What a press on "pay" offers: what is behind, else the next payment, but no sum too small for a card."""
        return max(self.behind_cents, self.next_cents, min(LEAST_A_MONTH, self.left_cents))


def standing(agreed: Schedule, money: Money, grace_days: int, today: date) -> Standing:
    """Read a schedule against the journal. A payment counts for the earliest one that is missing something."""
    paid_cents = min(max(money.paid_cents, 0), total(agreed))
    now = cut(agreed, paid_cents + max(money.open_cents, 0))
    sums = list(accumulate(one.cents for one in now))
    done = sum(reached <= paid_cents for reached in sums)
    left = total(now) - paid_cents
    if left <= 0:
        state = RESTING if money.held_cents > 0 and paid_cents < total(agreed) else PAID
        return Standing(now, state, done, paid_cents, 0)
    upcoming = now[done]
    behind = (
        max((reached for one, reached in zip(now, sums, strict=True) if one.due_on < today), default=0) - paid_cents
    )
    lapses_on = upcoming.due_on + timedelta(days=grace_days + 1)
    state = KEPT if behind <= 0 else LAPSED if today >= lapses_on else LATE
    return Standing(
        now, state, done, paid_cents, left, upcoming.due_on, sums[done] - paid_cents, max(behind, 0),
        lapses_on if behind > 0 else None,
    )  # fmt: skip


def line(found: Standing, language: str) -> str:
    """ "Plan: 2 of 6 paid, next $11.77 on January 5, 2027" """
    count = len(found.schedule)
    if found.next_on is None:
        return say(language, "Plan: %(paid)s of %(count)s paid", paid=found.paid, count=count)
    on, cents = short_date(found.next_on, language), spoken(found.next_cents)
    return say(
        language,
        "Plan: %(paid)s of %(count)s paid, next %(cents)s on %(on)s",
        paid=found.paid,
        count=count,
        cents=cents,
        on=on,
    )


def lines(found: Standing) -> tuple[str, str]:
    """The same in English and Spanish, for what is frozen."""
    return line(found, ENGLISH), line(found, SPANISH)
