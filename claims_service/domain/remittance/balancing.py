"""Does an 835 add up: each line, each claim, the whole (835 TR3 005010X221A1, Balancing). Nothing is ever made to fit."""

from dataclasses import dataclass, field

from claims_service.domain.errors import Problem
from claims_service.domain.money import spoken
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment

_SOURCE = "835 TR3 Balancing"
_MEND = "Ask the insurer for a corrected remittance, with this place and amount."
MOST_PROBLEMS = 50


@dataclass(slots=True)
class Balance:
    """Follows one transaction; `problems` names each place that does not add up and by how many cents."""

    advice: Advice
    paid_cents: int = 0
    charge_cents: int = 0
    claims: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"transaction {self.advice.transaction_control}"

    def take(self, payment: ClaimPayment) -> None:
        """One claim payment, in the order of the file."""
        self.claims += 1
        self.paid_cents += payment.paid_cents
        self.charge_cents += payment.charge_cents
        adjusted = sum(a.cents for a in payment.adjustments)
        for line in payment.lines:
            on_line = sum(a.cents for a in line.adjustments)
            adjusted += on_line
            off = line.charge_cents - on_line - line.paid_cents
            if off:
                words = _off("charge", line.charge_cents, on_line, line.paid_cents, off)
                self._add(f"CLP {payment.position}, SVC {line.position}", words)
        off = payment.charge_cents - adjusted - payment.paid_cents
        if off:
            words = _off("charge", payment.charge_cents, adjusted, payment.paid_cents, off)
            self._add(f"CLP {payment.position} (segment {payment.segment})", words)

    def end(self, end: AdviceEnd) -> None:
        """BPR02 = sum of CLP04 less sum of PLB amounts."""
        for n, adjustment in enumerate(end.provider_adjustments, 1):
            if not adjustment.cents:
                self._add(f"PLB {n}", "A provider-level adjustment of $0.00 is not allowed.")
        taken = sum(a.cents for a in end.provider_adjustments)
        off = self.paid_cents - taken - self.advice.paid_cents
        if off:
            self._add(
                "BPR02",
                f"The claims pay {spoken(self.paid_cents)} and provider-level adjustments take {spoken(taken)}, which leaves"
                f" {spoken(self.paid_cents - taken)}; the payment is {spoken(self.advice.paid_cents)}: off by {spoken(off)}.",
            )

    def _add(self, where: str, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(f"{self.place}, {where}", message, _SOURCE, _MEND))


def _off(what: str, charge: int, adjusted: int, paid: int, off: int) -> str:
    return (
        f"The {what} of {spoken(charge)} less adjustments of {spoken(adjusted)} is {spoken(charge - adjusted)};"
        f" paid is {spoken(paid)}: off by {spoken(off)}."
    )
