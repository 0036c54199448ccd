"""Runs every check on a claim; each check is one function that names its rule."""

from collections.abc import Callable, Iterator

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits import content, parties, timing
from claims_service.domain.claim.edits.finding import MUST, Facts, Finding

CHECKS: tuple[Callable[[Claim, Facts], Iterator[Finding]], ...] = (*parties.CHECKS, *content.CHECKS, *timing.CHECKS)


def problems_in(claim: Claim, facts: Facts) -> tuple[Finding, ...]:
    """Everything the checks found, what must be mended first, in the order of the form."""
    found = [finding for check in CHECKS for finding in check(claim, facts) if finding.rule not in facts.payer.off]
    return tuple(sorted(found, key=lambda finding: finding.severity != MUST))


def may_go(findings: tuple[Finding, ...]) -> bool:
    """True when nothing must be mended before the claim is sent."""
    return all(finding.severity != MUST for finding in findings)
