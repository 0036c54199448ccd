"""Tells patients of their bills and reminds them, step by step; each step of a statement leaves once at most."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.patient import frozen
from claims_service.domain.patient.confidential import MAIL
from claims_service.domain.patient.letters import About, email, text_message
from claims_service.domain.patient.pay_link import LONGEST, MOST_FAILURES, PayLinks
from claims_service.domain.patient.reminder import (
    CLEARED,
    EMAIL,
    PAPER,
    Contact,
    OpenBill,
    Policy,
    apart,
    due_step,
    stopped_by,
)
from claims_service.domain.patient.standing import stands_now
from claims_service.domain.patient.statement import Statement
from claims_service.gateways.messages.outbox import Message, NotSent, Outbox
from claims_service.store import audit, autopay, bills, confidential, parties, pay_links, payment_plans, reminders
from claims_service.store.connection import in_parts, write
from claims_service.store.payment_plans import Running

BATCH = 200
_LATE_DAYS = 30  # after its last step, a statement is left to people


@dataclass(frozen=True, slots=True)
class Outcome:
    """sent: by e-mail or text; to_print: letters for paper; failed: not taken by the mail server. stopped: count by reason."""

    sent: int = 0
    to_print: int = 0
    failed: int = 0
    stopped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Due:
    """A step that leaves now."""

    bill: OpenBill
    letter: str
    channel: str
    statement: Statement
    contact: Contact
    pay_link: int = 0


def remind_patients(
    practice: int, *, outbox: Outbox, links: PayLinks, by: Actor, now: datetime, today: date
) -> Outcome:
    """Send every step whose day has come and that nothing stops; asked again the same day, nothing leaves twice.

    links: each message leads to its bill, and the way to its end to the portal.

    What would stop it is looked at in the transaction that writes the step down, just before it leaves. A step that was
    written down and whose sending was cut off stays "sending": whether it left can't be told, so it is not sent again.
    """
    policy = reminders.policy(practice)
    quiet = policy.is_quiet(now.astimezone(ZoneInfo(parties.zone(practice))).time())
    first_day = today - timedelta(days=policy.steps[-1].days + _LATE_DAYS)
    counts: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    statements = reminders.issued_since(practice, first_day)
    for part in in_parts(statements, BATCH):
        with write(practice):
            due = _due(practice, part, policy, outbox, quiet=quiet, today=today, stopped=stopped)
            noted = _note(practice, due, by=by, now=now)
        for key, one in noted:
            counts[_send(practice, key, one, outbox, links)] += 1
    return Outcome(counts[reminders.SENT], counts[reminders.TO_PRINT], counts[reminders.FAILED], dict(stopped))


def _due(
    practice: int,
    part: Sequence[int],
    policy: Policy,
    outbox: Outbox,
    *,
    quiet: bool,
    today: date,
    stopped: Counter[str],
) -> list[_Due]:
    come = [
        (one, step)
        for one in reminders.issued(practice, part)
        if one.newest and (step := due_step(policy, one, today)) is not None
    ]
    listed = [one for one, _ in come]
    patients = [one.patient for one in listed]
    told = {one.id: frozen.statement(bills.statement_content(practice, one.id)) for one in listed}
    accounts, holds = bills.accounts(practice, patients), reminders.holds(practice, patients)
    contacts = reminders.contacts(practice, patients)
    encounters = sorted({visit.invoice.encounter for told_one in told.values() for visit in told_one.visits})
    current = bills.current_numbers(practice, encounters)
    plans = payment_plans.planned(practice, patients, today=today)
    private, reaches = confidential.visits_of(practice, patients), confidential.reaches(practice, patients)
    charged = autopay.statements_to_charge(practice, [one.id for one, _ in come])
    due = []
    for one, step in come:
        owed: Counter[int] = Counter()
        for encounter, _, cents in accounts[one.patient].claims.values():
            owed[encounter] += cents
        open_cents, changed = stands_now(told[one.id], owed, current, private.get(one.patient, ()))
        held_cents = sum(accounts[one.patient].held_of(visit.invoice.encounter) for visit in told[one.id].visits)
        paid_since = 0 if changed else one.owed_cents + told[one.id].held_cents - open_cents
        bill = OpenBill(
            one.id, one.patient, one.issued_on, one.newest, open_cents - held_cents, paid_since, changed,
            tuple(hold.kind for hold in holds.get(one.patient, ())), one.sent, on_autopay=one.id in charged,
            asks_nothing=one.owed_cents <= 0 and not told[one.id].held_cents,
        )  # fmt: skip
        bill = _without_plan(bill, told[one.id], plans.get(one.patient))
        if why := stopped_by(policy, bill):
            stopped[why] += 1
            continue
        contact, reach = contacts[one.patient], reaches.get(one.patient)
        contact = apart(contact, reach) if told[one.id].confidential else contact
        channel = contact.channel(outbox.channels)
        if told[one.id].confidential and channel == PAPER and (reach is None or reach.how != MAIL):
            stopped["The patient asked that nothing is mailed"] += 1
            continue
        if channel == PAPER or not quiet:
            due.append(_Due(bill, CLEARED if bill.asks_nothing else step.letter, channel, told[one.id], contact))
    return due


def _without_plan(bill: OpenBill, told: Statement, plan: Running | None) -> OpenBill:
    """What a payment plan pays that is kept is not reminded of; visits beside it are."""
    if plan is None:
        return bill
    planned = sum(plan.open_cents.get(visit.invoice.encounter, 0) for visit in told.visits)
    rest = bill.open_cents - planned
    return replace(bill, open_cents=rest) if rest > 0 else replace(bill, on_plan=planned > 0)


def _note(practice: int, due: Sequence[_Due], *, by: Actor, now: datetime) -> list[tuple[int, _Due]]:
    rows = [
        (
            one.bill.statement, one.bill.patient, one.letter, one.channel,
            reminders.TO_PRINT if one.channel == PAPER else reminders.SENDING, one.bill.open_cents,
        )
        for one in due
    ]  # fmt: skip
    ids = reminders.add(practice, rows, at=now)
    told = [(one.bill.statement, one.bill.patient) for one in due if one.channel != PAPER]
    opened = pay_links.ensure(practice, told, most=MOST_FAILURES, at=now, lasts=LONGEST)
    due = [replace(one, pay_link=opened.get(one.bill.statement, 0)) for one in due]
    trail = [audit.Event("statement.remind", one.bill.patient, f"statement:{one.bill.statement}") for one in due]
    audit.record(practice, trail, by=by, at=now)
    return list(zip(ids, due, strict=True))


def _send(practice: int, reminder: int, one: _Due, outbox: Outbox, links: PayLinks) -> str:
    """The state it came to."""
    if one.channel == PAPER:
        return reminders.TO_PRINT
    about = About(
        one.statement.sender.name, one.statement.sender.phone, one.statement.addressee.partition(" ")[0],
        one.statement.visits[0].invoice.served_on, one.statement.due_on, one.bill.open_cents, links.address(one.pay_link),
        one.contact.language, f"{links.site_url}/portal",
    )  # fmt: skip
    is_mail = one.channel == EMAIL
    words = email(one.letter, about) if is_mail else text_message(one.letter, about)
    to = one.contact.email if is_mail else one.contact.phone
    key = f"{practice}:{one.bill.statement}:{one.letter}"
    try:
        outbox.send(Message(one.channel, to, words.subject, words.text, key))
    except NotSent as reason:
        reminders.set_state(practice, reminder, reminders.FAILED, str(reason))
        return reminders.FAILED
    reminders.set_state(practice, reminder, reminders.SENT)
    return reminders.SENT


def mark_printed(practice: int, reminder: int, *, by: Actor, now: datetime) -> None:
    """A person put the letter into the mail; said twice it stays as it is.

    Raises:
        NotFound: no letter of this practice that was to be printed.
    """
    with write(practice):
        patient = reminders.printed(practice, reminder)
        if patient is not None:
            audit.record(practice, [audit.Event("statement.mail", patient, f"reminder:{reminder}")], by=by, at=now)
