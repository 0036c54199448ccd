"""When a patient is told of a bill and reminded of it, and everything that stops it.

A step is due a number of days after its statement; who was missed by a clock that stood still gets the latest step alone.
Nothing goes out where nothing is owed any more: what stops a reminder is asked in the moment it is sent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Protocol

from claims_service.domain.patient.confidential import Reach

EMAIL, TEXT, PAPER = "email", "text", "paper"
CHANNELS = (EMAIL, TEXT, PAPER)

# Why bills and reminders rest, until somebody lifts it: 11 USC 362 (bankruptcy), and what decency asks.
HOLDS = {
    "bankruptcy": "Bankruptcy",
    "death": "The patient has died",
    "hardship": "Asked for financial help",
    "attorney": "Spoken for by a lawyer",
    "other": "Another reason",
}

READY, FIRST, SECOND, LAST = "ready", "first", "second", "last"
LETTERS = (READY, FIRST, SECOND, LAST)
CLEARED = "cleared"  # sent once about a bill that asks for nothing: the share it tells of became less
MOST_STEPS, LONGEST_STEP = 8, 365


@dataclass(frozen=True, slots=True)
class Step:
    """letter: which words are sent, one of LETTERS; days: after the statement was issued."""

    letter: str
    days: int


@dataclass(frozen=True, slots=True)
class Policy:
    """How a practice bills its patients.

    small_balance_cents: less than this is not billed by itself. quiet_from, quiet_until: no e-mail or text leaves between,
    by the clinic's clock (47 CFR 64.1200(c)(1) keeps calls to 8 am to 9 pm).
    """

    steps: tuple[Step, ...] = (Step(READY, 0), Step(FIRST, 14), Step(SECOND, 28), Step(LAST, 45))
    small_balance_cents: int = 0
    quiet_from: time = time(21)
    quiet_until: time = time(8)

    def __post_init__(self) -> None:
        days = [step.days for step in self.steps]
        if (
            not 1 <= len(days) <= MOST_STEPS
            or days != sorted(set(days))
            or not 0 <= days[0] <= days[-1] <= LONGEST_STEP
        ):
            raise ValueError("one to eight steps, each on a later day than the one before, the last within a year")
        if any(step.letter not in LETTERS for step in self.steps):
            raise ValueError("a step sends one of the letters there are")
        if self.small_balance_cents < 0:
            raise ValueError("a small balance is not below zero")

    def is_quiet(self, at: time) -> bool:
        """Whether the clock keeps messages back."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until


@dataclass(frozen=True, slots=True)
class Contact:
    """How a patient may be reached. agreed: channels the patient said yes to and did not stop since."""

    email: str
    phone: str
    language: str
    agreed: frozenset[str]

    def channel(self, offered: Collection[str]) -> str:
        """E-mail, else text, where the patient agreed and the service can send it; else paper."""
        if EMAIL in offered and EMAIL in self.agreed and self.email:
            return EMAIL
        return TEXT if TEXT in offered and TEXT in self.agreed and self.phone else PAPER


def apart(contact: Contact, reach: Reach | None) -> Contact:
    """How a patient is reached about confidential visits: at the address named for them, whatever else was agreed to."""
    email = reach.email if reach else ""
    return Contact(email, "", contact.language, frozenset({EMAIL} if email else ()))


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A statement as it stands in this moment. open_cents: what may be asked for, without what is disputed.

    changed: a plan gave another answer since, so a newer bill will come. on_plan: a payment plan is kept.
    on_autopay: a charge is announced. asks_nothing: it tells of a share that became less, and asked for nothing from the first day.
    """

    statement: int
    patient: int
    issued_on: date
    newest: bool
    open_cents: int
    paid_since_cents: int
    changed: bool
    holds: tuple[str, ...]
    sent: tuple[str, ...] = ()
    on_plan: bool = False
    on_autopay: bool = False
    asks_nothing: bool = False


class Issued(Protocol):
    """A statement that was issued on a day, with the letters that left."""

    @property
    def issued_on(self) -> date: ...
    @property
    def sent(self) -> tuple[str, ...]: ...


def due_step(policy: Policy, bill: Issued, today: date) -> Step | None:
    """The latest step whose day has come, unless it or a later one was sent."""
    come = [step for step in policy.steps if bill.issued_on + timedelta(days=step.days) <= today]
    if not come:
        return None
    letters = [step.letter for step in policy.steps]
    sent = max((letters.index(letter) for letter in bill.sent if letter in letters), default=-1)
    return come[-1] if len(come) - 1 > sent else None


def stopped_by(policy: Policy, bill: OpenBill) -> str:
    """Why nothing is sent about a bill, in a few words; empty when it may go."""
    stops: Sequence[tuple[bool, str]] = (
        (bool(bill.holds), HOLDS.get(bill.holds[0], "On hold") if bill.holds else ""),
        (not bill.newest, "A newer statement took its place"),
        (bill.changed, "A plan changed its answer; a new statement follows"),
        (bill.asks_nothing and CLEARED in bill.sent, "It is known already"),
        (bill.open_cents <= 0 and not bill.asks_nothing, "Nothing is owed any more"),
        (bill.paid_since_cents > 0, "A payment or a credit came in since"),
        (bill.on_plan, "A payment plan is kept"),
        (bill.on_autopay, "Autopay is about to pay it"),
        (bill.open_cents < policy.small_balance_cents and not bill.asks_nothing, "Less than is billed by itself"),
    )
    return next((why for stops_it, why in stops if stops_it), "")
