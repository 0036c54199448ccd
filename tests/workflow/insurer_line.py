"""A line on which an insurer of the test's own answers, and what it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from claims_service.domain.claim.acknowledgement import StatusReason
from claims_service.domain.claim.status import StatusAnswer, StatusQuestion, StatusStep
from claims_service.domain.eligibility.answer import Benefit, EligibilityAnswer
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.party import Address
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.read_eligibility import read_270
from claims_service.formats.x12.read_status import read_276
from claims_service.formats.x12.write_eligibility import write_271
from claims_service.formats.x12.write_status import write_277
from claims_service.gateways.inquiry import NoAnswer
from claims_service.workflow.ask_eligibility import CoverQuestion, ask_eligibility
from claims_service.workflow.ask_status import ask_status
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.inquiring import Asked
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.read_status_answer import read_status_answer
from tests.clinic import BILLER, NOW, TODAY, Clinic

BENEFITS = (
    Benefit("1", "IND", ("30",), "C1", "QUILLHAVEN CHOICE"),
    Benefit("B", "IND", ("98",), period="27", cents=30_00, network="Y"),
    Benefit("A", "IND", ("30",), period="27", share=Decimal("0.2"), network="Y"),
    Benefit("C", "IND", ("30",), period="23", cents=500_00, network="Y"),
    Benefit("C", "IND", ("30",), period="29", cents=60_00, network="Y"),
)
TOMORROW = TODAY + timedelta(1)


def covered(asked: EligibilityQuestion) -> EligibilityAnswer:
    """The person is a member of Quillhaven Choice: copay $30.00, $60.00 of $500.00 deductible left."""
    return EligibilityAnswer(
        asked.payer, asked.provider, asked.subscriber, asked.member_id, asked.trace, asked.originator, asked.dependent,
        asked.relationship, benefits=BENEFITS,
    )  # fmt: skip


def pending(asked: StatusQuestion, *reasons: StatusReason, on: date = TODAY) -> StatusAnswer:
    """The claim is in process; reasons say otherwise."""
    step = StatusStep(reasons or (StatusReason("P1", "20"),), on, asked.charge_cents, 0)
    return StatusAnswer(
        asked.payer, asked.billing, replace(asked.subscriber, birth_on=None, sex="U", address=Address()), asked.member_id,
        asked.trace, (step,), asked.control_number, "ICN0001", asked.served_on, asked.served_until,
    )  # fmt: skip


def envelope(control: int) -> Interchange:
    return Interchange("QH001", "LAKESIDE", control, control, NOW, acknowledge=False)


@dataclass
class Line:
    """questions: the files that came, in order. say: what is answered to each question, or why there is no answer."""

    say: Callable[[EligibilityQuestion], EligibilityAnswer] = covered
    tell: Callable[[StatusQuestion], StatusAnswer] = pending
    silent: str = ""
    known: tuple[str, ...] = ("QH001", "NF002")
    questions: list[bytes] = field(default_factory=list)

    def reaches(self, receiver: str) -> bool:
        return receiver in self.known

    def ask(self, receiver: str, question: bytes, *, kind: str, now: datetime) -> bytes:
        self.questions.append(question)
        if self.silent:
            raise NoAnswer(self.silent)
        back = envelope(len(self.questions))
        if kind == "270":
            return write_271(back, [self.say(one) for one in read_270(question)])
        return write_277(back, [self.tell(one) for one in read_276(question)])


def ask(clinic: Clinic, line: Line | None, *patients: int, now: datetime = NOW, force: bool = False) -> Asked:
    """Ask about today, at once where there is a line."""

    def take(file: IncomingFile) -> FileOutcome:
        return read_eligibility_answer(clinic.practice, [file], by=BILLER, now=now, acknowledged=False)[0]

    wanted = [CoverQuestion(patient, TODAY) for patient in patients]
    return ask_eligibility(clinic.practice, wanted, by=BILLER, now=now, line=line, take=take, force=force)


def ask_claims(clinic: Clinic, line: Line | None, *claims: int, now: datetime = NOW, force: bool = False) -> Asked:
    """Ask what became of claims, at once where there is a line."""

    def take(file: IncomingFile) -> FileOutcome:
        return read_status_answer(clinic.practice, [file], by=BILLER, now=now, acknowledged=False)[0]

    return ask_status(clinic.practice, claims, by=BILLER, now=now, line=line, take=take, force=force)
