"""What a patient asks: what do I owe, for what, why, and what have I paid."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from claims_service.domain.errors import NotFound
from claims_service.domain.patient import frozen
from claims_service.domain.patient.payment import FAILED, PAID, PENDING, REFUNDED, STARTED
from claims_service.domain.patient.standing import Since, became_of, is_misplaced, stands_now
from claims_service.domain.patient.statement import Sender, Statement, WaitingVisit
from claims_service.queries.kept import Kept
from claims_service.store import bills, confidential, parties, payments, reminders, since_billed
from claims_service.store.connection import opened, run
from claims_service.store.payments import PaymentRecord

_NEWEST = "not exists (select 1 from statement n where n.patient_id = s.patient_id and n.confidential = s.confidential and n.id > s.id)"
_LINE = 1500  # bytes of a service with its words and its visit, read
_KEPT: Kept[Statement] = Kept(
    16 * 1024 * 1024, weigh=lambda told: _LINE * sum(len(v.invoice.lines) for v in told.visits)
)


@dataclass(frozen=True, slots=True)
class Bill:
    """A statement with how it stands today.

    open_cents: what is still owed for its visits; held_cents of it are disputed and not asked for.
    changed: a plan's later answer, or ours to a dispute, brought a newer bill.
    since: what became of it after it was made, nothing where a newer bill tells it; again: the plans that look at it once more.
    newest: of its kind. misplaced: it names a visit that has become confidential since (or is no longer): another bill asks for it.
    """

    id: int
    statement: Statement
    open_cents: int
    changed: bool
    newest: bool
    held_cents: int = 0
    misplaced: bool = False
    since: Since = field(default_factory=Since)
    again: tuple[str, ...] = ()

    @property
    def asked_cents(self) -> int:
        """What is to be paid now."""
        return self.open_cents - self.held_cents

    @property
    def share_cents(self) -> int:
        """The patient's part as it is now."""
        return self.statement.share_cents - self.since.off_cents + self.since.moved_cents

    @property
    def paid_cents(self) -> int:
        """What the patient paid of it until now."""
        return self.statement.paid_cents + self.since.paid_cents

    @property
    def payable(self) -> bool:
        return self.newest and self.asked_cents > 0 and not self.misplaced


@dataclass(frozen=True, slots=True)
class PaymentShown:
    """A payment as its patient sees it. state: started, pending, paid, failed, refunded."""

    id: int
    state: str
    cents: int
    refunded_cents: int
    method: str
    receipt_number: str
    paid_on: date | None
    statement: int | None


@dataclass(frozen=True, slots=True)
class Home:
    """bill: the newest with something to pay; own_bill: the one of confidential visits, where something is to be paid of it as well.

    owed_cents: of both. credit_cents: what the clinic owes the patient. held_cents: disputed. unbilled_cents: owed, and on no bill that
    asks for it; less than least_cents is not billed by itself.
    """

    owed_cents: int
    held_cents: int
    credit_cents: int
    bill: Bill | None
    waiting: tuple[WaitingVisit, ...]
    payments: tuple[PaymentShown, ...]
    own_bill: Bill | None = None
    unbilled_cents: int = 0
    least_cents: int = 0

    @property
    def too_little_cents(self) -> int:
        """What is open and waits for the next bill, since it is too little for one of its own; 0 for none."""
        return self.unbilled_cents if not self.bill and 0 < self.unbilled_cents < self.least_cents else 0


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who a patient's pages speak to."""

    name: str
    first: str
    language: str
    sender: Sender


def addressee(practice: int, patient: int) -> Addressee:
    """The patient and the clinic that bills them.

    Raises:
        NotFound: no such patient of this practice.
    """
    with opened():
        row = run("select first, last, language from patient where practice_id = ? and id = ?", (practice, patient)).fetchone()  # fmt: skip
        if row is None:
            raise NotFound("patient")
        clinic = parties.billing_provider(practice)
    return Addressee(f"{row[0]} {row[1]}".strip(), row[0], row[2], Sender(clinic.name, clinic.phone, clinic.address))


def home(practice: int, patient: int, zone: str) -> Home:
    """Everything on the patient's first page."""
    with opened():
        account = bills.accounts(practice, [patient])[patient]
        issued = bills_of(practice, patient)
        waiting = bills.visits(practice, bills.waiting_visits(practice, patient))
        paid = payments_of(practice, patient, zone)
        credit_cents = since_billed.credit_cents(practice, account)
        least_cents = reminders.policy(practice).small_balance_cents
    visits = tuple(
        WaitingVisit(v.served_on, v.provider, tuple(dict.fromkeys(claim.payer for claim in v.claims)))
        for v in waiting.values()
    )
    payable = sorted(
        (bill for bill in issued if bill.payable), key=lambda bill: bill.statement.confidential
    )  # one of each kind
    billed, own_bill = (*payable, None, None)[:2]
    owed = sum(bill.asked_cents for bill in payable)
    held = sum(account.held.values())
    open_cents = sum(c for e, _, c in account.claims.values() if c > 0 and e not in waiting) - held
    return Home(owed, held, credit_cents, billed, visits, tuple(paid), own_bill, open_cents - owed, least_cents)


def bills_of(practice: int, patient: int) -> list[Bill]:
    """Every statement of the patient, the newest first."""
    sql = f"select id, content, {_NEWEST} from statement s where practice_id = ? and patient_id = ? order by id desc"
    with opened():
        texts = run(sql, (practice, patient)).fetchall()
        return _as_of_now(practice, patient, texts)


def _as_of_now(practice: int, patient: int, texts: list[tuple[int, str, bool]]) -> list[Bill]:
    """texts: (id, frozen statement, whether it is the newest of its kind)."""
    statements = [(key, _KEPT.made((text,), partial(frozen.statement, text)), newest) for key, text, newest in texts]
    owed: dict[int, int] = {}
    account = bills.accounts(practice, [patient])[patient]
    for encounter, _, cents in account.claims.values():
        owed[encounter] = owed.get(encounter, 0) + cents
    named = sorted({visit.invoice.encounter for _, s, _ in statements for visit in s.visits})
    current = bills.current_numbers(practice, named)
    private = confidential.visits_of(practice, [patient]).get(patient, ())
    done = since_billed.paid_and_taken_off(practice, named)
    found = []
    for key, s, newest in statements:
        open_cents, changed = stands_now(s, owed, current, private)
        held_cents = sum(account.held_of(visit.invoice.encounter) for visit in s.visits)
        misplaced = is_misplaced(s, private)
        since = Since() if changed else became_of(s, owed, done)
        again = _again(practice, patient, s) if since.moved_cents else ()
        found.append(Bill(key, s, open_cents, changed, bool(newest), held_cents, misplaced, since, again))
    return found


def _again(practice: int, patient: int, s: Statement) -> tuple[str, ...]:
    """The plans that decide once more on a visit of a statement."""
    named = {visit.invoice.encounter for visit in s.visits}
    waiting = bills.still_with_plans(practice, [patient]).get(patient, ())
    return tuple(dict.fromkeys(payer for visit, one in waiting if visit in named for payer in one.payers))


def credit_cents(practice: int, patient: int) -> int:
    """What the clinic owes the patient."""
    with opened():
        return since_billed.credit_cents(practice, bills.accounts(practice, [patient])[patient])


def bill(practice: int, patient: int, statement: int) -> Bill:
    """One statement of the patient.

    Raises:
        NotFound: none of this patient.
    """
    sql = f"select id, content, {_NEWEST} from statement s where practice_id = ? and patient_id = ? and id = ?"
    with opened():
        found = run(sql, (practice, patient, statement)).fetchone()
        if found is None:
            raise NotFound("statement")
        return _as_of_now(practice, patient, [found])[0]


def payments_of(practice: int, patient: int, zone: str) -> list[PaymentShown]:
    """Settled payments, the newest first."""
    return [_shown(found, zone) for found in payments.of_patient(practice, patient)]


def payment(practice: int, patient: int, payment_id: int, zone: str) -> PaymentShown:
    """One payment of the patient, settled or not.

    Raises:
        NotFound: none of this patient.
    """
    found = payments.get(practice, payment_id)
    if found.patient != patient:
        raise NotFound("payment")
    return _shown(found, zone)


def _shown(found: PaymentRecord, zone: str) -> PaymentShown:
    assert found.state in {STARTED, PENDING, PAID, FAILED, REFUNDED}
    return PaymentShown(
        found.id, found.state, found.cents, found.refunded_cents, found.method, found.receipt_number or "",
        _day(found.settled_at, zone), found.statement,
    )  # fmt: skip


def _day(at: datetime | None, zone: str) -> date | None:
    return at.astimezone(ZoneInfo(zone)).date() if at else None
