"""How a patient's payment or refund stands in the books; shared by the steps that take money and give it back."""

from collections.abc import Collection
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.ledger.accounts import CARD_CLEARING, DESK_CLEARING, PATIENT_CREDIT, PATIENT_OWES
from claims_service.domain.ledger.journal import Entry, moved
from claims_service.domain.patient.payment import PAID, REFUNDED, OpenClaim, Share, allocate, take_back
from claims_service.gateways.cards.processor import CardEvent
from claims_service.store import audit, bills, card_returns, confidential, counters, journal, payment_notices, payments
from claims_service.store.payments import PaymentRecord
from claims_service.workflow.prompt_discount import put_back, take_off

_FIRST_NUMBER = 1000


def open_claims(practice: int, patient: int, encounters: Collection[int] | None = None) -> list[OpenClaim]:
    """What is asked for now, of some visits only where they are named; what is disputed is not.

    Nobody pays a confidential visit without naming it.
    """
    account = bills.accounts(practice, [patient])[patient]
    private = confidential.visits_of(practice, [patient]).get(patient, ()) if encounters is None else ()
    return [
        OpenClaim(claim, on, cents - account.held.get(claim, 0))
        for claim, (encounter, on, cents) in account.claims.items()
        if cents > account.held.get(claim, 0)
        and (encounter not in private if encounters is None else encounter in encounters)
    ]


def next_receipt(practice: int) -> str:
    """A receipt number never given before."""
    return f"R{practice}-{_FIRST_NUMBER + counters.next_values(practice, 'receipt')[0]}"


def book_payment(
    practice: int, payment: PaymentRecord, encounters: Collection[int] | None, *, by: Actor, now: datetime, today: date
) -> str:
    """Post money that is in hand: oldest visit first, the rest is the patient's credit. Gives the receipt number. Inside write()."""
    bills.lock_patients(practice, [payment.patient])
    take_off(practice, payment, payment.cents, encounters, by=by, now=now, today=today)
    shares, credit = allocate(payment.cents, open_claims(practice, payment.patient, encounters))
    _post(practice, payment, shares, credit, f"payment:{payment.id}", "payment", by=by, now=now, today=today)
    receipt = payment.receipt_number or next_receipt(practice)
    payments.set_state(practice, payment.id, PAID, receipt_number=receipt, settled_at=now)
    told = f"receipt:{payment.id}"
    payment_notices.add(practice, payment.patient, payment.id, payment_notices.RECEIPT, told, payment.cents, at=now)
    audit.record(
        practice, [audit.Event("payment.take", payment.patient, f"payment:{payment.id}", payment.method)], by=by, at=now
    )
    return receipt


def book_refunds(
    practice: int, payment: PaymentRecord, total_cents: int, *, by: Actor, now: datetime, today: date, why: str = ""
) -> int:
    """Bring what is refunded of a payment up to a total; gives the cents posted, 0 when it is there already. Inside write().

    A card's refunds are remembered apart from what its bank took back.

    Raises:
        AssertionError: more than was paid.
    """
    key = f"refund:{payment.id}:{total_cents}"
    if payment.method == "card":
        if not card_returns.back_cents(payment.id):
            card_returns.note_refunds(practice, payment.id, payment.refunded_cents, at=now)
        card_returns.note_refunds(practice, payment.id, total_cents, at=now)
        total_cents = min(payment.cents, card_returns.back_cents(payment.id))
    if total_cents <= payment.refunded_cents:
        return 0
    _take_back(practice, payment, total_cents, key, "refund", by=by, now=now, today=today)
    _now_back(practice, payment, total_cents, "payment.refund", why, by=by, now=now)
    given = total_cents - payment.refunded_cents
    payment_notices.add(practice, payment.patient, payment.id, payment_notices.REFUND, key, given, at=now)
    return given


def book_chargeback(
    practice: int,
    payment: PaymentRecord,
    told: CardEvent,
    encounters: Collection[int] | None,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """The patient's bank took a payment back: the debt is open again; where the clinic wins, the payment counts again. Inside write()."""
    card_returns.note_chargeback(
        practice, payment.id, told.chargeback, told.chargeback_cents, told.chargeback_state, at=now
    )
    total = min(payment.cents, card_returns.back_cents(payment.id))
    key = f"chargeback:{payment.id}:{told.chargeback}:{told.chargeback_state}"
    if total > payment.refunded_cents:
        _take_back(practice, payment, total, key, "chargeback", by=by, now=now, today=today)
        kind = payment_notices.CHARGED_BACK
        payment_notices.add(practice, payment.patient, payment.id, kind, key, total - payment.refunded_cents, at=now)
    elif total < payment.refunded_cents:
        bills.lock_patients(practice, [payment.patient])
        take_off(practice, payment, payment.refunded_cents - total, encounters, by=by, now=now, today=today)
        shares, credit = allocate(payment.refunded_cents - total, open_claims(practice, payment.patient, encounters))
        _post(practice, payment, shares, credit, key, "chargeback", by=by, now=now, today=today)
        kind = payment_notices.CHARGEBACK_WON
        payment_notices.add(practice, payment.patient, payment.id, kind, key, payment.refunded_cents - total, at=now)
    _now_back(practice, payment, total, "payment.charge_back", told.chargeback_state, by=by, now=now)


def _take_back(
    practice: int,
    payment: PaymentRecord,
    total_cents: int,
    key: str,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """Post what is still missing to a total that went back to the patient."""
    assert total_cents <= payment.cents, "a refund is never more than was paid"
    bills.lock_patients(practice, [payment.patient])
    shares = payments.shares_of(practice, [payment.id])[payment.id]
    left = payment.cents - payment.refunded_cents - sum(share.cents for share in shares)
    taken, credit = take_back(total_cents - payment.refunded_cents, left, shares)
    _post(practice, payment, taken, -credit, key, kind, by=by, now=now, today=today)
    if total_cents == payment.cents:
        put_back(practice, payment, by=by, now=now, today=today)


def _now_back(
    practice: int, payment: PaymentRecord, total_cents: int, action: str, why: str, *, by: Actor, now: datetime
) -> None:
    payments.set_state(
        practice,
        payment.id,
        REFUNDED if total_cents == payment.cents else PAID,
        refunded_cents=total_cents,
        receipt_number=payment.receipt_number,
        settled_at=payment.settled_at,
    )
    audit.record(practice, [audit.Event(action, payment.patient, f"payment:{payment.id}", why)], by=by, at=now)


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
