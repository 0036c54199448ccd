"""Running plans followed: shortened when less is owed, reminded of when late, lapsed after the grace, ended when nothing is open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.payment_plan import LAPSED, LATE, PAID, RESTORED, SHORTENED, total
from claims_service.domain.patient.plan_letters import PlanAbout, late_email, late_text
from claims_service.domain.patient.reminder import EMAIL, PAPER
from claims_service.gateways.messages.outbox import Message, NotSent, Outbox
from claims_service.store import audit, bills, parties, payment_plans, reminders
from claims_service.store.connection import write
from claims_service.store.payment_plans import Running

RESUMED, REMINDED, FAILED = "resumed", "reminded", "failed"


@dataclass(frozen=True, slots=True)
class Followed:
    """How many plans got a new schedule, lapsed, went on after that, or were paid to the end."""

    changed: int = 0
    lapsed: int = 0
    resumed: int = 0
    paid: int = 0


def follow_payment_plans(
    practice: int, patients: Sequence[int] | None, *, by: Actor, now: datetime, today: date
) -> Followed:
    """Write down what the journal made of the running plans (patients None = all); asked again, nothing is written twice."""
    counts: Counter[str] = Counter()
    with write(practice):
        plans = payment_plans.running(practice, patients, today=today)
        bills.lock_patients(practice, sorted(plans))
        trail: list[audit.Event] = []
        for one in payment_plans.running(practice, sorted(plans), today=today).values():
            for what in _follow(practice, one, by=by, now=now):
                counts[what] += 1
                trail.append(audit.Event(f"plan.{what}", one.head.patient, f"payment_plan:{one.head.id}"))
        audit.record(practice, trail, by=by, at=now)
    return Followed(counts["change"], counts["lapse"], counts["resume"], counts["end"])


def _follow(practice: int, one: Running, *, by: Actor, now: datetime) -> list[str]:
    found, plan = one.standing, one.head.id
    did = []
    if found.schedule != one.written and found.schedule:
        why = SHORTENED if total(found.schedule) < total(one.written) else RESTORED
        payment_plans.add_version(practice, plan, one.version + 1, found.schedule, why, at=now)
        did.append("change")
    if found.state == PAID:
        payment_plans.set_state(practice, plan, PAID)
        payment_plans.add_event(practice, plan, PAID, PAID, by=by.name, at=now)
        return [*did, "end"]
    last = payment_plans.last_event(practice, plan, (LAPSED, RESUMED))
    if found.state == LAPSED and last != LAPSED:
        if payment_plans.add_event(
            practice, plan, LAPSED, f"{LAPSED}:{found.next_on}:{one.version}", by=by.name, at=now
        ):
            did.append("lapse")
    elif found.is_kept and last == LAPSED:
        payment_plans.add_event(practice, plan, RESUMED, f"{RESUMED}:{now.isoformat()}", by=by.name, at=now)
        did.append("resume")
    return did


@dataclass(frozen=True, slots=True)
class Reminded:
    """sent: by e-mail or text; to_call: who gets neither; failed: not taken by the mail server."""

    sent: int = 0
    to_call: int = 0
    failed: int = 0


def remind_late_plans(
    practice: int, *, outbox: Outbox, site_url: str, by: Actor, now: datetime, today: date
) -> Reminded:
    """Tell each patient once of each late payment, in the days of grace; who gets no messages stands on the list of the staff.

    The note that it was told is written first, so a sending that was cut off is not repeated.
    """
    quiet = reminders.policy(practice).is_quiet(now.astimezone(ZoneInfo(parties.zone(practice))).time())
    counts: Counter[str] = Counter()
    for one in payment_plans.running(practice, None, today=today).values():
        if one.standing.state == LATE:
            counts[_remind(practice, one, outbox, site_url, quiet=quiet, by=by, now=now)] += 1
    return Reminded(counts["sent"], counts["to_call"], counts["failed"])


def _remind(
    practice: int, one: Running, outbox: Outbox, site_url: str, *, quiet: bool, by: Actor, now: datetime
) -> str:
    patient, found = one.head.patient, one.standing
    assert found.next_on is not None, "a late plan has a payment that is missing"
    assert found.lapses_on is not None, "a late plan has a day on which it lapses"
    contact = reminders.contacts(practice, [patient])[patient]
    channel = contact.channel(outbox.channels)
    if (quiet and channel != PAPER) or reminders.holds(practice, [patient]):
        return "waits"
    key = f"{REMINDED}:{found.next_on}"
    with write(practice):
        if not payment_plans.add_event(practice, one.head.id, REMINDED, key, by=by.name, at=now, words=channel):
            return "again"
        audit.record(practice, [audit.Event("plan.remind", patient, f"payment_plan:{one.head.id}")], by=by, at=now)
    if channel == PAPER:
        return "to_call"
    clinic = parties.billing_provider(practice)
    name, _, language = bills.addressees(practice, [patient])[patient]
    about = PlanAbout(
        clinic.name, spoken_phone(clinic.phone), name.partition(" ")[0], found.next_on, found.behind_cents, found.lapses_on,
        f"{site_url}/portal", language,
    )  # fmt: skip
    words = late_email(about) if channel == EMAIL else late_text(about)
    to = contact.email if channel == EMAIL else contact.phone
    try:
        outbox.send(Message(channel, to, words.subject, words.text, f"{practice}:plan:{one.head.id}:{found.next_on}"))
    except NotSent as reason:
        with write(practice):
            failed = f"{FAILED}:{found.next_on}"
            payment_plans.add_event(practice, one.head.id, FAILED, failed, by=by.name, at=now, words=str(reason))
        return "failed"
    return "sent"
