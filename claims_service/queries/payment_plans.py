"""Payment plans as their patients and the staff see them: what is offered, how each stands, the late ones first."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from claims_service.domain.patient.payment_plan import (
    KEPT,
    LAPSED,
    LATE,
    RESTING,
    RUNNING,
    Policy,
    Schedule,
    Standing,
    first_due,
    line,
    offers,
    total,
)
from claims_service.queries import bills, people
from claims_service.queries.bills import Bill
from claims_service.queries.rows import known_instant, rows
from claims_service.store import bills as accounts
from claims_service.store import payment_plans
from claims_service.store.connection import opened
from claims_service.store.payment_plans import Head, Running

MOST = 200
DONE, NEXT, MISSED, COMING = "done", "next", "missed", "coming"
_LATE_FIRST = {LAPSED: 0, LATE: 1, KEPT: 2, RESTING: 3}


@dataclass(frozen=True, slots=True)
class Row:
    """A payment of a schedule. state: done, missed, next, coming; missing_cents: what is left to pay of it."""

    number: int
    due_on: date
    cents: int
    state: str
    missing_cents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with how it stands. patient_name: for the staff."""

    head: Head
    standing: Standing
    rows: tuple[Row, ...]
    patient_name: str
    open_cents: dict[int, int]

    @property
    def is_running(self) -> bool:
        return self.head.state == RUNNING

    @property
    def state(self) -> str:
        """kept, late, lapsed, resting while it runs; else paid or stopped."""
        return self.standing.state if self.is_running else self.head.state

    def told(self, language: str) -> str:
        """ "Plan: 2 of 6 paid, next $11.77 on January 5, 2027" """
        return line(self.standing, language)


@dataclass(frozen=True, slots=True)
class OnBill:
    """A plan that is kept beside a bill. rest_cents: of the bill, not paid by the plan."""

    plan: Plan
    rest_cents: int


@dataclass(frozen=True, slots=True)
class Offered:
    """What the newest bill may be paid by. schedules: none where the amount is too small or a plan is running."""

    bill: Bill | None
    schedules: tuple[Schedule, ...]
    policy: Policy


@dataclass(frozen=True, slots=True)
class Version:
    """A schedule as it was written down."""

    number: int
    why: str
    payments: int
    total_cents: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """A step in the life of a plan. words: why it was stopped, or by which way a patient was told."""

    kind: str
    words: str
    who: str
    at: datetime


def policy(practice: int) -> Policy:
    """What is offered now."""
    return payment_plans.policy(practice)


def plan(practice: int, key: int, *, today: date, patient: int | None = None) -> Plan:
    """One plan. patient: who asks, None for staff.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        return _shown(practice, [payment_plans.head(practice, key, patient=patient)], today)[0]


def of_patient(practice: int, patient: int, *, today: date) -> list[Plan]:
    """Every plan of a patient, the newest first."""
    with opened():
        return _shown(practice, payment_plans.of_patient(practice, patient), today)


def queue(practice: int, *, today: date) -> list[Plan]:
    """The plans that run: lapsed and late ones first, then by the day of the next payment."""
    with opened():
        heads = [one.head for one in payment_plans.running(practice, None, today=today).values()]
        shown = _shown(practice, heads, today)
    return sorted(shown, key=lambda one: (_LATE_FIRST.get(one.state, 4), one.standing.next_on or today, one.head.id))


def ended(practice: int, *, today: date) -> list[Plan]:
    """Plans that were paid or stopped, the latest first."""
    sql = f"select id from payment_plan where practice_id = ? and state <> ? order by id desc limit {MOST}"
    with opened():
        heads = [payment_plans.head(practice, key) for (key,) in rows(sql, practice, RUNNING)]
        return _shown(practice, heads, today)


def _shown(practice: int, heads: list[Head], today: date) -> list[Plan]:
    names = accounts.addressees(practice, sorted({one.patient for one in heads}))
    found = payment_plans.as_of_now(practice, heads, today=today)
    return [_plan(one, names[one.head.patient][0], today) for one in found]


def _plan(one: Running, name: str, today: date) -> Plan:
    found = one.standing
    sums = accumulate(row.cents for row in found.schedule)
    listed = []
    for number, (row, reached) in enumerate(zip(found.schedule, sums, strict=True), 1):
        missing = min(max(reached - found.paid_cents, 0), row.cents)
        state = DONE if not missing else MISSED if row.due_on < today else NEXT if number == found.paid + 1 else COMING
        listed.append(Row(number, row.due_on, row.cents, state, missing))
    return Plan(one.head, found, tuple(listed), name, dict(one.open_cents))


def on_bill(practice: int, patient: int, bill: Bill, *, today: date) -> OnBill | None:
    """The plan that pays a bill or a part of it, while it is kept."""
    return _on_bill(_running(practice, patient, today), bill, today)


def beside(practice: int, patient: int, bill: Bill, *, today: date) -> tuple[OnBill | None, Offered]:
    """`on_bill` and `offered_for` from one look at the plans that run."""
    with opened():
        one = _running(practice, patient, today)
        return _on_bill(one, bill, today) if bill.asked_cents else None, _offered(practice, one, bill, today)


def _running(practice: int, patient: int, today: date) -> Running | None:
    return payment_plans.running(practice, [patient], today=today).get(patient)


def _on_bill(one: Running | None, bill: Bill, today: date) -> OnBill | None:
    if one is None or not one.standing.is_kept:
        return None
    planned = sum(one.open_cents.get(visit.invoice.encounter, 0) for visit in bill.statement.visits)
    return OnBill(_plan(one, "", today), bill.asked_cents - planned) if planned else None


def offered(practice: int, patient: int, *, today: date) -> Offered:
    """What the patient may choose from for the newest bill."""
    with opened():
        newest = next(
            (bill for bill in bills.bills_of(practice, patient) if bill.payable and not bill.statement.confidential),
            None,
        )
        return offered_for(practice, patient, newest, today=today)


def offered_for(practice: int, patient: int, bill: Bill | None, *, today: date) -> Offered:
    """What a bill may be paid by: nothing but the newest one that stands as it was issued."""
    with opened():
        return _offered(practice, _running(practice, patient, today), bill, today)


def _offered(practice: int, one: Running | None, bill: Bill | None, today: date) -> Offered:
    rule = payment_plans.policy(practice)
    if bill is None or not bill.payable or bill.changed or bill.statement.confidential:
        return Offered(None, (), rule)
    if one is not None:
        return Offered(bill, (), rule)
    return Offered(bill, offers(bill.asked_cents, rule, first_due(today, bill.statement.due_on)), rule)


def versions(practice: int, key: int) -> list[Version]:
    """Every schedule of a plan, the first one first."""
    sql = "select number, why, schedule, at from payment_plan_version where practice_id = ? and plan_id = ? order by number"
    with opened():
        found = rows(sql, practice, key)
    listed = [(number, why, payment_plans.schedule_of(text), known_instant(at)) for number, why, text, at in found]
    return [Version(number, why, len(own), total(own), at) for number, why, own, at in listed]


def story(practice: int, key: int) -> list[Happened]:
    """What happened to a plan, in order."""
    sql = "select kind, words, by, at from payment_plan_event where practice_id = ? and plan_id = ? order by id"
    with opened():
        found = rows(sql, practice, key)
        names = people.names(practice, [by for _, _, by, _ in found])
    return [Happened(kind, words, names[by], known_instant(at)) for kind, words, by, at in found]


def paper(practice: int, key: int, language: str, *, patient: int | None = None) -> tuple[str, int, bytes]:
    """(number, patient, the accepted paper byte for byte).

    Raises:
        NotFound: no such plan, or of another patient than the one named.
    """
    head = payment_plans.head(practice, key, patient=patient)
    return head.number, head.patient, payment_plans.paper(practice, key, language)
