"""What an estimate is wanted for, and the day by which the law wants it given."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain import codes
from claims_service.domain.errors import Problem
from claims_service.domain.workdays import add_workdays, workdays_until

ASKED, SCHEDULED = "asked", "scheduled"
REASONS = {ASKED: "The patient asked for it", SCHEDULED: "The visit was scheduled"}
DUE, ISSUED, DROPPED = "due", "issued", "dropped"
MOST_LINES = 50
MOST_WORDS = 4_000
NEAR, FAR = 3, 10  # business days between scheduling and the visit, 45 CFR 149.610(b)(1)(vi)


@dataclass(frozen=True, slots=True)
class WishedLine:
    """A service that is planned. charge_cents: for all units; None = the clinic's price."""

    procedure: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    charge_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is planned. self_pay: the patient has no plan on that day or does not want it used. separate: care to be booked apart.

    diagnoses: ICD-10-CM without dots, none where nobody knows yet. planned_on: None for care that is not scheduled.
    """

    provider: int
    place: str
    lines: tuple[WishedLine, ...]
    planned_on: date | None = None
    diagnoses: tuple[str, ...] = ()
    self_pay: bool = False
    separate: str = ""


def due_on(reason: str, asked_on: date, planned_on: date | None) -> date | None:
    """The last day to give it, 45 CFR 149.610(b)(1)(vi); None: care is scheduled so soon that only asking makes it due."""
    if reason == ASKED or planned_on is None:
        return add_workdays(asked_on, NEAR)
    ahead = workdays_until(asked_on, planned_on)
    if ahead >= FAR:
        return add_workdays(asked_on, 3)
    return add_workdays(asked_on, 1) if ahead >= NEAR else None


def problems(wish: Wish, *, today: date) -> list[Problem]:
    """What keeps it from being worked out, each at its field."""
    found = []
    if wish.planned_on is not None and wish.planned_on < today:
        found.append(
            Problem("planned_on", "The planned day is over.", "Choose a day from today on, or leave it empty.")
        )
    if not (len(wish.place) == 2 and wish.place.isalnum()):
        found.append(Problem("place", "Choose where it takes place."))
    if not wish.lines:
        found.append(Problem("lines", "Add at least one service."))
    if len(wish.lines) > MOST_LINES:
        found.append(Problem("lines", f"At most {MOST_LINES} services."))
    if len(wish.separate) > MOST_WORDS:
        found.append(Problem("separate", f"Write {MOST_WORDS:,} letters at most."))
    for i, code in enumerate(wish.diagnoses):
        try:
            codes.diagnosis(code)
        except ValueError as wrong:
            found.append(Problem("diagnoses", f"{i + 1}: {wrong}."))
    for i, line in enumerate(wish.lines):
        found += _line_problems(line, f"lines[{i}]")
    return found


def _line_problems(line: WishedLine, where: str) -> list[Problem]:
    found = []
    try:
        codes.procedure(line.procedure)
    except ValueError as wrong:
        found.append(Problem(f"{where}.code", f"{str(wrong).capitalize()}."))
    if len(line.modifiers) > 4 or not all(codes.is_modifier(modifier) for modifier in line.modifiers):
        found.append(Problem(f"{where}.modifiers", "Up to four modifiers of two characters each, like 25."))
    if not line.units.is_finite() or not 0 < line.units <= 9999:
        found.append(Problem(f"{where}.units", "Units must be more than 0, at most 9999."))
    if line.charge_cents is not None and line.charge_cents < 0:
        found.append(Problem(f"{where}.charge", "A charge can't be below zero."))
    return found
