"""A facility's and a dentist's claim out of what every claim says, the stay, and the details of the services."""

from collections.abc import Mapping

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.dental import DentalClaim, DentalLine, Tooth
from claims_service.domain.claim.institutional import FoundDiagnosis, InstitutionalClaim, RevenueLine
from claims_service.domain.dentition import NO_DENTITION, Dentition
from claims_service.domain.line_detail import DAYS, NO_DETAIL, UNITS, LineDetail
from claims_service.domain.party import Provider
from claims_service.domain.stay import Stay

Details = Mapping[int, LineDetail]
"""By line number; lines without any are left out."""


def institutional(claim: Claim, stay: Stay, details: Details, operating: Provider | None) -> InstitutionalClaim:
    """The bill of a stay, or of an outpatient, for an 837I: who gave the care is its attending provider."""
    present = [*stay.present, *[""] * len(claim.diagnoses)]
    return InstitutionalClaim(
        claim.control_number, claim.billing, claim.patient, claim.coverage, stay.type_of_bill, claim.served_on, stay.statement_until,
        stay.admission_type, stay.patient_status,
        tuple(FoundDiagnosis(code, mark) for code, mark in zip(claim.diagnoses, present, strict=False)),
        tuple(_revenue_line(line, details.get(line.number, NO_DETAIL), is_inpatient=stay.is_inpatient) for line in claim.lines),
        claim.sequence, stay.frequency(claim.frequency), claim.payer_claim_number,
        admission_source=stay.admission_source, admitted_on=stay.admitted_on, admitted_time=stay.admitted_time,
        discharge_time=stay.discharged_time, admitting_diagnosis=stay.admitting_diagnosis if stay.is_inpatient else "",
        visit_reasons=(stay.admitting_diagnosis,) if stay.admitting_diagnosis and not stay.is_inpatient else (), drg=stay.drg,
        surgeries=stay.surgeries,
        spans=stay.spans, occurrences=stay.occurrences, values=stay.values, conditions=stay.conditions, attending=claim.rendering,
        operating=operating, referring=claim.referring, prior_authorization=claim.prior_authorization,
        other_payers=claim.other_payers,
    )  # fmt: skip


def _revenue_line(line: ClaimLine, detail: LineDetail, *, is_inpatient: bool) -> RevenueLine:
    """An inpatient's services are billed by the stay; an outpatient's each need their day (837I 2400 DTP*472)."""
    return RevenueLine(
        line.number, detail.revenue_code, line.charge_cents, line.units, DAYS if detail.basis == DAYS else UNITS, line.procedure,
        line.modifiers, description=line.description, served_on=None if is_inpatient else line.served_on, reference=line.reference,
        ndc=line.ndc, ndc_quantity=line.ndc_quantity, ndc_unit=line.ndc_unit, decisions=line.decisions,
    )  # fmt: skip


def dental(claim: Claim, details: Details, dentition: Dentition | None = None) -> DentalClaim:
    """The claim of a visit to the dentist for an 837D."""
    mouth = dentition or NO_DENTITION
    return DentalClaim(
        claim.control_number, claim.billing, claim.patient, claim.coverage, claim.place_of_service,
        tuple(_dental_line(line, claim, details.get(line.number, NO_DETAIL)) for line in claim.lines), claim.diagnoses,
        claim.sequence, claim.frequency, claim.payer_claim_number, served_on=claim.served_on, rendering=claim.rendering,
        referring=claim.referring, prior_authorization=claim.prior_authorization, other_payers=claim.other_payers,
        appliance_on=mouth.appliance_on, orthodontics=mouth.orthodontics, tooth_status=mouth.status,
    )  # fmt: skip


def _dental_line(line: ClaimLine, claim: Claim, detail: LineDetail) -> DentalLine:
    return DentalLine(
        line.number, line.procedure, line.charge_cents, line.units, line.modifiers, line.description, line.place_of_service,
        oral_cavity=(detail.area,) if detail.area else (), prosthesis=detail.prosthesis, replaces_on=detail.replaces_on, pointers=line.pointers,
        teeth=(Tooth(detail.tooth, tuple(detail.surfaces)),) if detail.tooth else (),
        served_on=line.served_on if line.served_on != claim.served_on else None, reference=line.reference, decisions=line.decisions,
    )  # fmt: skip
