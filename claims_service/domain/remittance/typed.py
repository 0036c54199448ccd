"""A remittance as a person types it from paper: the same values that an 835 brings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from claims_service.domain.claim.claim import Adjustment, ClaimLine
from claims_service.domain.remittance.advice import ClaimPayment, LinePayment, ProviderAdjustment

STATUS = {"P": "1", "S": "2", "T": "3"}  # CLP02 by SBR01
BY_CHECK, BY_CARD = "check", "card"
METHODS = {BY_CHECK: "CHK", BY_CARD: "BOP"}  # BPR04; a virtual card is the financial institution's own way


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What was decided on one line of a claim of ours, by its number."""

    number: int
    paid_cents: int
    adjustments: tuple[Adjustment, ...] = ()

    def off_cents(self, charge_cents: int) -> int:
        """What charge less adjustments less paid leaves; zero is the only good number."""
        return charge_cents - sum(a.cents for a in self.adjustments) - self.paid_cents


@dataclass(frozen=True, slots=True)
class TypedClaim:
    """One claim of ours on the paper."""

    control_number: str
    lines: tuple[TypedLine, ...]
    payer_claim_number: str = ""


@dataclass(frozen=True, slots=True)
class TypedRemittance:
    """trace: check or card number. interest_cents: paid on top; taken_cents: kept for an earlier overpayment (taken_for)."""

    payer: int
    trace: str
    paid_on: date
    paid_cents: int
    paid_by: str
    claims: tuple[TypedClaim, ...]
    interest_cents: int = 0
    taken_cents: int = 0
    taken_for: str = ""

    @property
    def difference_cents(self) -> int:
        """The amount of the check less what its parts make."""
        paid = sum(line.paid_cents for claim in self.claims for line in claim.lines)
        return self.paid_cents - (paid + self.interest_cents - self.taken_cents)


def claim_payment(
    position: int, typed: TypedClaim, lines: Sequence[ClaimLine], *, sequence: str, name: tuple[str, str]
) -> ClaimPayment:
    """As loop 2100 says it. Lines that were not typed are not decided."""
    of_ours = {line.number: line for line in lines}
    decided = tuple(_line(n, line, of_ours[line.number]) for n, line in enumerate(typed.lines, 1))
    share = sum(a.cents for line in decided for a in line.adjustments if a.group == "PR")
    return ClaimPayment(
        position, typed.control_number, STATUS.get(sequence, "1"), sum(line.charge_cents for line in decided),
        sum(line.paid_cents for line in decided), typed.payer_claim_number or typed.control_number, share, "12",
        patient_last=name[0], patient_first=name[1], lines=decided,
    )  # fmt: skip


def _line(position: int, typed: TypedLine, ours: ClaimLine) -> LinePayment:
    return replace(
        LinePayment(position, ours.procedure, ours.charge_cents, typed.paid_cents, ours.reference, ours.modifiers),
        units=ours.units,
        served_on=ours.served_on,
        adjustments=tuple(a for a in typed.adjustments if a.cents),
    )


def asides(typed: TypedRemittance, *, npi: str) -> tuple[ProviderAdjustment, ...]:
    """Interest (L6) and what was kept (WO), as PLB says them: positive lowers the payment."""
    year_end = date(typed.paid_on.year, 12, 31)
    told = (("L6", "INTEREST", -typed.interest_cents), ("WO", typed.taken_for or "NONE", typed.taken_cents))
    return tuple(ProviderAdjustment(npi, year_end, reason, about, cents) for reason, about, cents in told if cents)
