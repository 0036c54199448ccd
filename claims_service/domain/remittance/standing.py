"""Whether a decision can stand where its claim stands: what comes early waits, what comes twice is asked about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.remittance.advice import ClaimPayment

EARLY, AGAIN, ESTIMATE = "early_reversal", "decided_twice", "predetermination"


@dataclass(slots=True)
class Standing:
    """Where a claim stands with its insurer.

    open_cents: asked of the insurer and not settled. settled_cents: what its decisions settled so far.
    decided: decisions that none has taken back. replaced: another version of the claim stands for it.
    """

    open_cents: int = 0
    settled_cents: int = 0
    decided: int = 0
    replaced: bool = False

    def limit_cents(self, payment: ClaimPayment) -> int:
        """The most that a decision can settle here, or a reversal can open again."""
        return self.settled_cents if payment.is_reversal else self.open_cents

    def obstacle(self, payment: ClaimPayment, settles_cents: int) -> str:
        """Why it can't be posted now, "" when it can. settles_cents: what it takes off the claim, below zero for a reversal."""
        if payment.is_reversal:
            return "" if self.decided else EARLY
        if settles_cents > max(self.open_cents, 0) and not self.replaced:
            return AGAIN
        return ""

    def take(self, payment: ClaimPayment, settles_cents: int) -> None:
        """The decision was posted."""
        self.open_cents -= settles_cents
        self.settled_cents += settles_cents
        self.decided += -1 if payment.is_reversal else 1

    def told(self, kind: str, settles_cents: int) -> str:
        """One sentence for the person who looks at what waits."""
        if kind == EARLY:
            return (
                "The insurer takes back a decision that we don’t have. It is posted by itself once the decision comes."
            )
        return (
            f"This decides {spoken(settles_cents)} of a claim that has {spoken(self.open_cents)} open: it was decided or"
            " written off before, and nothing was taken back yet."
        )


def decision_that_holds(decisions: Sequence[tuple[date, ClaimPayment]]) -> tuple[date, ClaimPayment] | None:
    """The last decision that no reversal took back, in whatever order they came in; with the day of its payment."""
    left = sorted((one for one in decisions if not one[1].is_reversal), key=lambda one: one[0])
    for day, back in decisions:
        if back.is_reversal and left:
            mirrored = [one for one in left if _mirrors(one[1], back)]
            before = [one for one in left if one[0] <= day]
            left.remove((mirrored or before or left)[-1 if not mirrored else 0])
    return left[-1] if left else None


def _mirrors(decision: ClaimPayment, back: ClaimPayment) -> bool:
    return decision.charge_cents == -back.charge_cents and decision.paid_cents == -back.paid_cents


def mirrors(held: Iterable[tuple[int, str, int]]) -> dict[int, int]:
    """Held payments that come to nothing in pairs, each with its other. held: (key, CLP01, cents); a pair has one number."""
    alone: dict[tuple[str, int], list[int]] = {}
    pairs: dict[int, int] = {}
    for key, number, cents in held:
        if cents and (others := alone.get((number, -cents))):
            other = others.pop(0)
            pairs |= {key: other, other: key}
        elif cents:
            alone.setdefault((number, cents), []).append(key)
    return pairs
