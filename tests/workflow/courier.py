"""Files on their way to a receiver, by a server or a folder, and what became of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

from claims_service.domain.actor import Actor
from claims_service.domain.receiver import FOLDER, Receiver
from claims_service.gateways.folder import Folder
from claims_service.gateways.place import Place
from claims_service.gateways.sftp import Sftp, SignIn
from claims_service.store import files, receivers
from claims_service.store.connection import run
from claims_service.workflow.deliver_files import Attempt, deliver_files
from claims_service.workflow.submit_claims import SentFile, submit_claims
from tests.clinic import BILLER, NOW, Clinic
from tests.gateways.sftp_server import PASSWORD
from tests.workflow.cycle import ready

JOB = Actor("job:exchange", "job")
LATER = NOW + timedelta(hours=2)
Open = Callable[[Receiver], AbstractContextManager[Place]]


def sftp(receiver: Receiver) -> AbstractContextManager[Place]:
    return Sftp(receiver, SignIn(PASSWORD, inside=True))


def folder(receiver: Receiver) -> AbstractContextManager[Place]:
    return Folder(receiver)


def watched_folder(top: Path) -> Receiver:
    """A folder that the insurer's own program watches."""
    for name in ("in", "out"):
        (top / "watched" / name).mkdir(parents=True)
    return Receiver("QH001", "Quillhaven Health", FOLDER, outbound=f"{top}/watched/in", inbound=f"{top}/watched/out")


def waiting(clinic: Clinic, receiver: Receiver, claims: int = 1) -> SentFile:
    """A file of claims for the receiver, $150.00 each."""
    receivers.put(clinic.practice, receiver, at=NOW)
    ready(clinic, claims)
    (sent,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
    return sent


def deliver(clinic: Clinic, open_place: Open, now: datetime = NOW) -> tuple[Attempt, ...]:
    return deliver_files(clinic.practice, open_place=open_place, by=JOB, now=now, chance=lambda below: below - 1)


def content(clinic: Clinic, sent: SentFile) -> bytes:
    return files.content_of(clinic.practice, sent.file)


def lying_in(place: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in place.iterdir()}


def name_of(sent: SentFile) -> str:
    return f"LAKESIDE-{1:09}-{sent.file}.837"


def told(column: str = "kind") -> list[str]:
    return [row[0] for row in run(f"select {column} from delivery_event order by id").fetchall()]


def state(sent: SentFile) -> str:
    return str(run("select state from exchange_file where id = ?", (sent.file,)).fetchone()[0])
