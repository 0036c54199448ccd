"""The discount for paying early in the books: taken off with the payment that makes the bill whole, put back when that is returned."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.ledger.accounts import PATIENT_OWES, WRITE_OFF
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.patient import frozen
from claims_service.domain.patient.payment import OpenClaim, allocate
from claims_service.domain.patient.prompt_pay import PROMPT_PAY, entries_of, stands
from claims_service.domain.patient.standing import stands_now
from claims_service.store import audit, bills, journal, parties, payment_plans
from claims_service.store.connection import write
from claims_service.store.payments import PaymentRecord


def standing_cents(practice: int, patient: int, paid_on: date) -> tuple[int, frozenset[int], int]:
    """(taken off when it is paid on a day, the visits it is taken off, all that the newest statement asks for now).

    Nothing where the bill changed, a part of it is disputed, or a plan pays it: then a newer bill says what holds.
    """
    newest = bills.newest_statement(practice, patient)
    told = frozen.statement(newest[1]) if newest else None
    if told is None or told.prompt_pay is None:
        return 0, frozenset(), 0
    account = bills.accounts(practice, [patient])[patient]
    owed: dict[int, int] = defaultdict(int)
    for encounter, _, cents in account.claims.values():
        owed[encounter] += cents
    named = [visit.invoice.encounter for visit in told.visits]
    current = {e: frozen.invoice(text).number for e, (_, text) in bills.current_invoices(practice, named).items()}
    asked_cents, changed = stands_now(told, owed, current)
    if changed or any(account.held_of(encounter) for encounter in named):
        return 0, frozenset(), asked_cents
    if payment_plans.running(practice, [patient], today=paid_on):
        return 0, frozenset(), asked_cents
    return stands(told.prompt_pay, owed, paid_on), frozenset(told.prompt_pay.encounters), asked_cents


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
    off_cents, visits, asked_cents = standing_cents(practice, payment.patient, begun_on)
    if not off_cents or asked_cents - off_cents > cents or (encounters is not None and not visits <= set(encounters)):
        return
    account = bills.accounts(practice, [payment.patient])[payment.patient]
    open_ones = [OpenClaim(claim, on, owed) for claim, (e, on, owed) in account.claims.items() if e in visits]
    shares, _ = allocate(off_cents, open_ones)
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
