"""What holds for a facility's or a dentist's claim: the common findings that fit, and those of the edits for it alone."""

from collections.abc import Iterator, Sequence

from claims_service.domain.claim.dental import DentalClaim
from claims_service.domain.claim.edits import revenue, stays, teeth
from claims_service.domain.claim.edits.edit import OtherEdit
from claims_service.domain.claim.edits.finding import MUST, Facts, Finding
from claims_service.domain.claim.institutional import InstitutionalClaim

NOT_OF_FACILITIES = frozenset(
    "pointer_missing principal_unused place_unknown line_place_unknown admission_missing too_many_lines too_many_diagnoses"
    " rendering_taxonomy".split()
)
NOT_OF_DENTISTS = frozenset({"pointer_missing", "no_diagnosis", "principal_unused"})


def findings_of(
    findings: Sequence[Finding], other: InstitutionalClaim | DentalClaim | None, facts: Facts
) -> tuple[Finding, ...]:
    """All of a professional claim's; of another kind those that fit and its own, what must be mended first."""
    if other is None:
        return tuple(findings)
    both = [*_fitting(findings, other), *own_findings(other, facts)]
    return tuple(sorted(both, key=lambda one: one.severity != MUST))


def own_findings(other: InstitutionalClaim | DentalClaim, facts: Facts) -> Iterator[Finding]:
    """What the edits for this kind of claim alone find, without what the insurer does not ask for."""
    is_dental = isinstance(other, DentalClaim)
    begun = other.served_on or facts.today if isinstance(other, DentalClaim) else other.statement_from
    for check in teeth.EDITS if is_dental else (*stays.EDITS, *revenue.EDITS):
        if check.edit.id in facts.payer.off or not check.edit.holds(begun):
            continue
        if isinstance(check, OtherEdit):
            if check.broken(other, facts):
                yield check.finding(other, facts)
        else:
            yield from (check.finding(other, line, facts) for line in other.lines if check.broken(other, line, facts))


def _fitting(findings: Sequence[Finding], other: InstitutionalClaim | DentalClaim) -> Iterator[Finding]:
    """Without those that ask for what this kind of claim does not say."""
    if isinstance(other, DentalClaim):
        yield from (finding for finding in findings if finding.rule not in NOT_OF_DENTISTS)
        return
    coded = {f"lines[{line.number - 1}]" for line in other.lines if line.procedure}
    for finding in findings:
        of_line = finding.place.startswith("lines[")
        if finding.rule not in NOT_OF_FACILITIES and (not of_line or finding.place.partition(".")[0] in coded):
            yield finding
