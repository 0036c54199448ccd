"""What a patient is told: the visits that are open, what is owed for them, and by when."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from claims_service.domain.party import Address
from claims_service.domain.patient.invoice import Invoice
from claims_service.domain.patient.wording import short_date
from claims_service.words import say

DAYS_TO_PAY = 30
CYCLE_DAYS = 28  # the same bills are not sent again sooner


@dataclass(frozen=True, slots=True)
class AboveEstimate:
    """A bill is $400.00 or more above the estimate given before (45 CFR 149.620). billed_cents: of all visits it spoke of.

    until: the last day to dispute it.
    """

    number: str
    expected_cents: int
    billed_cents: int
    until: date


@dataclass(frozen=True, slots=True)
class PromptPay:
    """Taken off when all that a statement asks for is paid by a day. encounters: whose money it is taken off."""

    cents: int
    until: date
    encounters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StatementVisit:
    """A visit on a statement. paid_cents: what the patient had paid for it when the statement was made.

    held_cents: disputed then, so not asked for; held_lines: the numbers of the disputed lines.
    """

    invoice: Invoice
    paid_cents: int
    held_cents: int = 0
    held_lines: tuple[int, ...] = ()
    above: AboveEstimate | None = None

    @property
    def owed_cents(self) -> int:
        return self.invoice.share_cents - self.paid_cents - self.held_cents


@dataclass(frozen=True, slots=True)
class WaitingVisit:
    """A visit that a plan has not answered: nothing is to be paid for it yet."""

    served_on: date
    provider: str
    payers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """The clinic as it stands on a bill."""

    name: str
    phone: str
    address: Address = field(default_factory=Address)


@dataclass(frozen=True, slots=True)
class Statement:
    """Frozen when issued: later payments and corrections do not change it.

    changes: in English and Spanish, what became of disputes and shares since the statement before. waiting: not part of it, plans
    had yet to answer. payment_plan: in English and Spanish,
    how a plan that is kept stands, empty for none; planned_cents of what is owed are paid by it. prompt_pay: None where nothing
    is taken off for paying early. guarantor: who answers for the patient's bills and lives at the address, "" for the patient.
    keep_from_plan_until: the last day to pay visits in full that no plan is told of. confidential: of visits that only the patient
    is told of; the address is where the patient asked to be written to, or empty. credit_cents: what the clinic owed the patient, on a
    statement that asks for nothing.
    """

    number: str
    issued_on: date
    due_on: date
    sender: Sender
    patient: str
    address: Address
    visits: tuple[StatementVisit, ...]
    changes: tuple[tuple[str, str], ...] = ()
    payment_plan: tuple[str, str] = ("", "")
    planned_cents: int = 0
    prompt_pay: PromptPay | None = None
    guarantor: str = ""
    confidential: bool = False
    keep_from_plan_until: date | None = None
    waiting: tuple[WaitingVisit, ...] = ()
    credit_cents: int = 0

    @property
    def addressee(self) -> str:
        """Whose name is on the envelope."""
        return self.guarantor or self.patient

    @property
    def charge_cents(self) -> int:
        return sum(visit.invoice.charge_cents for visit in self.visits)

    @property
    def discount_cents(self) -> int:
        return sum(visit.invoice.discount_cents for visit in self.visits)

    @property
    def plan_paid_cents(self) -> int:
        return sum(visit.invoice.plan_paid_cents for visit in self.visits)

    @property
    def forgiven_cents(self) -> int:
        return sum(visit.invoice.forgiven_cents for visit in self.visits)

    @property
    def in_review_cents(self) -> int:
        return sum(visit.invoice.in_review_cents for visit in self.visits)

    @property
    def share_cents(self) -> int:
        return sum(visit.invoice.share_cents for visit in self.visits)

    @property
    def plan_share_cents(self) -> int:
        return sum(visit.invoice.plan_share_cents for visit in self.visits)

    @property
    def paid_cents(self) -> int:
        return sum(visit.paid_cents for visit in self.visits)

    @property
    def held_cents(self) -> int:
        return sum(visit.held_cents for visit in self.visits)

    @property
    def owed_cents(self) -> int:
        """What is asked for; what is disputed is not."""
        return self.share_cents - self.paid_cents - self.held_cents

    @property
    def due_cents(self) -> int:
        """What is to be paid by the day: without what a payment plan pays; all of it where a plan pays all of it."""
        rest = self.owed_cents - self.planned_cents
        return rest if rest > 0 else self.owed_cents

    @property
    def claims(self) -> tuple[int, ...]:
        return tuple(claim for visit in self.visits for claim in visit.invoice.claims)

    @property
    def payers(self) -> tuple[str, ...]:
        """Each plan that answered, once, in order."""
        return tuple(dict.fromkeys(plan.payer for visit in self.visits for plan in visit.invoice.plans))


def due_on(issued_on: date) -> date:
    """The last day to pay."""
    return issued_on + timedelta(days=DAYS_TO_PAY)


def title(statement: Statement, language: str) -> str:
    """ "Your visit on October 6, 2026 with Imani Voss" or "Your 3 visits, October 6 to …"; who answers for another reads the name."""
    first, last = statement.visits[0].invoice, statement.visits[-1].invoice
    start, end = short_date(first.served_on, language), short_date(last.served_on, language)
    of = {"count": len(statement.visits), "start": start, "end": end, "patient": statement.patient}
    of["with_whom"] = say(language, " with %(provider)s", provider=first.provider) if first.provider else ""
    if statement.guarantor:
        return _of_another(of, language)
    if of["count"] == 1:
        return say(language, "Your visit on %(start)s%(with_whom)s", **of)
    if start == end:
        return say(language, "Your %(count)s visits on %(start)s", **of)
    return say(language, "Your %(count)s visits, %(start)s to %(end)s", **of)


def answered(statement: Statement, language: str) -> str:
    """Which plans have answered, so that what is left is the patient's; empty where there is none."""
    who = say(language, " and ").join(statement.payers)
    if len(statement.payers) > 1:
        return say(language, "%(who)s have answered. This is your part.", who=who)
    return say(language, "%(who)s has answered. This is your part.", who=who) if who else ""


def _of_another(of: dict[str, object], language: str) -> str:
    if of["count"] == 1:
        return say(language, "%(patient)s’s visit on %(start)s%(with_whom)s", **of)
    if of["start"] == of["end"]:
        return say(language, "%(patient)s’s %(count)s visits on %(start)s", **of)
    return say(language, "%(patient)s’s %(count)s visits, %(start)s to %(end)s", **of)
