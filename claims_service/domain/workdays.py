"""Business days: Monday to Friday without the federal holidays (5 U.S.C. 6103), on the day they are observed."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6


def is_workday(on: date) -> bool:
    """Whether offices are open on this day."""
    # New Year's Day on a Saturday is observed on December 31 of the year before.
    return on.weekday() < _SATURDAY and on not in _observed(on.year) and on not in _observed(on.year + 1)


def add_workdays(start: date, days: int) -> date:
    """The day that many business days after a day; the first day after it counts as one."""
    found = start
    while days > 0:
        found += _DAY
        days -= is_workday(found)
    return found


def workdays_until(start: date, end: date) -> int:
    """Business days after a day up to and including another; 0 when that has passed."""
    return sum(is_workday(start + n * _DAY) for n in range(1, (end - start).days + 1))


@cache
def _observed(year: int) -> frozenset[date]:
    return frozenset(_shifted(day) for day in _holidays(year))


def _shifted(day: date) -> date:
    """Saturday's holiday is observed on Friday, Sunday's on Monday."""
    return day + {_SATURDAY: -_DAY, _SUNDAY: _DAY}.get(day.weekday(), timedelta())


def _holidays(year: int) -> Iterator[date]:
    for month, day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)):
        yield date(year, month, day)
    for month, weekday, nth in (
        (1, _MONDAY, 3),
        (2, _MONDAY, 3),
        (9, _MONDAY, 1),
        (10, _MONDAY, 2),
        (11, _THURSDAY, 4),
    ):
        first = date(year, month, 1)
        yield first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year, 5, 31)  # Memorial Day: the last Monday of May
    yield last - timedelta(days=last.weekday())
