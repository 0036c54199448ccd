"""Service lines of an 837P (loops 2400 and 2410)."""

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.formats.x12.plain import amount_text, day_text, quantity_text
from claims_service.formats.x12.write_837p_other import write_decision
from claims_service.formats.x12.writer import Writer, form

NUMBER = form("837p", "2400", "LX", "number")
SERVICE = form(
    "837p",
    "2400",
    "SV1",
    "procedure{qualifier=HC code modifier1 modifier2 modifier3 modifier4 description}"
    " charge unit quantity place pointers{first second third fourth}",
)
SERVED = form("837p", "2400", "DTP", "qualifier=472 format date")
REFERENCE = form("837p", "2400", "REF", "qualifier=6R value")
DRUG = form("837p", "2410", "LIN", "qualifier=N4 code")
DRUG_QUANTITY = form("837p", "2410", "CTP", "quantity unit{code=UN}")
NUMBERS = tuple(str(number) for number in range(100))
WITHOUT_DEFINITION = frozenset({"J3490", "J3590", "C9399"})


def is_unlisted(procedure: str) -> bool:
    """Whether a code says nothing of itself, so that SV101-7 must describe the service (837P 2400 SV101-7)."""
    return procedure.endswith("99") or procedure in WITHOUT_DEFINITION


def write_line(out: Writer, line: ClaimLine, claim: Claim) -> None:
    out.add(NUMBER, NUMBERS[line.number] if line.number < 100 else str(line.number))
    place = line.place_of_service if line.place_of_service != claim.place_of_service else ""
    described = line.description if is_unlisted(line.procedure) and not line.ndc else ""
    modifiers = line.modifiers
    padded = modifiers if len(modifiers) == 4 else (*modifiers, "", "", "", "")[:4]
    pointers = tuple(NUMBERS[pointer] for pointer in line.pointers)
    out.add(SERVICE, line.procedure, *padded, described, amount_text(line.charge_cents), line.unit_basis,
            quantity_text(line.units), place, *(*pointers, "", "", "", "")[:4])  # fmt: skip
    if line.served_until and line.served_until != line.served_on:
        out.add(SERVED, "RD8", f"{day_text(line.served_on)}-{day_text(line.served_until)}")
    else:
        out.add(SERVED, "D8", day_text(line.served_on))
    if line.reference:
        out.add(REFERENCE, line.reference)
    if line.ndc:
        out.add(DRUG, line.ndc)
        out.add(DRUG_QUANTITY, quantity_text(line.units))
    for decision in line.decisions:
        write_decision(out, decision)
