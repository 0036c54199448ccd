"""A claim to a next plan, made from what the plan before it decided. Not a step itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.building import PricedLine
from claims_service.domain.claim.claim import ORIGINAL, REPLACEMENT, VOID, ClaimLine
from claims_service.domain.coverage import SEQUENCE, Coverage
from claims_service.domain.line_detail import NO_DETAIL, LineDetail
from claims_service.domain.remittance import matching
from claims_service.domain.remittance.advice import ClaimPayment
from claims_service.store import claim_values, claims
from claims_service.store.claim_values import Decision


@dataclass(frozen=True, slots=True)
class Onward:
    """A claim whose plan left something for the next one."""

    head: claims.Head
    plan: Coverage
    decided_on: date
    payment: ClaimPayment
    lines: Sequence[ClaimLine]
    details: Mapping[int, LineDetail]


def stands(claim: claims.Head) -> bool:
    """Whether a claim asks its plan for money: not one that was taken out, nor one that asks to void another."""
    return claim.state not in (lifecycle.VOID, lifecycle.REPLACED) and claim.frequency != VOID


def decision_of(item: Onward) -> Decision:
    """The standing decision as the next payer gets it. Zero adjustments are left out (X12 RFI 1865)."""
    payment = item.payment
    numbers = matching.line_numbers(payment, item.lines)
    lines = {
        numbers[line.position]: (
            line.paid_cents, line.procedure, line.modifiers, line.units, tuple(a for a in line.adjustments if a.cents),
        )
        for line in payment.lines
        if line.position in numbers
    }  # fmt: skip
    adjustments = tuple(a for a in payment.adjustments if a.cents)
    return Decision(
        item.head.coverage or 0,
        item.head.sequence,
        payment.paid_cents,
        payment.payer_claim_number,
        item.decided_on,
        adjustments,
        lines,
    )


def next_claim(
    item: Onward, decisions: Sequence[Decision], control: str, *, replaces: int | None = None
) -> claims.NewClaim:
    """The claim to the plan after item's. replaces: the earlier version that the insurer of that plan has."""
    lines = tuple(
        PricedLine(
            line.number, line.procedure, line.modifiers, line.units, line.pointers, line.charge_cents, True, None, line.served_on,
            line.place_of_service, line.ndc, line.description, item.details.get(line.number, NO_DETAIL),
        )
        for line in item.lines
    )  # fmt: skip
    place = next(rank for rank, code in SEQUENCE.items() if code == item.head.sequence) + 1
    return claims.NewClaim(
        item.head.encounter, item.head.patient, item.plan.id, item.plan.payer_id, SEQUENCE[place], control, lifecycle.READY,
        item.head.served_on, lines, REPLACEMENT if replaces else ORIGINAL, replaces,
        other_payers=claim_values.decisions_json(decisions),
    )  # fmt: skip
