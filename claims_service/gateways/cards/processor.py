"""What the service asks of a card company. No card number passes here: the patient types it on the company's own page (PCI SAQ A)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from claims_service.domain.errors import BillingError

PAID, FAILED, REFUNDED = "paid", "failed", "refunded"


class BadSignature(BillingError):
    """The message is not the card company's, was changed on the way, or is too old."""


class CardRefused(BillingError):
    """The card company does not do what was asked; no money moved."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. account: which clinic's; key: ours, the same key again is the same checkout.

    words: what the patient sees on the company's page, never about care.
    """

    account: str
    key: str
    cents: int
    words: str
    return_url: str
    back_url: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page of the card company that waits for the patient."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class CardEvent:
    """Something that happened to an order. kind: paid, failed, refunded, or another that does not concern us.

    cents: captured. refunded_cents: given back so far in all, so that events may come in any order.
    """

    id: str
    kind: str
    account: str
    key: str
    reference: str
    cents: int = 0
    refunded_cents: int = 0


@dataclass(frozen=True, slots=True)
class Payout:
    """What was sent to the bank: net = gross - fee. gross: payments less refunds."""

    reference: str
    paid_on: date
    gross_cents: int
    fee_cents: int

    @property
    def net_cents(self) -> int:
        return self.gross_cents - self.fee_cents


class CardProcessor(Protocol):
    """A card company. Every call may be made again after a fault: the keys make it harmless."""

    def create_checkout(self, order: Order, *, now: datetime) -> Checkout:
        """A page for the order; the amount is fixed here and not in anything the browser sends.

        Raises:
            CardRefused: the key was used for another amount.
        """

    def read_event(self, body: bytes, signature: str, *, now: datetime) -> CardEvent:
        """The event in a webhook request.

        Raises:
            BadSignature: not from the card company.
        """

    def refund(self, account: str, key: str, cents: int, *, refund_key: str, now: datetime) -> int:
        """Send money of an order back to its card; gives what has been refunded of the order in all.

        Raises:
            CardRefused: more than was captured and not yet refunded.
        """

    def payouts(self, account: str, *, until: date) -> Sequence[Payout]:
        """Everything sent to the bank up to and on a day, the oldest first."""
