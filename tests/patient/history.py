"""A patient's history made up step by step: what the clinic, insurers, the card company and the patient may do, in any order."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from claims_service.domain.actor import Actor
from claims_service.domain.party import Address, Person
from claims_service.domain.patient import dispute as dispute_rules
from claims_service.domain.patient import frozen
from claims_service.domain.patient.agreement import PORTAL
from claims_service.domain.patient.assistance import OPEN
from claims_service.domain.patient.autopay import PAID
from claims_service.domain.patient.confidential import PORTAL as NOWHERE
from claims_service.domain.patient.confidential import Reach
from claims_service.domain.patient.guarantor import Guarantor
from claims_service.domain.patient.statement import Statement
from claims_service.gateways.cards.processor import CHARGED_BACK, CardEvent
from claims_service.gateways.cards.test_processor import TestProcessor
from claims_service.gateways.messages.outbox import FolderOutbox
from claims_service.queries import bills as bill_queries
from claims_service.store import autopay, bills, disputes, patients, payment_plans, payments
from claims_service.workflow.agree_payment_plan import Wish, agree_payment_plans
from claims_service.workflow.answer_disputes import Answer, answer_disputes
from claims_service.workflow.ask_assistance import Application, ask_assistance
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.decide_assistance import Decision, decide_assistance
from claims_service.workflow.follow_payment_plans import follow_payment_plans
from claims_service.workflow.keep_confidential import Wish as Keep
from claims_service.workflow.keep_confidential import end_confidential, keep_confidential
from claims_service.workflow.move_disputes import Step, move_disputes
from claims_service.workflow.name_guarantor import name_guarantors
from claims_service.workflow.open_disputes import Complaint, open_disputes
from claims_service.workflow.pause_bills import choose_contact
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.run_autopay import announce_charges, make_charges
from claims_service.workflow.save_method import Agreement, SaveWish, agree_autopay, keep_saved, start_saving
from claims_service.workflow.take_payment import (
    CardPayment,
    DeskPayment,
    settle_payments,
    start_payments,
    take_desk_payments,
)
from claims_service.workflow.tell_of_autopay import tell_of_autopay
from tests.clinic import BILLER, MANAGER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.visits import Line, Visit

PATIENT = Actor("patient:1", "patient", "127.0.0.1")
SENT, ANSWERED, TAKEN_BACK = "sent", "answered", "taken back"
NUMBERS = itertools.count(1)


@dataclass
class Told:
    """What an insurer said of a visit last, kept apart from the books. share: the patient's part of each line."""

    visit: Visit
    lines: Sequence[Line]
    insured: bool
    state: str
    answers: int = 0
    disputed: set[int] = field(default_factory=set)
    private: bool = False

    def share(self, number: int) -> int:
        """What may be asked for of a line at most: PR alone, and only while an answer holds; all of it without a plan."""
        line = self.lines[number - 1]
        if not self.insured:
            return line.charge_cents
        return (
            sum(cents for reason, cents in line.reasons.items() if reason.startswith("PR"))
            if self.state == ANSWERED
            else 0
        )

    @property
    def most_cents(self) -> int:
        """The most anybody may ask of the patient for the visit: without the lines that are looked into."""
        return sum(self.share(n) for n in range(1, len(self.lines) + 1) if n not in self.disputed)


class History:
    """One new patient of a clinic, and everything that happens around their bills."""

    def __init__(self, clinic: Clinic, company: TestProcessor, outbox: FolderOutbox) -> None:
        self.clinic, self.company, self.days, self.forms = clinic, company, 0, itertools.count(1)
        self.outbox = outbox
        self.name = next(NUMBERS)
        self.told: list[Told] = []
        self.open: dict[int, tuple[Told, set[int]]] = {}
        self.statements: list[int] = []
        home = Address("2 Sample Road", "", "Portland", "OR", "97202")
        person = Person("Testpatient", f"Nr{self.name}", "", date(1980, 1, 1), "F", home)
        [self.patient] = patients.add_many(
            clinic.practice, [patients.NewPatient(f"H{self.name}", person, email=f"h{self.name}@example.com")], at=NOW
        )
        cover = patients.NewCoverage(
            self.patient, clinic.quillhaven, f"QHM9{self.name:06}", valid_from=date(2026, 1, 1)
        )
        patients.add_coverages(clinic.practice, [cover])
        choose_contact(clinic.practice, self.patient, by_email=True, by_text=False, via="desk", by=BILLER, now=NOW)

    @property
    def today(self) -> date:
        return TODAY + timedelta(days=self.days)

    @property
    def now(self) -> datetime:
        """Each moment comes once."""
        return NOW + timedelta(days=self.days, seconds=next(self.forms))

    def key(self) -> str:
        return f"h{self.name}-{next(self.forms)}"

    def visit(self, lines: Sequence[Line], *, insured: bool) -> None:
        made = visits.sent(self.clinic, lines, patient=self.patient, plan=insured)
        self.told.append(Told(made, lines, insured, SENT))

    def answer(self, place: int, lines: Sequence[Line]) -> None:
        """The insurer decides; what it decided before is taken back first."""
        waiting = [one for one in self.told if one.insured]
        if not waiting:
            return
        one = waiting[place % len(waiting)]
        if one.state == ANSWERED:
            self._reverse(one)
        one.answers += 1
        fit = [_fitted(line, by) for line, by in zip(one.lines, itertools.cycle(lines), strict=False)]
        visits.answered(self.clinic, one.visit, fit, key=str(one.answers), on=self.today)
        one.lines, one.state = fit, ANSWERED

    def take_back(self, place: int) -> None:
        """The insurer reverses its decision and says nothing new."""
        decided = [one for one in self.told if one.insured and one.state == ANSWERED]
        if decided:
            self._reverse(decided[place % len(decided)])

    def _reverse(self, one: Told) -> None:
        visits.taken_back(self.clinic, one.visit, key=str(one.answers))
        one.state = TAKEN_BACK

    def bill(self, days: int) -> list[Statement]:
        """Some days later, the bill run of this patient; gives what was issued."""
        self.days += days
        follow_payment_plans(self.clinic.practice, [self.patient], by=BILLER, now=self.now, today=self.today)
        made = bill_patients(self.clinic.practice, [self.patient], by=BILLER, now=self.now, today=self.today)
        self.statements += made.statements
        return [frozen.statement(bills.statement_content(self.clinic.practice, key)) for key in made.statements]

    def newest(self) -> bill_queries.Bill | None:
        return next(iter(bill_queries.bills_of(self.clinic.practice, self.patient)), None)

    def pay_at_desk(self, cents: int) -> None:
        wish = DeskPayment(self.patient, cents, "cash", self.key())
        take_desk_payments(self.clinic.practice, [wish], by=BILLER, now=self.now, today=self.today)

    def pay_by_card(self, cents: int, *, chosen: bool, good: bool) -> None:
        """A part, or all that is asked for on the first visit of the bill; the card may be declined, each message comes twice."""
        bill = self.newest()
        if bill is None:
            return
        picked: tuple[int, ...] = ()
        if chosen:
            asked = self.asked()
            picked = tuple(e for e in asked if e in {v.invoice.encounter for v in bill.statement.visits})[:1]
            cents = sum(asked[e] for e in picked)
        wish = CardPayment(self.patient, bill.id, cents, self.key(), "Bill", "/paid", "/back", picked)
        [page] = start_payments(self.clinic.practice, [wish], processor=self.company, by=PATIENT, now=self.now)
        message = self.company.pay(page.url.rpartition("/")[2], good=good, now=self.now)
        event = self.company.read_event(message.body, message.signature, now=self.now)
        settle_payments(self.clinic.practice, [event, event], by=BILLER, now=self.now, today=self.today)

    def _paid(self, place: int) -> payments.PaymentRecord | None:
        listed = payments.of_patient(self.clinic.practice, self.patient)
        return listed[place % len(listed)] if listed else None

    def refund(self, place: int, cents: int) -> None:
        if found := self._paid(place):
            wish = Refund(found.id, cents, found.refunded_cents, "made up")
            refund_payments(
                self.clinic.practice, [wish], processor=self.company, by=BILLER, now=self.now, today=self.today
            )

    def charge_back(self, place: int, state: str) -> None:
        """The patient's bank takes a card payment back; won and lost may follow."""
        found = self._paid(place)
        if found is None or found.method != "card":
            return
        event = CardEvent(
            f"evt-{self.key()}", CHARGED_BACK, str(self.clinic.practice), found.key, "", found.cents, found.refunded_cents,
            f"dp-{found.id}", found.cents, state,
        )  # fmt: skip
        settle_payments(self.clinic.practice, [event], by=BILLER, now=self.now, today=self.today)

    def keep_confidential(self, place: int) -> None:
        """The patient keeps a visit to themselves, or no longer does."""
        one = self.told[place % len(self.told)]
        one.private = not one.private
        if one.private:
            wish = Keep(self.patient, one.visit.encounter, Reach(NOWHERE))
            keep_confidential(self.clinic.practice, [wish], by=BILLER, now=self.now, today=self.today)
        else:
            end_confidential(self.clinic.practice, self.patient, one.visit.encounter, by=BILLER, now=self.now)

    @property
    def private(self) -> set[int]:
        return {one.visit.encounter for one in self.told if one.private}

    def name_guarantor(self, *, anybody: bool) -> None:
        """From the next bill on somebody else gets them, or nobody but the patient."""
        chosen = Guarantor("Rosa Testagent", "agent", Address("9 Elm Street", "", "Salem", "OR", "97301"))
        name_guarantors(
            self.clinic.practice, {self.patient: chosen if anybody else None}, by=BILLER, now=self.now, today=self.today
        )

    def bills(self) -> list[bill_queries.Bill]:
        return bill_queries.bills_of(self.clinic.practice, self.patient)

    def open_cents(self) -> dict[int, int]:
        """What is open on each visit, disputed or not."""
        account = bills.accounts(self.clinic.practice, [self.patient])[self.patient]
        found: dict[int, int] = {}
        for encounter, _, cents in account.claims.values():
            found[encounter] = found.get(encounter, 0) + cents
        return found

    def dispute(self, place: int, number: int) -> None:
        bill = self.newest()
        if bill is None:
            return
        named = {visit.invoice.encounter: visit for visit in bill.statement.visits}
        fit = [one for one in self.told if one.visit.encounter in named]
        one = fit[place % len(fit)]
        line = number % len(one.lines) + 1
        wish = Complaint(self.patient, bill.id, ((one.visit.encounter, line),), "wrong_amount", "Too much.", self.key())
        [made] = open_disputes(self.clinic.practice, [wish], by=PATIENT, now=self.now, today=self.today)
        one.disputed.add(line)
        self.open[made.dispute] = (one, {line})

    def answer_dispute(self, place: int, how: str, cents: int) -> None:
        if not self.open:
            return
        key = sorted(self.open)[place % len(self.open)]
        if how == dispute_rules.WITHDRAW:
            wish = Step(key, how, "It is fine.", self.patient)
            move_disputes(self.clinic.practice, [wish], by=PATIENT, now=self.now, today=self.today)
        else:
            [line] = disputes.lines(self.clinic.practice, [key])[key]
            given = {(line.encounter, line.line): cents} if how == dispute_rules.CREDITED else {}
            answer_disputes(
                self.clinic.practice, [Answer(key, how, "Looked at.", given)], by=BILLER, now=self.now, today=self.today
            )
        one, lines = self.open.pop(key)
        one.disputed -= lines

    def assist(self, percent: int) -> None:
        wish = Application(self.patient, 1, 20_000_00, self.key(), "No work.")
        [made] = ask_assistance(self.clinic.practice, [wish], by=PATIENT, now=self.now, today=self.today)
        decided = Decision(made.application, percent, "As the scale says.")
        [after] = decide_assistance(self.clinic.practice, [decided], by=BILLER, now=self.now, today=self.today)
        if after.state == OPEN:  # above the limit
            decide_assistance(
                self.clinic.practice, [decided], by=MANAGER, now=self.now, today=self.today, above_limit=True
            )

    def plan(self, months: int) -> None:
        bill = self.newest()
        if bill is not None:
            wish = Wish(self.patient, bill.id, months, bill.asked_cents, self.key(), "Nr", PORTAL, "", "en")
            agree_payment_plans(self.clinic.practice, [wish], by=PATIENT, now=self.now, today=self.today)

    def agree_autopay(self, most_cents: int, *, good: bool, of_plan: bool) -> None:
        """A card is saved, which goes through or not, and what comes may be charged to it, up to so much at a time."""
        wish = SaveWish(self.patient, self.key(), "Save a card", "/saved", "/back")
        page = start_saving(self.clinic.practice, wish, processor=self.company, by=PATIENT, now=self.now)
        message = self.company.save(page.rpartition("/")[2], good=good, now=self.now)
        event = self.company.read_event(message.body, message.signature, now=self.now)
        method = keep_saved(self.clinic.practice, event, by=PATIENT, now=self.now)
        plans = payment_plans.running(self.clinic.practice, [self.patient], today=self.today)
        plan = plans[self.patient].head.id if of_plan and plans else None
        agreed = Agreement(self.patient, method, plan, most_cents, self.key(), "Nr", "10.0.0.1", "en")
        agree_autopay(self.clinic.practice, agreed, by=PATIENT, now=self.now, today=self.today)

    def run_autopay(self, days: int) -> list[autopay.Charge]:
        """Some days pass, on each the round of the clock; gives the charges that went through."""
        before = set(self._paid_charges())
        for _ in range(days):
            self.days += 1
            practice, today, now = self.clinic.practice, self.today, self.now
            announce_charges(practice, by=BILLER, now=now, today=today)
            tell_of_autopay(practice, outbox=self.outbox, site_url="https://b.example", by=BILLER, now=now)
            make_charges(practice, processor=self.company, by=BILLER, now=now, today=today)
        return [one for key, one in self._paid_charges().items() if key not in before]

    def _paid_charges(self) -> dict[int, autopay.Charge]:
        made = autopay.charges_of(self.clinic.practice, self.patient)
        return {one.id: one for one in made if one.state == PAID}

    def agreed_cents(self) -> int:
        """The most that a charge may be, by any consent there ever was."""
        return max((one.most_cents for one in autopay.of_patient(self.clinic.practice, self.patient)), default=0)

    def asked(self) -> dict[int, int]:
        """What is asked for now of each visit, as every page and payment reads it."""
        account = bills.accounts(self.clinic.practice, [self.patient])[self.patient]
        owed: dict[int, int] = {}
        for encounter, _, cents in account.claims.values():
            owed[encounter] = owed.get(encounter, 0) + cents
        asked = {encounter: cents - account.held_of(encounter) for encounter, cents in owed.items()}
        return {encounter: cents for encounter, cents in asked.items() if cents > 0}

    def planned_cents(self) -> int:
        """What a plan of this patient asks for."""
        found = payment_plans.running(self.clinic.practice, [self.patient], today=self.today)
        return found[self.patient].standing.left_cents if found else 0


def _fitted(line: Line, by: Line) -> Line:
    """A line of a visit, decided in the proportions of another."""
    charge, whole = line.charge_cents, max(by.charge_cents, 1)
    discount, paid = by.discount_cents * charge // whole, by.paid_cents * charge // whole
    reasons = {reason: cents * charge // whole for reason, cents in by.reasons.items()}
    return Line(
        line.code, charge, discount, paid, {reason: cents for reason, cents in reasons.items() if cents}, line.words
    )
