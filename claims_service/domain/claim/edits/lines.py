"""Edits on service lines (837P 2400): code, charge, units, pointers, repetition, and NCCI where it is loaded."""

from collections.abc import Iterator
from decimal import Decimal

from claims_service.domain import codes
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts

MOST_LINES, MOST_POINTERS = 50, 4
MOST_CENTS = 9_999_999_999  # ten digits, X12 RFI 2164
MOST_UNITS = 999
LONGEST_REFERENCE = 50
LONGEST_DESCRIPTION = 80  # SV101-7
_UNITS = frozenset({"UN", "MJ"})
_GUIDE = "X12 005010X222A1"
# Says that a service stands apart from another of the same day (NCCI policy manual, chapter 1).
SEPARATE = frozenset({"25", "57", "59", "76", "77", "91", "XE", "XP", "XS", "XU", "LT", "RT"})


def is_visit(code: str) -> bool:
    """Evaluation and management: 99202 to 99499."""
    return code.startswith("99") and "99202" <= code <= "99499"


def is_anaesthesia(code: str) -> bool:
    """00100 to 01999."""
    return "00100" <= code <= "01999"


def _same(line: ClaimLine) -> tuple[object, ...]:
    return line.procedure, line.modifiers, line.served_on, line.rendering


def _twice(claim: Claim, line: ClaimLine, _: Facts) -> bool:
    alike = [one for one in claim.lines if one.procedure == line.procedure]
    return (
        len(alike) > 1 and SEPARATE.isdisjoint(line.modifiers) and [_same(one) for one in alike].count(_same(line)) > 1
    )


def _billed_before(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    if not facts.same_day or claim.sequence != "P" or claim.frequency != "1":
        return False
    return (line.procedure, line.modifiers) in facts.same_day and not _twice(claim, line, facts)


def _beside(claim: Claim, line: ClaimLine) -> Iterator[ClaimLine]:
    """The other lines of that day and provider."""
    return (
        one
        for one in claim.lines
        if one is not line and (one.served_on, one.rendering) == (line.served_on, line.rendering)
    )


def _not_paid_beside(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    """The column 2 code of an NCCI pair, unless a modifier releases it."""
    if not facts.ptp.edits:
        return False
    for other in _beside(claim, line):
        edit = facts.ptp.edit((other.procedure, line.procedure), line.served_on)
        if edit and edit.column2 == line.procedure:
            pair = (other.procedure, line.procedure)
            return not facts.ptp.allows(pair, (*other.modifiers, *line.modifiers), line.served_on)
    return False


def _too_many_units(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    limit = facts.mue.limit(line.procedure, line.served_on)
    if limit is None:
        return False
    alike = (
        [line]
        if limit.adjudication == "1"
        else [line, *(one for one in _beside(claim, line) if one.procedure == line.procedure)]
    )
    return sum((one.units for one in alike), Decimal(0)) > limit.units


EDITS = (
    ClaimEdit(
        Edit("no_lines", MUST, "The claim has no service.", "Add what was done.", "2400 LX", "Claim.item", _GUIDE, "lines"),
        lambda c, f: not c.lines,
    ),
    ClaimEdit(
        Edit("too_many_lines", MUST, "A claim carries fifty services.", "Split the visit into two claims.", "2400 LX", "Claim.item", _GUIDE,
             "lines"),
        lambda c, f: len(c.lines) > MOST_LINES,
    ),
    ClaimEdit(
        Edit("zero_charge", MUST, "A claim over $0.00 is refused by insurers.", "Add the service that was charged.", "2300 CLM02",
             "Claim.total", "X12 RFI 1294", "lines"),
        lambda c, f: bool(c.lines) and all(line.number in f.priced for line in c.lines) and c.charge_cents <= 0,
    ),
    ClaimEdit(
        Edit("charge_digits", MUST, "The claim's total has more than ten digits.", "Correct the charge that is too high.", "2300 CLM02",
             "Claim.total", "X12 RFI 2164", "lines"),
        lambda c, f: c.charge_cents > MOST_CENTS,
    ),
    ClaimEdit(
        Edit("reference_twice", MUST, "Two services carry the same reference.", "Send the claim again: references are made new.",
             "2400 REF*6R", "Claim.item.extension", _GUIDE, "lines"),
        lambda c, f: len({line.reference for line in c.lines if line.reference}) < sum(bool(line.reference) for line in c.lines),
    ),
    LineEdit(
        Edit("procedure_shape", MUST, "{line.procedure} is not the shape of a procedure code.", "Five characters, like 99213 or G0008.",
             "2400 SV101-2", "Claim.item.productOrService", "HCPCS", "procedure"),
        lambda c, line, f: line.qualifier == "HC" and not codes.is_procedure(line.procedure),
    ),
    LineEdit(
        Edit("procedure_invalid", MUST, "{line.procedure} was not valid on the day of service.", "Look up the code that was.", "2400 SV101-2",
             "Claim.item.productOrService", "HCPCS and CPT", "procedure"),
        lambda c, line, f: line.procedure in f.invalid,
    ),
    LineEdit(
        Edit("no_price", MUST, "{line.procedure} is not on the clinic's fee schedule of that day.",
             "Add the code to the fee schedule, correct the code, or type the charge.", "2400 SV102", "Claim.item.unitPrice", "clinic",
             "procedure"),
        lambda c, line, f: line.number not in f.priced,
    ),
    LineEdit(
        Edit("charge_negative", MUST, "The charge of {line.procedure} is below zero.", "Correct the charge.", "2400 SV102",
             "Claim.item.unitPrice", "X12 RFI 1294", "charge"),
        lambda c, line, f: line.charge_cents < 0,
    ),
    LineEdit(
        Edit("units_missing", MUST, "{line.procedure} has no units.", "Write how often it was done.", "2400 SV104", "Claim.item.quantity",
             _GUIDE, "units"),
        lambda c, line, f: line.units <= 0,
    ),
    LineEdit(
        Edit("units_fraction", MUST, "A visit is billed by whole units.", "Write 1.", "2400 SV104", "Claim.item.quantity", "CPT", "units"),
        lambda c, line, f: is_visit(line.procedure) and line.units != line.units.to_integral_value(),
    ),
    LineEdit(
        Edit("units_many", LOOK, "{line.procedure} has more than 999 units.", "Compare with the record: minutes belong to anaesthesia only.",
             "2400 SV104", "Claim.item.quantity", "clinic", "units"),
        lambda c, line, f: line.units > MOST_UNITS and line.unit_basis == "UN",
    ),
    LineEdit(
        Edit("unit_basis", MUST, "Services are counted in units or minutes.", "UN for units, MJ for the minutes of an anaesthesia.",
             "2400 SV103", "Claim.item.quantity.unit", _GUIDE, "units"),
        lambda c, line, f: line.unit_basis not in _UNITS,
    ),
    LineEdit(
        Edit("anaesthesia_minutes", MUST, "{line.procedure} is an anaesthesia, which is billed in minutes.", "Write its minutes.",
             "2400 SV103 = MJ", "Claim.item.quantity", "X12 RFI 1571", "units"),
        lambda c, line, f: is_anaesthesia(line.procedure) and line.unit_basis != "MJ",
    ),
    LineEdit(
        Edit("minutes_elsewhere", MUST, "{line.procedure} is billed in units, not minutes.", "Write how often it was done.", "2400 SV103 = UN",
             "Claim.item.quantity", "X12 RFI 1571", "units"),
        lambda c, line, f: line.unit_basis == "MJ" and not is_anaesthesia(line.procedure),
    ),
    LineEdit(
        Edit("unlisted_unexplained", MUST, "{line.procedure} names no service by itself.", "Describe what was done.", "2400 SV101-7",
             "Claim.item.productOrService.text", _GUIDE, "description"),
        lambda c, line, f: codes.is_unlisted(line.procedure) and not line.description.strip() and not line.ndc,
    ),
    LineEdit(
        Edit("description_long", MUST, "The description of {line.procedure} is longer than 80 characters.", "Shorten it.", "2400 SV101-7",
             "Claim.item.productOrService.text", _GUIDE, "description"),
        lambda c, line, f: codes.is_unlisted(line.procedure) and len(line.description) > LONGEST_DESCRIPTION,
    ),
    LineEdit(
        Edit("reference_long", MUST, "A reference is longer than fifty characters.", "Send the claim again: references are made new.",
             "2400 REF*6R", "Claim.item.extension", _GUIDE, "procedure"),
        lambda c, line, f: len(line.reference) > LONGEST_REFERENCE,
    ),
    LineEdit(
        Edit("pointer_missing", MUST, "{line.procedure} points to no diagnosis.", "Choose why it was done.", "2400 SV107-1",
             "Claim.item.diagnosisSequence", _GUIDE, "pointers"),
        lambda c, line, f: not line.pointers,
    ),
    LineEdit(
        Edit("pointer_unknown", MUST, "{line.procedure} points to a diagnosis that is not on the claim.", "Choose one that is.", "2400 SV107",
             "Claim.item.diagnosisSequence", _GUIDE, "pointers"),
        lambda c, line, f: bool(line.pointers) and not 1 <= min(line.pointers) <= max(line.pointers) <= len(c.diagnoses),
    ),
    LineEdit(
        Edit("pointer_twice", MUST, "{line.procedure} points to the same diagnosis twice.", "Remove one.", "2400 SV107",
             "Claim.item.diagnosisSequence", _GUIDE, "pointers"),
        lambda c, line, f: len(set(line.pointers)) < len(line.pointers),
    ),
    LineEdit(
        Edit("too_many_pointers", MUST, "{line.procedure} points to more than four diagnoses.", "Keep the four that explain it best.",
             "2400 SV107-4", "Claim.item.diagnosisSequence", _GUIDE, "pointers"),
        lambda c, line, f: len(line.pointers) > MOST_POINTERS,
    ),
    LineEdit(
        Edit("service_twice", LOOK, "{line.procedure} stands twice on this visit.", "Use units, or a modifier like 76 or 59.", "2400 SV101",
             "Claim.item", "CARC 18", "procedure"),
        _twice,
    ),
    LineEdit(
        Edit("billed_before", MUST, "{line.procedure} was already billed for this day.", "Remove it, or add a modifier like 76.", "2400 SV101",
             "Claim.item", "CARC 18", "procedure"),
        _billed_before,
    ),
    LineEdit(
        Edit("ncci_pair", MUST, "{line.procedure} is not paid beside another service of the same day.",
             "Remove it, or add a modifier such as 59 if it was done apart.", "2400 SV101", "Claim.item", "NCCI PTP", "procedure"),
        _not_paid_beside,
    ),
    LineEdit(
        Edit("ncci_units", MUST, "{line.procedure} has more units than are paid in a day.", "Correct the units, or split the days.", "2400 SV104",
             "Claim.item.quantity", "NCCI MUE", "units"),
        _too_many_units,
    ),
    LineEdit(
        Edit("ncci_add_on", MUST, "{line.procedure} only comes on top of another service, which is missing.", "Add the main service.",
             "2400 SV101", "Claim.item", "NCCI add-on codes", "procedure"),
        lambda c, line, f: line.procedure in f.add_ons.rules and f.add_ons.lacks_primary(
            line.procedure, [one.procedure for one in _beside(c, line)], line.served_on
        ),
    ),
)  # fmt: skip
