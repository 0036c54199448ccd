"""The insurer's 835: claim payments, reversals and provider-level adjustments that add up to the payment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims_service.domain.money import dollars_text
from claims_service.gateways.sandbox_insurer.decision import Cut, Decision, LineDecision
from claims_service.gateways.sandbox_insurer.outgoing import Segment, composite, segment
from claims_service.gateways.sandbox_insurer.plan import Plan
from claims_service.gateways.sandbox_insurer.submitted import Claim

REVERSAL, CORRECTED = "22", "7"
MOST_CUTS = 6  # reason and amount pairs in one CAS, adjustments in one PLB


@dataclass(frozen=True, slots=True)
class Item:
    """One CLP. number: the insurer's (CLP07); original: the number it corrects. interest_cents: told in AMT*I, paid by PLB L6."""

    claim: Claim
    number: str
    decision: Decision
    received_on: date
    reversal: bool = False
    original: str = ""
    interest_cents: int = 0

    @property
    def paid_cents(self) -> int:
        return -self.decision.paid_cents if self.reversal else self.decision.paid_cents


@dataclass(slots=True)
class Remittance:
    """One payment to one payee. plb: (reason, reference, cents), positive lowers the payment. slip_cents: by which it lies."""

    trace: str
    paid_on: date
    items: list[Item]
    plb: list[tuple[str, str, int]] = field(default_factory=list)
    slip_cents: int = 0

    @property
    def net_cents(self) -> int:
        return sum(item.paid_cents for item in self.items) - sum(cents for _, _, cents in self.plb)


def body(plan: Plan, remittance: Remittance, receiver: str) -> list[Segment]:
    """The segments of the transaction behind ST."""
    first = remittance.items[0].claim
    return [
        *_head(plan, remittance, first, receiver),
        ("LX", "1"),
        *(part for item in remittance.items for part in _claim(plan, item)),
        *_provider_adjustments(remittance, first),
    ]


def _head(plan: Plan, remittance: Remittance, claim: Claim, receiver: str) -> Iterator[Segment]:
    day = f"{remittance.paid_on:%Y%m%d}"
    total = remittance.net_cents + remittance.slip_cents
    if total:
        yield (
            "BPR", "I", dollars_text(total), "C", "ACH", "CCP", "01", plan.bank_routing, "DA", plan.bank_account, plan.originator, "",
            "01", plan.payee_routing, "DA", plan.payee_account, day,
        )  # fmt: skip
    else:
        yield ("BPR", "H", "0", "C", "NON", *[""] * 11, day)
    yield ("TRN", "1", remittance.trace, plan.originator)
    yield ("REF", "EV", receiver)
    yield ("DTM", "405", day)
    yield ("N1", "PR", plan.name.upper())
    yield ("N3", plan.street.upper())
    yield ("N4", plan.city.upper(), plan.state, plan.zip)
    yield ("REF", "2U", plan.identifier)
    yield ("PER", "CX", "PROVIDER SERVICES", "TE", plan.phone)
    yield ("PER", "BL", "EDI HELP DESK", "TE", plan.phone)
    yield ("N1", "PE", claim.billing_name, "XX", claim.billing_npi)
    yield ("REF", "TJ", claim.billing_tax_id)


def _claim(plan: Plan, item: Item) -> Iterator[Segment]:
    claim, decision = item.claim, item.decision
    sign = -1 if item.reversal else 1
    patient = "" if item.reversal else dollars_text(decision.patient_cents)
    yield segment(
        "CLP", claim.control_number, REVERSAL if item.reversal else decision.status, dollars_text(sign * claim.charge_cents),
        dollars_text(item.paid_cents), patient, plan.filing, item.number, claim.place, CORRECTED if item.original else claim.frequency,
    )  # fmt: skip
    yield ("NM1", "QC", "1", claim.patient_last, claim.patient_first, "", "", "", "MI", claim.member_id)
    if item.original:
        yield ("REF", "F8", item.original)
    yield ("DTM", "232", claim.served_on)
    yield ("DTM", "050", f"{item.received_on:%Y%m%d}")
    allowed = sum(line.allowed_cents or 0 for line in decision.lines)
    if allowed and not item.reversal:
        yield ("AMT", "AU", dollars_text(allowed))
    if item.interest_cents:
        yield ("AMT", "I", dollars_text(item.interest_cents))
    for line in decision.lines:
        yield from _line(line, sign)


def _line(decided: LineDecision, sign: int) -> Iterator[Segment]:
    line = decided.line
    units = f"-{line.units}" if sign < 0 else line.units
    charge, paid = dollars_text(sign * line.charge_cents), dollars_text(sign * decided.paid_cents)
    yield ("SVC", composite("HC", line.procedure, *line.modifiers), charge, paid, "", units)
    yield ("DTM", "472", line.served_on)
    yield from _adjustments(decided.cuts, sign)
    yield ("REF", "6R", line.reference)
    if decided.allowed_cents is not None and sign > 0:
        yield ("AMT", "B6", dollars_text(decided.allowed_cents))
    for remark in decided.remarks:
        yield ("LQ", "HE", remark)


def _adjustments(cuts: Sequence[Cut], sign: int) -> Iterator[Segment]:
    """One CAS a group, six reasons each; the quantity between them stays empty."""
    for group in dict.fromkeys(group for group, _, _ in cuts):
        pairs = [(reason, sign * cents) for g, reason, cents in cuts if g == group]
        for start in range(0, len(pairs), MOST_CUTS):
            triplets = [
                e for reason, cents in pairs[start : start + MOST_CUTS] for e in (reason, dollars_text(cents), "")
            ]
            yield segment("CAS", group, *triplets)


def _provider_adjustments(remittance: Remittance, claim: Claim) -> Iterator[Segment]:
    for start in range(0, len(remittance.plb), MOST_CUTS):
        pairs = [
            e
            for reason, reference, cents in remittance.plb[start : start + MOST_CUTS]
            for e in (composite(reason, reference), dollars_text(cents))
        ]
        yield ("PLB", claim.billing_npi, f"{remittance.paid_on:%Y}1231", *pairs)
