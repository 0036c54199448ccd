"""Patient payments, where each went, what the card company told us and paid out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.errors import NotFound
from claims_service.domain.patient.payment import PAID, PENDING, REFUNDED, Share, Source, spread
from claims_service.store.connection import in_parts, insert_rows, marks, on_postgresql, opened, run, write
from claims_service.store.tables import Allocation, CardPayout, Payment, PaymentVisit

_PAYMENT = (
    "practice", "patient", "statement", "method", "cents", "refunded_cents", "state", "key", "receipt_number",
    "processor_reference", "check_number", "started_at", "settled_at", "by",
)  # fmt: skip
_ALLOCATION = ("practice", "payment", "claim", "cents")
_PAYOUT = ("practice", "reference", "paid_on", "gross_cents", "fee_cents", "net_cents", "at")


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment as it stands."""

    id: int
    patient: int
    statement: int | None
    method: str
    cents: int
    refunded_cents: int
    state: str
    key: str
    receipt_number: str | None
    processor_reference: str
    check_number: str
    started_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPayment:
    """state started waits for the card company; paid is money in hand, with its receipt number."""

    patient: int
    statement: int | None
    method: str
    cents: int
    key: str
    state: str
    receipt_number: str | None = None
    check_number: str = ""
    settled_at: datetime | None = None


def add(practice: int, new: NewPayment, *, by: str, at: datetime) -> PaymentRecord:
    """Write a payment; a key that is known gives the payment it made before. Inside write()."""
    known = by_key(practice, new.key)
    if known:
        return known
    row = (
        practice, new.patient, new.statement, new.method, new.cents, 0, new.state, new.key, new.receipt_number, "",
        new.check_number, at, new.settled_at, by,
    )  # fmt: skip
    return get(practice, insert_rows(Payment, _PAYMENT, [row])[0])


def choose_visits(practice: int, payment: int, encounters: Sequence[int]) -> None:
    """What a payment was chosen for. Inside write()."""
    rows = [(practice, payment, encounter) for encounter in encounters]
    insert_rows(PaymentVisit, ("practice", "payment", "encounter"), rows)


def chosen_visits(practice: int, payment: int) -> set[int]:
    """The visits a payment was chosen for; none where it is for a whole statement, or for the oldest visits."""
    sql = "select encounter_id from payment_visit where practice_id = ? and payment_id = ?"
    with opened():
        return {row[0] for row in run(sql, (practice, payment)).fetchall()}


def get(practice: int, payment: int, *, lock: bool = False) -> PaymentRecord:
    """One payment. lock: other writers wait until this transaction ends.

    Raises:
        NotFound: none of this practice.
    """
    with opened():
        if lock and on_postgresql():
            run("select id from payment where practice_id = ? and id = ? for update", (practice, payment))
        row = Payment.get_or_none(Payment.practice == practice, Payment.id == payment)
    if row is None:
        raise NotFound("payment")
    return _record(row)


def many(practice: int, payments: Sequence[int]) -> dict[int, PaymentRecord]:
    """Payments by id; those of other practices are left out."""
    found: dict[int, PaymentRecord] = {}
    with opened():
        for part in in_parts(payments):
            query = Payment.select().where(Payment.practice == practice, Payment.id.in_(part))
            found.update({row.id: _record(row) for row in query})
    return found


def by_key(practice: int, key: str) -> PaymentRecord | None:
    """The payment a form or order made, if it made one."""
    with opened():
        row = Payment.get_or_none(Payment.practice == practice, Payment.key == key)
    return _record(row) if row else None


def of_patient(practice: int, patient: int) -> list[PaymentRecord]:
    """Settled payments, the newest first."""
    with opened():
        query = Payment.select().where(
            Payment.practice == practice, Payment.patient == patient, Payment.state.in_([PAID, REFUNDED])
        )
        return [_record(row) for row in query.order_by(Payment.id.desc())]


def pending_cents(practice: int, patient: int) -> int:
    """Bank debits of a patient that are on their way."""
    with opened():
        sql = "select coalesce(sum(cents), 0) from payment where practice_id = ? and patient_id = ? and state = ?"
        return int(run(sql, (practice, patient, PENDING)).fetchone()[0])


def _record(row: Payment) -> PaymentRecord:
    return PaymentRecord(
        row.id, row.patient_id, row.statement_id, row.method, row.cents, row.refunded_cents, row.state, row.key,
        row.receipt_number, row.processor_reference, row.check_number, row.started_at, row.settled_at,
    )  # fmt: skip


def set_reference(practice: int, payment: int, reference: str) -> None:
    """The card company's id of the checkout, later of the charge."""
    with write():
        query = Payment.update(processor_reference=reference)
        query.where(Payment.practice == practice, Payment.id == payment).execute()


def set_state(
    practice: int,
    payment: int,
    state: str,
    *,
    refunded_cents: int = 0,
    receipt_number: str | None = None,
    settled_at: datetime | None = None,
) -> None:
    """How a payment stands now; the journal holds the money behind it."""
    with write():
        query = Payment.update(
            state=state, refunded_cents=refunded_cents, receipt_number=receipt_number, settled_at=settled_at
        )
        query.where(Payment.practice == practice, Payment.id == payment).execute()


def add_allocations(practice: int, rows: Iterable[tuple[int, Share]]) -> None:
    """(payment, share); negative when money is taken back. Inside write()."""
    insert_rows(Allocation, _ALLOCATION, [(practice, payment, share.claim, share.cents) for payment, share in rows])


def shares_of(practice: int, payment_ids: Sequence[int]) -> dict[int, tuple[Share, ...]]:
    """What each payment put to each claim, net, in the order it went there."""
    found: dict[int, dict[int, int]] = {payment: {} for payment in payment_ids}
    with opened():
        for part in in_parts(payment_ids):
            rows = run(
                f"select payment_id, claim_id, cents from allocation where practice_id = ?"
                f" and payment_id in ({marks(part)}) order by id",
                (practice, *part),
            ).fetchall()
            for payment, claim, cents in rows:
                found[payment][claim] = found[payment].get(claim, 0) + cents
    return {
        payment: tuple(Share(claim, cents) for claim, cents in claims.items() if cents)
        for payment, claims in found.items()
    }


def sources(practice: int, patients: Sequence[int]) -> dict[int, list[Source]]:
    """Settled payments of each patient, the oldest first, with what is left of them."""
    rows: list[tuple[int, int, int]] = []
    with opened():
        for part in in_parts(patients):
            query = Payment.select(Payment.patient, Payment.id, Payment.cents - Payment.refunded_cents)
            where = (Payment.practice == practice, Payment.patient.in_(part), Payment.state.in_([PAID, REFUNDED]))
            rows.extend(query.where(*where).order_by(Payment.id).tuples())
    shares = shares_of(practice, [row[1] for row in rows])
    found: dict[int, list[Source]] = defaultdict(list)
    for patient, payment, cents in rows:
        put = {share.claim: share.cents for share in shares[payment]}
        found[patient].append(Source(payment, cents - sum(put.values()), put))
    return found


def spread_credit(practice: int, moves: Sequence[tuple[int, tuple[Share, ...]]]) -> None:
    """Note which payments the credit of each patient came from. Inside write()."""
    known = sources(practice, [patient for patient, _ in moves])
    add_allocations(practice, [row for patient, shares in moves for row in spread(shares, known[patient])])


def take_event(event_id: str, kind: str, *, at: datetime) -> bool:
    """Remember a webhook event; False when it was taken before. Inside write()."""
    done = run(
        "insert into processor_event (event_id, kind, at) values (?, ?, ?) on conflict (event_id) do nothing",
        (event_id, kind, at),
    )
    return bool(done.rowcount)


@dataclass(frozen=True, slots=True)
class NewPayout:
    """What the card company sends to the bank: net = gross - fee."""

    reference: str
    paid_on: date
    gross_cents: int
    fee_cents: int
    net_cents: int


def payout_references(practice: int) -> set[str]:
    """Payouts that are known."""
    with opened():
        rows = run("select reference from card_payout where practice_id = ?", (practice,)).fetchall()
    return {row[0] for row in rows}


def add_payouts(practice: int, new: Sequence[NewPayout], *, at: datetime) -> list[int]:
    """Ids in order. Inside write()."""
    rows = [(practice, p.reference, p.paid_on, p.gross_cents, p.fee_cents, p.net_cents, at) for p in new]
    return insert_rows(CardPayout, _PAYOUT, rows)
