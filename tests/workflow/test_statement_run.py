"""A run of statements: as much work a patient in a large clinic as in a small one, and cut off it bills nobody twice."""

import random
import resource
import time

import pytest

from claims_service.queries import statement_run
from claims_service.store import audit, connection, journal
from claims_service.store.connection import run
from claims_service.workflow.bill_patient import bill_patients
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY
from tests.rows_read import rows_read
from tests.store.posting_process import processes
from tests.store_fixtures import Databases
from tests.workflow.billing_process import bill_all
from tests.workflow.decided_clinic import fill

PART = 25


def bill_part(practice: int, part: list[int]) -> None:
    assert len(bill_patients(practice, part, by=BILLER, now=NOW, today=TODAY).statements) == len(part)


def work_of_a_part(databases: Databases, patients: int) -> tuple[int, int]:
    """(the first part, the last part when all others have their statements)."""
    connection.connect(databases.migrated("sqlite"))
    clinic = clinics.found()
    fill(clinic, patients)
    first, *others, last = statement_run.due(clinic.practice, PART)
    with connection.opened():
        at_first = rows_read("statement", lambda: bill_part(clinic.practice, first))
    for part in others:
        bill_part(clinic.practice, part)
    with connection.opened():
        return at_first, rows_read("statement", lambda: bill_part(clinic.practice, last))


def test_a_part_of_a_run_takes_the_same_work_however_many_patients_and_statements_there_are(
    databases: Databases,
) -> None:
    """25 patients out of 50 and out of 400, with no statement written and with 375: never a row of another is read."""
    small, large = work_of_a_part(databases, 2 * PART), work_of_a_part(databases, 16 * PART)
    assert max(*small, *large) <= 1.15 * min(*small, *large), (small, large)


def kill_and_finish(url: str, patients: int, at_once: int, trials: int, longest: float, *, again: int = 1) -> None:
    """Kill the run at random moments; however often it is run `again` then, every patient has one statement and one invoice."""
    connection.connect(url)
    clinic = clinics.found()
    ids = fill(clinic, patients)
    chance = random.Random(7)
    for _ in range(trials):
        hear, tell = processes.Pipe(duplex=False)
        worker = processes.Process(target=bill_all, args=(url, at_once, tell), daemon=True)
        worker.start()
        tell.close()
        assert hear.poll(60), "the process never began"
        hear.recv()
        hear.poll(chance.uniform(0, longest))
        worker.kill()
        worker.join()
        with connection.opened():
            billed = run("select count(*), count(distinct patient_id) from statement").fetchone()
            assert (billed[0] == billed[1] and billed[0] % at_once == 0) or billed[0] == patients, billed
    for _ in range(again):
        bill_all(url, at_once)
    with connection.opened():
        for table in ("statement", "invoice"):
            sql = f"select patient_id from {table} order by patient_id"
            assert [found[0] for found in run(sql).fetchall()] == sorted(ids)
        told = run("select patient from audit where action = 'statement.issue' order by patient").fetchall()
        assert [found[0] for found in told] == sorted(ids)
        assert not audit.verify()
        assert not journal.check()


@pytest.mark.thorough
@pytest.mark.check(18)
def test_a_run_killed_at_any_moment_bills_nobody_twice(databases: Databases) -> None:
    """Sixty patients in parts of five, killed four times, then run twenty times: each has one statement, invoice and audit row."""
    kill_and_finish(databases.migrated("sqlite"), 60, 5, 4, 0.6, again=20)


@pytest.mark.slow
@pytest.mark.check(18)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_run_killed_thirty_times_bills_nobody_twice(databases: Databases, kind: str) -> None:
    """Three thousand patients in parts of fifty, on both databases."""
    kill_and_finish(databases.migrated("sqlite" if kind == "sqlite" else "postgresql"), 3000, 50, 30, 0.5, again=20)


def run_of(url: str, patients: int) -> tuple[float, int]:
    """Milliseconds of processor time a patient for a whole run, and the most memory in MB this process ever held."""
    connection.connect(url)
    clinic = clinics.found()
    fill(clinic, patients)
    with connection.opened():
        start, issued = time.process_time(), 0
        for part in statement_run.due(clinic.practice):
            issued += len(bill_patients(clinic.practice, part, by=BILLER, now=NOW, today=TODAY).statements)
        taken = time.process_time() - start
    assert issued == patients
    return taken * 1000 / patients, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


@pytest.mark.slow
def test_a_run_of_100_000_patients_takes_as_long_a_patient_as_one_of_10_000(databases: Databases) -> None:
    """Linear: at most 1.15 of the time a patient, and not 50 MB more memory."""
    small, before = run_of(databases.migrated("sqlite"), 10_000)
    large, after = run_of(databases.migrated("sqlite"), 100_000)
    assert large <= 1.15 * small, (small, large)
    assert after - before <= 50, (before, after)
