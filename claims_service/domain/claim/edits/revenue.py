"""Edits on the revenue lines of a facility's bill (837I 2400)."""

from claims_service.domain.claim.edits.edit import Edit, OtherEdit, OtherLineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST
from claims_service.domain.claim.edits.stays import COVERED, days_of, value_of
from claims_service.domain.claim.institutional import InstitutionalClaim, RevenueLine
from claims_service.domain.line_detail import DAYS
from claims_service.domain.stay import INPATIENT_BILLS

TOTAL = "0001"
# Revenue codes whose outpatient services are named by a HCPCS code: laboratory, pictures, therapy, emergency, clinic ...
CODED = tuple(
    "030 031 032 033 034 035 040 042 043 044 045 046 047 048 051 052 061 0636 073 074 075 0762 077 092".split()
)
THERAPISTS = {"042": "GP", "043": "GO", "044": "GN"}
_MANUAL, _CLAIMS = "NUBC UB-04 manual FL 42", "CMS Pub. 100-04 chapter 4 §20.5"


def is_room(line: RevenueLine) -> bool:
    """Whether it bills days in a bed: 0100 to 0219 (0180 leave of absence too)."""
    return "0100" <= line.revenue_code <= "0219"


def _outpatient(c: InstitutionalClaim) -> bool:
    return c.type_of_bill not in INPATIENT_BILLS


def _rooms(c: InstitutionalClaim) -> list[RevenueLine]:
    return [line for line in c.lines if is_room(line)]


def _room_days(c: InstitutionalClaim) -> bool:
    """Never more than the days billed; fewer may be a leave, which the covered days tell where they are known."""
    days = sum(line.units for line in _rooms(c) if line.unit_basis == DAYS)
    return days > days_of(c) or (0 < days < days_of(c) and value_of(c, COVERED) is None)


def _line_twice(c: InstitutionalClaim, line: RevenueLine) -> bool:
    """A room of the same kind at the same rate stands once, with all its days."""
    same = [one for one in _rooms(c) if (one.revenue_code, one.charge_cents) == (line.revenue_code, line.charge_cents)]
    return is_room(line) and len(same) > 1 and same[0] is not line


def _line(name: str, severity: str, said: str, mend: str, element: str, fhir: str, source: str, place: str) -> Edit:
    loop = "" if element[0].isdigit() else "2400 "
    return Edit(name, severity, said, mend, f"837I {loop}{element}", f"Claim.item.{fhir}", source, place)


EDITS = (
    OtherLineEdit(
        _line("revenue_total", MUST, "Revenue code 0001 is the total, which is worked out.", "Remove the line.", "SV201", "revenue", _MANUAL,
              "revenue_code"),
        lambda c, line, f: line.revenue_code == TOTAL,
    ),
    OtherLineEdit(
        _line("revenue_uncoded", MUST, "Revenue code {line.revenue_code} of an outpatient needs a HCPCS code.", "Add the code of the service.",
              "SV202", "productOrService", _CLAIMS, "procedure"),
        lambda c, line, f: _outpatient(c) and not line.procedure and line.revenue_code.startswith(CODED),
    ),
    OtherLineEdit(
        _line("therapy_unsaid", LOOK, "Therapy does not say whose plan it follows.", "Add GP, GO or GN as the revenue code says.", "SV202-3",
              "modifier", "CMS Pub. 100-04 chapter 5 §10.6", "modifiers"),
        lambda c, line, f: line.revenue_code[:3] in THERAPISTS and _outpatient(c) and THERAPISTS[line.revenue_code[:3]] not in line.modifiers,
    ),
    OtherLineEdit(
        _line("room_of_outpatient", MUST, "An outpatient's bill charges a room.", "Correct the revenue code or the type of bill.", "SV201",
              "revenue",
              _MANUAL, "revenue_code"),
        lambda c, line, f: _outpatient(c) and is_room(line) and c.type_of_bill not in ("81", "82"),
    ),
    OtherLineEdit(
        _line("room_uncounted", MUST, "A room is not counted in days.", "Say that its units are days.", "SV204", "quantity", "X12 005010X223A2",
              "basis"),
        lambda c, line, f: is_room(line) and line.unit_basis != DAYS,
    ),
    OtherLineEdit(
        _line("days_elsewhere", LOOK, "Something that is no room is counted in days.", "Count it in units.", "SV204", "quantity", "X12 005010X223A2",
              "basis"),
        lambda c, line, f: line.unit_basis == DAYS and not is_room(line) and not line.revenue_code.startswith(("0100", "065", "100")),
    ),
    OtherLineEdit(
        _line("room_twice", LOOK, "The same room at the same charge stands twice.", "Put its days together on one line.", "SV201",
              "revenue", _MANUAL,
              "revenue_code"),
        lambda c, line, f: _line_twice(c, line),
    ),
    OtherLineEdit(
        _line("line_outside_bill", MUST, "The service lies outside the days of the bill.", "Correct its day, or the days of the bill.", "DTP*472",
              "servicedDate", "X12 005010X223A2", "served_on"),
        lambda c, line, f: line.served_on is not None and not c.statement_from <= line.served_on <= c.statement_until,
    ),
    OtherLineEdit(
        _line("drug_elsewhere", LOOK, "A drug's number stands on a revenue code that is no pharmacy's.", "025x or 063x bill drugs.", "2410 LIN03",
              "detail.productOrService", _MANUAL, "revenue_code"),
        lambda c, line, f: bool(line.ndc) and not line.revenue_code.startswith(("025", "063", "034", "038")),
    ),
    OtherLineEdit(
        _line("drug_unnamed", LOOK, "Drugs with detailed coding have no HCPCS code.", "Add the J code of the drug.", "SV202",
              "productOrService", _MANUAL,
              "procedure"),
        lambda c, line, f: line.revenue_code == "0636" and not line.procedure and not _outpatient(c),
    ),
    OtherEdit(
        Edit("room_days", MUST, "The days in rooms are not the days of the bill.", "Correct the units of the rooms, or the days billed.",
             "837I 2400 SV205", "Claim.item.quantity", _MANUAL, "stay.statement_until"),
        lambda c, f: not _outpatient(c) and _room_days(c),
    ),
    OtherEdit(
        Edit("covered_room_days", MUST, "Fewer days in rooms than covered days.", "Correct value code 80, or the units of the rooms.",
             "837I 2300 HI*BE", "Claim.supportingInfo", "NUBC UB-04 manual FL 39", "stay.values"),
        lambda c, f: 0 < sum(line.units for line in _rooms(c) if line.unit_basis == DAYS) < (value_of(c, COVERED) or 0),
    ),
    OtherEdit(
        Edit("room_missing", LOOK, "An inpatient's bill charges no room.", "Add the room with its days, unless it is billed elsewhere.",
             "837I 2400 SV201", "Claim.item.revenue", _MANUAL, "stay.type_of_bill"),
        lambda c, f: c.type_of_bill in ("11", "18", "21") and not _rooms(c) and all(line.revenue_code < "1000" for line in c.lines),
    ),
)  # fmt: skip
