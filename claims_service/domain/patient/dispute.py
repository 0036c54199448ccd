"""A dispute or question about a bill: its reasons, where it stands, the promised date, and what is not asked for meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.errors import Conflict
from claims_service.domain.workdays import add_workdays, workdays_until
from claims_service.words import said

DISPUTE, QUESTION = "dispute", "question"
PATIENT, STAFF = "patient", "staff"  # who wrote
VIAS = {"portal": "On the portal", "phone": "By phone", "letter": "By letter", "desk": "At the desk"}

# Where it stands.
OPENED, IN_PROGRESS, WAITING, WITH_PLAN, TO_APPROVE = "opened", "in_progress", "waiting", "with_plan", "to_approve"
ANSWERED, WITHDRAWN = "answered", "withdrawn"
OPEN = (OPENED, IN_PROGRESS, WAITING, WITH_PLAN, TO_APPROVE)
LABELS = {
    OPENED: "New",
    IN_PROGRESS: "In progress",
    WAITING: "Waiting for the patient",
    WITH_PLAN: "With the plan",
    TO_APPROVE: "Waits for a second person",
    ANSWERED: "Answered",
    WITHDRAWN: "Taken back by the patient",
}

# How it ends.
UPHELD, CORRECTED, CREDITED, EXPLAINED = "upheld", "corrected", "credited", "explained"
OUTCOMES = {
    UPHELD: "The bill is right",
    CORRECTED: "We corrected it",
    CREDITED: "We gave a credit",
    EXPLAINED: "Question answered",
}
ENDINGS = {DISPUTE: (UPHELD, CORRECTED, CREDITED), QUESTION: (EXPLAINED,)}

# What people do, and where it leads.
OPEN_IT, TAKE, TELL, ASK, REPLY = "open", "take", "tell", "ask", "reply"
TO_PLAN, PROPOSE, SEND_BACK, APPROVE = "to_plan", "propose", "send_back", "approve"
ANSWER, REOPEN, WITHDRAW = "answer", "reopen", "withdraw"
_AT_WORK = (OPENED, IN_PROGRESS, WAITING, WITH_PLAN)
MOVES: Mapping[str, Mapping[str, str]] = {
    TAKE: {OPENED: IN_PROGRESS},
    TELL: {OPENED: IN_PROGRESS, **{state: state for state in OPEN if state != OPENED}},
    ASK: dict.fromkeys(_AT_WORK, WAITING),
    REPLY: {**{state: state for state in OPEN}, WAITING: IN_PROGRESS},
    TO_PLAN: dict.fromkeys(_AT_WORK, WITH_PLAN),
    PROPOSE: dict.fromkeys(_AT_WORK, TO_APPROVE),
    SEND_BACK: {TO_APPROVE: IN_PROGRESS},
    APPROVE: {TO_APPROVE: ANSWERED},
    ANSWER: dict.fromkeys(_AT_WORK, ANSWERED),
    REOPEN: {ANSWERED: OPENED},
    WITHDRAW: dict.fromkeys(_AT_WORK, WITHDRAWN),
}
"""move -> {state: state after}; what is not here can't be done."""

ANSWER_DAYS = 10  # business days until a clinic sets its own number
MOST_ANSWER_DAYS = 20  # stays within the 30 days of 12 CFR 1026.13(c), the strictest federal rule for billing errors
APPROVE_ABOVE_CENTS = 100_00
PLAN_DAYS = timedelta(days=30)  # what state prompt-pay laws mostly give an insurer
REOPEN_DAYS = timedelta(days=60)
MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class Policy:
    """answer_days: business days. A credit above approve_above_cents needs a second person."""

    answer_days: int = ANSWER_DAYS
    approve_above_cents: int = APPROVE_ABOVE_CENTS


def moved(state: str, move: str) -> str:
    """Where a move leads.

    Raises:
        Conflict: it can't be done from here.
    """
    after = MOVES[move].get(state)
    if after is None:
        raise Conflict(f"This is “{LABELS[state]}” now: look at it again.")
    return after


@dataclass(frozen=True, slots=True)
class Clock:
    """The promise to the patient. days_left: business days left of it while we wait for the patient."""

    answer_by: date
    days_left: int | None = None


def started(on: date, policy: Policy) -> Clock:
    """The promise made when it is opened."""
    return Clock(add_workdays(on, policy.answer_days))


def after_move(clock: Clock, before: str, after: str, on: date) -> Clock:
    """The promise rests while the patient is asked, goes on with the reply, and gives a plan its time."""
    if after == WAITING and before != WAITING:
        return Clock(clock.answer_by, max(workdays_until(on, clock.answer_by), 1))
    if after == WITH_PLAN and before != WITH_PLAN:
        return Clock(max(clock.answer_by, on + PLAN_DAYS))
    if before == WAITING and clock.days_left is not None:
        return Clock(add_workdays(on, clock.days_left))
    return clock


def is_late(state: str, clock_by: date, today: date) -> bool:
    """The promised day is over and the work is ours."""
    return state in OPEN and state != WAITING and clock_by < today


def may_reopen(state: str, *, reopened: bool, answered_on: date | None, today: date) -> bool:
    """Once, within 60 days of the answer."""
    return state == ANSWERED and not reopened and answered_on is not None and today <= answered_on + REOPEN_DAYS


def held(open_cents: int, disputed_cents: int) -> int:
    """What is not asked for: the disputed share, as far as it is still open. What was paid went to the other lines first."""
    return max(0, min(open_cents, disputed_cents))


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in plain words, in English. promise: what we will do about it."""

    name: str
    words: str
    promise: str
    kind: str = DISPUTE


REASONS = {
    reason.name: reason
    for reason in (
        Reason(
            "not_received",
            said("I did not get this service"),
            said("We compare the bill with the notes of your visit."),
        ),
        Reason(
            "plan_should_pay",
            said("My plan should have paid this"),
            said("We check it with your plan."),
        ),
        Reason(
            "wrong_amount",
            said("The amount is wrong"),
            said("We check the price and your share again."),
        ),
        Reason(
            "paid_already",
            said("I paid this already"),
            said("We look for your payment. A photo of the receipt helps."),
        ),
        Reason(
            "billed_twice",
            said("I was billed twice"),
            said("We look for a second bill for the same service."),
        ),
        Reason(
            "not_understood",
            said("I do not understand this charge"),
            said("We explain it in plain words."),
        ),
        Reason(
            "other",
            said("Something else is wrong"),
            said("Tell us below."),
        ),
        Reason(
            "question",
            said("I only have a question"),
            said("Nothing is put on hold. The amount stays on your bill."),
            QUESTION,
        ),
    )
}  # fmt: skip
NEEDS_WORDS = ("other", "question")
