"""Note what the card company sent to the bank, so that the deposit can be matched."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.gateways.cards.processor import CardProcessor
from claims_service.store import audit, payments
from claims_service.store.connection import write
from claims_service.store.payments import NewPayout


@dataclass(frozen=True, slots=True)
class Outcome:
    """Ids of the payouts that are new, and what they bring."""

    payouts: tuple[int, ...]
    net_cents: int


def receive_payouts(practice: int, *, processor: CardProcessor, by: Actor, now: datetime, today: date) -> Outcome:
    """Ask for every payout up to today; those known before stay as they are."""
    told = [
        NewPayout(p.reference, p.paid_on, p.gross_cents, p.fee_cents, p.net_cents)
        for p in processor.payouts(str(practice), until=today)
    ]
    with write(practice):
        known = payments.payout_references(practice)
        new = [payout for payout in told if payout.reference not in known]
        ids = payments.add_payouts(practice, new, at=now)
        audit.record(
            practice, [audit.Event("payout.receive", subject=f"card_payout:{key}") for key in ids], by=by, at=now
        )
    return Outcome(tuple(ids), sum(payout.net_cents for payout in new))
