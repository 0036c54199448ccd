"""Every edit there is, by family, and what they find on a claim."""

from collections.abc import Mapping, Sequence

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits import (
    circumstances,
    clinic,
    diagnoses,
    form,
    lines,
    modifiers,
    other_plans,
    patient,
    plan,
    timing,
    visits,
)
from claims_service.domain.claim.edits.edit import Check
from claims_service.domain.claim.edits.finding import MUST, Facts, Finding
from claims_service.domain.claim.edits.timing import DeadlineEdit

FAMILIES: Mapping[str, Sequence[Check | DeadlineEdit]] = {
    "Clinic and providers": clinic.EDITS,
    "Patient": patient.EDITS,
    "Plan and insured person": plan.EDITS,
    "Other plans": other_plans.EDITS,
    "Diagnoses": diagnoses.EDITS,
    "Services": lines.EDITS,
    "Modifiers": modifiers.EDITS,
    "Place, age, drugs and tests": visits.EDITS,
    "Circumstances": circumstances.EDITS,
    "The claim itself": form.EDITS,
    "Dates and deadlines": timing.EDITS,
}
CHECKS: tuple[Check | DeadlineEdit, ...] = tuple(check for family in FAMILIES.values() for check in family)


def problems_in(claim: Claim, facts: Facts) -> tuple[Finding, ...]:
    """Everything the edits found, what must be mended first, in the order of the form."""
    off, day = facts.payer.off, claim.served_on if claim.lines else facts.today
    asked = (check for check in CHECKS if check.edit.holds(day) and check.edit.id not in off)
    found = [finding for check in asked for finding in check.findings(claim, facts)]
    return tuple(sorted(found, key=lambda finding: finding.severity != MUST))


def may_go(findings: tuple[Finding, ...]) -> bool:
    """True when nothing must be mended before the claim is sent."""
    return all(finding.severity != MUST for finding in findings)
