"""Code sets by date of service: what a code meant on a day, and how a newer release changes that without forgetting the past."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

KINDS: Mapping[str, str] = {
    "icd10cm": "ICD-10-CM diagnoses",
    "hcpcs": "HCPCS II codes and modifiers",
    "cpt": "CPT procedures",
    "carc": "Claim adjustment reasons (CARC)",
    "rarc": "Remittance remarks (RARC)",
    "place_of_service": "Places of service",
    "taxonomy": "Provider taxonomies",
    "revenue_code": "Revenue codes",
}

M = TypeVar("M")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says. billable False: a heading that needs more characters on a claim (ICD-10-CM "E11")."""

    short: str
    long: str
    billable: bool = True


@dataclass(frozen=True, slots=True)
class ListedCode(Generic[M]):
    """A code as a release lists it. valid_from, valid_until: the code's own first and last day, where the file says so.

    meaning None: the release takes the code away. line: where it stands in the file.
    """

    code: str
    meaning: M | None
    valid_from: date | None = None
    valid_until: date | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Span(Generic[M]):
    """Days through which a meaning holds. until: the last of them; None = no end known."""

    first: date
    until: date | None
    meaning: M

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.until is None or day <= self.until)


class Standing(StrEnum):
    """How a code stands on a day of service."""

    VALID = "valid"
    HEADING = "heading"
    """Valid, but too short for a claim."""
    RETIRED = "retired"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"
    NOT_COVERED = "not_covered"
    """No release that was imported speaks of this day: nothing can be said."""


def procedure_set(code: str) -> str:
    """The set a procedure code belongs to: "hcpcs" for a letter and four digits (HCPCS level II), else "cpt" (level I)."""
    return "hcpcs" if code[:1].isalpha() else "cpt"


class CodeSet:
    """The codes of one set that a batch of claims asked for, by date of service.

    since: the first day a release covers; None = no release was imported.
    """

    def __init__(self, kind: str, since: date | None, spans: Mapping[str, Sequence[Span[Meaning]]]) -> None:
        self.kind = kind
        self.since = since
        self._spans = spans

    def meaning(self, code: str, day: date) -> Meaning | None:
        """What the code says on a day.

        Raises:
            KeyError: the set was loaded without this code, so nothing is known of it.
        """
        return next((span.meaning for span in self._spans[code] if span.holds(day)), None)

    def standing(self, code: str, day: date) -> Standing:
        """Whether the code can stand on a claim for a service of that day.

        Raises:
            KeyError: as meaning().
        """
        if found := self.meaning(code, day):
            return Standing.VALID if found.billable else Standing.HEADING
        if self.since is None or day < self.since:
            return Standing.NOT_COVERED
        spans = self._spans[code]
        if not spans:
            return Standing.UNKNOWN
        return Standing.RETIRED if any(span.first <= day for span in spans) else Standing.NOT_YET

    def valid_on(self, code: str, day: date) -> bool:
        """True when the set is known to hold the code on that day; a day before `since` proves nothing, see standing()."""
        return self.meaning(code, day) is not None

    def billable(self, code: str, day: date) -> bool:
        """Valid on that day and long enough for a claim."""
        return self.standing(code, day) is Standing.VALID

    def listed(self) -> frozenset[str]:
        """The codes that were asked for and that the set holds on some day."""
        return frozenset(code for code, spans in self._spans.items() if spans)

    def last_day(self, code: str) -> date | None:
        """The last day on which the code was ever valid; None: it still is, or never was."""
        spans = self._spans[code]
        return max(spans, key=lambda span: span.first).until if spans else None


def paint(spans: Iterable[Span[M]], first: date, until: date | None, meaning: M | None) -> list[Span[M]]:
    """The spans once a release said what the days first to until mean (None: not valid), in order, neighbours alike joined."""
    kept: list[Span[M]] = []
    for span in spans:
        if span.first < first:
            before = first - _DAY
            kept.append(Span(span.first, before if span.until is None else min(span.until, before), span.meaning))
        if until is not None and (span.until is None or span.until > until):
            kept.append(Span(max(span.first, until + _DAY), span.until, span.meaning))
    if meaning is not None:
        kept.append(Span(first, until, meaning))
    joined: list[Span[M]] = []
    for span in sorted(kept, key=lambda span: span.first):
        last = joined[-1] if joined else None
        if last and last.until and last.until + _DAY == span.first and last.meaning == span.meaning:
            joined[-1] = Span(last.first, span.until, last.meaning)
        else:
            joined.append(span)
    return joined


def listed(spans: Sequence[Span[M]], code: ListedCode[M], first: date, until: date | None) -> list[Span[M]]:
    """The spans of a code once a release that speaks of the days first to until lists it.

    A code's own first day reaches back before the release only where nothing was known of the code; its own last day always.
    """
    if code.meaning is None or (code.valid_from is None and code.valid_until is None):
        return paint(spans, first, until, code.meaning)
    start, end = code.valid_from or first, code.valid_until
    if spans and start < first:
        start = first
    cleared = paint(spans, first if end is None else min(first, end + _DAY), until, None)
    if until is not None:
        end = until if end is None else min(end, until)
    if end is not None and end < start:
        return cleared
    return paint(cleared, start, end, code.meaning)
