"""How amounts, dates and numbers are written on the pages."""

from datetime import date, datetime
from decimal import Decimal

from markupsafe import Markup

from claims_service.domain import dates
from claims_service.domain.money import spoken

UNKNOWN = "—"


def money(cents: int | None) -> str:
    """123450 -> "$1,234.50", -8400 -> "−$84.00"; "—" for what is not known yet, never $0.00."""
    return UNKNOWN if cents is None else spoken(cents)


def staff_date(on: date | None, today: date | None = None) -> str:
    """ "Nov 17" in the year of `today`, "Nov 17, 2025" in another or where `today` is not given."""
    if on is None:
        return UNKNOWN
    short = f"{on:%b} {on.day}"
    return short if today is not None and on.year == today.year else f"{short}, {on.year}"


def patient_date(on: date | None) -> str:
    """ "Friday, December 18, 2026": in full, as patients read it."""
    return UNKNOWN if on is None else f"{on:%A}, {on:%B} {on.day}, {on.year}"


def form_date(on: date | None) -> str:
    """ "11/18/2026": what a date field holds; empty where there is none."""
    return dates.us_text(on)


def iso_date(on: date | datetime | None) -> str:
    """ "2026-12-18" or the whole instant: for `<time datetime>` and files."""
    return "" if on is None else on.isoformat()


def staff_time(at: datetime | None, today: date | None = None) -> str:
    """ "Nov 17, 10:21 am", an instant already in the clinic's zone."""
    if at is None:
        return UNKNOWN
    hour = at.hour % 12 or 12
    return f"{staff_date(at.date(), today)}, {hour}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def days_left(ends_on: date | None, today: date) -> str:
    """ "4 days left", "1 day left", "last day", "2 days late". Show the date beside it."""
    if ends_on is None:
        return UNKNOWN
    days = (ends_on - today).days
    if days == 0:
        return "last day"
    words = f"{abs(days):,} day{'' if abs(days) == 1 else 's'}"
    return f"{words} {'left' if days > 0 else 'late'}"


def count(number: int | None) -> str:
    """1204 -> "1,204"."""
    return UNKNOWN if number is None else f"{number:,}"


def at_most(number: int, most: int) -> int | str:
    """A number that was not counted beyond a limit: 1001, 1000 -> "1,000+"."""
    return f"{most:,}+" if number > most else number


def counted(number: int, one: str, many: str = "") -> str:
    """(2, "claim") -> "2 claims"; (1, "diagnosis", "diagnoses") -> "1 diagnosis"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float | None) -> str:
    """0.9637 -> "96.4%"."""
    return UNKNOWN if share is None else f"{share * 100:.1f}%"


def share(part: Decimal | None) -> str:
    """Decimal("0.2") -> "20%"."""
    return UNKNOWN if part is None else f"{quantity(part * 100)}%"


def quantity(number: Decimal | None) -> str:
    """Decimal("2.50") -> "2.5"; Decimal(3) -> "3"."""
    if number is None:
        return UNKNOWN
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def code(text: str) -> Markup:
    """ "99214-25" in the type of codes."""
    return Markup('<span class="code">{}</span>').format(text)


def initials(name: str) -> str:
    """ "Priya Castellane" -> "PC", at most two letters, for the round mark beside a name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def dial(phone: str) -> str:
    """ "(503) 555-0142" -> "+15035550142", for tel: links; a number that is not from North America keeps its digits."""
    digits = "".join(mark for mark in phone if mark.isascii() and mark.isdigit())
    return f"+1{digits}" if len(digits) == 10 else f"+{digits}"
