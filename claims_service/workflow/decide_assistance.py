"""Decides on financial assistance: by a person, above a limit by two; the discount is posted and the letter frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, Problem, Rejected
from claims_service.domain.patient import assistance as rules
from claims_service.domain.patient.assistance import Policy
from claims_service.domain.patient.assistance_letter import Letter
from claims_service.domain.patient.statement import Sender
from claims_service.store import assistance, audit, bills, parties, reminders
from claims_service.store.assistance import Grant, Head
from claims_service.store.connection import write
from claims_service.workflow.charity import take_off

HARDSHIP = "hardship"


@dataclass(frozen=True, slots=True)
class Decision:
    """percent: off the patient's share, 0 = not granted. words: to the patient, needed where it differs from the scale or is 0."""

    application: int
    percent: int
    words: str = ""


def decide_assistance(
    practice: int, decisions: Sequence[Decision], *, by: Actor, now: datetime, today: date, above_limit: bool = False
) -> list[Head]:
    """Decide each; all or none. above_limit: whether this person may agree to more than the practice's limit.

    Above it the first person's word is kept and the application stays open: it is decided when another one, who may, says the same.

    Raises:
        NotFound: no such application of this practice.
        Conflict: it is decided or taken back.
        Rejected: no such percent, or words missing.
    """
    with write(practice):
        return [_decide(practice, one, by, now, today, above_limit=above_limit) for one in decisions]


def _decide(practice: int, one: Decision, by: Actor, now: datetime, today: date, *, above_limit: bool) -> Head:
    head = assistance.head(practice, one.application)
    if head.state != rules.OPEN:
        raise Conflict("This application is settled.")
    bills.lock_patients(practice, [head.patient])
    policy = assistance.policy(practice)
    account = bills.accounts(practice, [head.patient])[head.patient]
    owed = {claim: cents for claim, (_, _, cents) in account.claims.items() if cents > 0}
    expected = sum(rules.off_cents(cents, one.percent) for cents in owed.values())
    if found := _problems(one, head, policy):
        raise Rejected(found)
    if expected > policy.approve_above_cents and not (above_limit and _said_by_another(head, one, by)):
        return _propose(practice, head, one, by=by, now=now)
    until = rules.valid_until(today, policy.months)
    grant = Grant(head.id, head.number, one.percent, today, until)
    off = {}
    if one.percent:
        off = take_off(practice, {claim: (grant, cents) for claim, cents in owed.items()}, by=by, now=now, today=today)
    letter = _letter(practice, head, one, grant, sum(off.values()), sum(owed.values()) - sum(off.values()), today)
    assistance.decide(practice, head.id, letter, by=by.name)
    for hold in reminders.holds(practice, [head.patient]).get(head.patient, ()):
        if hold.kind == HARDSHIP and hold.note == head.number:
            reminders.lift_hold(practice, head.patient, hold.id, by=by.name, at=now)
    event = audit.Event("assistance.decide", head.patient, f"assistance:{head.id}", f"{one.percent} percent")
    audit.record(practice, [event], by=by, at=now)
    return assistance.head(practice, head.id)


def _said_by_another(head: Head, one: Decision, by: Actor) -> bool:
    return head.proposed_by not in ("", by.name) and head.percent == one.percent


def _propose(practice: int, head: Head, one: Decision, *, by: Actor, now: datetime) -> Head:
    """One person's word; a later one takes its place."""
    assistance.propose(practice, head.id, one.percent, one.words.strip(), by=by.name)
    event = audit.Event("assistance.propose", head.patient, f"assistance:{head.id}", f"{one.percent} percent")
    audit.record(practice, [event], by=by, at=now)
    return assistance.head(practice, head.id)


def _problems(one: Decision, head: Head, policy: Policy) -> list[Problem]:
    found = []
    scale = rules.percent_off(head.guideline_percent, policy)
    if not 0 <= one.percent <= 100:
        found.append(Problem("percent", "Between 0 and 100 percent."))
    if one.percent != scale and not one.words.strip():
        found.append(Problem("words", f"The scale says {scale} percent. Tell the patient why it is another."))
    if not one.percent and not one.words.strip():
        found.append(Problem("words", "Tell the patient why not: it stands in the letter."))
    if len(one.words) > rules.MOST_WORDS:
        found.append(Problem("words", f"Write {rules.MOST_WORDS:,} letters at most."))
    return list({(problem.where, problem.message): problem for problem in found}.values())[:4]


def _letter(practice: int, head: Head, one: Decision, grant: Grant, off: int, owed: int, today: date) -> Letter:
    clinic = parties.billing_provider(practice)
    name, address, _ = bills.addressees(practice, [head.patient])[head.patient]
    first, until = (grant.valid_from, grant.valid_until) if one.percent else (None, None)
    return Letter(
        head.number, today, name, address, Sender(clinic.name, clinic.phone, clinic.address), head.asked_on, head.household,
        head.income_cents, head.guideline_percent, one.percent, first, until, off, owed, one.words.strip(),
    )  # fmt: skip


def set_scale(practice: int, new: Policy, *, by: Actor, now: datetime) -> None:
    """The practice's scale from now on.

    Raises:
        Rejected: it can't be so.
    """
    if found := rules.policy_problems(new):
        raise Rejected(found)
    with write(practice):
        if new != assistance.policy(practice):
            assistance.set_policy(practice, new, by=by.name, at=now)
            audit.record(practice, [audit.Event("assistance.policy")], by=by, at=now)
