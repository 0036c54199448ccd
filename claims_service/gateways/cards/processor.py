"""What the service asks of a card company. No card number passes here: the patient types it on the company's own page (PCI SAQ A)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from claims_service.domain.errors import BillingError
from claims_service.domain.patient.autopay import SavedMethod

PAID, PENDING, FAILED, REFUNDED, CHARGED_BACK = "paid", "pending", "failed", "refunded", "charged_back"
PAID_OUT, SAVED, OTHER = "paid_out", "saved", "other"


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
    """Something that happened. kind: paid, pending (a bank debit on its way), failed, refunded, charged_back, paid_out, saved, other.

    cents: captured. refunded_cents: given back so far in all, so that events may come in any order. chargeback: its id where
    the bank of the patient took money back; chargeback_state: open, won, lost. paid_out names an account and no order;
    other concerns no order of ours.
    """

    id: str
    kind: str
    account: str
    key: str
    reference: str
    cents: int = 0
    refunded_cents: int = 0
    chargeback: str = ""
    chargeback_cents: int = 0
    chargeback_state: str = ""
    saved: SavedMethod | None = None


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
    """A card company. Every call may be made again after a fault: the keys make it harmless.

    signature_header: where a webhook request carries its signature.
    """

    signature_header: str

    def create_checkout(self, order: Order, *, now: datetime) -> Checkout:
        """A page for the order; the amount is fixed here and not in anything the browser sends.

        Raises:
            CardRefused: the key was used for another amount, or the company does not answer.
        """

    def create_setup(self, order: Order, *, now: datetime) -> Checkout:
        """A page on which a patient saves a card or account; the order's cents are 0, nothing is charged.

        Raises:
            CardRefused: the company does not answer.
        """

    def charge_saved(self, order: Order, method: SavedMethod, *, now: datetime) -> CardEvent:
        """Take an order's amount from a saved method; the same key again is the same charge. Gives paid, pending or failed.

        Raises:
            CardRefused: the company does not answer: what happened is not known, ask again under the same key.
        """

    def forget(self, method: SavedMethod) -> None:
        """Nothing can be charged to it any more; forgotten twice is forgotten.

        Raises:
            CardRefused: the company does not answer.
        """

    def read_event(self, body: bytes, signature: str, *, now: datetime) -> CardEvent:
        """The event in a webhook request.

        Raises:
            BadSignature: not from the card company.
        """

    def refund(self, account: str, key: str, cents: int, *, reference: str, refund_key: str, now: datetime) -> int:
        """Send money of an order back to its card; gives what has been refunded of the order in all.

        reference: of the order's checkout.

        Raises:
            CardRefused: more than was captured and not yet refunded.
        """

    def payouts(self, account: str, *, until: date) -> Sequence[Payout]:
        """Everything sent to the bank up to and on a day, the oldest first."""
