"""Dental claims to an 837D (005010X224A2): what an ADA form says, in the guide's order."""

from collections.abc import Iterable

from claims_service.domain.claim.dental import DentalClaim, DentalLine, Orthodontics
from claims_service.formats.x12.claim_levels import LevelForms, write_claims
from claims_service.formats.x12.claim_parts import (
    MODIFIERS,
    NumberForms,
    OtherPayerForms,
    Seats,
    attachment_form,
    coded_forms,
    write_attachments,
    write_coded,
    write_days,
)
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.plain import amount_text, day_text, quantity_text
from claims_service.formats.x12.writer import Form, Writer, form

GUIDE = "837d"


def _form(segment: str, fields: str, loop: str = "2300") -> Form:
    return form(GUIDE, loop, segment, fields)


def _dates(loop: str, *dates: tuple[str, str]) -> tuple[tuple[Form, str], ...]:
    return tuple((_form("DTP", f"qualifier={code} format=D8 date", loop), field) for code, field in dates)


LEVELS = LevelForms(GUIDE)
OTHERS = OtherPayerForms(GUIDE)
CLAIM = _form(
    "CLM",
    "id charge place{code qualifier=B frequency} signature assignment benefits release"
    " causes{cause1 cause2 state country} program submission_reason delay",
)
ACCIDENT = _form("DTP", "qualifier=439 format=D8 date")
APPLIANCE = _form("DTP", "qualifier=452 format=D8 date")
SERVED = _form("DTP", "qualifier=472 format date")
MONTHS = _form("DN1", "months remaining text")
TOOTH_STATUS = _form("DN2", "tooth status system=JP")
ATTACHED = attachment_form(GUIDE, "2300")
PATIENT_PAID = _form("AMT", "qualifier=F5 amount")
NUMBERS = NumberForms(
    GUIDE,
    "2300",
    ("G3", "predetermination"),
    ("F8", "payer_claim_number"),
    ("9F", "referral_number"),
    ("G1", "prior_authorization"),
    ("D9", "trace"),
)
NOTE = _form("NTE", "kind text")
DIAGNOSES = coded_forms(GUIDE, "ABK", "ABF", 4)
CLAIM_PROVIDERS = Seats(
    GUIDE,
    ("2310A", "DN", "RF", "referring"),
    ("2310B", "82", "PE", "rendering"),
    ("2310C", "77", "", "facility"),
    ("2310D", "DD", "AS", "assistant_surgeon"),
    ("2310E", "DQ", "", "supervising"),
)
NUMBER = _form("LX", "number", "2400")
AREAS = " ".join(f"area{i}" for i in range(1, 6))
SERVICE = _form(
    "SV3",
    f"procedure{{qualifier=AD code {MODIFIERS} description}} charge place areas{{{AREAS}}} prosthesis quantity"
    " pointers{first second third fourth}",
    "2400",
)
SURFACES = " ".join(f"surface{i}" for i in range(1, 6))
TOOTH = _form("TOO", f"system=JP tooth surfaces{{{SURFACES}}}", "2400")
LINE_DATES = _dates(
    "2400",
    ("472", "served_on"),
    ("441", "replaces_on"),
    ("452", "appliance_on"),
    ("446", "appliance_replaced_on"),
    ("196", "begun_on"),
    ("198", "completed_on"),
)
LINE_NUMBERS = NumberForms(
    GUIDE,
    "2400",
    ("G3", "predetermination"),
    ("G1", "prior_authorization"),
    ("6R", "reference"),
    ("9F", "referral_number"),
)
LINE_PROVIDERS = Seats(
    GUIDE,
    ("2420A", "82", "PE", "rendering"),
    ("2420B", "DD", "AS", "assistant_surgeon"),
    ("2420C", "DQ", "", "supervising"),
    ("2420D", "77", "", "facility"),
)


def write_837d(interchange: Interchange, claims: Iterable[DentalClaim], findings: list[Finding] | None = None) -> bytes:
    """The file for one receiver. findings: gets the notices about names that had to be put into plain letters.

    Raises:
        Rejected: a claim can't be written as the guide asks; with every problem of every claim. Nothing is written.
    """
    return write_claims(LEVELS, _claim, interchange, claims, findings)


def _claim(out: Writer, claim: DentalClaim) -> None:
    _clm(out, claim)
    if claim.accident and claim.accident.on:
        out.add(ACCIDENT, day_text(claim.accident.on))
    if claim.appliance_on:
        out.add(APPLIANCE, day_text(claim.appliance_on))
    if claim.served_on:
        write_days(out, SERVED, claim.served_on, claim.served_until)
    if claim.orthodontics:
        _months(out, claim.orthodontics)
    for tooth in claim.tooth_status:
        out.add(TOOTH_STATUS, tooth.number, tooth.status)
    write_attachments(out, ATTACHED, claim.attachments)
    if claim.patient_paid_cents:
        out.add(PATIENT_PAID, amount_text(claim.patient_paid_cents))
    NUMBERS.write(out, claim)
    for note in claim.notes:
        out.add(NOTE, note.kind, note.text)
    write_coded(out, DIAGNOSES, [(code,) for code in claim.diagnoses])
    CLAIM_PROVIDERS.write(out, claim)
    for other in claim.other_payers:
        OTHERS.write(out, other, claim)
    for line in claim.lines:
        _line(out, line, claim)


def _clm(out: Writer, claim: DentalClaim) -> None:
    cause = claim.accident
    causes = (*cause.causes, "", "")[:2] if cause else ("", "")
    where = (cause.state, cause.country) if cause else ("", "")
    out.add(CLAIM, claim.control_number, amount_text(claim.charge_cents), claim.place_of_service, claim.frequency,
            claim.signature, claim.accept_assignment, claim.benefits_assigned, claim.release_of_information,
            *causes, *where, claim.program, "PB" if claim.is_predetermination else "", claim.delay_reason)  # fmt: skip


def _months(out: Writer, care: Orthodontics) -> None:
    months, left = ("" if one is None else str(one) for one in (care.months, care.months_left))
    out.add(MONTHS, months, left, "" if months or left else "Y")


def _line(out: Writer, line: DentalLine, claim: DentalClaim) -> None:
    out.add(NUMBER, str(line.number))
    place = line.place_of_service if line.place_of_service != claim.place_of_service else ""
    modifiers = (*line.modifiers, "", "", "", "")[:4]
    areas = (*line.oral_cavity, "", "", "", "", "")[:5]
    pointers = (*map(str, line.pointers), "", "", "", "")[:4]
    out.add(SERVICE, line.procedure, *modifiers, line.description, amount_text(line.charge_cents), place, *areas,
            line.prosthesis, quantity_text(line.units), *pointers)  # fmt: skip
    for tooth in line.teeth:
        out.add(TOOTH, tooth.number, *(*tooth.surfaces, "", "", "", "", "")[:5])
    for dated, field in LINE_DATES:
        on = getattr(line, field)
        if on:
            out.add(dated, day_text(on))
    LINE_NUMBERS.write(out, line)
    LINE_PROVIDERS.write(out, line)
    for decision in line.decisions:
        OTHERS.write_decision(out, decision, "AD")
