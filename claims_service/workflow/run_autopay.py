"""Autopay: announce what is due under each consent, and charge what was announced once its day has come. Nobody is charged twice.

Each charge is written before the card company is asked, with a payment of its own whose key the company knows: after a fault the
same charge is asked for again and made once.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.patient import autopay as rules
from claims_service.domain.patient import autopay_letters as letters
from claims_service.domain.patient import frozen
from claims_service.domain.patient.payment import FAILED, PAID, REFUNDED, STARTED
from claims_service.domain.patient.payment_plan import RUNNING
from claims_service.domain.patient.standing import stands_now
from claims_service.gateways.cards.processor import CardProcessor, CardRefused, Order
from claims_service.store import (
    audit,
    autopay,
    bills,
    confidential,
    parties,
    payment_notices,
    payment_plans,
    payments,
    reminders,
)
from claims_service.store.autopay import Charge, Consent
from claims_service.store.connection import write
from claims_service.store.payments import NewPayment, PaymentRecord
from claims_service.workflow.autopay_notices import let_know, stop
from claims_service.workflow.settling import settle

Told = tuple[rules.Stands, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Ran:
    """How many charges were announced, paid, failed for good or to be tried again, called off; waiting: the company did not answer."""

    announced: int = 0
    paid: int = 0
    failed: int = 0
    stopped: int = 0
    waiting: int = 0


def announce_charges(practice: int, *, by: Actor, now: datetime, today: date) -> int:
    """Write down what will be charged and let its patients be told; asked again nothing is announced twice. Gives how many are new."""
    with write(practice):
        return sum(_announce(practice, one, by=by, now=now, today=today) for one in autopay.holding(practice))


def _announce(practice: int, one: Consent, *, by: Actor, now: datetime, today: date) -> bool:
    if one.what == rules.PLAN:
        assert one.plan is not None, "autopay of a plan names it"
        if payment_plans.head(practice, one.plan).state != RUNNING:
            autopay.end(practice, one.id, "plan ended", at=now)
            return False
        due = _plan_payment(practice, one.plan, today)
    else:
        due = _new_bill(practice, one, today)
    if due is None:
        return False
    statement, key, cents, on = due
    made = autopay.announce(practice, one, statement, key, cents, on, at=now)
    if made is None:
        return False
    charge = autopay.charge(practice, made)
    if cents > one.most_cents:
        stop(practice, charge, rules.ABOVE, at=now)
    else:
        let_know(practice, charge, letters.SOON, at=now)
    audit.record(practice, [audit.Event("autopay.announce", one.patient, f"autopay_charge:{made}")], by=by, at=now)
    return True


def _new_bill(practice: int, one: Consent, today: date) -> tuple[int, str, int, date] | None:
    """The newest bill of a patient, where it came after the consent and something is to be paid of it."""
    found = bills.newest_statement(practice, one.patient)
    if found is None:
        return None
    statement, told = found[0], frozen.statement(found[1])
    stands, cents, _ = _bill_stands(practice, one.patient, statement, today)
    if told.issued_on < one.agreed_on or stands.held_cents or stands.holds or not stands.still_due or cents <= 0:
        return None
    return statement, f"statement:{statement}", cents, rules.charge_day(told.issued_on, today)


def _plan_payment(practice: int, plan: int, today: date) -> tuple[int, str, int, date] | None:
    head = payment_plans.head(practice, plan)
    (found,) = payment_plans.as_of_now(practice, [head], today=today)
    due_on, cents = found.standing.next_on, found.standing.next_cents
    if due_on is None or cents <= 0 or not rules.is_time_to_tell(due_on, today):
        return None
    return head.statement, f"plan:{plan}:{due_on}", cents, rules.plan_charge_day(due_on, today)


def _bill_stands(practice: int, patient: int, statement: int, today: date) -> Told:
    """(how it stands, the cents to pay of it, the visits they are for): without what is disputed, on a plan, or on its way to us."""
    told = frozen.statement(bills.statement_content(practice, statement, patient=patient))
    account = bills.accounts(practice, [patient])[patient]
    owed: dict[int, int] = defaultdict(int)
    for encounter, _, cents in account.claims.values():
        owed[encounter] += cents
    named = [visit.invoice.encounter for visit in told.visits]
    current = {e: frozen.invoice(text).number for e, (_, text) in bills.current_invoices(practice, named).items()}
    _, changed = stands_now(told, owed, current, confidential.visits_of(practice, [patient]).get(patient, ()))
    newest = bills.newest_statement(practice, patient)
    plan = payment_plans.planned(practice, [patient], today=today).get(patient)
    planned = set(plan.open_cents) if plan else set()
    visits = tuple(encounter for encounter in named if encounter not in planned and owed[encounter] > 0)
    asked = sum(owed[encounter] - account.held_of(encounter) for encounter in visits)
    asked -= payments.pending_cents(practice, patient)
    held = sum(account.held_of(encounter) for encounter in named)
    still_due = not changed and newest is not None and newest[0] == statement
    return rules.Stands(asked, held, still_due, _holds(practice, patient)), asked, visits


def _plan_stands(practice: int, plan: int, key: str, today: date) -> Told:
    head = payment_plans.head(practice, plan)
    (found,) = payment_plans.as_of_now(practice, [head], today=today)
    same = head.state == RUNNING and key == f"plan:{plan}:{found.standing.next_on}"
    cents = found.standing.next_cents - payments.pending_cents(practice, head.patient) if same else 0
    visits = tuple(encounter for encounter, left in found.open_cents.items() if left > 0)
    return rules.Stands(cents, found.money.held_cents, same, _holds(practice, head.patient)), cents, visits


def _holds(practice: int, patient: int) -> tuple[str, ...]:
    return tuple(hold.kind for hold in reminders.holds(practice, [patient]).get(patient, ()))


def make_charges(practice: int, *, processor: CardProcessor, by: Actor, now: datetime, today: date) -> Ran:
    """Charge what was announced and whose day has come, each on its own; asked again, or after a fault, nothing is charged twice."""
    counts: Counter[str] = Counter()
    for one in autopay.open_charges(practice):
        counts[_charge(practice, one, processor, by, now, today)] += 1
    return Ran(
        0, counts[rules.PAID], counts[rules.FAILED] + counts[rules.RETRY], counts[rules.STOPPED], counts["waiting"]
    )


def _charge(practice: int, one: Charge, processor: CardProcessor, by: Actor, now: datetime, today: date) -> str:
    """The state it came to; empty where its day has not come or it is on its way."""
    if one.state != rules.CHARGING:
        if one.charge_on > today:
            return ""
        with write(practice):
            one = autopay.charge(practice, one.id)
            if one.state not in (rules.ANNOUNCED, rules.RETRY) or not _begin(practice, one, by, now, today):
                return one.state if one.state == rules.STOPPED else autopay.charge(practice, one.id).state
    one = autopay.charge(practice, one.id)
    assert one.payment is not None, "a charge that is under way has its payment"
    payment = payments.get(practice, one.payment)
    if payment.state == STARTED:
        order = Order(str(practice), payment.key, payment.cents, _words(practice, one), "", "")
        method = autopay.method(practice, autopay.consent(practice, one.autopay).method)
        try:
            event = processor.charge_saved(order, method.saved, now=now)  # outside of write(): it may be slow
        except CardRefused:
            return "waiting"
        with write(practice):
            payment = settle(practice, event, by, now, today)
    return _ended(practice, one, payment, now=now, today=today)


def _begin(practice: int, one: Charge, by: Actor, now: datetime, today: date) -> bool:
    """Look once more whether it may be charged, and note the payment. Inside write()."""
    bills.lock_patients(practice, [one.patient])
    consent = autopay.consent(practice, one.autopay)
    if consent.what == rules.PLAN:
        assert consent.plan is not None
        stands, _, visits = _plan_stands(practice, consent.plan, one.key, today)
    else:
        stands, _, visits = _bill_stands(practice, one.patient, one.statement, today)
    cents, why = rules.charge_now(one.cents, consent.most_cents, stands)
    if consent.ended_at is not None:
        why = rules.ENDED
    elif not why and not _told_in_time(practice, one, consent, today):
        why = rules.UNTOLD
    if why:
        stop(practice, one, why, at=now)
        return False
    key = f"autopay:{one.id}:{one.tries + 1}"
    new = NewPayment(one.patient, one.statement, "card", cents, key, STARTED)
    payment = payments.add(practice, new, by=by.name, at=now)
    payments.choose_visits(practice, payment.id, visits)
    audit.record(practice, [audit.Event("autopay.charge", one.patient, f"autopay_charge:{one.id}")], by=by, at=now)
    return autopay.move(practice, one, rules.CHARGING, payment=payment.id)


def _told_in_time(practice: int, one: Charge, consent: Consent, today: date) -> bool:
    """Whether the notice left so many days before; another try was told of with the first one that failed."""
    if one.state == rules.RETRY:
        return True
    sent = payment_notices.sent_at(practice, f"{letters.SOON}:{one.id}")
    days = rules.PLAN_NOTICE_DAYS if consent.what == rules.PLAN else rules.NOTICE_DAYS
    if sent is None:
        return False
    return today - sent.astimezone(ZoneInfo(parties.zone(practice))).date() >= timedelta(days=days)


def _words(practice: int, one: Charge) -> str:
    told = frozen.statement(bills.statement_content(practice, one.statement, patient=one.patient))
    return f"Bill {told.number}"


def _ended(practice: int, one: Charge, payment: PaymentRecord, *, now: datetime, today: date) -> str:
    """A charge follows its payment: paid, or tried once more after three days, or failed. A bank debit takes days."""
    with write(practice):
        if payment.state in {PAID, REFUNDED}:
            autopay.move(practice, one, rules.PAID)
        elif payment.state == FAILED and one.tries < rules.MOST_TRIES:
            again = today + timedelta(days=rules.RETRY_DAYS)
            if autopay.move(practice, one, rules.RETRY, on=again):
                let_know(practice, one, letters.FAILED, at=now)
        elif payment.state == FAILED:
            if autopay.move(practice, one, rules.FAILED):
                let_know(practice, one, letters.LAST_FAILED, at=now)
        else:
            return ""
        return autopay.charge(practice, one.id).state
