"""Visits a patient pays in full and that no plan is told of (45 CFR 164.522(a)(1)(vi)).

The wish holds as long as the visit is paid: where it is not by a day, the patient is told first, and only then the plan is billed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_DAYS = 365
WAITS, PAID, TELL, TOLD, OVER = "waits", "paid", "tell", "told", "over"


@dataclass(frozen=True, slots=True)
class Policy:
    """days: from the wish until the visit must be paid; grace_days: from telling the patient until the plan is billed."""

    days: int = 30
    grace_days: int = 14

    def __post_init__(self) -> None:
        if not (1 <= self.days <= LONGEST_DAYS and 1 <= self.grace_days <= LONGEST_DAYS):
            raise ValueError(f"days are whole numbers from 1 to {LONGEST_DAYS}")


@dataclass(frozen=True, slots=True)
class Restriction:
    """told_on: when the patient was told that the plan will be billed, None before. lifted_why: empty while it holds."""

    id: int
    patient: int
    encounter: int
    asked_on: date
    told_on: date | None
    lifted_why: str = ""


def pay_by(one: Restriction, policy: Policy) -> date:
    """The last day to pay before the patient is told, or after it before the plan is billed."""
    if one.told_on:
        return one.told_on + timedelta(days=policy.grace_days)
    return one.asked_on + timedelta(days=policy.days)


def stands(one: Restriction, policy: Policy, open_cents: int, today: date) -> str:
    """PAID: nothing is open. WAITS: until pay_by. TELL: the patient is to be told. TOLD: waits again. OVER: the plan is billed."""
    if open_cents <= 0:
        return PAID
    is_late = today > pay_by(one, policy)
    if one.told_on:
        return OVER if is_late else TOLD
    return TELL if is_late else WAITS
