"""An approval of care given in advance: its number, what it allows, and how much of that is used up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from claims_service.domain import codes
from claims_service.domain.errors import Problem

LONGEST_NUMBER = 50  # 837P 2300 REF*G1
OPEN, NOT_YET, EXPIRED, USED_UP = "open", "not_yet", "expired", "used_up"
SOON_DAYS, FEW_LEFT = 14, 1


@dataclass(frozen=True, slots=True)
class Use:
    """One visit that carries the number, with the units of what the approval is for."""

    encounter: int
    served_on: date
    units: Decimal


@dataclass(frozen=True, slots=True)
class Authorization:
    """An approval. procedures: empty = any. units, visits: None = no limit. valid_until: the last day it holds.

    uses: the clinic's visits under it, each once.
    """

    id: int
    patient_id: int
    payer_id: int
    number: str
    procedures: frozenset[str] = frozenset()
    units: Decimal | None = None
    visits: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""
    uses: tuple[Use, ...] = field(default=())

    @property
    def used_units(self) -> Decimal:
        return sum((use.units for use in self.uses), Decimal(0))

    @property
    def units_left(self) -> Decimal | None:
        return None if self.units is None else max(self.units - self.used_units, Decimal(0))

    @property
    def visits_left(self) -> int | None:
        return None if self.visits is None else max(self.visits - len(self.uses), 0)

    def covers(self, procedure: str) -> bool:
        """Whether the approval is for this service."""
        return not self.procedures or procedure in self.procedures

    def has_begun(self, day: date) -> bool:
        return self.valid_from is None or self.valid_from <= day

    def has_ended(self, day: date) -> bool:
        return self.valid_until is not None and day > self.valid_until

    def standing(self, day: date) -> str:
        """open, not_yet, expired or used_up on a day."""
        if self.has_ended(day):
            return EXPIRED
        if not self.has_begun(day):
            return NOT_YET
        return USED_UP if self.units_left == 0 or self.visits_left == 0 else OPEN

    def runs_out(self, day: date) -> bool:
        """Open, and little of it is left: one visit, a tenth of the units, or two weeks."""
        if self.standing(day) != OPEN:
            return False
        few_visits = self.visits_left is not None and self.visits_left <= FEW_LEFT
        few_units = self.units is not None and self.units_left is not None and self.units_left * 10 <= self.units
        return few_visits or few_units or (self.valid_until is not None and (self.valid_until - day).days <= SOON_DAYS)


def same_number(one: str, other: str) -> bool:
    """Whether two spellings are one approval number; blanks, dashes and case do not count."""
    return bare_number(one) == bare_number(other)


def bare_number(number: str) -> str:
    """An approval number without blanks, dashes and case."""
    return "".join(mark for mark in number.upper() if mark.isalnum())


def problems_in(
    number: str,
    procedures: Iterable[str],
    units: Decimal | None,
    visits: int | None,
    valid_from: date | None,
    valid_until: date | None,
) -> list[Problem]:
    """Why an approval can't be kept; empty when it can."""
    found = []
    if not bare_number(number) or len(number) > LONGEST_NUMBER:
        found.append(
            Problem(
                "number", "Type the approval number from the insurer's letter, up to 50 characters.", "837P 2300 REF*G1"
            )
        )
    for code in procedures:
        try:
            codes.procedure(code)
        except ValueError as wrong:
            found.append(Problem("procedures", f"{str(wrong).capitalize()}.", "837P 2400 SV101-2"))
    if units is not None and not (units.is_finite() and 0 < units <= 9999):
        found.append(Problem("units", "Units are more than 0, at most 9999; leave it empty when there is no limit."))
    if visits is not None and not 0 < visits <= 9999:
        found.append(Problem("visits", "Visits are 1 to 9999; leave it empty when there is no limit."))
    if valid_from and valid_until and valid_until < valid_from:
        found.append(Problem("valid_until", "It ends before it begins."))
    return found
