"""Card payments that the patient's bank took back: what waits for an answer, and how each ended."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.queries.rows import known_instant, rows
from claims_service.store.card_returns import OPEN, REFUNDS
from claims_service.store.connection import opened


@dataclass(frozen=True, slots=True)
class Chargeback:
    """state: open, won, lost. reference: the card company's name for it; at: when it came to that state. owes_cents: now, in all."""

    payment: int
    patient: int
    patient_name: str
    receipt_number: str
    reference: str
    cents: int
    state: str
    at: datetime
    owes_cents: int


def chargebacks(practice: int) -> list[Chargeback]:
    """All of them, those that wait for an answer first, then the newest; in one SELECT."""
    sql = (
        "select r.payment_id, y.patient_id, p.first, p.last, y.receipt_number, r.reference, r.cents, r.state, r.at, coalesce((select sum(b.cents)"
        " from balance b where b.practice_id = r.practice_id and b.account = 'patient_owes' and b.patient = y.patient_id), 0)"
        " from card_return r join payment y on y.id = r.payment_id join patient p on p.id = y.patient_id"
        " where r.practice_id = ? and r.reference <> ? order by case when r.state = ? then 0 else 1 end, r.id desc"
    )
    with opened():
        found = rows(sql, practice, REFUNDS, OPEN)
    return [
        Chargeback(
            payment,
            patient,
            f"{first} {last}",
            receipt or "",
            reference,
            int(cents),
            state,
            known_instant(at),
            int(owes),
        )
        for payment, patient, first, last, receipt, reference, cents, state, at, owes in found
    ]
