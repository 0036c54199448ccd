"""The patient's share of one visit, frozen when issued: what it cost, who pays which part, and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims_service.domain.ledger import accounts

TENDER = frozenset({accounts.CARD_CLEARING, accounts.DESK_CLEARING, accounts.PATIENT_CREDIT})
TAKEN_OFF = "  taken off"  # why a share is smaller than the plan left it: the clinic gave a part up
WHOLE_VISIT = 0  # line number of what a plan decided on the visit as a whole


@dataclass(frozen=True, slots=True)
class Reason:
    """Why cents moved: CAS group and code ("PR", "1"), both empty where no plan gave one.

    in_review: refused by a plan and the clinic's work; otherwise part of the patient's share.
    """

    group: str
    code: str
    cents: int
    in_review: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One service. charge = discount + plan paid + forgiven + in review + share, to the cent.

    in_review_cents: refused or not yet settled by a plan; the clinic's work, never the patient's.
    explained: one short text in English and in Spanish.
    """

    number: int
    procedure: str
    words: str
    served_on: date
    charge_cents: int
    discount_cents: int
    plan_paid_cents: int
    forgiven_cents: int
    in_review_cents: int
    share_cents: int
    reasons: tuple[Reason, ...] = ()
    explained: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        taken = self.discount_cents + self.plan_paid_cents + self.forgiven_cents + self.in_review_cents
        assert self.charge_cents - taken == self.share_cents, "an invoice line adds up to the cent"

    @property
    def plan_share_cents(self) -> int:
        """The share as the plan's own letter shows it: without what the clinic took off."""
        return self.share_cents - sum(r.cents for r in self.reasons if r.group + r.code == TAKEN_OFF)


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """What one plan decided on a visit. claim_number: the plan's own, as on its letter to the patient."""

    payer: str
    paid_cents: int
    answered_on: date | None = None
    claim_number: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One visit as the patient is billed for it. plans: in the order they were billed, none for a self-payer."""

    number: str
    issued_on: date
    encounter: int
    served_on: date
    provider: str
    claims: tuple[int, ...]
    plans: tuple[PlanAnswer, ...]
    lines: tuple[InvoiceLine, ...]

    @property
    def charge_cents(self) -> int:
        return sum(line.charge_cents for line in self.lines)

    @property
    def discount_cents(self) -> int:
        return sum(line.discount_cents for line in self.lines)

    @property
    def plan_paid_cents(self) -> int:
        return sum(line.plan_paid_cents for line in self.lines)

    @property
    def forgiven_cents(self) -> int:
        return sum(line.forgiven_cents for line in self.lines)

    @property
    def in_review_cents(self) -> int:
        return sum(line.in_review_cents for line in self.lines)

    @property
    def share_cents(self) -> int:
        return sum(line.share_cents for line in self.lines)

    @property
    def plan_share_cents(self) -> int:
        return sum(line.plan_share_cents for line in self.lines)

    def same_money(self, other: "Invoice") -> bool:
        """Nothing a patient would see differs but number and day of issue."""
        return (self.encounter, self.claims, self.plans, self.lines) == (
            other.encounter,
            other.claims,
            other.plans,
            other.lines,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """Cents between two accounts on one line of a visit, as the journal has them; line 0 = the whole visit."""

    line: int
    debit: str
    credit: str
    cents: int
    reason: str = ""


@dataclass(slots=True)
class LineMoney:
    """The journal of one line, sorted into what a patient sees. open_cents: an insurer has yet to answer."""

    charge_cents: int = 0
    discount_cents: int = 0
    plan_paid_cents: int = 0
    forgiven_cents: int = 0
    share_cents: int = 0
    open_cents: int = 0
    patient_paid_cents: int = 0
    reasons: dict[tuple[str, bool], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def in_review_cents(self) -> int:
        """What is left of the charge: refused by a plan and not yet decided by the clinic."""
        return self.charge_cents - self.discount_cents - self.plan_paid_cents - self.forgiven_cents - self.share_cents


def line_money(movements: Iterable[Movement]) -> dict[int, LineMoney]:
    """The movements of one visit by line; every claim of the visit is taken together."""
    lines: dict[int, LineMoney] = defaultdict(LineMoney)
    for movement in movements:
        _add_side(lines[movement.line], movement.debit, movement.credit, movement.cents, movement.reason)
        _add_side(lines[movement.line], movement.credit, movement.debit, -movement.cents, movement.reason)
    return dict(lines)


def _add_side(line: LineMoney, account: str, against: str, cents: int, reason: str) -> None:
    """One side of a movement, debit-positive."""
    if account == accounts.REVENUE:
        line.charge_cents -= cents
    elif account == accounts.CONTRACTUAL:
        line.discount_cents += cents
    elif account == accounts.INSURER_CLEARING:
        line.plan_paid_cents += cents
    elif account == accounts.WRITE_OFF:
        line.forgiven_cents += cents
    elif account in {accounts.PAYER_OWES, accounts.NEXT_PAYER_OWES}:
        line.open_cents += cents
    elif account == accounts.PATIENT_OWES and against in TENDER:
        line.patient_paid_cents -= cents
    elif account == accounts.PATIENT_OWES:
        line.share_cents += cents
        line.reasons[TAKEN_OFF if against == accounts.WRITE_OFF else reason, False] += cents
    elif account == accounts.IN_REVIEW:
        line.reasons[reason, True] += cents


def reasons_of(money: LineMoney) -> tuple[Reason, ...]:
    """The reasons that still hold; what was reversed is gone."""
    found = sorted(money.reasons.items())
    return tuple(Reason(key[:2], key[2:], cents, in_review) for (key, in_review), cents in found if cents)


@dataclass(frozen=True, slots=True)
class Service:
    """What was done, as the visit records it."""

    number: int
    procedure: str
    words: str
    served_on: date


def invoice_lines(money: Mapping[int, LineMoney], services: Sequence[Service], served_on: date) -> list[InvoiceLine]:
    """A line for each service in order, then one for what concerns the whole visit, if anything does."""
    known = {service.number: service for service in services}
    lines = []
    for number in sorted(money, key=lambda n: (n == WHOLE_VISIT, n)):
        m = money[number]
        service = known.get(number, Service(number, "", "", served_on))
        line = InvoiceLine(
            number,
            service.procedure,
            service.words,
            service.served_on,
            m.charge_cents,
            m.discount_cents,
            m.plan_paid_cents,
            m.forgiven_cents,
            m.in_review_cents,
            m.share_cents,
            reasons_of(m),
        )
        if any((line.charge_cents, line.discount_cents, line.plan_paid_cents, line.share_cents, line.in_review_cents)):
            lines.append(line)
    return lines
