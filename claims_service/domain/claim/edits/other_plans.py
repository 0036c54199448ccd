"""Edits on the patient's other plans and what they decided (837P 2320, 2330, 2430)."""

from collections import Counter
from collections.abc import Iterator

from claims_service.domain.claim.claim import Adjustment, Claim, ClaimLine, OtherPayer
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit, LineEdit
from claims_service.domain.claim.edits.finding import MUST, Facts
from claims_service.domain.coverage import RELATIONSHIPS

MEDICAID = "MC"
RANKS = "PST"
GROUPS = frozenset({"CO", "OA", "PI", "PR", "CR"})  # CAS01 of an 837
MOST_REASONS = 6  # of one group in an 837 (CAS)
_GUIDE = "X12 005010X222A1"
_REMITTANCE = "Take it from the first plan's remittance."


def _decided(claim: Claim) -> Iterator[OtherPayer]:
    return (other for other in claim.other_payers if other.paid_cents is not None)


def _adjustments(claim: Claim) -> Iterator[tuple[Adjustment, ...]]:
    yield from (other.adjustments for other in claim.other_payers)
    yield from (decision.adjustments for line in claim.lines for decision in line.decisions)


def _twice_ranked(claim: Claim, _: Facts) -> bool:
    ranks = [claim.sequence, *(other.sequence for other in claim.other_payers)]
    return len(ranks) != len(set(ranks))


def _undated(claim: Claim, _: Facts) -> bool:
    """DTP*573 stands once for each plan: with its lines, or else with the plan."""
    if not claim.other_payers:
        return False
    told = {decision.payer_identifier for line in claim.lines for decision in line.decisions}
    return any(other.decided_on is None and other.payer.identifier not in told for other in _decided(claim))


def _medicaid_before_others(claim: Claim, _: Facts) -> bool:
    if claim.coverage.payer.filing != MEDICAID:
        return False
    return any(RANKS.find(other.sequence) > RANKS.find(claim.sequence) for other in claim.other_payers)


def _too_many_reasons(claim: Claim, _: Facts) -> bool:
    return any(
        most > MOST_REASONS for listed in _adjustments(claim) for most in Counter(a.group for a in listed).values()
    )


def _out_of_balance(_claim: Claim, line: ClaimLine, _: Facts) -> bool:
    """The charge is what a plan paid and adjusted; a line bundled into another is told by that one."""
    return bool(line.decisions) and any(
        decision.bundled_into is None
        and line.charge_cents != decision.paid_cents + sum(one.cents for one in decision.adjustments)
        for decision in line.decisions
    )


EDITS = (
    ClaimEdit(
        Edit("sequence_code", MUST, "It is not said whether this plan pays first, second or third.", "Set the order of the plans.",
             "2000B SBR01", "Claim.insurance.sequence", _GUIDE, "coverage"),
        lambda c, f: c.sequence not in set(RANKS),
    ),
    ClaimEdit(
        Edit("plan_order", MUST, "Two plans stand in the same place.", "Say which plan pays first in the patient's record.", "2320 SBR01",
             "Claim.insurance.sequence", _GUIDE, "coverage"),
        _twice_ranked,
    ),
    ClaimEdit(
        Edit("first_decision", MUST, "The first plan has not decided yet.", "Wait for its answer; the claim builds itself then.", "2320 AMT*D",
             "Claim.insurance.claimResponse", _GUIDE, "coverage"),
        lambda c, f: c.sequence in {"S", "T"} and not any(_decided(c)),
    ),
    ClaimEdit(
        Edit("medicaid_first", MUST, "Medicaid is billed before another plan.", "Medicaid pays last: change the order of the plans.",
             "2000B SBR01", "Claim.insurance.sequence", "42 CFR 433.139", "coverage"),
        _medicaid_before_others,
    ),
    ClaimEdit(
        Edit("other_identifier", MUST, "The payer id of another plan is missing.", "An administrator adds it to that insurer.", "2330B NM109",
             "Claim.insurance.coverage", _GUIDE, "coverage"),
        lambda c, f: any(not other.payer.identifier.strip() for other in c.other_payers),
    ),
    ClaimEdit(
        Edit("other_same_payer", MUST, "The plan that is billed stands among the others too, with the same member number.",
             "Take it out of one of the two places.", "2330B NM109", "Claim.insurance.coverage", _GUIDE, "coverage"),
        lambda c, f: any(
            (other.payer.identifier, other.member_id) == (c.coverage.payer.identifier, c.coverage.member_id) for other in c.other_payers
        ),
    ),
    ClaimEdit(
        Edit("other_member_id", MUST, "The member number of another plan is missing.", "Copy it from that plan's card.", "2330A NM109",
             "Coverage.subscriberId", _GUIDE, "coverage"),
        lambda c, f: any(not other.member_id.strip() for other in c.other_payers),
    ),
    ClaimEdit(
        Edit("other_relationship", MUST, "How the patient is related to the insured person of another plan is missing.",
             "Choose it in that plan.", "2320 SBR02", "Coverage.relationship", _GUIDE, "coverage"),
        lambda c, f: any(other.relationship not in RELATIONSHIPS for other in c.other_payers),
    ),
    ClaimEdit(
        Edit("other_paid_negative", MUST, "Another plan's payment is below zero.", _REMITTANCE, "2320 AMT*D", "Claim.insurance", _GUIDE,
             "coverage"),
        lambda c, f: any((other.paid_cents or 0) < 0 for other in _decided(c)),
    ),
    ClaimEdit(
        Edit("decision_undated", MUST, "The day on which another plan decided is missing.", _REMITTANCE, "2330B DTP*573",
             "ClaimResponse.created", _GUIDE, "coverage"),
        _undated,
    ),
    ClaimEdit(
        Edit("decision_future", MUST, "Another plan decides only in the future.", _REMITTANCE, "2330B DTP*573", "ClaimResponse.created",
             _GUIDE, "coverage"),
        lambda c, f: any(other.decided_on is not None and other.decided_on > f.today for other in c.other_payers),
    ),
    ClaimEdit(
        Edit("adjustment_group", MUST, "An adjustment of another plan has no group that claims know.", "CO, PR, OA or PI, as on its remittance.",
             "2320 CAS01", "Claim.insurance", _GUIDE, "coverage"),
        lambda c, f: any(one.group not in GROUPS for listed in _adjustments(c) for one in listed),
    ),
    ClaimEdit(
        Edit("adjustment_reasons", MUST, "Another plan gave more than six reasons in one group; a claim carries six.",
             "Send this claim on paper with the remittance.", "2320 CAS", "Claim.insurance", _GUIDE, "coverage"),
        _too_many_reasons,
    ),
    ClaimEdit(
        Edit("passed_over_amount", MUST, "What another plan does not cover is not the whole charge.",
             "A plan is passed over for the whole claim, or it decides.", "2320 AMT*A8", "Claim.insurance", _GUIDE, "coverage"),
        lambda c, f: any(
            other.not_covered_cents is not None and (other.not_covered_cents != c.charge_cents or bool(other.adjustments))
            for other in c.other_payers
        ),
    ),
    LineEdit(
        Edit("decision_balance", MUST, "What another plan paid and adjusted on {line.procedure} is not its charge.", _REMITTANCE,
             "2430 SVD02 and CAS", "ClaimResponse.item", _GUIDE, "charge"),
        _out_of_balance,
    ),
    LineEdit(
        Edit("decision_negative", MUST, "Another plan's payment for {line.procedure} is below zero.", _REMITTANCE, "2430 SVD02",
             "ClaimResponse.item", _GUIDE, "charge"),
        lambda c, line, f: bool(line.decisions) and any(decision.paid_cents < 0 for decision in line.decisions),
    ),
    LineEdit(
        Edit("decision_of_stranger", MUST, "A decision on {line.procedure} names a plan that the claim does not.", "Add that plan to the claim.",
             "2430 SVD01", "ClaimResponse.insurer", _GUIDE, "procedure"),
        lambda c, line, f: bool(line.decisions) and any(
            decision.payer_identifier not in {other.payer.identifier for other in c.other_payers} for decision in line.decisions
        ),
    ),
)  # fmt: skip
