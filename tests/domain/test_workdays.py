"""Promised days count business days alone."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain import workdays


def test_business_days_skip_weekends_and_federal_holidays() -> None:
    """July 4, 2026 is a Saturday: offices close on Friday the third. New Year's Day 2028 is closed on December 31, 2027."""
    closed = [date(2026, 7, 3), date(2026, 5, 25), date(2026, 6, 19), date(2027, 12, 31), date(2026, 11, 26)]
    assert [workdays.is_workday(day) for day in closed] == [False] * 5
    assert workdays.is_workday(date(2026, 7, 6))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 40))
def test_counting_business_days_there_and_back_is_the_same(start: date, days: int) -> None:
    end = workdays.add_workdays(start, days)
    assert workdays.workdays_until(start, end) == days
    assert workdays.is_workday(end)
