"""Part 8, corrections: a replacement has its insurer's own limit or none, a void has none."""

from datetime import timedelta

import pytest

from claims_service.domain.claim.edits.checks import problems_in
from claims_service.domain.claim.edits.finding import Facts, PayerRules
from tests.formats.x12 import examples


@pytest.mark.parametrize(
    ("frequency", "corrected_days", "days", "late"),
    [("1", 0, 91, True), ("7", 0, 400, False), ("7", 180, 180, False), ("7", 180, 181, True), ("8", 180, 400, False)],
)
def test_part_8_a_corrected_claim_goes_by_the_limit_for_corrected_claims(
    frequency: str, corrected_days: int, days: int, late: bool
) -> None:
    """90 days for a first claim, 180 for a corrected one where the insurer says so."""
    claim = examples.claim(frequency=frequency, payer_claim_number="" if frequency == "1" else "ICN1")
    today = claim.served_on + timedelta(days=days)

    found = problems_in(claim, Facts(today, PayerRules(filing_days=90, corrected_days=corrected_days)))

    assert ("too_late" in [problem.rule for problem in found]) is late
