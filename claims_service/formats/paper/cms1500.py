"""A professional claim as the boxes of a CMS-1500 (02/12), six services a sheet.

Boxes are named as on the form: "24F.2" is item 24F of the second line, "6.self" a box to mark, "31.date" a part of one;
"23.more" is a second number for item 23, for which the form has no room.
Which value goes where: NUCC 1500 manual; for Medicare, CMS Claims Processing Manual chapter 26, section 10.
"""

from collections.abc import Iterator
from datetime import date

from claims_service.domain.claim.claim import ORIGINAL, Claim, OtherPayer
from claims_service.domain.coverage import SELF
from claims_service.domain.party import Address, Person, Provider
from claims_service.formats.paper import writing
from claims_service.formats.paper.cms1500_lines import line_boxes
from claims_service.formats.paper.writing import MARK, ON_FILE

LINES_A_SHEET = 6
HOME = "12"  # place of service
Boxes = Iterator[tuple[str, str]]
_PLANS = {
    "MA": "medicare", "MB": "medicare", "MC": "medicaid", "CH": "tricare", "VA": "champva",
    **dict.fromkeys(("12", "13", "14", "15", "BL", "CI", "FI", "HM"), "group"),
}  # fmt: skip
_RELATIONS = {SELF: "self", "01": "spouse", "19": "child"}
_OTHER_DATES = (  # item 15, the one that says most first
    ("439", "accident"),
    ("453", "acute_on"),
    ("454", "first_treated_on"),
    ("304", "last_seen_on"),
    ("455", "last_xray_on"),
    ("471", "prescribed_on"),
    ("090", "care_assumed_on"),
    ("091", "care_relinquished_on"),
)


def cms1500(claim: Claim, signed_on: date) -> tuple[dict[str, str], ...]:
    """One sheet for each six services; the totals stand on the last. signed_on: the day in item 31."""
    head = writing.filled((*_patient(claim), *_insured(claim), *_condition(claim), *_signers(claim, signed_on)))
    sheets = []
    for start in range(0, len(claim.lines), LINES_A_SHEET):
        part = claim.lines[start : start + LINES_A_SHEET]
        lines = [box for row, line in enumerate(part, 1) for box in line_boxes(row, line, claim)]
        last = start + LINES_A_SHEET >= len(claim.lines)
        sheets.append({**head, **writing.filled((*lines, *(_totals(claim) if last else ())))})
    return tuple(sheets)


def medicare(claim: Claim) -> bool:
    """Whether the claim goes to Medicare, which asks for less in items 4 to 11."""
    return _PLANS.get(claim.coverage.payer.filing) == "medicare"


def _patient(claim: Claim) -> Boxes:
    payer, patient = claim.coverage.payer, claim.patient
    yield "carrier.name", writing.plain(payer.name)
    yield "carrier.line1", writing.plain(payer.address.line1)
    yield "carrier.line2", writing.plain(payer.address.line2)
    yield "carrier.place", writing.place(payer.address)
    yield f"1.{_PLANS.get(payer.filing, 'other')}", MARK
    yield "1a", writing.code(claim.coverage.member_id)
    yield "2", writing.listed_name(patient)
    yield "3", writing.long_day(patient.birth_on)
    yield from _sex("3", patient)
    yield from _address("5", patient.address)
    yield f"6.{_RELATIONS.get(claim.coverage.relationship, 'other')}", MARK


def _sex(box: str, person: Person) -> Boxes:
    if person.sex in ("M", "F"):
        yield f"{box}.{person.sex}", MARK


def _address(box: str, address: Address) -> Boxes:
    yield f"{box}.street", writing.street(address)
    yield f"{box}.city", writing.plain(address.city)
    yield f"{box}.state", writing.plain(address.state)
    yield f"{box}.zip", writing.digits(address.zip)


def _insured(claim: Claim) -> Boxes:
    """Items 4, 7, 9 and 11: whose plan it is, and what other plan there is."""
    if medicare(claim):
        yield from _medicare(claim)
        return
    plan, other = claim.coverage, nearest(claim)
    insured = plan.subscriber
    home = insured.address if insured.address.line1 or plan.relationship != SELF else claim.patient.address
    yield "4", writing.listed_name(insured)
    yield from _address("7", home)
    yield "11", writing.plain(plan.group_number)
    yield "11a", writing.long_day(insured.birth_on)
    yield from _sex("11a", insured)
    yield "11c", writing.plain(plan.plan_name or plan.payer.name)
    yield ("11d.yes" if other else "11d.no"), MARK
    if other:
        yield "9", writing.listed_name(other.subscriber)
        yield "9a", writing.plain(other.group_number or other.member_id)
        yield "9d", writing.plain(other.plan_name or other.payer.name)


def _medicare(claim: Claim) -> Boxes:
    """Items 4 and 7 stay empty unless another plan pays first; item 9 is for Medigap, which no claim here names."""
    first = next((other for other in claim.other_payers if other.sequence < claim.sequence), None)
    if first is None:
        yield "11", "NONE"
        return
    yield "4", writing.listed_name(first.subscriber) if first.relationship != SELF else "SAME"
    yield "11", writing.plain(first.group_number or first.member_id)
    yield "11a", writing.long_day(first.subscriber.birth_on)
    yield from _sex("11a", first.subscriber)
    yield "11c", writing.plain(first.plan_name or first.payer.name)


def nearest(claim: Claim) -> OtherPayer | None:
    """The other plan item 9 is about: the one that paid before, else the one that is asked next."""
    before = [other for other in claim.other_payers if other.sequence < claim.sequence]
    return (
        max(before, key=lambda o: o.sequence)
        if before
        else min(claim.other_payers, key=lambda o: o.sequence, default=None)
    )


def _condition(claim: Claim) -> Boxes:
    """Items 10 and 14 to 23: what the care goes back to, who sent the patient, diagnoses and numbers."""
    causes = claim.accident.causes if claim.accident else ()
    for box, cause in (("10a", "EM"), ("10b", "AA"), ("10c", "OA")):
        yield f"{box}.{'yes' if cause in causes else 'no'}", MARK
    yield "10b.state", claim.accident.state if claim.accident and "AA" in causes else ""
    yield "10d", " ".join(claim.conditions)
    if claim.property_claim_number:
        yield "11b.qualifier", "Y4"
        yield "11b", writing.plain(claim.property_claim_number)
    yield from _dates(claim)
    yield from _sender(claim)
    yield "19", _more(claim)
    yield "20.no", MARK
    yield "21.indicator", "0"
    for letter, diagnosis in zip("ABCDEFGHIJKL", claim.diagnoses, strict=False):
        yield f"21{letter}", writing.code(diagnosis)
    if claim.frequency != ORIGINAL:
        yield "22", claim.frequency
        yield "22.reference", writing.plain(claim.payer_claim_number)
    numbers = (claim.prior_authorization, claim.referral_number, claim.mammography, claim.clia)
    yield from zip(("23", "23.more"), (writing.plain(number) for number in numbers if number), strict=False)


def _dates(claim: Claim) -> Boxes:
    dates = claim.dates
    if dates.onset_on or dates.last_menstrual_on:
        yield "14", writing.long_day(dates.onset_on or dates.last_menstrual_on)
        yield "14.qualifier", "431" if dates.onset_on else "484"
    accident = claim.accident.on if claim.accident else None
    others = ((q, accident if name == "accident" else getattr(dates, name)) for q, name in _OTHER_DATES)
    for box, (qualifier, day) in zip(("15", "15.more"), ((q, day) for q, day in others if day), strict=False):
        yield f"{box}.qualifier", qualifier
        yield box, writing.long_day(day)
    yield "16.from", writing.long_day(dates.disabled_on or dates.last_worked_on)
    yield "16.to", writing.long_day(dates.disabled_until or dates.back_to_work_on)
    yield "18.from", writing.long_day(dates.admitted_on)
    yield "18.to", writing.long_day(dates.discharged_on)


def _sender(claim: Claim) -> Boxes:
    """Item 17 takes one provider: who referred, else who ordered, else who supervised."""
    ordering = next((line.ordering for line in claim.lines if line.ordering), None)
    each: tuple[tuple[str, Provider | None], ...] = (
        ("DN", claim.referring), ("DK", ordering), ("DQ", claim.supervising)
    )  # fmt: skip
    present = ((qualifier, provider) for qualifier, provider in each if provider)
    for box, (qualifier, provider) in zip(("17", "17.more"), present, strict=False):
        kind, number = writing.other_number(provider, ("0B", "1G", "G2", "LU"))
        yield f"{box}.qualifier", qualifier
        yield box, writing.spoken_name(provider)
        yield f"{box}a.qualifier", kind
        yield f"{box}a", number
        yield f"{box}b", provider.npi


def _more(claim: Claim) -> str:
    """Item 19: notes, then attachments as PWK with report, way of sending and number."""
    papers = (
        f"PWK{a.report}{a.transmission}{'AC' + a.control_number if a.control_number else ''}" for a in claim.attachments
    )
    return " ".join([writing.plain(note.text) for note in claim.notes] + [writing.plain(paper) for paper in papers])


def _signers(claim: Claim, signed_on: date) -> Boxes:
    """Items 12, 13, 25 to 27 and 31 to 33."""
    billing, facility = claim.billing, claim.facility
    yield "12", ON_FILE if claim.release_of_information in ("Y", "I") else ""
    yield "13", ON_FILE if claim.benefits_assigned == "Y" else ""
    yield "25", writing.digits(billing.tax_id)
    yield "25.EIN", MARK
    yield "26", writing.plain(claim.control_number)
    yield ("27.yes" if claim.accept_assignment == "A" else "27.no"), MARK
    yield "31", ON_FILE if claim.signature == "Y" else ""
    yield "31.date", writing.short_day(signed_on) if claim.signature == "Y" else ""
    if facility:
        kind, number = writing.other_number(facility, ("0B", "G2", "LU"))
        yield from _site("32", writing.spoken_name(facility), facility.address, facility.npi)
        yield "32b", kind + number
    elif claim.place_of_service != HOME:
        yield from _site("32", writing.plain(billing.name), billing.address, billing.npi)
    phone = writing.digits(billing.phone)[-10:]
    yield "33.area", phone[:3]
    yield "33.phone", f"{phone[3:6]}-{phone[6:]}" if len(phone) == 10 else phone
    yield from _site("33", writing.plain(billing.name), billing.address, billing.npi)


def _site(box: str, name: str, address: Address, npi: str) -> Boxes:
    yield f"{box}.name", name
    yield f"{box}.street", writing.street(address)
    yield f"{box}.place", writing.place(address)
    yield f"{box}a", npi


def _totals(claim: Claim) -> Boxes:
    """Items 28 and 29; Medicare wants to know in 29 what the patient paid, other plans what anyone paid."""
    plans = 0 if medicare(claim) else sum(other.paid_cents or 0 for other in claim.other_payers)
    yield "28", writing.columns_of(claim.charge_cents)
    yield "29", writing.columns_of(claim.patient_paid_cents + plans)
