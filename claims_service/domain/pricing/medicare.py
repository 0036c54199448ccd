"""What Medicare's physician fee schedule allows: relative values, the costs of a locality and the conversion factor.

(work x GPCI + practice expense x GPCI + malpractice x GPCI) x conversion factor (42 CFR 414.20 to 414.30).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.code_sets import Span

MPFS, QPP = "MPFS", "QPP"
PROGRAMS: Mapping[str, str] = {
    MPFS: "Medicare's relative values",
    QPP: "Medicare's relative values for qualifying APM participants",
}
OWN_VALUES = ("26", "TC", "53")
"""Modifiers that have relative values of their own: professional part, technical part, discontinued."""
PAYABLE = frozenset("ART")
FACILITIES = frozenset("02 19 21 22 23 24 26 31 34 41 42 51 52 53 56 61".split())
"""Places of service where Medicare pays the practice expense of a facility (Claims Processing Manual, ch. 12, 20.4.2)."""
QUARTERS = {"A": 1, "B": 4, "C": 7, "D": 10}
_STATUSES = {
    "B": "it is bundled into other services",
    "C": "each contractor sets its own price",
    "E": "it is excluded by regulation",
    "I": "another code stands for it",
    "J": "it is anesthesia, which is paid by time",
    "N": "Medicare does not cover it",
    "P": "it is bundled or excluded",
    "X": "it is excluded by law",
}


@dataclass(frozen=True, slots=True)
class Rvu:
    """Relative values as the file writes them. no_pe, no_pe_facility: not done in that setting (NA). multiple: MULT PROC.

    global_days: GLOB DAYS, as 000, 010, 090, MMM, XXX, YYY or ZZZ; None in rows from before it was kept.
    """

    status: str
    work: str
    pe: str
    pe_facility: str
    malpractice: str
    no_pe: bool
    no_pe_facility: bool
    multiple: str
    factor: str
    global_days: str | None = None


@dataclass(frozen=True, slots=True)
class Gpci:
    """A locality's costs to the nation's."""

    name: str
    work: str
    pe: str
    malpractice: str


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount with what it was worked out from. cents: exact, not rounded. first, until: the days it holds."""

    cents: Decimal
    code: str
    rvu: Rvu
    gpci: Gpci
    facility: bool
    first: date
    until: date | None


@dataclass(frozen=True, slots=True)
class NoFee:
    """Why Medicare has no amount, as a sentence, and the days it has none."""

    why: str
    first: date
    until: date | None


def quarter_day(release: str) -> date:
    """The first day of a release like 2026A (January), B (April), C (July), D (October).

    Raises:
        ValueError: it is no release.
    """
    year, letter = release[:4], release[4:]
    if not (year.isascii() and year.isdigit() and len(year) == 4 and letter in QUARTERS and int(year) >= 1992):
        raise ValueError(f"'{release[:8]}' is no release like 2026A")
    return date(int(year), QUARTERS[letter], 1)


class Medicare:
    """The relative values of a batch's procedures and the localities of its contracts."""

    def __init__(
        self,
        rvus: Mapping[tuple[str, str], Sequence[Span[Rvu]]] | None = None,
        gpcis: Mapping[str, Sequence[Span[Gpci]]] | None = None,
    ) -> None:
        """rvus: by program and code with its modifier; gpcis: by contractor and locality, seven digits."""
        self._rvus = rvus or {}
        self._gpcis = gpcis or {}

    def fee(
        self, procedure: str, modifiers: Sequence[str], place: str, day: date, *, locality: str, program: str = MPFS
    ) -> Fee | NoFee:
        """The amount for one unit on a day."""
        code, spans = self._values(procedure, modifiers, program)
        values = _on(spans, day)
        if values is None:
            known = "has no such code on that day" if self._rvus else "of that day are not loaded"
            return NoFee(f"{PROGRAMS[program]}: the file {known}.", day, day)
        where = _on(self._gpcis.get(locality, ()), day)
        if where is None:
            return NoFee(f"The costs of the locality {locality} on that day are not loaded (GPCI file).", day, day)
        first = max(values.first, where.first)
        until = min((span.until for span in (values, where) if span.until), default=None)
        facility = place in FACILITIES
        if why := _refusal(code, values.meaning, facility=facility):
            return NoFee(why, first, until)
        cents = _exact(values.meaning, where.meaning, facility=facility)
        return Fee(cents, code, values.meaning, where.meaning, facility, first, until)

    def is_ranked(self, procedure: str, day: date) -> bool:
        """Whether the usual reduction of several procedures on one day is for this one (MULT PROC 2)."""
        values = _on(self._rvus.get((MPFS, procedure), ()), day)
        return values is not None and values.meaning.multiple == "2"

    def _values(self, procedure: str, modifiers: Sequence[str], program: str) -> tuple[str, Sequence[Span[Rvu]]]:
        for modifier in modifiers:
            if modifier in OWN_VALUES and (found := self._rvus.get((program, procedure + modifier))):
                return procedure + modifier, found
        return procedure, self._rvus.get((program, procedure), ())


def _on(spans: Sequence[Span[Rvu]] | Sequence[Span[Gpci]], day: date) -> Span | None:  # type: ignore[type-arg]
    return next((span for span in spans if span.holds(day)), None)


def _refusal(code: str, values: Rvu, *, facility: bool) -> str:
    if values.status not in PAYABLE:
        because = _STATUSES.get(values.status, "it is deleted or only measured")
        return f"Medicare has no price for {code}: {because} (status {values.status})."
    if values.no_pe_facility if facility else values.no_pe:
        return f"Medicare has no price for {code} {'in' if facility else 'outside of'} a facility (NA)."
    return ""


def _exact(values: Rvu, where: Gpci, *, facility: bool) -> Decimal:
    expense = Decimal(values.pe_facility if facility else values.pe)
    weighted = (
        Decimal(values.work) * Decimal(where.work)
        + expense * Decimal(where.pe)
        + Decimal(values.malpractice) * Decimal(where.malpractice)
    )
    return weighted * Decimal(values.factor) * 100
