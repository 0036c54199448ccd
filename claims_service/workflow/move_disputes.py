"""Carry disputes on: messages from both sides, waiting for the patient or a plan, opened once more, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, Problem, Rejected
from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient.dispute import Policy
from claims_service.formats import attachments
from claims_service.formats.attachments import SentFile
from claims_service.store import audit, bills, disputes
from claims_service.store.connection import write
from claims_service.store.disputes import Head
from claims_service.words import said

BY_PATIENT = (rules.REPLY, rules.REOPEN, rules.WITHDRAW)
BY_STAFF = (rules.TAKE, rules.TELL, rules.ASK, rules.TO_PLAN, rules.REPLY, rules.REOPEN, rules.WITHDRAW)
_SILENT = (rules.TAKE, rules.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Step:
    """A move of a dispute. patient: who asks for it, None for staff. words: the message that goes with it."""

    dispute: int
    move: str
    words: str = ""
    patient: int | None = None
    file: SentFile | None = None


def move_disputes(practice: int, steps: Sequence[Step], *, by: Actor, now: datetime, today: date) -> list[Head]:
    """Take each step; gives the disputes as they stand then.

    Raises:
        NotFound: no such dispute of this practice, or of another patient than the one who asks.
        Conflict: it can't be done from where the dispute stands.
        Rejected: words are missing or too long, or a file we don't take.
    """
    with write(practice):
        return [_move(practice, step, by, now, today) for step in steps]


def _move(practice: int, step: Step, by: Actor, now: datetime, today: date) -> Head:
    found = disputes.head(practice, step.dispute, patient=step.patient)
    if step.move not in (BY_STAFF if step.patient is None else BY_PATIENT):
        raise Conflict("This can't be done here.")
    bills.lock_patients(practice, [found.patient])
    if problem := _words_problem(step):
        raise Rejected([problem])
    sent = attachments.checked(step.file) if step.file else None
    after = rules.moved(found.state, step.move)
    if step.move == rules.REOPEN:
        _reopen(practice, found, today)
    else:
        disputes.set_state(practice, found.id, after, rules.after_move(found.clock, found.state, after, today))
    side = rules.PATIENT if step.move in BY_PATIENT else rules.STAFF
    event = disputes.add_event(practice, found.id, step.move, side, step.words.strip(), by=by.name, at=now)
    if step.file and sent:
        disputes.add_file(practice, found.id, event, *sent, step.file.content, by=by.name, at=now)
    audit.record(practice, [audit.Event(f"dispute.{step.move}", found.patient, f"dispute:{found.id}")], by=by, at=now)
    return disputes.head(practice, found.id)


def _reopen(practice: int, found: Head, today: date) -> None:
    """The hold and the clock begin anew.

    Raises:
        Conflict: it was opened once more before, too long ago, or a line of it is looked into elsewhere.
    """
    if not rules.may_reopen(found.state, reopened=found.reopened, answered_on=found.answered_on, today=today):
        raise Conflict("This can be opened once more only one time, and within 60 days of our answer.")
    taken = disputes.open_lines(practice, found.patient)
    if any((line.encounter, line.line) in taken for line in disputes.lines(practice, [found.id])[found.id]):
        raise Conflict("Another dispute about the same service is open.")
    clock = rules.started(today, disputes.policy(practice))
    disputes.set_state(practice, found.id, rules.OPENED, clock, reopened=True)


def _words_problem(step: Step) -> Problem | None:
    if len(step.words) > rules.MOST_WORDS:
        return Problem("words", said("Write 4,000 letters at most."))
    if not step.words.strip() and step.move not in _SILENT and not step.file:
        return Problem("words", said("Write a few words."))
    return None


def set_policy(practice: int, policy: Policy, *, by: Actor, now: datetime) -> None:
    """How soon the clinic answers from now on, and which credits need a second person.

    Raises:
        Rejected: no days, more than the law leaves, or a limit below zero.
    """
    problems = []
    if not 1 <= policy.answer_days <= rules.MOST_ANSWER_DAYS:
        problems.append(Problem("answer_days", f"Between 1 and {rules.MOST_ANSWER_DAYS} business days."))
    if policy.approve_above_cents < 0:
        problems.append(Problem("approve_above", "Write $0.00 or more."))
    if problems:
        raise Rejected(problems)
    with write(practice):
        disputes.set_policy(practice, policy, by=by.name, at=now)
        changed = f"{policy.answer_days} business days, {policy.approve_above_cents} cents"
        audit.record(practice, [audit.Event("dispute.policy", None, "dispute_policy", changed)], by=by, at=now)
