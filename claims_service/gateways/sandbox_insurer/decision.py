"""How the insurer decides a claim: denials first, then its allowed amount, then what its plan leaves to the member."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from claims_service.gateways.sandbox_insurer.plan import Benefit, Denial, Plan
from claims_service.gateways.sandbox_insurer.submitted import Claim, Line, Prior

Cut = tuple[str, str, int]
"""Group, reason and cents of one adjustment."""


@dataclass(frozen=True, slots=True)
class LineDecision:
    """allowed_cents: before the member's share; None where nothing was priced."""

    line: Line
    paid_cents: int
    cuts: tuple[Cut, ...]
    remarks: tuple[str, ...] = ()
    allowed_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """status: CLP02. deductible_cents: what the claim used of the member's yearly deductible."""

    status: str
    lines: tuple[LineDecision, ...] = field(default_factory=tuple)
    deductible_cents: int = 0

    @property
    def paid_cents(self) -> int:
        return sum(line.paid_cents for line in self.lines)

    @property
    def patient_cents(self) -> int:
        return sum(amount for line in self.lines for group, _, amount in line.cuts if group == "PR")


def decide(claim: Claim, plan: Plan, deductible_used_cents: int, allowed: dict[str, int] | None = None) -> Decision:
    """What the plan pays. deductible_used_cents: of this year so far; allowed: amounts that go before the plan's table."""
    member = plan.members[claim.member_id]
    served = _day(claim.served_on)
    if not member.valid_from <= served or (member.valid_until and served >= member.valid_until):
        reason = "26" if served < member.valid_from else "27"
        return Decision("1", tuple(_refused(line, "PR", reason) for line in claim.lines))
    if claim.prior_payers:
        return Decision("2", tuple(_after_another(line, plan.benefits[member.plan]) for line in claim.lines))
    benefit = plan.benefits[member.plan]
    left = max(0, benefit.deductible_cents - deductible_used_cents)
    visit_seen, found = False, []
    for line in claim.lines:
        denial = next((rule for rule in plan.denials if _applies(rule, line, claim)), None)
        if denial:
            found.append(_refused(line, denial.group, denial.reason, denial.remark))
            continue
        is_visit = line.procedure in plan.office_visits and not benefit.visits_have_deductible
        price = min(line.charge_cents, _allowed(line, plan, allowed or {}))
        shares, used = _shares(line, price, benefit, left, copay=is_visit and not visit_seen, visit=is_visit)
        visit_seen, left = visit_seen or is_visit, left - used
        found.append(_priced(line, price, shares, plan.sequestration_percent))
    return Decision("1", tuple(found), max(0, benefit.deductible_cents - deductible_used_cents) - left)


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def _applies(rule: Denial, line: Line, claim: Claim) -> bool:
    others = {other.procedure for other in claim.lines if other is not line}
    return (
        line.procedure in rule.procedures
        and not (rule.without_authorization and claim.authorization)
        and (not rule.beside or bool(rule.beside & others))
        and not (rule.unless_beside & others)
        and not {"59", "XU"} & set(line.modifiers)
    )


def _refused(line: Line, group: str, reason: str, remark: str = "") -> LineDecision:
    return LineDecision(line, 0, ((group, reason, line.charge_cents),), (remark,) if remark else ())


def _allowed(line: Line, plan: Plan, before: dict[str, int]) -> int:
    """Units times the table; 60 percent of the charge for what the table lacks."""
    each = before.get(line.procedure, plan.allowed.get(line.procedure))
    if each is None:
        return _percent(line.charge_cents, 60)
    return int((Decimal(each) * Decimal(line.units)).to_integral_value(ROUND_HALF_UP))


def _percent(amount_cents: int, percent: int) -> int:
    return int((Decimal(amount_cents) * percent / 100).to_integral_value(ROUND_HALF_UP))


def _shares(line: Line, price: int, benefit: Benefit, left: int, *, copay: bool, visit: bool) -> tuple[list[Cut], int]:
    """The member's part of an allowed amount, and how much deductible it used."""
    if line.procedure in benefit.free:
        return [], 0
    if visit:
        share = min(price, benefit.copay_cents) if copay else 0
        return ([("PR", "3", share)] if share else []), 0
    used = min(price, left)
    part = _percent(price - used, benefit.coinsurance_percent)
    return [("PR", reason, amount) for reason, amount in (("1", used), ("2", part)) if amount], used


def _priced(line: Line, price: int, shares: Sequence[Cut], sequestration_percent: int) -> LineDecision:
    paid = price - sum(amount for _, _, amount in shares)
    withheld = _percent(paid, sequestration_percent)
    cuts = [("CO", "45", line.charge_cents - price), ("CO", "253", withheld), *shares]
    return LineDecision(line, paid - withheld, tuple(cut for cut in cuts if cut[2]), (), price)


def _after_another(line: Line, benefit: Benefit) -> LineDecision:
    """As second payer: what the earlier one left to the patient, less the plan's copay; the rest is OA-23 (CARC 23)."""
    prior: list[Prior] = line.prior
    left = sum(amount for p in prior for group, _, amount in p.adjustments if group == "PR")
    share = min(left, benefit.copay_cents)
    cuts = [("OA", "23", line.charge_cents - left), ("PR", "3", share)]
    return LineDecision(line, left - share, tuple(cut for cut in cuts if cut[2]), (), left)
