"""How money goes back to an insurer; shared by the step that gives it and the one that agrees to it."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.credit import OFFSET, REFUND_REASONS, WAYS
from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import IN_REVIEW, INSURER_REFUNDS, NEXT_PAYER_OWES, PAYER_OWES, SUSPENSE
from claims_service.domain.ledger.journal import Entry, Transfer, moved
from claims_service.domain.money import spoken
from claims_service.store import audit, claims, insurer_refunds, journal, remittances
from claims_service.store.insurer_refunds import Kept

_FROM = (PAYER_OWES, IN_REVIEW, NEXT_PAYER_OWES)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the money lies that goes back. most: cents that may; patient: whose, None of a held payment."""

    payer: int | None
    patient: int | None
    most: int


def source_of(practice: int, claim: int | None, held: int | None) -> Source:
    """A claim that an insurer paid, or a held payment that waits. Inside opened().

    Raises:
        NotFound: none of this practice, no insurer had the claim, or the payment does not wait any more.
    """
    if held is not None:
        waiting = remittances.waiting(practice, [held])
        if not waiting:
            raise NotFound("held payment")
        return Source(waiting[0].payer, None, max(waiting[0].payment.paid_cents, 0))
    head = claims.heads(practice, [claim]).get(claim) if claim is not None else None
    if head is None or head.payer is None:
        raise NotFound("claim")
    return Source(head.payer, head.patient, insurer_refunds.returnable(practice, head.id))


def book(practice: int, refund: Kept, *, by: Actor, now: datetime, today: date) -> None:
    """The money leaves the claim's credit, and what is more than the credit is in review; or it leaves the held payments.

    Inside write(). An offset moves nothing: the insurer's remittance will (835 PLB WO or CLP02 22).
    """
    if refund.way != OFFSET:
        transfers = _from_claim(practice, refund) if refund.held is None else _from_held(refund)
        source = insurer_refunds.SOURCE
        entry = Entry(today, source, f"{source}:{refund.id}", source, refund.id, transfers, memo=refund.number)
        journal.post(practice, [entry], by=by.name, at=now)
    if refund.held is not None:
        outcome = f"Given back to {refund.payee}, {refund.number}."
        remittances.close_held(practice, item=refund.held, outcome=outcome, by=by.name, at=now)
    told = (
        f"{spoken(refund.cents)} go back to the insurer ({WAYS[refund.way].lower()}), {refund.number}:"
        f" {REFUND_REASONS[refund.reason].lower()}."
    )
    tell(practice, refund, "insurer_refund.make", told, why=refund.why, by=by, now=now)


def tell(practice: int, refund: Kept, action: str, story: str, *, why: str, by: Actor, now: datetime) -> None:
    """What was done with a refund: the trail says it, and where it is of a claim that one's story. Inside write()."""
    patient, subject = None, f"held:{refund.held}"
    if refund.claim is not None:
        claims.add_events(practice, [claims.Event(refund.claim, "note", story)], by=by.name, at=now)
        patient, subject = claims.heads(practice, [refund.claim])[refund.claim].patient, f"claim:{refund.claim}"
    audit.record(practice, [audit.Event(action, patient, subject, why)], by=by, at=now)


def _from_claim(practice: int, refund: Kept) -> tuple[Transfer, ...]:
    assert refund.claim is not None, "a refund that is of no held payment is of a claim"
    head = claims.heads(practice, [refund.claim])[refund.claim]
    balances = journal.claim_balances(practice, [refund.claim])[refund.claim]
    left, transfers = refund.cents, []
    parts = [(account, max(-balances.get(account, 0), 0)) for account in _FROM] + [(IN_REVIEW, refund.cents)]
    for account, most in parts:
        cents = min(left, most)
        left -= cents
        if cents:
            about = (refund.claim, None, head.patient, refund.payer, refund.reason)
            transfers.append(Transfer(account, INSURER_REFUNDS, cents, *about))
    return tuple(transfers)


def _from_held(refund: Kept) -> tuple[Transfer, ...]:
    return moved(SUSPENSE, INSURER_REFUNDS, refund.cents, payer=refund.payer, reason=refund.reason)
