"""Checks on when: the future, birth, coverage, filing deadlines."""

from collections.abc import Iterator
from datetime import timedelta

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts, Finding

NEAR_DAYS = 14


def future(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """Only services that were given are billed (837P DTP*472)."""
    for line in claim.lines:
        if line.served_on > facts.today:
            yield Finding(
                "future",
                MUST,
                f"lines[{line.number - 1}].served_on",
                "The service date lies in the future.",
                "Correct the date.",
                "837P DTP*472",
            )


def before_birth(claim: Claim, _: Facts) -> Iterator[Finding]:
    """CARC 14: the date of birth follows the date of service."""
    if claim.patient.birth_on and claim.served_on < claim.patient.birth_on:
        yield Finding(
            "before_birth",
            MUST,
            "served_on",
            "The visit lies before the patient's birth.",
            "Correct the visit or the date of birth.",
            "CARC 14",
        )


def covered(claim: Claim, _: Facts) -> Iterator[Finding]:
    """CARC 26 and 27: expenses before coverage began or after it ended."""
    plan = claim.coverage
    if plan.valid_from and claim.served_on < plan.valid_from:
        yield Finding(
            "not_covered_yet",
            MUST,
            "coverage",
            f"{plan.payer.name} covers the patient only from a later day.",
            "Ask which plan paid on the day of the visit.",
            "CARC 26",
        )
    if plan.valid_until and claim.served_on >= plan.valid_until:
        yield Finding(
            "no_longer_covered",
            MUST,
            "coverage",
            f"{plan.payer.name} no longer covered the patient on that day.",
            "Ask the patient for the new plan.",
            "CARC 27",
        )


def filing_deadline(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """CARC 29: the time limit for filing has passed."""
    last = claim.served_on + timedelta(days=facts.payer.filing_days)
    if facts.today > last:
        yield Finding(
            "too_late",
            MUST,
            "served_on",
            f"{claim.coverage.payer.name} took this claim until {last:%B} {last.day}, {last.year}.",
            "Send it with a delay reason, or write it off: the patient can't be billed.",
            "CARC 29",
        )
    elif facts.today > last - timedelta(days=NEAR_DAYS):
        yield Finding(
            "deadline_near",
            LOOK,
            "served_on",
            f"The filing deadline is {last:%B} {last.day}, {last.year}.",
            "Send it today.",
            "CARC 29",
        )


CHECKS = (future, before_birth, covered, filing_deadline)
