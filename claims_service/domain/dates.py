"""Dates of the clinic: plain days, read strictly from the forms they come in."""

import re
from collections.abc import Callable
from datetime import date, timedelta

_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_X12 = re.compile(r"\d{8}", re.ASCII)
EARLIEST = date(1890, 1, 1)


def day(text: str, *, today: date | None = None) -> date:
    """A day from "2026-11-18", "11/18/2026", "11/18/26", "20261118", "t" (today), "t-1" or "t+7".

    Two-digit years are read as at most this year (needs `today`).

    Raises:
        ValueError: not a day, or before 1890.
    """
    text = text.strip()
    if _ISO.fullmatch(text):
        found = date.fromisoformat(text)
    elif _X12.fullmatch(text):
        found = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    elif match := _US.fullmatch(text):
        found = date(_year(match[3], today), int(match[1]), int(match[2]))
    elif today and re.fullmatch(r"[tT]([+-]\d{1,3})?", text):
        found = today + timedelta(days=int(text[1:] or 0))
    else:
        raise ValueError("not a date: write it like 11/18/2026")
    if found < EARLIEST:
        raise ValueError("a date before 1890")
    return found


def told_day(text: str, field: str, *, today: date, wrong: Callable[[str, str], None]) -> date | None:
    """As day(); what can't be read is told to `wrong` with the field it stands in, and None."""
    try:
        return day(text, today=today)
    except ValueError as refused:
        wrong(field, f"{str(refused).capitalize()}.")
        return None


def us_text(value: date | None) -> str:
    """ "11/18/2026", as people here write a day and day() reads it; "" for none."""
    return f"{value:%m/%d/%Y}" if value else ""


def _year(text: str, today: date | None) -> int:
    if len(text) == 4:
        return int(text)
    if today is None:
        raise ValueError("write the year with four digits")
    year = today.year - today.year % 100 + int(text)
    return year if year <= today.year else year - 100


def x12_day(value: date) -> str:
    """CCYYMMDD, the D8 format of X12."""
    return f"{value:%Y%m%d}"


def add_months(value: date, months: int) -> date:
    """The same day of a later month, or its last day (Jan 31 + 1 = Feb 28)."""
    month = value.month - 1 + months
    year, month = value.year + month // 12, month % 12 + 1
    for last in (value.day, 30, 29, 28):
        try:
            return date(year, month, min(value.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def last_of(month: str) -> date:
    """The last day of an accounting month ("2026-11")."""
    return add_months(date(int(month[:4]), int(month[5:]), 1), 1) - timedelta(days=1)


def period(value: date) -> str:
    """The accounting month of a day, "2026-11"."""
    return f"{value:%Y-%m}"
