"""Item 24 of a CMS-1500: one service on its line, with the shaded half above it."""

from collections.abc import Iterator

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.formats.paper import writing

LETTERS = "ABCDEFGHIJKL"
GAP = "   "  # between two facts in the shaded half


def line_boxes(row: int, line: ClaimLine, claim: Claim) -> Iterator[tuple[str, str]]:
    """The boxes of a service; row: 1 to 6 on its sheet."""
    rendering = line.rendering or claim.rendering
    yield f"24.{row}", _shaded(line)
    yield f"24A.{row}", writing.short_day(line.served_on)
    yield f"24A.{row}.to", writing.short_day(line.served_until or line.served_on)
    yield f"24B.{row}", line.place_of_service or claim.place_of_service
    yield f"24C.{row}", "Y" if line.emergency else ""
    yield f"24D.{row}", writing.code(line.procedure)
    yield f"24D.{row}.modifiers", " ".join(line.modifiers)
    yield f"24E.{row}", "".join(LETTERS[pointer - 1] for pointer in line.pointers)
    yield f"24F.{row}", writing.columns_of(line.charge_cents)
    yield f"24G.{row}", writing.quantity(line.units)
    if line.epsdt or line.family_planning:
        yield f"24H.{row}", "Y"
        yield f"24H.{row}.reason", claim.epsdt.conditions[0] if line.epsdt and claim.epsdt else ""
    if rendering:
        kind, number = writing.other_number(rendering, ("0B", "1G", "G2", "LU"))
        yield f"24I.{row}", kind
        yield f"24J.{row}.other", number
        yield f"24J.{row}", rendering.npi


def _shaded(line: ClaimLine) -> str:
    """Drug as N4, number, unit and quantity; words for an unlisted procedure as ZZ; then notes."""
    facts = []
    if line.ndc:
        quantity = writing.quantity(line.units if line.ndc_quantity is None else line.ndc_quantity)
        facts.append(f"N4{writing.code(line.ndc)}{GAP}{line.ndc_unit}{quantity}")
    if line.description:
        facts.append(f"ZZ{writing.plain(line.description)}")
    facts += [writing.plain(note.text) for note in line.notes]
    return GAP.join(facts)
