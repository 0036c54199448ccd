"""FL 50 to 65 of a UB-04: up to three plans, the one that pays first on row A."""

from collections.abc import Iterator

from claims_service.domain.claim.claim import NEW, OtherPayer
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.formats.paper import writing

ORDER = "PST"  # SBR01


def payer_boxes(claim: InstitutionalClaim) -> Iterator[tuple[str, str]]:
    """One row for the plan that is asked and one for each other."""
    yield "56", claim.billing.npi
    rows: list[tuple[str, OtherPayer | None]] = [(claim.sequence, None)]
    rows += [(other.sequence, other) for other in claim.other_payers]
    for row, (_, other) in zip("ABCDEFGHIJK", sorted(rows, key=lambda found: ORDER.find(found[0])), strict=False):
        yield from _other(row, other, claim) if other else _asked(row, claim)


def _asked(row: str, claim: InstitutionalClaim) -> Iterator[tuple[str, str]]:
    plan = claim.coverage
    yield f"50{row}", writing.plain(plan.payer.name)
    yield f"51{row}", writing.plain(plan.payer.identifier)
    yield f"52{row}", claim.release_of_information
    yield f"53{row}", claim.benefits_assigned
    yield f"55{row}", "" if claim.estimated_due_cents is None else writing.columns_of(claim.estimated_due_cents)
    yield f"58{row}", writing.listed_name(plan.subscriber).replace(",", "")
    yield f"59{row}", plan.relationship
    yield f"60{row}", writing.code(plan.member_id)
    yield f"61{row}", writing.plain(plan.plan_name)
    yield f"62{row}", writing.plain(plan.group_number)
    yield f"63{row}", writing.plain(claim.prior_authorization or claim.referral_number)
    yield f"64{row}", writing.plain(claim.payer_claim_number) if claim.frequency not in NEW else ""


def _other(row: str, other: OtherPayer, claim: InstitutionalClaim) -> Iterator[tuple[str, str]]:
    yield f"50{row}", writing.plain(other.payer.name)
    yield f"51{row}", writing.plain(other.payer.identifier)
    yield f"52{row}", other.release_of_information or claim.release_of_information
    yield f"53{row}", other.benefits_assigned or claim.benefits_assigned
    yield f"54{row}", "" if other.paid_cents is None else writing.columns_of(other.paid_cents)
    yield f"58{row}", writing.listed_name(other.subscriber).replace(",", "")
    yield f"59{row}", other.relationship
    yield f"60{row}", writing.code(other.member_id)
    yield f"61{row}", writing.plain(other.plan_name)
    yield f"62{row}", writing.plain(other.group_number)
    yield f"63{row}", writing.plain(other.prior_authorization or other.referral_number)
    yield f"64{row}", writing.plain(other.payer_claim_number)
