"""Professional claims to an 837P (005010X222A1): grouped under billing provider, subscriber and patient."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date

from claims_service.domain.claim.circumstances import NO_DATES, ClaimDates
from claims_service.domain.claim.claim import Claim
from claims_service.formats.x12.claim_levels import LevelForms, write_claims
from claims_service.formats.x12.claim_parts import (
    NumberForms,
    OtherPayerForms,
    ProviderForms,
    Seats,
    attachment_form,
    coded_forms,
    write_attachments,
    write_coded,
)
from claims_service.formats.x12.claim_transport import AmbulanceForms
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.plain import amount_text, day_text
from claims_service.formats.x12.write_837p_line import write_lines
from claims_service.formats.x12.writer import MARKS, MOST_KNOWN, Form, Writer, form


def _form(segment: str, fields: str, apart: str = "") -> Form:
    return form("837p", "2300", segment, fields, apart)


LEVELS = LevelForms("837p")
OTHERS = OtherPayerForms("837p")
_PLACE = "id charge place{code qualifier=B frequency} signature"
CLAIM = _form("CLM", f"{_PLACE} assignment benefits release", "id")
CLAIM_WITH_CAUSE = _form(
    "CLM",
    f"{_PLACE} assignment benefits release patient_signature causes{{cause1 cause2 state country}} program delay",
)
DATES = (  # field of ClaimDates, DTP01; in the guide's order
    ("onset_on", "431"),
    ("first_treated_on", "454"),
    ("last_seen_on", "304"),
    ("acute_on", "453"),
    ("accident", "439"),
    ("last_menstrual_on", "484"),
    ("last_xray_on", "455"),
    ("prescribed_on", "471"),
    ("disability", "314"),
    ("last_worked_on", "297"),
    ("back_to_work_on", "296"),
    ("admitted_on", "435"),
    ("discharged_on", "096"),
    ("care_assumed_on", "090"),
    ("care_relinquished_on", "091"),
)
DATED = {qualifier: _form("DTP", f"qualifier={qualifier} format=D8 date") for _, qualifier in DATES}
DISABILITY = {
    qualifier: _form("DTP", f"qualifier={qualifier} format={kind} date")
    for qualifier, kind in (("314", "RD8"), ("360", "D8"), ("361", "D8"))
}
ATTACHED = attachment_form("837p", "2300")
PATIENT_PAID = _form("AMT", "qualifier=F5 amount")
NUMBERS = NumberForms(
    "837p",
    "2300",
    ("4N", "authorization_exception"),
    ("EW", "mammography"),
    ("9F", "referral_number"),
    ("G1", "prior_authorization"),
    ("F8", "payer_claim_number"),
    ("X4", "clia"),
    ("LX", "device"),
    ("D9", "trace"),
    ("EA", "medical_record"),
)
NOTE = _form("NTE", "kind text")
EPSDT = _form("CRC", "category=ZZ applies condition1 condition2 condition3")
AMBULANCE = AmbulanceForms("2300", "2310E", "2310F")
DIAGNOSES = coded_forms("837p", "ABK", "ABF")
SURGERIES = coded_forms("837p", "BP", "BO", 2)
CONDITIONS = coded_forms("837p", "BG")
REFERRERS = Seats("837p", ("2310A", "DN", "", "referring"), ("2310A", "P3", "", "second_referring"))
RENDERING = ProviderForms("837p", "2310B", "82", "PE")
PLACES = Seats("837p", ("2310C", "77", "", "facility"), ("2310D", "DQ", "", "supervising"))


def write_837p(interchange: Interchange, claims: Iterable[Claim], findings: list[Finding] | None = None) -> bytes:
    """The file for one receiver; all claims go to it, whoever the payer behind is.

    findings: gets the notices about names that had to be put into plain letters.

    Raises:
        Rejected: a claim can't be written as the guide asks; with every problem of every claim. Nothing is written.
    """
    return write_claims(LEVELS, _claim, interchange, claims, findings)


_BEFORE_NUMBER = CLAIM.template.partition("%s")[0]
_known: dict[tuple[object, ...], str] = {}


def _claim(out: Writer, claim: Claim) -> None:
    if (
        claim.accident or claim.dates is not NO_DATES or claim.attachments or claim.patient_paid_cents or claim.notes
        or claim.ambulance or claim.epsdt or claim.surgeries or claim.conditions or claim.other_payers
        or claim.referring or claim.second_referring or claim.facility or claim.supervising
        or claim.authorization_exception or claim.mammography or claim.referral_number or claim.prior_authorization
        or claim.payer_claim_number or claim.clia or claim.device or claim.trace or claim.medical_record
    ):  # fmt: skip
        _clm(out, claim)
        _circumstances(out, claim)
    else:
        _plain(out, claim)
    write_lines(out, claim, OTHERS)


def _plain(out: Writer, claim: Claim) -> None:
    """A claim that says no more than nearly every claim says: CLM, HI and who rendered the care.

    What stands behind its number (CLM01 to HI) is kept, as many claims are alike.
    """
    number = claim.control_number
    said = (
        claim.charge_cents, claim.place_of_service, claim.frequency, claim.signature, claim.accept_assignment,
        claim.benefits_assigned, claim.release_of_information, claim.patient_signature, claim.program,
        claim.delay_reason, claim.diagnoses,
    )  # fmt: skip
    behind = _known.get(said)
    if behind is not None and CLAIM.fits(number):
        out.lines.append(f"{_BEFORE_NUMBER}{number}{behind}")
    else:
        findings, first = len(out.findings), len(out.lines)
        _clm(out, claim)
        _diagnoses(out, claim)
        if len(out.findings) == findings:
            if len(_known) >= MOST_KNOWN:
                _known.clear()
            _known[said] = MARKS.terminator.join(out.lines[first:]).removeprefix(_BEFORE_NUMBER + number)
    rendering = claim.rendering
    if rendering and rendering.npi != claim.billing.npi:
        out.add_once(rendering, RENDERING.write)


def _diagnoses(out: Writer, claim: Claim) -> None:
    codes = claim.diagnoses[:12]
    out.add(DIAGNOSES[max(len(codes), 1) - 1], *(codes or ("",)))


def _circumstances(out: Writer, claim: Claim) -> None:
    """Everything a claim may hold between its CLM and its lines."""
    if claim.accident or claim.dates is not NO_DATES:
        _dates(out, claim.dates, claim.accident.on if claim.accident else None)
    write_attachments(out, ATTACHED, claim.attachments)
    if claim.patient_paid_cents:
        out.add(PATIENT_PAID, amount_text(claim.patient_paid_cents))
    NUMBERS.write(out, claim)
    for note in claim.notes:
        out.add(NOTE, note.kind, note.text)
    if claim.ambulance:
        AMBULANCE.write_ride(out, claim.ambulance)
        AMBULANCE.write_conditions(out, claim.ambulance)
    if claim.epsdt:
        out.add(EPSDT, "Y" if claim.epsdt.given else "N", *(*claim.epsdt.conditions, "", "", "")[:3])
    _diagnoses(out, claim)
    write_coded(out, SURGERIES, [(code,) for code in claim.surgeries])
    write_coded(out, CONDITIONS, [(code,) for code in claim.conditions])
    _providers(out, claim)
    for other in claim.other_payers:
        OTHERS.write(out, other, claim)


def _clm(out: Writer, claim: Claim) -> None:
    values = (
        claim.control_number, amount_text(claim.charge_cents), claim.place_of_service, claim.frequency, claim.signature,
        claim.accept_assignment, claim.benefits_assigned, claim.release_of_information,
    )  # fmt: skip
    cause = claim.accident
    if cause or claim.patient_signature or claim.program or claim.delay_reason:
        causes = (*cause.causes, "", "")[:2] if cause else ("", "")
        where = (cause.state, cause.country) if cause else ("", "")
        out.add(CLAIM_WITH_CAUSE, *values, claim.patient_signature, *causes, *where, claim.program, claim.delay_reason)
    else:
        out.add(CLAIM, *values)


def _dates(out: Writer, dates: ClaimDates, accident_on: date | None) -> None:
    known = {one.name: getattr(dates, one.name) for one in fields(dates)}
    known["accident"] = accident_on
    for field, qualifier in DATES:
        if field == "disability":
            _disability(out, dates.disabled_on, dates.disabled_until)
        elif known[field]:
            out.add(DATED[qualifier], day_text(known[field]))


def _disability(out: Writer, start: date | None, end: date | None) -> None:
    if start and end:
        out.add(DISABILITY["314"], f"{day_text(start)}-{day_text(end)}")
    elif start:
        out.add(DISABILITY["360"], day_text(start))
    elif end:
        out.add(DISABILITY["361"], day_text(end))


def _providers(out: Writer, claim: Claim) -> None:
    """2310A to 2310F. Who renders the care is named only where it is not the billing provider itself."""
    REFERRERS.write(out, claim)
    if claim.rendering and claim.rendering.npi != claim.billing.npi:
        RENDERING.write(out, claim.rendering)
    PLACES.write(out, claim)
    if claim.ambulance:
        AMBULANCE.write_places(out, claim.ambulance)
