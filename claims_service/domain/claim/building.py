"""From a visit and its prices to the lines of a claim."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.encounter import Encounter
from claims_service.domain.pricing.price_book import PriceBook


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A service with the clinic's charge and what the contract allows (None: not known). priced: somebody gave the charge."""

    number: int
    procedure: str
    modifiers: tuple[str, ...]
    units: Decimal
    pointers: tuple[int, ...]
    charge_cents: int
    priced: bool
    expected_cents: int | None
    served_on: date
    place_of_service: str
    ndc: str
    description: str


def priced_lines(visit: Encounter, book: PriceBook, payer: int | None) -> tuple[PricedLine, ...]:
    """Each service with its price: the typed charge, else the fee schedule of its day.

    What the plan allows is never more than the charge.
    """
    made = []
    for number, line in enumerate(visit.lines, 1):
        day = line.served_on or visit.served_on
        charge = line.charge_cents
        if charge is None:
            charge = book.charge_cents(line.procedure, line.modifiers, line.units, day)
        allowed = book.allowed_cents(payer, line.procedure, line.modifiers, line.units, day) if payer else None
        place = line.place_of_service if line.place_of_service != visit.place_of_service else ""
        made.append(
            PricedLine(
                number, line.procedure, line.modifiers, line.units, line.pointers, charge or 0, charge is not None,
                None if allowed is None or charge is None else min(allowed, charge), day, place, line.ndc, line.description,
            )
        )  # fmt: skip
    return tuple(made)


def control_number(practice: int, number: int) -> str:
    """CLM01: letters and digits, never used twice, at most 17 characters (837P 2300)."""
    return f"C{practice}{number:07}"
