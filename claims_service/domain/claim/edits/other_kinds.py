"""Which findings of the common edits hold for a facility's or a dentist's claim, whose forms ask for other things."""

from collections.abc import Sequence

from claims_service.domain.claim.dental import DentalClaim
from claims_service.domain.claim.edits.finding import Finding
from claims_service.domain.claim.institutional import InstitutionalClaim

NOT_OF_FACILITIES = frozenset(
    "pointer_missing principal_unused place_unknown line_place_unknown admission_missing too_many_lines too_many_diagnoses"
    " rendering_taxonomy".split()
)
NOT_OF_DENTISTS = frozenset({"pointer_missing", "no_diagnosis", "principal_unused"})


def fitting(findings: Sequence[Finding], other: InstitutionalClaim | DentalClaim | None) -> tuple[Finding, ...]:
    """Without those that ask for what this kind of claim does not say; all of them for a professional claim."""
    if other is None:
        return tuple(findings)
    if isinstance(other, DentalClaim):
        return tuple(finding for finding in findings if finding.rule not in NOT_OF_DENTISTS)
    coded = {f"lines[{line.number - 1}]" for line in other.lines if line.procedure}
    return tuple(
        finding
        for finding in findings
        if finding.rule not in NOT_OF_FACILITIES
        and (not finding.place.startswith("lines[") or finding.place.partition(".")[0] in coded)
    )
