"""Messages to patients about their payments: due with the booking, sent once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.store import tables
from claims_service.store.connection import insert_rows, marks, opened, run

RECEIPT, REFUND, CHARGED_BACK, CHARGEBACK_WON = "receipt", "refund", "charged_back", "chargeback_won"
DUE, SENDING, SENT, FAILED, NO_EMAIL = "due", "sending", "sent", "failed", "no_email"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is due. cents: what it speaks of."""

    id: int
    patient: int
    payment: int | None
    kind: str
    key: str
    cents: int


def add(practice: int, patient: int, payment: int | None, kind: str, key: str, cents: int, *, at: datetime) -> bool:
    """Let a message be due, once a key; False when it is known. Inside write()."""
    if run("select 1 from payment_notice where practice_id = ? and key = ?", (practice, key)).fetchone():
        return False
    columns = ("practice", "patient", "payment", "kind", "key", "cents", "state", "at")
    insert_rows(tables.PaymentNotice, columns, [(practice, patient, payment, kind, key, cents, DUE, at)])
    return True


def due(practice: int, kinds: Sequence[str]) -> list[Notice]:
    """What waits to be sent, the oldest first."""
    sql = (
        "select id, patient_id, payment_id, kind, key, cents from payment_notice where practice_id = ? and state = ?"
        f" and kind in ({marks(kinds)}) order by id"
    )
    with opened():
        return [Notice(*row) for row in run(sql, (practice, DUE, *kinds)).fetchall()]


def take(practice: int, notice: int, *, at: datetime) -> bool:
    """Before it is sent; False when somebody else has it. Inside write()."""
    sql = "update payment_notice set state = ?, at = ? where practice_id = ? and id = ? and state = ?"
    return bool(run(sql, (SENDING, at, practice, notice, DUE)).rowcount)


def set_state(practice: int, notice: int, state: str, reason: str = "") -> None:
    """How it left, or why it did not. Inside write()."""
    sql = "update payment_notice set state = ?, reason = ? where practice_id = ? and id = ?"
    run(sql, (state, reason, practice, notice))


def sent_at(practice: int, key: str) -> datetime | None:
    """When a message left; None where it did not."""
    sql = "select at from payment_notice where practice_id = ? and key = ? and state = ?"
    with opened():
        found = run(sql, (practice, key, SENT)).fetchone()
    return datetime.fromisoformat(found[0]) if found else None
