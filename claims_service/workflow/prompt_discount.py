"""The discount for paying early in the books: taken off with the payment that makes the bill whole, put back when that is returned."""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.ledger.accounts import PATIENT_OWES, WRITE_OFF
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.patient.payment import OpenClaim, allocate
from claims_service.domain.patient.prompt_pay import PROMPT_PAY, entries_of
from claims_service.store import audit, bills, journal, parties, prompt_pay
from claims_service.store.connection import write
from claims_service.store.payments import PaymentRecord


def take_off(
    practice: int,
    payment: PaymentRecord,
    cents: int,
    encounters: Collection[int] | None,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """WRITE_OFF <- PATIENT_OWES where a payment of these cents leaves nothing else open. Inside write(), before it is put to visits.

    A payment counts on the day it was begun: a bank debit takes days that are not the patient's.
    """
    begun_on = payment.started_at.astimezone(ZoneInfo(parties.zone(practice))).date()
    own = bills.is_confidential(practice, payment.statement)
    offer = prompt_pay.standing(practice, payment.patient, begun_on, own=own)
    if offer is None or offer.asked_cents - offer.cents > cents:
        return
    if encounters is not None and not offer.encounters <= set(encounters):
        return
    account = bills.accounts(practice, [payment.patient])[payment.patient]
    open_ones = [OpenClaim(claim, on, owed) for claim, (e, on, owed) in account.claims.items() if e in offer.encounters]
    shares, _ = allocate(offer.cents, open_ones)
    about = {"patient": payment.patient, "reason": PROMPT_PAY}
    transfers = [Transfer(WRITE_OFF, PATIENT_OWES, share.cents, claim=share.claim, **about) for share in shares]  # type: ignore[arg-type]
    _post(practice, payment, tuple(transfers), by=by, now=now, today=today)


def put_back(practice: int, payment: PaymentRecord, *, by: Actor, now: datetime, today: date) -> None:
    """What was taken off with a payment is owed again: nothing is left of the payment. Inside write()."""
    taken = _entries(practice, payment)
    if len(taken) % 2:
        undone = tuple(transfer.reversed() for transfer in taken[-1].transfers)
        _post(practice, payment, undone, by=by, now=now, today=today)


def _post(
    practice: int, payment: PaymentRecord, transfers: tuple[Transfer, ...], *, by: Actor, now: datetime, today: date
) -> None:
    """Each second entry of a payment undoes the one before."""
    key = f"{PROMPT_PAY}:{payment.id}:{len(_entries(practice, payment)) + 1}"
    journal.post(practice, [Entry(today, PROMPT_PAY, key, "payment", payment.id, transfers)], by=by.name, at=now)
    audit.record(practice, [audit.Event("payment.prompt_pay", payment.patient, f"payment:{payment.id}")], by=by, at=now)


def _entries(practice: int, payment: PaymentRecord) -> list[Entry]:
    with write():
        return entries_of(entry for _, entry in journal.entries_of(practice, "payment", payment.id))
