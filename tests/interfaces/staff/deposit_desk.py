"""A biller signed in at a clinic with a remittance posted, a check at the desk and a card payout announced."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from flask import Flask
from werkzeug.test import TestResponse

from claims_service.access import people, sessions
from claims_service.access.passwords import Passwords
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.gateways import sandbox_bank
from claims_service.gateways.sandbox_bank import Deposit
from claims_service.store import payments
from claims_service.store.connection import write
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests import clinic as clinics
from tests.access.world import PASSWORD, Browser
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.billed_clinic import billed

TRN = "HCCLAIMPMT TRN*1*EFT0001*1990000099~"
INSURER = Deposit(TODAY - timedelta(days=1), 282_50, TRN, "Quillhaven Health")
PAYOUT = Deposit(TODAY - timedelta(days=2), 97_20, "PAYOUT", "Card company", "PO-118")
COUNTER = Deposit(TODAY, 20_00, "SLIP 0412", "COUNTER DEPOSIT")
UNKNOWN = Deposit(TODAY - timedelta(days=6), 780_00, "TRANSFER", "Old Mill Trust", "OMT-771204")


@dataclass(frozen=True)
class Desk:
    """clinic: ids of what is there; browser: of the signed-in person; secret: of the session."""

    clinic: Clinic
    browser: Browser
    secret: str

    def upload(self, *booked: Deposit, opening_cents: int = 100_000) -> TestResponse:
        content = sandbox_bank.camt053("000330071", opening_cents, booked, written_at=NOW)
        return self.send_file(content, "checking-0071.xml")

    def send_file(self, content: bytes, name: str) -> TestResponse:
        sent = {"csrf_token": self.browser.token(), "bank_files": (BytesIO(content), name)}
        return self.browser.client.post("/staff/deposits/files", data=sent)

    def post(self, path: str, **form: str) -> TestResponse:
        return self.browser.client.post(path, data={"csrf_token": self.browser.token(), **form}, follow_redirects=True)


def open_desk(app: Flask, settings: Config, role: str = "biller") -> Desk:
    """Three visits answered with $282.50, a check of $20.00, cards of $100.00 less $2.80."""
    clinic = clinics.found("Larkspur Family Clinic")
    newcomer = people.Newcomer(f"{role}@larkspur.example", "Priya Castellane", role, PASSWORD, None)
    user = people.add(clinic.practice, newcomer, passwords=Passwords(settings), by=COMMAND, now=NOW)
    billed(clinic)
    taken = [DeskPayment(clinic.alma, 20_00, "check", "k1", "991")]
    take_desk_payments(clinic.practice, taken, by=BILLER, now=NOW, today=TODAY)
    with write():
        payout = payments.NewPayout("PO-118", TODAY - timedelta(days=2), 100_00, 2_80, 97_20)
        payments.add_payouts(clinic.practice, [payout], at=NOW)
    secret = sessions.start(clinic.practice, user=user, address="127.0.0.1", now=NOW)
    return Desk(clinic, Browser(app).hold(secret), secret)
