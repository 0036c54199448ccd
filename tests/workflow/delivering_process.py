"""A process that delivers what waits until it is killed."""

import contextlib
from multiprocessing.connection import Connection
from pathlib import Path

from claims_service.config import Config
from claims_service.gateways.receivers import opener
from claims_service.store import connection
from claims_service.workflow.deliver_files import deliver_files
from tests.clinic import BILLER, NOW
from tests.store.posting_process import processes

__all__ = ["deliver_once", "processes"]


def deliver_once(url: str, practice: int, secrets: Path, told: Connection) -> None:
    """Tells when it begins and when nothing is left to try."""
    connection.connect(url)
    with contextlib.closing(told), connection.opened():
        told.send("begun")
        deliver_files(practice, open_place=opener(Config(receiver_secrets=secrets)), by=BILLER, now=NOW)
        told.send("done")
