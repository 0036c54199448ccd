"""Processes that post a remittance file or take a payment, to be killed at any moment or to meet at one claim."""

from multiprocessing.connection import Connection
from pathlib import Path

from claims_service.store import connection
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY


def post_file(url: str, practice: int, path: str, told: Connection) -> None:
    """Says when it begins, and what became of the file once that is sure."""
    connection.connect(url)
    with Path(path).open("rb") as stream:
        told.send("begun")
        (outcome,) = post_remittance(practice, [IncomingFile("large.835", stream)], by=BILLER, now=NOW, today=TODAY)
    told.send(outcome.state)


def pay_at_desk(url: str, practice: int, patient: int, key: str, told: Connection) -> None:
    """$25.00 in cash; says when it begins and when it is sure."""
    connection.connect(url)
    told.send("begun")
    take_desk_payments(practice, [DeskPayment(patient, 25_00, "cash", key)], by=BILLER, now=NOW, today=TODAY)
    told.send("paid")
