"""The time of day. Only interfaces ask; everything below is told `now=` or `today=`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day at the clinic: `zone` is an IANA name such as "America/Chicago".

    Raises:
        ZoneInfoNotFoundError: no such zone.
    """
    return now().astimezone(ZoneInfo(zone)).date()
