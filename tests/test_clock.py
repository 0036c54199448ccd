"""The clinic's day is not the day in Greenwich."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
import time_machine

from claims_service import clock


def test_an_instant_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


@time_machine.travel(datetime(2026, 11, 2, 3, 30, tzinfo=UTC), tick=False)
def test_a_late_evening_visit_in_chicago_is_still_yesterday_in_utc_terms() -> None:
    """At 21:30 on November 1 in Chicago it is already November 2 in UTC; the claim says November 1."""
    assert clock.today("America/Chicago") == date(2026, 11, 1)
    assert clock.today("UTC") == date(2026, 11, 2)


def test_a_zone_nobody_keeps_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        clock.today("America/Springfield")
