"""What went back of card payments: refunds as a total told, and each chargeback with how it ended."""

from datetime import datetime

from claims_service.store.connection import insert_rows, opened, run, write
from claims_service.store.tables import CardReturn

REFUNDS = "refunds"  # the reference of the one row that holds a payment's refunds
OPEN, WON, LOST = "open", "won", "lost"
_COLUMNS = ("practice", "payment", "reference", "cents", "state", "at")


def note_refunds(practice: int, payment: int, cents: int, *, at: datetime) -> None:
    """Refunds of a payment in all; a smaller sum is older news. Inside write()."""
    rows = _of(payment, REFUNDS)
    if not rows and cents > 0:
        insert_rows(CardReturn, _COLUMNS, [(practice, payment, REFUNDS, cents, "refunded", at)])
    elif rows and cents > rows[0].cents:
        CardReturn.update(cents=cents, at=at).where(CardReturn.id == rows[0].id).execute()


def note_chargeback(practice: int, payment: int, reference: str, cents: int, state: str, *, at: datetime) -> None:
    """A chargeback as told: won and lost are final, whatever is told after. Inside write()."""
    rows = _of(payment, reference)
    if not rows:
        insert_rows(CardReturn, _COLUMNS, [(practice, payment, reference, cents, state, at)])
    elif rows[0].state == OPEN and state != OPEN:
        CardReturn.update(state=state, at=at).where(CardReturn.id == rows[0].id).execute()


def taken_by_bank_cents(payment: int) -> int:
    """What the patient's bank took back and did not return."""
    with opened():
        sql = "select coalesce(sum(cents), 0) from card_return where payment_id = ? and reference <> ? and state <> ?"
        return int(run(sql, (payment, REFUNDS, WON)).fetchone()[0])


def back_cents(payment: int) -> int:
    """What is back with the patient: refunds, and chargebacks that are open or lost."""
    with opened():
        sql = "select coalesce(sum(cents), 0) from card_return where payment_id = ? and state <> ?"
        return int(run(sql, (payment, WON)).fetchone()[0])


def _of(payment: int, reference: str) -> list[CardReturn]:
    with write():
        return list(CardReturn.select().where((CardReturn.payment == payment) & (CardReturn.reference == reference)))
