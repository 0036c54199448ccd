"""A process that posts one large remittance file, to be killed at any moment."""

from multiprocessing.connection import Connection
from pathlib import Path

from claims_service.store import connection
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from tests.clinic import BILLER, NOW, TODAY


def post_file(url: str, practice: int, path: str, told: Connection) -> None:
    """Says when it begins, and what became of the file once that is sure."""
    connection.connect(url)
    file = IncomingFile("large.835", Path(path).read_bytes())
    told.send("begun")
    (outcome,) = post_remittance(practice, [file], by=BILLER, now=NOW, today=TODAY)
    told.send(outcome.state)
