"""What can be searched for, and how a FHIR search is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from claims_service.interfaces.api import cursors
from claims_service.queries.fhir_resources import Search

MOST, USUAL = 200, 50
NPI = "http://hl7.org/fhir/sid/us-npi"
NEXT = "_page"
NOBODYS = "\x7f"  # PostgreSQL takes it in a text, and no identifier has it
RESULT = ("_count", "_sort", NEXT, "_format")


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of resource and its search parameters. system: of its identifiers, "" = the practice's own numbers."""

    kind: str
    patient: bool = True
    status: bool = True
    system: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """Name -> FHIR type of the parameter."""
        found = {"_id": "token", "_lastUpdated": "date", "identifier": "token"}
        if self.patient:
            found["patient"] = "reference"
        if self.status:
            found["status"] = "token"
        return found


KINDS = {
    s.kind: s
    for s in (
        Searchable("Patient", patient=False, status=False),
        Searchable("Coverage"),
        Searchable("Encounter"),
        Searchable("Claim"),
        Searchable("ClaimResponse"),
        Searchable("ExplanationOfBenefit"),
        Searchable("Invoice"),
        Searchable("PaymentReconciliation", patient=False),
        Searchable("ChargeItem", status=False),
        Searchable("Account"),
        Searchable("Organization", patient=False, status=False),
        Searchable("Practitioner", patient=False, status=False, system=NPI),
    )
}


class BadSearch(ValueError):
    """A parameter with a value that can't be meant; names the parameter."""

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Asked:
    """applied: what was understood, for the self link; ignored: parameters that this server does not have."""

    search: Search
    applied: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...] = field(default=())


def read(kind: str, parameters: Iterable[tuple[str, str]]) -> Asked:
    """A search from its (name, value) pairs.

    Raises:
        BadSearch: a known parameter with a value that can't be read.
    """
    known = KINDS[kind]
    search, applied, ignored = Search(kind, count=USUAL), [], []
    for name, value in parameters:
        if name not in known.parameters and name not in RESULT:
            ignored.append(name)
            continue
        if name != NEXT:
            applied.append((name, value))
        search = _with(search, known, name, value)
    return Asked(search, tuple(applied), tuple(dict.fromkeys(ignored)))


def _with(search: Search, known: Searchable, name: str, value: str) -> Search:
    match name:
        case "_id":
            return replace(search, ids=_several(name, value))
        case "identifier":
            return replace(search, identifiers=tuple(_number(known, one) for one in _several(name, value)))
        case "patient":
            return replace(search, patients=tuple(_patient(one) for one in _several(name, value)))
        case "status":
            return replace(search, statuses=tuple(one.rpartition("|")[2] for one in _several(name, value)))
        case "_lastUpdated":
            return _bounded(search, value)
        case "_count":
            return replace(search, count=_count(value))
        case "_sort":
            return replace(search, newest_first=_newest_first(value))
        case _ if name == NEXT:
            return replace(search, after=_position(search.kind, value))
    return search


def _several(name: str, value: str) -> tuple[str, ...]:
    found = tuple(value.split(","))
    if len(found) > MOST:
        raise BadSearch(name, f"Ask for {MOST} values at a time at most.")
    return found


def _number(known: Searchable, value: str) -> str:
    system, bar, number = value.rpartition("|")
    # A number of another system is none of ours; nothing has this identifier.
    return number if not bar or not system or system == known.system else NOBODYS


def _patient(value: str) -> int:
    name = value.removeprefix("Patient/").removeprefix("patient-")
    return int(name) if name.isascii() and name.isdigit() and len(name) < 18 else -1


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 9):
        raise BadSearch("_count", f"_count is a whole number up to {MOST}.")
    return max(1, min(int(value), MOST))


def _newest_first(value: str) -> bool:
    if value not in ("_lastUpdated", "-_lastUpdated"):
        raise BadSearch("_sort", "This server sorts by _lastUpdated or -_lastUpdated.")
    return value.startswith("-")


def _position(kind: str, value: str) -> int:
    try:
        return cursors.read(kind, value)
    except cursors.BadCursor:
        raise BadSearch(NEXT, "This next link was changed or has expired. Start the search again.") from None


def _bounded(search: Search, value: str) -> Search:
    prefix = value[:2] if value[:2].isalpha() else "eq"
    start, end = _span(value[2:] if value[:2].isalpha() else value)
    since, before = {
        "eq": (start, end), "ge": (start, ""), "gt": (end, ""), "lt": ("", start), "le": ("", end),
    }.get(prefix, ("?", "?"))  # fmt: skip
    if since == "?":
        raise BadSearch("_lastUpdated", "Write a date or instant with eq, ge, gt, le or lt in front.")
    since = max(since, search.since)
    before = min(before or search.before, search.before or before)
    return replace(search, since=since, before=before)


def _span(text: str) -> tuple[str, str]:
    """The half-open span that a date of any precision covers, as UTC text."""
    try:
        if len(text) == 4:
            start = datetime(int(text), 1, 1, tzinfo=UTC)
            end = start.replace(year=start.year + 1)
        elif len(text) == 7:
            start = datetime(int(text[:4]), int(text[5:]), 1, tzinfo=UTC)
            end = (start + timedelta(days=32)).replace(day=1)
        elif len(text) == 10:
            day = date.fromisoformat(text)
            start = datetime(day.year, day.month, day.day, tzinfo=UTC)
            end = start + timedelta(days=1)
        else:
            start = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign in a query is a blank
            end = start + (timedelta(microseconds=1) if "." in text else timedelta(seconds=1))
        spans = (start, end) if start.tzinfo else ()
    except (ValueError, OverflowError):
        spans = ()
    if not spans:
        message = "This is not a date or an instant with its zone, like 2026-11-22 or 2026-11-22T09:00:00Z."
        raise BadSearch("_lastUpdated", message)
    return _text(spans[0]), _text(spans[1])


def _text(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
