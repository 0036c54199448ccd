"""A remittance file whose posting is killed at any moment is posted whole or not at all, and the next try finishes it."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from claims_service.domain.ledger import accounts as a
from claims_service.store import connection, journal
from claims_service.store.connection import run
from tests import clinic as clinics
from tests.bench.row_posting import remittance
from tests.store.posting_process import processes
from tests.store_fixtures import Databases
from tests.workflow.cycle import entries, post, sent
from tests.workflow.posting_file_process import post_file

SERVICES = ("99213", "85025", "36415")


def ground(url: str, claims: int, path: Path) -> clinics.Clinic:
    """Connects to a clinic that sent so many claims; the file that pays them all is written to the path."""
    connection.connect(url)
    clinic = clinics.found()
    with connection.opened():
        path.write_bytes(remittance(head.control_number for head in sent(clinic, claims, *SERVICES)))
    return clinic


def posted_within(url: str, practice: int, path: Path, seconds: float) -> float | None:
    """A process posts the file and is killed after so many seconds; how long it took, None where it was killed before it was done."""
    hear, tell = processes.Pipe(duplex=False)
    worker = processes.Process(target=post_file, args=(url, practice, str(path), tell), daemon=True)
    worker.start()
    tell.close()
    assert hear.poll(60), "the process never began"
    hear.recv()
    begun = time.monotonic()
    done = hear.poll(seconds)
    took = time.monotonic() - begun
    worker.kill()
    worker.join()
    return took if done else None


def kill_and_finish(fresh: Callable[[], str], folder: Path, claims: int, trials: int) -> None:
    """One kill in each of `trials` equal parts of the time a posting takes; nothing or all of it stands, then it is posted once.

    A posting that was quicker than its kill stands whole, and the kill is tried again at a clinic of its own.
    """
    path, url, chance = folder / "large.835", fresh(), random.Random(22)
    whole = posted_within(url, ground(url, claims, path).practice, path, 600)
    assert whole is not None
    url = fresh()
    clinic = ground(url, claims, path)
    parts, quicker = chance.sample(range(trials), trials), 0
    while parts:
        took = posted_within(url, clinic.practice, path, (parts[-1] + chance.random()) / trials * whole)
        with connection.opened():
            posted = entries()
            assert posted in (0, claims), posted
            assert journal.check() == []
        if took is None and not posted:
            parts.pop()
            continue
        quicker += 1
        assert quicker <= 2 * trials, "no posting could be killed before it was done"
        whole = min(whole, took or whole)
        url = fresh()
        clinic = ground(url, claims, path)
    with connection.opened():
        assert post(clinic, path.read_bytes()).state == "read"
        assert entries() == claims
        (paid,) = run("select paid_cents from remittance").fetchone()
        assert journal.balance(clinic.practice, a.INSURER_CLEARING) == paid
        assert journal.check() == []
    print(f"{trials} kills within {whole:.2f} s, {quicker} postings were quicker than their kill")


@pytest.mark.check(22)
def test_a_file_killed_while_it_is_posted_is_in_the_books_whole_or_not_at_all(
    databases: Databases, tmp_path: Path
) -> None:
    """A hundred and fifty claims, killed once in each quarter of its posting; then the file is posted once, to the cent."""
    kill_and_finish(lambda: databases.migrated("sqlite"), tmp_path, 150, 4)


@pytest.mark.slow
@pytest.mark.check(22)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_file_killed_fifty_times_is_in_the_books_whole_or_not_at_all(
    databases: Databases, tmp_path: Path, kind: str
) -> None:
    """Three thousand claims of three services, about 1.5 MB, killed once in each fiftieth of its posting, on both databases."""
    kill_and_finish(lambda: databases.migrated("sqlite" if kind == "sqlite" else "postgresql"), tmp_path, 3000, 50)
