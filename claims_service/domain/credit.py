"""Money that belongs to others: since when a balance is in credit, and by when the law wants it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

REPAY_DAYS = 60
FEDERAL = {
    "MA": "42 CFR 401.305",
    "MB": "42 CFR 401.305",
    "16": "42 CFR 422.326",
    "MC": "42 USC 1320a-7k(d)",
}
"""The rule by the kind of plan (SBR09): Medicare parts A and B, Medicare Advantage, Medicaid."""
CHECK, TRANSFER, OFFSET = "check", "transfer", "offset"
WAYS = {CHECK: "By check", TRANSFER: "By transfer to its account", OFFSET: "The insurer takes it from a later payment"}
OUTRIGHT = {way: words for way, words in WAYS.items() if way != OFFSET}
"""Ways that take money from our bank account."""
OWN, LETTER = "own", "letter"
FOUND_BY = {OWN: "We found it", LETTER: "The insurer asked for it"}
REFUND_REASONS = {
    "duplicate": "Paid twice",
    "other_plan": "Another plan pays first",
    "not_covered": "Not covered on that day",
    "our_mistake": "We billed it by mistake",
    "above_contract": "More than the contract says",
    "not_ours": "Not our claim or patient",
    "corrected": "Decided anew, with less",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """The last day to report and return an overpayment, and the rule that says so."""

    repay_by: date
    rule: str


def in_credit_since(movements: Iterable[tuple[date, int]]) -> date | None:
    """The day from which a balance has been below zero without a break; None while it is not.

    movements: (day, debit-positive cents), the earliest first; those of one day count together.
    """
    balance, since, today = 0, None, None
    for day, cents in movements:
        if day != today and balance >= 0:
            since = None
        balance, today = balance + cents, day
        if balance < 0 and since is None:
            since = day
    return since if balance < 0 else None


def clock(since: date, filing: str) -> Clock | None:
    """For federal plans 60 days, counted from the first day in credit: the rule counts from when it was identified, never earlier."""
    rule = FEDERAL.get(filing)
    return Clock(since + timedelta(REPAY_DAYS), rule) if rule else None
