"""The demo's last morning: the front desk asks about everyone's cover, the biller about claims that wait, approvals are on file."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from claims_service.domain.actor import Actor
from claims_service.domain.authorization import Authorization
from claims_service.gateways.sandbox_insurer import SandboxInsurer
from claims_service.queries import claim_answers
from claims_service.workflow.ask_eligibility import CoverQuestion, ask_eligibility
from claims_service.workflow.ask_status import ask_status
from claims_service.workflow.hand_over_files import hand_over_files
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.load_clinic import Outcome as Clinic
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.read_status_answer import read_status_answer
from claims_service.workflow.record_authorization import record_authorizations

ULTRASOUND = frozenset({"76700"})
# Approvals as Northfold's letters say: patient, number, visits, from and until in days from the day of the run.
APPROVALS = (
    ("LF0031", "NMA-77120", 1, -60, 30),
    ("LF0002", "NMA-80345", 2, -1, 60),
    ("LF0009", "NMA-69011", 1, -90, -32),
)
SILENT_DAYS = 6
# Who comes tomorrow: covered, a plan that ended, a number that was never written down, an insurer that has not answered yet.
TOMORROW = ("LF0001", "LF0002", "LF0003", "LF0005", "LF0012", "LF0018", "LF0027", "LF0035", "LF0037", "LF0038")
ANSWERS_TOMORROW = "oldmill"


class People(Protocol):
    """Who asks and who answers in the demo. insurers: by payer id."""

    @property
    def front_desk(self) -> Actor:
        """Asks about cover."""

    @property
    def biller(self) -> Actor:
        """Asks about claims."""

    @property
    def insurers(self) -> dict[int, Actor]:
        """Fetch the questions."""


def ask_insurers(
    clinic: Clinic, insurers: Mapping[int, SandboxInsurer], *, people: People, now: datetime, today: date
) -> int:
    """Ask about each patient and each claim that waits, in a file an insurer; gives how many answers came."""
    practice, desk, biller = clinic.practice, people.front_desk, people.biller
    wanted = [CoverQuestion(patient, today) for patient in clinic.patients.values()]
    covers = ask_eligibility(practice, wanted, by=desk, now=now)
    coming = [CoverQuestion(clinic.patients[patient], today + timedelta(days=1)) for patient in TOMORROW]
    ahead = ask_eligibility(practice, coming, by=desk, now=now)
    unread = [file for file in ahead.files if file.payer == clinic.payers[ANSWERS_TOMORROW]]
    waiting = claim_answers.silent(practice, now=now, days=SILENT_DAYS)
    claims = ask_status(practice, waiting, by=biller, now=now)
    answered = 0
    for asked, read, by in (
        (covers, read_eligibility_answer, desk),
        (ahead, read_eligibility_answer, desk),
        (claims, read_status_answer, biller),
    ):
        for sent in (file for file in asked.files if file not in unread):
            assert sent.payer is not None, "each insurer of the demo has a mailbox of its own"
            (file,) = hand_over_files(practice, sent.payer, [sent.file], by=people.insurers[sent.payer], now=now)
            answer = insurers[sent.payer].answer(file.content, now)
            (outcome,) = read(practice, [IncomingFile(answer.name, answer.content, sent.payer)], by=by, now=now)
            answered += outcome.counts.get("answered", 0)
    return answered


def record_approvals(clinic: Clinic, *, by: Actor, now: datetime, today: date) -> None:
    """One used up by a visit of the demo, one open, one that ended."""
    listed = [
        Authorization(
            0, clinic.patients[patient], clinic.payers["northfold"], number, ULTRASOUND, None, visits, today + timedelta(begins),
            today + timedelta(ends),
        )
        for patient, number, visits, begins, ends in APPROVALS
    ]  # fmt: skip
    record_authorizations(clinic.practice, listed, by=by, now=now)
