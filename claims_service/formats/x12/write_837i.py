"""Institutional claims to an 837I (005010X223A2): what a UB-04 says, in the guide's order."""

from collections.abc import Iterable
from datetime import date

from claims_service.domain.claim.institutional import InstitutionalClaim, Occurrence, RevenueLine
from claims_service.formats.x12.claim_levels import LevelForms, write_claims
from claims_service.formats.x12.claim_parts import (
    MODIFIERS,
    DrugForms,
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

GUIDE = "837i"


def _form(segment: str, fields: str, loop: str = "2300") -> Form:
    return form(GUIDE, loop, segment, fields)


LEVELS = LevelForms(GUIDE)
OTHERS = OtherPayerForms(GUIDE)
CLAIM = _form("CLM", "id charge place{code qualifier=A frequency} assignment benefits release delay")
DISCHARGED = _form("DTP", "qualifier=096 format=TM date")
STATEMENT = _form("DTP", "qualifier=434 format=RD8 date")
ADMITTED = _form("DTP", "qualifier=435 format date")
STAY = _form("CL1", "priority source patient_status")
ATTACHED = attachment_form(GUIDE, "2300")
ESTIMATED_DUE = _form("AMT", "qualifier=F3 amount")
NUMBERS = NumberForms(
    GUIDE,
    "2300",
    ("9F", "referral_number"),
    ("G1", "prior_authorization"),
    ("F8", "payer_claim_number"),
    ("D9", "trace"),
    ("LU", "accident_state"),
    ("EA", "medical_record"),
)
NOTE = _form("NTE", "kind text")
BILLING_NOTE = _form("NTE", "kind=ADD text")
EPSDT = _form("CRC", "category=ZZ applies condition1 condition2 condition3")
_PRESENT = "present_on_admission"
PRINCIPAL = coded_forms(GUIDE, "ABK", most=1, parts=_PRESENT)
ADMITTING = coded_forms(GUIDE, "ABJ", most=1)
VISIT_REASONS = coded_forms(GUIDE, "APR", most=3)
EXTERNAL_CAUSES = coded_forms(GUIDE, "ABN", parts=_PRESENT)
DRG = coded_forms(GUIDE, "DR", most=1)
OTHER_DIAGNOSES = coded_forms(GUIDE, "ABF", parts=_PRESENT)
PRINCIPAL_SURGERY = coded_forms(GUIDE, "BBR", most=1, parts="date_format=D8 date")
OTHER_SURGERIES = coded_forms(GUIDE, "BBQ", parts="date_format=D8 date")
SPANS = coded_forms(GUIDE, "BI", parts="date_format=RD8 date")
OCCURRENCES = coded_forms(GUIDE, "BH", parts="date_format=D8 date")
VALUES = coded_forms(GUIDE, "BE", parts="amount")
CONDITIONS = coded_forms(GUIDE, "BG")
TREATMENTS = coded_forms(GUIDE, "TC")
CLAIM_PROVIDERS = Seats(
    GUIDE,
    ("2310A", "71", "AT", "attending"),
    ("2310B", "72", "", "operating"),
    ("2310C", "ZZ", "", "other_operating"),
    ("2310D", "82", "", "rendering"),
    ("2310E", "77", "", "facility"),
    ("2310F", "DN", "", "referring"),
)
NUMBER = _form("LX", "number", "2400")
SERVICE = _form(
    "SV2", f"revenue procedure{{qualifier code {MODIFIERS} description}} charge unit quantity non_covered", "2400"
)
LINE_ATTACHED = attachment_form(GUIDE, "2400")
SERVED = _form("DTP", "qualifier=472 format date", "2400")
LINE_NUMBERS = NumberForms(GUIDE, "2400", ("6R", "reference"))
LINE_NOTE = _form("NTE", "kind=TPO text", "2400")
DRUG = DrugForms(GUIDE)
LINE_PROVIDERS = Seats(
    GUIDE,
    ("2420A", "72", "", "operating"),
    ("2420B", "ZZ", "", "other_operating"),
    ("2420C", "82", "", "rendering"),
    ("2420D", "DN", "", "referring"),
)


def write_837i(
    interchange: Interchange, claims: Iterable[InstitutionalClaim], findings: list[Finding] | None = None
) -> bytes:
    """The file for one receiver. findings: gets the notices about names that had to be put into plain letters.

    Raises:
        Rejected: a claim can't be written as the guide asks; with every problem of every claim. Nothing is written.
    """
    return write_claims(LEVELS, _claim, interchange, claims, findings)


def _claim(out: Writer, claim: InstitutionalClaim) -> None:
    out.add(CLAIM, claim.control_number, amount_text(claim.charge_cents), claim.type_of_bill, claim.frequency,
            claim.accept_assignment, claim.benefits_assigned, claim.release_of_information, claim.delay_reason)  # fmt: skip
    _stay(out, claim)
    write_attachments(out, ATTACHED, claim.attachments)
    if claim.estimated_due_cents is not None:
        out.add(ESTIMATED_DUE, amount_text(claim.estimated_due_cents))
    NUMBERS.write(out, claim)
    for note in claim.notes:
        out.add(NOTE, note.kind, note.text)
    if claim.billing_note:
        out.add(BILLING_NOTE, claim.billing_note)
    if claim.epsdt:
        out.add(EPSDT, "Y" if claim.epsdt.given else "N", *(*claim.epsdt.conditions, "", "", "")[:3])
    _diagnoses(out, claim)
    _facts(out, claim)
    CLAIM_PROVIDERS.write(out, claim)
    for other in claim.other_payers:
        OTHERS.write(out, other, claim)
    for line in claim.lines:
        _line(out, line)


def _stay(out: Writer, claim: InstitutionalClaim) -> None:
    if claim.discharge_time:
        out.add(DISCHARGED, claim.discharge_time)
    out.add(STATEMENT, _span(claim.statement_from, claim.statement_until))
    if claim.admitted_on:
        out.add(ADMITTED, "DT" if claim.admitted_time else "D8", day_text(claim.admitted_on) + claim.admitted_time)
    out.add(STAY, claim.admission_type, claim.admission_source, claim.patient_status)


def _diagnoses(out: Writer, claim: InstitutionalClaim) -> None:
    found = [(one.code, one.present_on_admission) for one in claim.diagnoses]
    write_coded(out, PRINCIPAL, found[:1] or [("", "")])
    write_coded(out, ADMITTING, [(claim.admitting_diagnosis,)] if claim.admitting_diagnosis else [])
    write_coded(out, VISIT_REASONS, [(code,) for code in claim.visit_reasons])
    write_coded(out, EXTERNAL_CAUSES, [(one.code, one.present_on_admission) for one in claim.external_causes])
    write_coded(out, DRG, [(claim.drg,)] if claim.drg else [])
    write_coded(out, OTHER_DIAGNOSES, found[1:])


def _facts(out: Writer, claim: InstitutionalClaim) -> None:
    surgeries = [(one.code, day_text(one.on) if one.on else "") for one in claim.surgeries]
    write_coded(out, PRINCIPAL_SURGERY, surgeries[:1])
    write_coded(out, OTHER_SURGERIES, surgeries[1:])
    write_coded(out, SPANS, [(one.code, _occurred(one)) for one in claim.spans])
    write_coded(out, OCCURRENCES, [(one.code, _occurred(one)) for one in claim.occurrences])
    write_coded(out, VALUES, [(one.code, quantity_text(one.value)) for one in claim.values])
    write_coded(out, CONDITIONS, [(code,) for code in claim.conditions])
    write_coded(out, TREATMENTS, [(code,) for code in claim.treatments])


def _span(start: date, end: date) -> str:
    return f"{day_text(start)}-{day_text(end)}"


def _occurred(one: Occurrence) -> str:
    return _span(one.on, one.until) if one.until else day_text(one.on)


def _line(out: Writer, line: RevenueLine) -> None:
    out.add(NUMBER, str(line.number))
    modifiers = (*line.modifiers, "", "", "", "")[:4]
    not_covered = "" if line.not_covered_cents is None else amount_text(line.not_covered_cents)
    qualifier, described = (line.qualifier, line.description) if line.procedure else ("", "")
    out.add(SERVICE, line.revenue_code, qualifier, line.procedure, *modifiers, described,
            amount_text(line.charge_cents), line.unit_basis, quantity_text(line.units), not_covered)  # fmt: skip
    write_attachments(out, LINE_ATTACHED, line.attachments)
    if line.served_on:
        write_days(out, SERVED, line.served_on, line.served_until)
    LINE_NUMBERS.write(out, line)
    if line.note:
        out.add(LINE_NOTE, line.note)
    if line.ndc:
        DRUG.write(out, line.ndc, line.units if line.ndc_quantity is None else line.ndc_quantity, line.ndc_unit,
                   line.prescription)  # fmt: skip
    LINE_PROVIDERS.write(out, line)
    for decision in line.decisions:
        OTHERS.write_decision(out, decision, line.qualifier)
