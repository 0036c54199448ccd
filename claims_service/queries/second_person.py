"""What waits for a second person, and what was answered lately."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import IN_REVIEW, PATIENT_OWES, PAYER_OWES
from claims_service.queries.rows import Record, instant, known_instant, row, rows
from claims_service.store import journal, second_person
from claims_service.store.connection import opened

LATELY = 50


@dataclass(frozen=True, slots=True)
class Request:
    """kind: write_off, refund or insurer. agreed: None while nobody answered. method: how a refunded payment was paid.

    patient: None where a held payment goes back.
    """

    id: int
    kind: str
    claim: int | None
    control_number: str
    account: str
    payment: int | None
    receipt_number: str
    method: str
    patient: int | None
    patient_name: str
    cents: int
    reason: str
    why: str
    by: str
    at: datetime
    agreed: bool | None
    words: str
    answered_by: str
    answered_at: datetime | None


def limit(practice: int) -> int:
    """Cents above which a second person agrees."""
    return second_person.limit(practice)


def requests(practice: int, *, answered: bool = False) -> list[Request]:
    """What waits, the oldest first; or what was answered, the newest first. In one SELECT."""
    rest = "a.id is not null order by r.id desc limit ?" if answered else "a.id is null order by r.id limit ?"
    sql = (
        "select r.id, r.kind, r.claim_id, coalesce(c.control_number, ''), r.account, r.payment_id, coalesce(p.receipt_number, ''),"
        " coalesce(p.method, ''), n.id, coalesce(n.last, ''), coalesce(n.first, ''),"
        " r.cents, r.reason, r.why, r.by, r.at, a.agreed, coalesce(a.words, ''),"
        " coalesce(a.by, ''), a.at from money_request r left join money_answer a on a.request_id = r.id left join claim c"
        " on c.id = r.claim_id left join payment p on p.id = r.payment_id left join patient n on n.id = coalesce(c.patient_id, p.patient_id)"
        f" where r.practice_id = ? and {rest}"
    )
    with opened():
        return [_request(found) for found in rows(sql, practice, LATELY if answered else 500)]


def _request(found: Record) -> Request:
    key, kind, claim, number, account, payment, receipt, method, patient, last, first = found[:11]
    cents, reason, why, by, at, agreed, words, answered_by, answered_at = found[11:]
    return Request(
        key, kind, claim, number, account, payment, receipt, method, patient, f"{last}, {first}", int(cents), reason, why, by,
        known_instant(at), None if agreed is None else bool(agreed), words, answered_by, instant(answered_at),
    )  # fmt: skip


def open_on(practice: int, claim: int) -> dict[str, int]:
    """Debit-positive cents a claim has on the accounts that may be written off."""
    with opened():
        balances = journal.claim_balances(practice, [claim])[claim]
    return {name: balances.get(name, 0) for name in (PATIENT_OWES, IN_REVIEW, PAYER_OWES)}


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment to give back from."""

    id: int
    patient: int
    patient_name: str
    receipt_number: str
    method: str
    cents: int
    refunded_cents: int
    settled_at: datetime | None


def payment(practice: int, key: int) -> Paid:
    """A settled payment.

    Raises:
        NotFound: none of this practice.
    """
    sql = (
        "select p.id, p.patient_id, n.last, n.first, p.receipt_number, p.method, p.cents, p.refunded_cents, p.settled_at"
        " from payment p join patient n on n.id = p.patient_id where p.practice_id = ? and p.id = ? and p.state in ('paid', 'refunded')"
    )
    with opened():
        found = row(sql, practice, key)
    if found is None:
        raise NotFound("payment")
    number, patient, last, first, receipt, method, cents, refunded, at = found
    return Paid(
        int(number), int(patient), f"{last}, {first}", receipt or "", method, int(cents), int(refunded), instant(at)
    )
