"""How a patient's payment or refund stands in the books; shared by the steps that take money and give it back."""

from collections.abc import Collection
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.ledger.accounts import CARD_CLEARING, DESK_CLEARING, PATIENT_CREDIT, PATIENT_OWES
from claims_service.domain.ledger.journal import Entry, moved
from claims_service.domain.patient.payment import PAID, REFUNDED, OpenClaim, Share, allocate, take_back
from claims_service.store import audit, bills, counters, journal, payments
from claims_service.store.payments import PaymentRecord

_FIRST_NUMBER = 1000


def open_claims(practice: int, patient: int, encounters: Collection[int] | None = None) -> list[OpenClaim]:
    """What the patient is asked for now, of some visits only where they are named; what is disputed is not."""
    account = bills.accounts(practice, [patient])[patient]
    return [
        OpenClaim(claim, on, cents - account.held.get(claim, 0))
        for claim, (encounter, on, cents) in account.claims.items()
        if cents > account.held.get(claim, 0) and (encounters is None or encounter in encounters)
    ]


def next_receipt(practice: int) -> str:
    """A receipt number never given before."""
    return f"R{practice}-{_FIRST_NUMBER + counters.next_values(practice, 'receipt')[0]}"


def book_payment(
    practice: int, payment: PaymentRecord, encounters: Collection[int] | None, *, by: Actor, now: datetime, today: date
) -> str:
    """Post money that is in hand: oldest visit first, the rest is the patient's credit. Gives the receipt number. Inside write()."""
    bills.lock_patients(practice, [payment.patient])
    shares, credit = allocate(payment.cents, open_claims(practice, payment.patient, encounters))
    _post(practice, payment, shares, credit, f"payment:{payment.id}", "payment", by=by, now=now, today=today)
    receipt = payment.receipt_number or next_receipt(practice)
    payments.set_state(practice, payment.id, PAID, receipt_number=receipt, settled_at=now)
    audit.record(
        practice, [audit.Event("payment.take", payment.patient, f"payment:{payment.id}", payment.method)], by=by, at=now
    )
    return receipt


def book_refunds(
    practice: int, payment: PaymentRecord, total_cents: int, *, by: Actor, now: datetime, today: date, why: str = ""
) -> int:
    """Bring what is refunded of a payment up to a total; gives the cents posted, 0 when it is there already. Inside write().

    Raises:
        AssertionError: more than was paid.
    """
    cents = total_cents - payment.refunded_cents
    if cents <= 0:
        return 0
    assert total_cents <= payment.cents, "a refund is never more than was paid"
    bills.lock_patients(practice, [payment.patient])
    shares = payments.shares_of(practice, [payment.id])[payment.id]
    left = payment.cents - payment.refunded_cents - sum(share.cents for share in shares)
    taken, credit = take_back(cents, left, shares)
    _post(
        practice, payment, taken, -credit, f"refund:{payment.id}:{total_cents}", "refund", by=by, now=now, today=today
    )
    state = REFUNDED if total_cents == payment.cents else PAID
    payments.set_state(
        practice,
        payment.id,
        state,
        refunded_cents=total_cents,
        receipt_number=payment.receipt_number,
        settled_at=payment.settled_at,
    )
    audit.record(
        practice, [audit.Event("payment.refund", payment.patient, f"payment:{payment.id}", why)], by=by, at=now
    )
    return cents


def _post(
    practice: int,
    payment: PaymentRecord,
    shares: tuple[Share, ...],
    credit_cents: int,
    key: str,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """Amounts below zero go back to the patient."""
    tender = CARD_CLEARING if payment.method == "card" else DESK_CLEARING
    transfers = [
        transfer
        for share in shares
        for transfer in moved(tender, PATIENT_OWES, share.cents, claim=share.claim, patient=payment.patient)
    ]
    transfers += moved(tender, PATIENT_CREDIT, credit_cents, patient=payment.patient)
    entry = Entry(today, kind, key, "payment", payment.id, tuple(transfers))
    journal.post(practice, [entry], by=by.name, at=now)
    payments.add_allocations(practice, [(payment.id, share) for share in shares])
