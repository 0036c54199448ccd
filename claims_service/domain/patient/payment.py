"""Where a patient's money goes: to open visits, never more than is open; the rest is kept for the patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

METHODS = ("card", "cash", "check")
STARTED, PENDING, PAID, FAILED, REFUNDED = "started", "pending", "paid", "failed", "refunded"


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """What a patient owes on a claim."""

    claim: int
    served_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a payment put to one claim; negative when money is taken back from it."""

    claim: int
    cents: int


def allocate(cents: int, open_claims: Iterable[OpenClaim]) -> tuple[tuple[Share, ...], int]:
    """Shares oldest visit first, and what is left over as credit. Together they are the payment."""
    left, shares = cents, []
    for claim in sorted(open_claims, key=lambda c: (c.served_on, c.claim)):
        take = min(left, max(claim.cents, 0))
        if take:
            shares.append(Share(claim.claim, take))
            left -= take
    return tuple(shares), left


def take_back(cents: int, credit_cents: int, shares: Iterable[Share]) -> tuple[tuple[Share, ...], int]:
    """How a refund is taken from a payment: from unused credit first, then from the visits paid last.

    Gives the negative shares and the credit used.
    """
    from_credit = min(cents, max(credit_cents, 0))
    left, taken = cents - from_credit, []
    for share in reversed(list(shares)):
        take = min(left, max(share.cents, 0))
        if take:
            taken.append(Share(share.claim, -take))
            left -= take
    assert not left, "a refund is never more than was paid"
    return tuple(taken), from_credit


@dataclass(frozen=True, slots=True)
class Source:
    """A payment with what is left of it as credit, and what it put to each claim."""

    payment: int
    left_cents: int
    put: dict[int, int]


def spread(shares: Iterable[Share], sources: Iterable[Source]) -> list[tuple[int, Share]]:
    """Which payments the shares come from: what is taken back frees its payment, oldest payments pay first.

    Credit that came from no payment (a corrected claim) has no source and gives no row.
    """
    listed = list(sources)
    left = {source.payment: source.left_cents for source in listed}
    rows = []
    for share in sorted(shares, key=lambda s: s.cents > 0):
        open_cents = abs(share.cents)
        for source in listed if share.cents > 0 else reversed(listed):
            has = left[source.payment] if share.cents > 0 else source.put.get(share.claim, 0)
            take = min(open_cents, max(has, 0))
            if take:
                sign = 1 if share.cents > 0 else -1
                rows.append((source.payment, Share(share.claim, sign * take)))
                left[source.payment] -= sign * take
                open_cents -= take
    return rows
