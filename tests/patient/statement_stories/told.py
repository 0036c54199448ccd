"""What a patient reads at the end of a story: the page, the paper that goes into the envelope, and the messages."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from claims_service.access import sessions
from claims_service.formats.documents.statement_pdf import statement_pdf
from claims_service.gateways.messages.outbox import Message
from claims_service.queries.bills import Bill, addressee
from claims_service.store import connection
from claims_service.workflow.open_pay_links import open_pay_links
from tests.access.world import Browser
from tests.clinic import BILLER, Clinic, found
from tests.patient.statement_stories import as_read
from tests.patient.statement_stories.teller import LINKS, StatementTeller
from tests.workflow.remittance_stories.teller import Story, stories

BOOK = stories(Path(__file__).parent)


def file_name(story: Story) -> str:
    """Of its golden file and its pictures."""
    return re.sub("[^a-z]+", "_", story.name.lower())


@dataclass(frozen=True)
class Told:
    """bill None: there is none, and page is the first page of the portal. paper: a PDF, empty where nothing is sent."""

    teller: StatementTeller
    bill: Bill | None
    paper: bytes
    browser: Browser

    def get(self, path: str) -> TestResponse:
        """An answer of the site to the patient, at the hour at which the story ends."""
        with time_machine.travel(self.teller.now, tick=False):
            return self.browser.get(path)

    @cached_property
    def page(self) -> str:
        answer = self.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.text

    @property
    def practice(self) -> int:
        return self.teller.clinic.practice

    @property
    def path(self) -> str:
        return f"/portal/bills/{self.bill.id}" if self.bill else "/portal"

    @property
    def messages(self) -> list[Message]:
        return self.teller.letters.messages

    @property
    def as_text(self) -> str:
        """All of it, as the golden file has it."""
        parts = ["== The page", as_read.page(self.page)]
        if self.paper:
            parts += ["== The paper", as_read.paper(self.paper)]
        for message in self.messages:
            subject = f": {message.subject}" if message.subject else ""
            parts += [f"== By {message.channel} to {message.to}{subject}", f"{message.text}\n"]
        return "\n".join(parts)


def told(app: Flask, story: Story) -> Told:
    """Plays a story in a clinic of its own, in the empty database that is connected."""
    with connection.opened():
        clinic: Clinic = found()
        teller = StatementTeller(clinic)
        teller.tell(story)
        bill = teller.bill()
        paper = _paper(teller, bill) if bill else b""
        secret = sessions.start(clinic.practice, patient=teller.patient, address="127.0.0.1", now=teller.now)
    with time_machine.travel(teller.now, tick=False):
        browser = Browser(app).hold(secret)
    return Told(teller, bill, paper, browser)


def _paper(teller: StatementTeller, bill: Bill) -> bytes:
    practice = teller.clinic.practice
    links = open_pay_links(practice, [(bill.id, teller.patient)], by=BILLER, now=teller.now)
    language = addressee(practice, teller.patient).language
    return statement_pdf(bill.statement, language, pay_link=LINKS.address(links[bill.id]))
