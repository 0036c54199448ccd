"""kill -9 at any moment of a delivery: the insurer has each file once and whole."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from claims_service.store import connection, files, receivers
from claims_service.store.connection import run
from claims_service.workflow.submit_claims import submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, Clinic
from tests.gateways.sftp_server import PASSWORD, SftpServer, running
from tests.store_fixtures import Databases
from tests.workflow.cycle import ready
from tests.workflow.delivering_process import deliver_once, processes

SERVICES = ("99213", "93000", "85025", "36415", "11102")


class Insurer:
    """Takes every whole file out of the folder as soon as it sees one, as insurers do, or lets it lie."""

    def __init__(self, folder: Path, *, collects: bool) -> None:
        self.folder, self.collects = folder, collects
        self.got: list[tuple[str, bytes]] = []
        self._ended = threading.Event()

    def collect(self) -> None:
        for file in sorted(self.folder.glob("*.837")):
            self.got.append((file.name, file.read_bytes()))
            file.unlink()

    def watch(self) -> None:
        while self.collects and not self._ended.wait(0.002):
            self.collect()

    @contextmanager
    def at_work(self) -> Iterator["Insurer"]:
        worker = threading.Thread(target=self.watch)
        worker.start()
        try:
            yield self
        finally:
            self._ended.set()
            worker.join(10)
            self.collect()


def one_more_file(clinic: Clinic) -> None:
    """Ten claims of one patient and service; a service is billed once a day, so the next is taken every thirty files."""
    files_made = run("select count(*) from exchange_file").fetchone()[0]
    patient, code = list(itertools.product((clinic.alma, clinic.bruno), SERVICES))[files_made // 30]
    ready(clinic, 10, code, patient=patient)
    submit_claims(clinic.practice, by=BILLER, now=NOW)


def undelivered() -> int:
    return int(run("select count(*) from delivery where stage <> 'delivered'").fetchone()[0])


def deliver_and_kill(url: str, practice: int, secrets: Path, after: float | None) -> None:
    """One process, killed so many seconds after it began with a file; None lets it end."""
    before = counted()
    hear, tell = processes.Pipe(duplex=False)
    worker = processes.Process(target=deliver_once, args=(url, practice, secrets, tell), daemon=True)
    worker.start()
    tell.close()
    assert hear.poll(30), "the process never began"
    assert hear.recv() == "begun"
    if after is not None:
        while counted() == before:
            time.sleep(0.001)
        time.sleep(after)
        worker.kill()
    worker.join(30)
    assert worker.exitcode is not None


def check(databases: Databases, tmp_path: Path, kills: int, *, collects: bool) -> None:
    url = databases.migrated("sqlite")
    connection.connect(url)
    clinic, chance, hits = clinics.found(), random.Random(50), 0
    secret = tmp_path / "quillhaven"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    with running(tmp_path / "insurer") as server, Insurer(server.folder / "in", collects=collects).at_work() as insurer:
        receivers.put(clinic.practice, server.receiver(), at=NOW)
        for _ in range(kills):
            while undelivered() < 3:
                one_more_file(clinic)
            deliver_and_kill(url, clinic.practice, tmp_path, chance.uniform(0, 0.02))
            hits += under_way() > 0
        finish(url, clinic, server, tmp_path)
    made = run("select id, (select name from delivery where file_id = f.id) from exchange_file f").fetchall()
    wanted = sorted((name, files.content_of(clinic.practice, file)) for file, name in made)

    assert sorted(insurer.got) == wanted
    assert list(insurer.folder.iterdir()) == []
    assert hits * 8 >= kills or kills < 8, "too few were killed with a file on its way"
    connection.database.close()


def under_way() -> int:
    return int(run("select count(*) from delivery where stage in ('sending', 'uploaded')").fetchone()[0])


def counted() -> int:
    return int(run("select count(*) from delivery_event").fetchone()[0])


def finish(url: str, clinic: Clinic, server: SftpServer, secrets: Path) -> None:
    """The program is started again and left alone; what failed meanwhile is tried at once."""
    for _ in range(5):
        run("update delivery set next_at = ? where stage <> 'delivered'", (NOW,))
        if undelivered():
            deliver_and_kill(url, clinic.practice, secrets, None)
    assert undelivered() == 0
    assert server.port


@pytest.mark.check(50)
@pytest.mark.parametrize("collects", [True, False], ids=["it collects at once", "it lets files lie"])
def test_a_killed_courier_brings_each_file_once(databases: Databases, tmp_path: Path, collects: bool) -> None:
    """Ten claims a file, $1,200.00; the process dies four times on the way."""
    check(databases, tmp_path, 4, collects=collects)


@pytest.mark.slow
@pytest.mark.check(50)
@pytest.mark.parametrize("collects", [True, False], ids=["it collects at once", "it lets files lie"])
def test_fifty_kills_bring_each_file_once(databases: Databases, tmp_path: Path, collects: bool) -> None:
    check(databases, tmp_path, 50, collects=collects)
