"""From a visit and its prices to the lines of a claim."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.encounter import Encounter, ServiceLine
from claims_service.domain.line_detail import NO_DETAIL, LineDetail
from claims_service.domain.pricing.contract import Service
from claims_service.domain.pricing.price_book import PriceBook
from claims_service.domain.quick import quick


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
    detail: LineDetail = NO_DETAIL


MOST_KNOWN = 4096
_PRICED = quick(PricedLine)


def priced_lines(visit: Encounter, book: PriceBook, payer: int | None) -> tuple[PricedLine, ...]:
    """Each service with its price: the typed charge, else the clinic's price on its day; and what the contract allows.

    Visits of one day with the very same services get the very same lines.
    """
    alike = (payer, visit.served_on, visit.place_of_service, visit.rendering_id, *map(id, visit.lines))
    known = book.known.get(alike)
    if known is None:
        if len(book.known) >= MOST_KNOWN:
            book.known.clear()
        known = book.known[alike] = visit.lines, _priced(visit, book, payer)
    return known[1]


def _priced(visit: Encounter, book: PriceBook, payer: int | None) -> tuple[PricedLine, ...]:
    services = [_service(visit, line, book) for line in visit.lines]
    prices = book.contracts.prices(payer, services) if payer else [None] * len(services)
    made = []
    for number, (line, service, price) in enumerate(zip(visit.lines, services, prices, strict=True), 1):
        charge = service.charge_cents
        place = line.place_of_service if line.place_of_service != visit.place_of_service else ""
        made.append(
            _PRICED(
                number, line.procedure, line.modifiers, line.units, line.pointers, charge or 0, charge is not None,
                None if price is None or charge is None else price.cents, service.day, place, line.ndc, line.description,
                line.detail,
            )
        )  # fmt: skip
    return tuple(made)


def _service(visit: Encounter, line: ServiceLine, book: PriceBook) -> Service:
    day = line.served_on or visit.served_on
    charge = line.charge_cents
    if charge is None:
        charge = book.charge_cents(line.procedure, line.modifiers, line.units, day)
    place = line.place_of_service or visit.place_of_service
    by = book.classes.get(visit.rendering_id, "")
    return Service(line.procedure, day, line.modifiers, line.units, place, by, charge)


def control_number(practice: int, number: int) -> str:
    """CLM01: letters and digits, never used twice, at most 17 characters (837P 2300)."""
    return f"C{practice}{number:07}"
