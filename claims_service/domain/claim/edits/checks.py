"""Every edit there is, by family, and what they find on a claim."""

from collections.abc import Mapping, Sequence

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits import (
    authorizations,
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
from claims_service.domain.claim.edits.edit import Check, ClaimEdit, DiagnosisEdit, LineEdit
from claims_service.domain.claim.edits.finding import MUST, Facts, Finding

FAMILIES: Mapping[str, Sequence[Check]] = {
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
    "Approvals in advance": authorizations.EDITS,
    "Dates and deadlines": timing.EDITS,
}
CHECKS: tuple[Check, ...] = tuple(check for family in FAMILIES.values() for check in family)
_PLACES = {check.edit.id: place for place, check in enumerate(CHECKS)}
_OF_CLAIM = [check for check in CHECKS if isinstance(check, ClaimEdit)]
_OF_LINE = [check for check in CHECKS if isinstance(check, LineEdit)]
_OF_DIAGNOSIS = [check for check in CHECKS if isinstance(check, DiagnosisEdit)]
_DATED = {check.edit.id: check.edit for check in CHECKS if check.edit.since or check.edit.until}


def problems_in(claim: Claim, facts: Facts) -> tuple[Finding, ...]:
    """Everything the edits found, what must be mended first, in the order of the form."""
    day = claim.served_on if claim.lines else facts.today
    found = [(day, check.finding(claim, facts)) for check in _OF_CLAIM if check.broken(claim, facts)]
    for line in claim.lines:
        found += [
            (line.served_on, check.finding(claim, line, facts))
            for check in _OF_LINE
            if check.broken(claim, line, facts)
        ]
    for at in range(len(claim.diagnoses)):
        found += [(day, check.finding(claim, at, facts)) for check in _OF_DIAGNOSIS if check.broken(claim, at, facts)]
    off = facts.payer.off
    asked = [one for on, one in found if one.rule not in off and (one.rule not in _DATED or _DATED[one.rule].holds(on))]
    return tuple(sorted(asked, key=lambda finding: (finding.severity != MUST, _PLACES[finding.rule])))


def may_go(findings: tuple[Finding, ...]) -> bool:
    """True when nothing must be mended before the claim is sent."""
    return all(finding.severity != MUST for finding in findings)
