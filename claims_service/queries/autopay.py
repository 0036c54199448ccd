"""What a patient has saved and agreed to have charged, and each charge with how it went."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.patient.autopay import OPEN, PLAN, SavedMethod
from claims_service.domain.patient.payment_plan import RUNNING
from claims_service.domain.patient.reminder import EMAIL
from claims_service.queries.rows import rows
from claims_service.store import autopay, payment_plans, reminders
from claims_service.store.connection import day_of, marks, opened


@dataclass(frozen=True, slots=True)
class MethodShown:
    """A saved card or account."""

    id: int
    saved: SavedMethod


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """What holds. plan_number: empty for new bills. words: as they were read."""

    id: int
    plan: int | None
    plan_number: str
    most_cents: int
    words: tuple[str, ...]
    agreed_on: date
    version: str
    method: SavedMethod


@dataclass(frozen=True, slots=True)
class ChargeShown:
    """state: announced, charging, retry, paid, failed, stopped; why: a stopped one was called off."""

    statement: int
    number: str
    cents: int
    charge_on: date
    state: str
    why: str
    payment: int | None
    plan: bool

    @property
    def is_coming(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Autopay:
    """free_plans: (id, number) of plans that run and are not charged by themselves. by_email: may be told before a charge."""

    methods: tuple[MethodShown, ...]
    consents: tuple[ConsentShown, ...]
    charges: tuple[ChargeShown, ...]
    free_plans: tuple[tuple[int, str], ...]
    by_email: bool

    @property
    def pays_bills(self) -> bool:
        return any(one.plan is None for one in self.consents)


def coming(practice: int, statement: int) -> tuple[date, int] | None:
    """Day and cents of what autopay is about to charge for a bill."""
    sql = (
        "select c.charge_on, c.cents from autopay_charge c join autopay a on a.id = c.autopay_id where c.practice_id = ?"
        f" and c.statement_id = ? and a.plan_id is null and c.state in ({marks(OPEN)})"
    )
    with opened():
        found = rows(sql, practice, statement, *OPEN)
    return (day_of(found[0][0]), found[0][1]) if found else None


def of_patient(practice: int, patient: int) -> Autopay:
    """Everything on the page of autopay; the newest charges first."""
    with opened():
        methods = [MethodShown(one.id, one.saved) for one in autopay.methods_of(practice, patient)]
        holding = autopay.holding(practice, patient)
        plans = payment_plans.of_patient(practice, patient)
        numbers = {plan.id: plan.number for plan in plans}
        consents = tuple(
            ConsentShown(
                one.id, one.plan, numbers.get(one.plan or 0, ""), one.most_cents, one.words, one.agreed_on, one.version,
                autopay.method(practice, one.method).saved,
            )
            for one in holding
        )  # fmt: skip
        by_plan = {one.id for one in autopay.of_patient(practice, patient) if one.what == PLAN}
        charged = autopay.charges_of(practice, patient)
        sql = "select id, number from statement where practice_id = ? and patient_id = ?"
        statements: dict[int, str] = dict(rows(sql, practice, patient))
        contact = reminders.contacts(practice, [patient])[patient]
    charges = tuple(
        ChargeShown(
            one.statement, statements[one.statement], one.cents, one.charge_on, one.state, one.why, one.payment,
            one.autopay in by_plan,
        )
        for one in charged
    )  # fmt: skip
    paid_by = {one.plan for one in holding}
    free = tuple((one.id, one.number) for one in plans if one.state == RUNNING and one.id not in paid_by)
    return Autopay(tuple(methods), consents, charges, free, EMAIL in contact.agreed and bool(contact.email))
