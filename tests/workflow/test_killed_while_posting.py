"""A remittance file whose posting is killed at any moment is posted whole or not at all, and the next try finishes it."""

import random
import time
from pathlib import Path

import pytest

from claims_service.domain.ledger import accounts as a
from claims_service.store import connection, journal
from claims_service.store.connection import run
from tests import clinic as clinics
from tests.bench.row_posting import remittance
from tests.store.posting_process import processes
from tests.store_fixtures import Databases
from tests.workflow.cycle import post, sent
from tests.workflow.posting_file_process import post_file

SERVICES = ("99213", "85025", "36415")


def kill_and_finish(url: str, folder: Path, claims: int, trials: int) -> None:
    """Kill the posting of one file `trials` times; each time nothing or all of it stands, and then it is posted once."""
    connection.connect(url)
    clinic = clinics.found()
    with connection.opened():
        content = remittance(head.control_number for head in sent(clinic, claims, *SERVICES))
    path = folder / "large.835"
    path.write_bytes(content)
    chance, longest = random.Random(22), claims * 0.001
    for _ in range(trials):
        hear, tell = processes.Pipe(duplex=False)
        worker = processes.Process(target=post_file, args=(url, clinic.practice, str(path), tell), daemon=True)
        worker.start()
        tell.close()
        assert hear.poll(60), "the process never began"
        begun = time.monotonic()
        hear.recv()
        finished = hear.poll(chance.uniform(0, longest))
        worker.kill()
        worker.join()
        if finished:
            longest = (time.monotonic() - begun) * 0.9  # the next ones are killed while they work
        with connection.opened():
            entries = run("select count(*) from journal_entry where source = 'remittance'").fetchone()[0]
            assert entries in (0, claims), entries
            assert journal.check() == []
    with connection.opened():
        assert post(clinic, content).state in ("read", "duplicate")
        assert run("select count(*) from journal_entry where source = 'remittance'").fetchone()[0] == claims
        (paid,) = run("select paid_cents from remittance").fetchone()
        assert journal.balance(clinic.practice, a.INSURER_CLEARING) == paid
        assert journal.check() == []


@pytest.mark.check(22)
def test_a_file_killed_while_it_is_posted_is_in_the_books_whole_or_not_at_all(
    databases: Databases, tmp_path: Path
) -> None:
    """A hundred and fifty claims, killed at four random moments; then the file is posted once, to the cent."""
    kill_and_finish(databases.migrated("sqlite"), tmp_path, 150, 4)


@pytest.mark.slow
@pytest.mark.check(22)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_file_killed_fifty_times_is_in_the_books_whole_or_not_at_all(
    databases: Databases, tmp_path: Path, kind: str
) -> None:
    """Three thousand claims of three services, about 1.5 MB, killed at fifty random moments, on both databases."""
    kill_and_finish(databases.migrated("sqlite" if kind == "sqlite" else "postgresql"), tmp_path, 3000, 50)
