"""A patient agrees to pay in months: the offer is checked against the bill as it stands, the paper is frozen; and an end by wish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, Problem, Rejected
from claims_service.domain.patient import frozen
from claims_service.domain.patient.agreement import DESK, Agreement
from claims_service.domain.patient.payment_plan import STOPPED, Policy, Schedule, first_due, offers, total
from claims_service.domain.patient.statement import Sender, Statement
from claims_service.formats.documents.agreement_pdf import agreement_pdf
from claims_service.store import audit, bills, counters, parties, payment_plans, reminders
from claims_service.store.connection import write
from claims_service.store.payment_plans import NewPlan
from claims_service.words import LANGUAGES

_FIRST_NUMBER = 1000
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen. key: of the form; total_cents: what the page showed as owed; accepted_by: the name of who says yes.

    noted_by: name of who writes it down at the desk, empty on the portal.
    """

    patient: int
    statement: int
    months: int
    total_cents: int
    key: str
    accepted_by: str
    via: str
    address: str
    language: str
    noted_by: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """again: the form made this plan before."""

    plan: int
    number: str
    again: bool = False


def agree_payment_plans(
    practice: int, wishes: Sequence[Wish], *, by: Actor, now: datetime, today: date
) -> list[Agreed]:
    """Make a plan of each wish; the same form twice is one plan.

    Raises:
        NotFound: no such statement of this patient.
        Rejected: not one of the offers, or nobody said yes.
        Conflict: the bill changed meanwhile, is not the newest, or a plan is running.
    """
    return [_agree(practice, wish, by=by, now=now, today=today) for wish in wishes]


def _agree(practice: int, wish: Wish, *, by: Actor, now: datetime, today: date) -> Agreed:
    with write(practice):
        if again := _before(practice, wish):
            return again
        told, visits, schedule = _checked(practice, wish, today)
        number = f"P{practice}-{_FIRST_NUMBER + counters.next_values(practice, 'payment_plan')[0]}"
        at = now.astimezone(ZoneInfo(parties.zone(practice)))
        agreement = _agreement(practice, wish, told, schedule, number, at, today)
    # Outside the transaction: drawing a paper takes a while, and others want to write.
    papers = {language: agreement_pdf(agreement, language) for language in LANGUAGES}
    with write(practice):
        bills.lock_patients(practice, [wish.patient])
        if again := _before(practice, wish):
            return again
        if _checked(practice, wish, today)[1:] != (visits, schedule):
            raise Conflict("the bill changed meanwhile")
        new = NewPlan(
            wish.patient, wish.statement, number, wish.key, schedule, visits, papers, agreement.accepted_by, wish.via,
            wish.address, wish.language,
        )  # fmt: skip
        plan = payment_plans.add(practice, new, by=by.name, on=today, at=now)
        payment_plans.add_event(practice, plan, "agreed", "agreed", by=by.name, at=now)
        audit.record(practice, [audit.Event("plan.agree", wish.patient, f"payment_plan:{plan}")], by=by, at=now)
    return Agreed(plan, number)


def _before(practice: int, wish: Wish) -> Agreed | None:
    known = payment_plans.by_key(practice, wish.key)
    if known is None:
        return None
    if known.patient != wish.patient:
        raise Conflict("this form was used already")
    return Agreed(known.id, known.number, again=True)


def _checked(practice: int, wish: Wish, today: date) -> tuple[Statement, dict[int, int], Schedule]:
    """The bill, what is open on its visits, and the schedule chosen."""
    told = frozen.statement(bills.statement_content(practice, wish.statement, patient=wish.patient))
    (issued,) = reminders.issued(practice, [wish.statement])
    if not issued.newest:
        raise Conflict("there is a newer bill")
    if told.confidential:  # its letters would tell whoever else reads them
        raise Conflict("a confidential bill is not paid by a plan")
    if payment_plans.running(practice, [wish.patient], today=today):
        raise Conflict("a payment plan is running already")
    visits = open_visits(practice, wish.patient, told)
    if sum(visits.values()) != wish.total_cents:
        raise Conflict("the bill changed meanwhile")
    if not wish.accepted_by.strip() or len(wish.accepted_by) > LONGEST_NAME:
        raise Rejected([Problem("accepted_by", "Write the name of the person who agrees.")])
    policy = payment_plans.policy(practice)
    fit = offers(wish.total_cents, policy, first_due(today, told.due_on))
    schedule = next((one for one in fit if len(one) == wish.months), None)
    if schedule is None:
        raise Rejected([Problem("months", "Choose one of the plans.")])
    return told, visits, schedule


def open_visits(practice: int, patient: int, told: Statement) -> dict[int, int]:
    """What is asked for now on each visit of a bill; what is disputed is not."""
    account = bills.accounts(practice, [patient])[patient]
    named = {visit.invoice.encounter for visit in told.visits}
    owed: dict[int, int] = {}
    for encounter, _, cents in account.claims.values():
        if encounter in named:
            owed[encounter] = owed.get(encounter, 0) + cents
    asked = {encounter: cents - account.held_of(encounter) for encounter, cents in owed.items()}
    return {encounter: cents for encounter, cents in sorted(asked.items()) if cents > 0}


def _agreement(
    practice: int, wish: Wish, told: Statement, schedule: Schedule, number: str, at: datetime, today: date
) -> Agreement:
    clinic = parties.billing_provider(practice)
    name, postal, _ = bills.addressees(practice, [wish.patient])[wish.patient]
    assert total(schedule) == wish.total_cents
    return Agreement(
        number, today, f"{at:%I:%M %p %Z}".lstrip("0"), wish.accepted_by.strip(), wish.noted_by if wish.via == DESK else "",
        wish.address, Sender(clinic.name, clinic.phone, clinic.address), name, postal, told.number, schedule,
        payment_plans.policy(practice).grace_days,
    )  # fmt: skip


def stop_payment_plan(
    practice: int, plan: int, why: str, *, by: Actor, now: datetime, patient: int | None = None
) -> bool:
    """The plan ends; what is open is due as on the bill. False when it had ended before.

    Raises:
        NotFound: no such plan, or of another patient than the one named.
        Rejected: no reason.
    """
    with write(practice):
        head = payment_plans.head(practice, plan, patient=patient)
        if not why.strip() or len(why) > 500:
            raise Rejected([Problem("why", "Say why, in at most 500 characters.")])
        if head.state != "running":
            return False
        payment_plans.set_state(practice, plan, STOPPED)
        payment_plans.add_event(practice, plan, "stopped", "stopped", by=by.name, at=now, words=why.strip())
        audit.record(practice, [audit.Event("plan.stop", head.patient, f"payment_plan:{plan}")], by=by, at=now)
    return True


def set_plan_policy(practice: int, new: Policy, *, by: Actor, now: datetime) -> None:
    """What is offered from now on; plans that run keep their schedules."""
    with write(practice):
        payment_plans.add_policy(practice, new, by=by.name, at=now)
        why = f"{new.least_cents} cents, {new.most_months} months, {new.grace_days} days"
        audit.record(practice, [audit.Event("plan.policy", why=why)], by=by, at=now)
