"""FL 42 to 48 of a UB-04: one revenue line."""

from collections.abc import Iterator

from claims_service.domain.claim.institutional import RevenueLine
from claims_service.domain.line_detail import DAYS
from claims_service.domain.money import plain_text
from claims_service.formats.paper import writing


def line_boxes(row: int, line: RevenueLine) -> Iterator[tuple[str, str]]:
    """The boxes of a line; row: 1 to 22 on its sheet."""
    yield f"42.{row}", line.revenue_code.zfill(4)
    yield f"43.{row}", _words(line)
    yield f"44.{row}", _rate(line) or writing.code(line.procedure) + "".join(line.modifiers)
    yield f"45.{row}", writing.close_day(line.served_on)
    yield f"46.{row}", writing.quantity(line.units)
    yield f"47.{row}", writing.columns_of(line.charge_cents)
    yield f"48.{row}", writing.columns_of(line.not_covered_cents) if line.not_covered_cents else ""


def _rate(line: RevenueLine) -> str:
    """A room has its price of a day where another line has its procedure (NUBC, FL 44); "" where it comes to no whole cents."""
    if line.unit_basis != DAYS or line.procedure or not line.units:
        return ""
    cents, rest = divmod(line.charge_cents, line.units)
    return "" if rest else plain_text(int(cents))


def _words(line: RevenueLine) -> str:
    """A drug as N4, number, unit and quantity without a gap; else what the line says of itself."""
    if line.ndc:
        quantity = writing.quantity(line.units if line.ndc_quantity is None else line.ndc_quantity)
        return f"N4{writing.code(line.ndc)}{line.ndc_unit}{quantity}"
    return writing.plain(line.description)
