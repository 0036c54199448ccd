"""Coordination of benefits on an 837P: what other payers decided (loops 2320, 2330A, 2330B and 2430)."""

from collections.abc import Mapping, Sequence

from claims_service.domain.claim.claim import Adjustment, Claim, LineDecision, OtherPayer
from claims_service.formats.x12.plain import amount_text, day_text, quantity_text
from claims_service.formats.x12.writer import Form, Writer, form

MOST_REASONS = 6  # triplets in one CAS
TRIPLETS = " ".join(f"reason{i} amount{i} quantity{i}" for i in range(1, MOST_REASONS + 1))
CAS = {loop: form("837p", loop, "CAS", f"group {TRIPLETS}") for loop in ("2320", "2430")}

COVERAGE = form("837p", "2320", "SBR", "order relation group filing")
PAID = form("837p", "2320", "AMT", "qualifier=D amount")
CONSENTS = form("837p", "2320", "OI", "benefits release")
SUBSCRIBER = form("837p", "2330A", "NM1", "entity=IL entity_type=1 last first middle id_qualifier=MI id")
PAYER = form("837p", "2330B", "NM1", "entity=PR entity_type=2 last id_qualifier=PI id")
PAYER_CLAIM = form("837p", "2330B", "REF", "qualifier=F8 value")
DECISION = form(
    "837p",
    "2430",
    "SVD",
    "payer paid procedure{qualifier=HC code modifier1 modifier2 modifier3 modifier4} quantity",
)
DECIDED = form("837p", "2430", "DTP", "qualifier=573 format=D8 date")
LEFT = form("837p", "2430", "AMT", "qualifier=EAF amount")


def write_other_payer(out: Writer, other: OtherPayer, claim: Claim, addresses: Mapping[str, tuple[Form, Form]]) -> None:
    """2320 with 2330A and 2330B; adjustments go out word for word as they came in the other payer's 835."""
    out.add(COVERAGE, other.sequence, other.relationship, other.group_number, other.payer.filing)
    write_adjustments(out, CAS["2320"], other.adjustments)
    if other.paid_cents is not None:
        out.add(PAID, amount_text(other.paid_cents))
    out.add(CONSENTS, claim.benefits_assigned, claim.release_of_information)
    person = other.subscriber
    out.add(SUBSCRIBER, person.last, person.first, person.middle, other.member_id)
    for loop, place in (("2330A", person.address), ("2330B", other.payer.address)):
        if loop == "2330B":
            out.add(PAYER, other.payer.name, other.payer.identifier)
        if place.complete:
            street, city = addresses[loop]
            out.add(street, place.line1, place.line2)
            out.add(city, place.city, place.state, place.zip)
    if other.payer_claim_number:
        out.add(PAYER_CLAIM, other.payer_claim_number)


def write_decision(out: Writer, decision: LineDecision) -> None:
    """2430; what is left to the patient (AMT*EAF) is the sum of the PR adjustments."""
    modifiers = (*decision.modifiers, "", "", "", "")[:4]
    paid = amount_text(decision.paid_cents)
    out.add(DECISION, decision.payer_identifier, paid, decision.procedure, *modifiers, quantity_text(decision.units))
    write_adjustments(out, CAS["2430"], decision.adjustments)
    out.add(DECIDED, day_text(decision.decided_on))
    left = sum(adjustment.cents for adjustment in decision.adjustments if adjustment.group == "PR")
    if left > 0:
        out.add(LEFT, amount_text(left))


def write_adjustments(out: Writer, cas: Form, adjustments: Sequence[Adjustment]) -> None:
    """One CAS a group. A group with more than six reasons fits no 837 and is refused (X12 allows it in the 835 only)."""
    groups: dict[str, list[Adjustment]] = {}
    for adjustment in adjustments:
        groups.setdefault(adjustment.group, []).append(adjustment)
    for group, members in groups.items():
        values = adjustment_values(members[:MOST_REASONS])
        if len(members) > MOST_REASONS:
            out.refuse(cas, "More than six reasons in one adjustment group.", "Send this claim on paper.")
        out.add(cas, group, *values)


def adjustment_values(adjustments: Sequence[Adjustment]) -> list[str]:
    """Reason, amount and quantity of up to six adjustments, empty behind the last."""
    values: list[str] = []
    for adjustment in adjustments:
        quantity = "" if adjustment.quantity is None else quantity_text(adjustment.quantity)
        values += (adjustment.reason, amount_text(adjustment.cents), quantity)
    return values + [""] * (3 * MOST_REASONS - len(values))
