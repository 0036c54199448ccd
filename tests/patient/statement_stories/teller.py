"""Plays what happened to a patient and their bills, on top of what insurers send. README.md beside this file has the notation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from claims_service.domain.actor import Actor
from claims_service.domain.estimate.wish import SCHEDULED, WishedLine
from claims_service.domain.estimate.wish import Wish as Planned
from claims_service.domain.ledger.accounts import PAYER_OWES
from claims_service.domain.party import Address, Person
from claims_service.domain.patient import prompt_pay
from claims_service.domain.patient.agreement import DESK
from claims_service.domain.patient.guarantor import Guarantor
from claims_service.domain.patient.pay_link import PayLinks
from claims_service.domain.patient.reminder import Policy
from claims_service.gateways.messages.outbox import Message
from claims_service.queries import bills
from claims_service.queries.bills import Bill
from claims_service.store import disputes, journal, payments
from claims_service.store import patients as people
from claims_service.store.connection import run, write
from claims_service.workflow.agree_payment_plan import Wish, agree_payment_plans
from claims_service.workflow.answer_disputes import Answer, answer_disputes
from claims_service.workflow.ask_assistance import Application, ask_assistance
from claims_service.workflow.decide_assistance import Decision, decide_assistance
from claims_service.workflow.follow_payment_plans import follow_payment_plans
from claims_service.workflow.leave_to_patient import ToPatient, leave_to_patient
from claims_service.workflow.make_estimates import Asked, Issue, ask_estimates, issue_estimates
from claims_service.workflow.name_guarantor import name_guarantors
from claims_service.workflow.offer_discount import set_prompt_pay
from claims_service.workflow.open_disputes import Complaint, open_disputes
from claims_service.workflow.pause_bills import Pause, choose_contact, pause_bills, set_policy
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.release_bills import Release, release_bills
from claims_service.workflow.remind_patients import remind_patients
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER
from tests.workflow.remittance_stories import notation
from tests.workflow.remittance_stories.teller import Teller

SITE = "https://billing.example.org"
LINKS = PayLinks(SITE, "a secret of the tests")
SERVICES = {
    "99213": "Doctor visit", "99214": "Long doctor visit", "85025": "Blood count", "36415": "Blood draw",
    "11102": "Skin sample", "93000": "Heart tracing (ECG)",
}  # fmt: skip
HOME = Address("2 Sample Road", "", "Portland", "OR", "97202")
ELM_STREET = Address("9 Elm Street", "", "Salem", "OR", "97301")


class Letterbox:
    """Keeps what is sent to patients."""

    channels = frozenset({"email", "text"})

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        self.messages.append(message)


@dataclass
class StatementTeller(Teller):
    """The patient whose bill is read is the one of the last visit, or whoever "reads" names."""

    known: dict[str, int] = field(default_factory=dict)
    reader: str = ""
    forms: int = 0
    letters: Letterbox = field(default_factory=Letterbox)

    def __post_init__(self) -> None:
        self.services = SERVICES

    @property
    def _verbs(self) -> dict[str, Callable[[str, list[str]], None]]:
        return {
            **super()._verbs, "meet": self._meet, "speaks": self._speaks, "reads": self._reads, "days": self._days,
            "pays": self._pay, "refund": self._refund, "dispute": self._dispute, "answer": self._answer,
            "plan": self._plan, "assistance": self._assist, "guarantor": self._name_guarantor,
            "estimate": self._estimate, "release": self._release, "discount": self._discount, "hold": self._hold,
            "least": self._least, "leave": self._leave, "tell": self._tell_by,
        }  # fmt: skip

    @property
    def by(self) -> dict[str, object]:
        return {"by": BILLER, "now": self.now, "today": self.today}

    @property
    def patient(self) -> int:
        """Whose bill this story is about."""
        return self.person(self.reader or "alma")

    def person(self, name: str) -> int:
        self.reader = name
        return self.known.get(name) or super().person(name)

    def bill(self) -> Bill | None:
        """The newest of the reader."""
        return next(iter(bills.bills_of(self.clinic.practice, self.patient)), None)

    @property
    def is_taken_back(self) -> bool:
        """A plan took its answer back and has not decided anew."""
        open_cents = [
            journal.claim_balances(self.clinic.practice, [h.id])[h.id].get(PAYER_OWES, 0) for h in self.heads.values()
        ]
        return any(open_cents) and not self.heads.keys() - self.told.keys()

    def _form(self) -> str:
        self.forms += 1
        return f"form-{self.forms}"

    def _newest(self) -> Bill:
        found = self.bill()
        assert found is not None, "there is no bill yet"
        return found

    def _meet(self, text: str, _: list[str]) -> None:
        """ "meet dora born=2016-01-05 plan=QHM0000004": somebody new, without plan= nobody pays for them."""
        told = notation.words(text)
        [name] = told.plain
        born = date.fromisoformat(told.options["born"])
        person = Person("Testpatient", name.capitalize(), "", born, "F", HOME)
        new = people.NewPatient(f"P-{name}", person, phone="5035550177", email=f"{name}@example.org")
        [self.known[name]] = people.add_many(self.clinic.practice, [new], at=self.now)
        if "plan" in told.options:
            cover = people.NewCoverage(
                self.known[name], self.clinic.quillhaven, told.options["plan"], valid_from=date(2026, 1, 1)
            )
            people.add_coverages(self.clinic.practice, [cover])

    def _speaks(self, text: str, _: list[str]) -> None:
        name, language = text.split()
        with write():
            run("update patient set language = ? where id = ?", (language, self.person(name)))

    def _reads(self, name: str, _: list[str]) -> None:
        self.reader = name

    def _days(self, text: str, _: list[str]) -> None:
        self.day += int(text)
        follow_payment_plans(self.clinic.practice, None, **self.by)  # type: ignore[arg-type]

    def _pay(self, text: str, _: list[str]) -> None:
        """ "pays 25.00 check"."""
        amount, method = text.split()
        newest = self.bill()
        wish = DeskPayment(
            self.patient, notation.cents(amount), method, self._form(), "1188" if method == "check" else "",
            newest.id if newest else None,
        )  # fmt: skip
        take_desk_payments(self.clinic.practice, [wish], **self.by)  # type: ignore[arg-type]

    def _refund(self, text: str, _: list[str]) -> None:
        paid = payments.of_patient(self.clinic.practice, self.patient)[0]
        wish = Refund(paid.id, notation.cents(text), paid.refunded_cents, "asked for it back")
        refund_payments(self.clinic.practice, [wish], processor=None, **self.by)  # type: ignore[arg-type]

    def _dispute(self, text: str, _: list[str]) -> None:
        """ "dispute A 2 wrong_amount: words"."""
        about, _colon, words = text.partition(": ")
        letter, line, reason = about.split()
        place = (self._encounter(letter), int(line))
        wish = Complaint(self.patient, self._newest().id, (place,), reason, words, self._form())
        by = Actor(f"patient:{self.patient}", "patient", "127.0.0.1")
        open_disputes(self.clinic.practice, [wish], by=by, now=self.now, today=self.today)

    def _encounter(self, letter: str) -> int:
        row = run("select encounter_id from claim where id = ?", (self.heads[letter].id,)).fetchone()
        return int(row[0])

    def _answer(self, text: str, _: list[str]) -> None:
        """ "answer upheld: words" or "answer credited 10.00: words"; the oldest dispute that is open."""
        about, _colon, words = text.partition(": ")
        outcome, *amount = about.split()
        [key] = run("select min(id) from dispute where state not in ('answered', 'withdrawn')").fetchone()
        places = disputes.lines(self.clinic.practice, [key])[key]
        given = {(places[0].encounter, places[0].line): notation.cents(amount[0])} if amount else {}
        answer_disputes(self.clinic.practice, [Answer(key, outcome, words, given)], **self.by)  # type: ignore[arg-type]

    def _plan(self, months: str, _: list[str]) -> None:
        newest = self._newest()
        wish = Wish(
            self.patient, newest.id, int(months), newest.asked_cents, self._form(), "Alma Testpatient", DESK, "", "en",
            "Nora Billing",
        )  # fmt: skip
        agree_payment_plans(self.clinic.practice, [wish], **self.by)  # type: ignore[arg-type]

    def _assist(self, text: str, _: list[str]) -> None:
        """ "assistance 75 household=2 income=20000.00"."""
        told = notation.words(text)
        wish = Application(
            self.patient, int(told.options["household"]), told.cents("income", 0), self._form(), "I lost my work."
        )
        [asked] = ask_assistance(self.clinic.practice, [wish], **self.by)  # type: ignore[arg-type]
        decision = Decision(asked.application, int(told.plain[0]), "By our scale.")
        decide_assistance(self.clinic.practice, [decision], **self.by)  # type: ignore[arg-type]

    def _name_guarantor(self, text: str, _: list[str]) -> None:
        """ "guarantor dora parent Rosa Testparent": lives on Elm Street."""
        name, relationship, guarantor = text.split(" ", 2)
        chosen = {self.person(name): Guarantor(guarantor, relationship, ELM_STREET)}
        name_guarantors(self.clinic.practice, chosen, **self.by)  # type: ignore[arg-type]

    def _estimate(self, text: str, _: list[str]) -> None:
        """ "estimate carla on=11-10 99213": to somebody who pays alone."""
        told = notation.words(text)
        name, *codes = told.plain
        lines = tuple(WishedLine(code) for code in codes)
        day = date.fromisoformat(f"2026-{told.options['on']}")
        wish = Planned(self.clinic.doctor, "11", lines, day, ("J069",), self_pay=True)
        asked = Asked(self.person(name), SCHEDULED, self.today, self._form(), wish)
        [made] = ask_estimates(self.clinic.practice, [asked], **self.by)  # type: ignore[arg-type]
        issue_estimates(self.clinic.practice, [Issue(made.estimate, wish)], **self.by)  # type: ignore[arg-type]

    def _release(self, why: str, _: list[str]) -> None:
        keys = [row[0] for row in run("select id from estimate_hold").fetchall()]
        release_bills(self.clinic.practice, [Release(key, why) for key in keys], by=BILLER, now=self.now)

    def _discount(self, text: str, _: list[str]) -> None:
        """ "discount 10 14": percent off when paid within so many days, to everybody."""
        percent, days = text.split()
        policy = prompt_pay.Policy(int(percent), int(days), insured=True)
        set_prompt_pay(self.clinic.practice, policy, by=BILLER, now=self.now)

    def _hold(self, kind: str, _: list[str]) -> None:
        pause_bills(self.clinic.practice, [Pause(self.patient, kind)], **self.by)  # type: ignore[arg-type]

    def _least(self, text: str, _: list[str]) -> None:
        """ "least 10.00": what is billed by itself."""
        set_policy(self.clinic.practice, Policy(small_balance_cents=notation.cents(text)), by=BILLER, now=self.now)

    def _leave(self, text: str, _: list[str]) -> None:
        """ "leave A 30.00": what a plan refused is the patient's after a person looked."""
        letter, amount = text.split()
        wish = ToPatient(self.heads[letter].id, notation.cents(amount), "not a benefit of this plan")
        leave_to_patient(self.clinic.practice, [wish], **self.by)  # type: ignore[arg-type]

    def _tell_by(self, channel: str, _: list[str]) -> None:
        """ "tell email": the patient agreed to it; what is due is sent."""
        with write():
            run("update patient set phone = '5035550177' where id = ?", (self.patient,))
        choose_contact(
            self.clinic.practice, self.patient, by_email=channel == "email", by_text=channel == "text", via="desk",
            by=BILLER, now=self.now,
        )  # fmt: skip
        remind_patients(self.clinic.practice, outbox=self.letters, links=LINKS, **self.by)  # type: ignore[arg-type]
