"""A facility's claim as the form locators of a UB-04 (CMS-1450), 22 revenue lines a sheet.

Boxes are named by form locator: "67A" a diagnosis, "67A.poa" whether it was there on admission, "47.23" the total.
Which value goes where: the 837I crosswalk of the NUBC manual.
"""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from claims_service.domain.claim.institutional import CodedValue, InstitutionalClaim
from claims_service.domain.party import Address, Provider
from claims_service.formats.paper import writing
from claims_service.formats.paper.ub04_lines import line_boxes
from claims_service.formats.paper.ub04_payers import payer_boxes

LINES_A_SHEET = 22
TOTAL_LINE = 23
TOTAL = "0001"
REMARK_WIDTH = 24
Boxes = Iterator[tuple[str, str]]
# Value codes that count something instead of naming dollars (NUBC, FL 39 to 41)
COUNTED = frozenset("37 38 39 46 50 51 52 53 54 55 56 57 58 59 67 68 80 81 82 83 A8 A9 D5".split())


def ub04(claim: InstitutionalClaim, made_on: date) -> tuple[dict[str, str], ...]:
    """One sheet for each 22 lines; the total 0001 stands on the last. made_on: creation date on line 23."""
    head = writing.filled(
        (*_head(claim), *_stay(claim), *_codes(claim), *payer_boxes(claim), *_medical(claim), *_foot(claim))
    )
    pages = max(1, -(-len(claim.lines) // LINES_A_SHEET))
    sheets = []
    for page in range(pages):
        part = claim.lines[page * LINES_A_SHEET : (page + 1) * LINES_A_SHEET]
        lines = [box for row, line in enumerate(part, 1) for box in line_boxes(row, line)]
        sheets.append({**head, **writing.filled((*lines, *_last_line(claim, page + 1, pages, made_on)))})
    return tuple(sheets)


def _last_line(claim: InstitutionalClaim, page: int, pages: int, made_on: date) -> Boxes:
    yield f"43.{TOTAL_LINE}.page", str(page)
    yield f"43.{TOTAL_LINE}.of", str(pages)
    yield f"45.{TOTAL_LINE}", writing.close_day(made_on)
    if page == pages:
        left_out = sum(line.not_covered_cents or 0 for line in claim.lines)
        yield f"42.{TOTAL_LINE}", TOTAL
        yield f"47.{TOTAL_LINE}", writing.columns_of(claim.charge_cents)
        yield f"48.{TOTAL_LINE}", writing.columns_of(left_out) if left_out else ""


def _head(claim: InstitutionalClaim) -> Boxes:
    """FL 1 to 11."""
    billing, patient, home = claim.billing, claim.patient, claim.patient.address
    yield "1.name", writing.plain(billing.name)
    yield from _address("1", billing.address)
    yield "1.phone", writing.digits(billing.phone)
    if billing.pay_to:
        yield from _address("2", billing.pay_to)
    yield "3a", writing.plain(claim.control_number)
    yield "3b", writing.plain(claim.medical_record)
    yield "4", f"0{claim.type_of_bill}{claim.frequency}"
    yield "5", writing.digits(billing.tax_id)
    yield "6.from", writing.close_day(claim.statement_from)
    yield "6.until", writing.close_day(claim.statement_until)
    yield "8a", writing.code(claim.coverage.member_id)
    yield "8b", writing.listed_name(patient).replace(",", "")
    yield "9a", writing.street(home)
    yield "9b", writing.plain(home.city)
    yield "9c", writing.plain(home.state)
    yield "9d", writing.digits(home.zip)
    yield "10", f"{patient.birth_on:%m%d%Y}" if patient.birth_on else ""
    yield "11", patient.sex


def _address(box: str, address: Address) -> Boxes:
    yield f"{box}.street", writing.street(address)
    yield f"{box}.place", writing.place(address)


def _stay(claim: InstitutionalClaim) -> Boxes:
    """FL 12 to 17, 29 and 38."""
    yield "12", writing.close_day(claim.admitted_on)
    yield "13", claim.admitted_time[:2]
    yield "14", claim.admission_type
    yield "15", claim.admission_source
    yield "16", claim.discharge_time[:2]
    yield "17", claim.patient_status
    yield "29", writing.plain(claim.accident_state)
    payer = claim.coverage.payer
    if payer.address.complete:
        lines = (payer.name, payer.address.line1, payer.address.line2)
        written = [writing.plain(line) for line in lines if line] + [writing.place(payer.address)]
        yield from ((f"38.{number}", text) for number, text in enumerate(written, 1))


def _codes(claim: InstitutionalClaim) -> Boxes:
    """FL 18 to 28, 31 to 36 and 39 to 41; what has no room there goes on in FL 81, after the taxonomy."""
    more: list[tuple[str, str, str]] = [("B3", claim.billing.taxonomy, "")] if claim.billing.taxonomy else []
    yield from zip((str(box) for box in range(18, 29)), claim.conditions, strict=False)
    more += [("A1", code, "") for code in claim.conditions[11:]]
    places = [f"{box}{row}" for row in "ab" for box in range(31, 35)]
    for place, found in zip(places, claim.occurrences, strict=False):
        yield place, found.code
        yield f"{place}.on", writing.close_day(found.on)
    more += [("A2", found.code, writing.close_day(found.on)) for found in claim.occurrences[len(places) :]]
    places = [f"{box}{row}" for row in "ab" for box in (35, 36)]
    for place, found in zip(places, claim.spans, strict=False):
        yield place, found.code
        yield f"{place}.from", writing.close_day(found.on)
        yield f"{place}.until", writing.close_day(found.until)
    more += [
        ("A3", found.code, writing.close_day(found.on) + writing.close_day(found.until)) for found in claim.spans[len(places) :]
    ]  # fmt: skip
    places = [f"{box}{row}" for row in "abcd" for box in (39, 40, 41)]
    for place, value in zip(places, claim.values, strict=False):
        yield place, value.code
        yield f"{place}.amount", _amount(value)
    more += [("A4", value.code, _amount(value)) for value in claim.values[len(places) :]]
    for letter, (qualifier, code, text) in zip("abcdefghijklmnopqrstuvwxyz", more, strict=False):
        yield f"81{letter}.qualifier", qualifier
        yield f"81{letter}", code
        yield f"81{letter}.value", text


def _amount(found: CodedValue) -> str:
    """Dollars with their cents, or a whole count that stands left of the line for cents."""
    if found.code in COUNTED and found.value == found.value.to_integral_value():
        return str(int(found.value))
    return writing.columns_of(int(found.value * 100))


def _medical(claim: InstitutionalClaim) -> Boxes:
    """FL 66 to 74: diagnoses and procedures."""
    yield "66", "0"
    for box, found in zip(
        ("67", *(f"67{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")), claim.diagnoses, strict=False
    ):
        yield box, writing.code(found.code)
        yield f"{box}.poa", found.present_on_admission
    yield "69", writing.code(claim.admitting_diagnosis)
    yield from _lettered("70", [writing.code(reason) for reason in claim.visit_reasons])
    yield "71", claim.drg
    yield from _lettered("72", [writing.code(cause.code) for cause in claim.external_causes])
    for letter, cause in zip("abcdefghijkl", claim.external_causes, strict=False):
        yield f"72{letter}.poa", cause.present_on_admission
    for box, surgery in zip(
        ("74", *(f"74{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")), claim.surgeries, strict=False
    ):
        yield box, writing.code(surgery.code)
        yield f"{box}.on", writing.close_day(surgery.on)


def _lettered(box: str, texts: Sequence[str]) -> Boxes:
    yield from ((f"{box}{letter}", text) for letter, text in zip("abcdefghijkl", texts, strict=False))


def _foot(claim: InstitutionalClaim) -> Boxes:
    """FL 76 to 80: who treated, and remarks."""
    yield from _doctor("76", "", claim.attending)
    yield from _doctor("77", "", claim.operating)
    others = (("ZZ", claim.other_operating), ("82", claim.rendering), ("DN", claim.referring))
    present = ((kind, provider) for kind, provider in others if provider)
    for box, (kind, provider) in zip(("78", "79", "79.more"), present, strict=False):
        yield from _doctor(box, kind, provider)
    remarks = " ".join(
        writing.plain(text) for text in (claim.billing_note, *(note.text for note in claim.notes)) if text
    )
    lines = textwrap.wrap(remarks, REMARK_WIDTH)
    yield from ((f"80.{number}", text) for number, text in enumerate(lines, 1))


def _doctor(box: str, kind: str, provider: Provider | None) -> Boxes:
    if provider:
        qualifier, number = writing.other_number(provider, ("0B", "1G", "G2", "LU"))
        yield f"{box}.kind", kind
        yield box, provider.npi
        yield f"{box}.qualifier", qualifier
        yield f"{box}.number", number
        yield f"{box}.last", writing.plain(f"{provider.last} {provider.suffix}")
        yield f"{box}.first", writing.plain(provider.first)
