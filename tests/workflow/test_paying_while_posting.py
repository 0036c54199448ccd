"""A patient pays while the insurer's answer on the same claim is posted: the sums are those of one after the other."""

from pathlib import Path

import pytest

from claims_service.domain.ledger import accounts as a
from claims_service.store import connection, journal
from tests import clinic as clinics
from tests.factories835 import file_835, payment, remittance
from tests.store.posting_process import processes
from tests.store_fixtures import Databases
from tests.workflow.cycle import sent
from tests.workflow.posting_file_process import pay_at_desk, post_file


def meet(url: str, folder: Path, times: int) -> None:
    """Both at once, `times` times, each on a claim of its own; $25.00 copay and $25.00 paid leave nothing, in either order."""
    connection.connect(url)
    clinic = clinics.found()
    for n in range(times):
        with connection.opened():
            (claim,) = sent(clinic)
        path = folder / f"{n}.835"
        path.write_bytes(file_835(remittance([payment(claim.control_number)], trace=f"EFT{n}")))
        workers, ears = [], []
        for target, about in ((post_file, (str(path),)), (pay_at_desk, (claim.patient, f"form{n}"))):
            hear, tell = processes.Pipe(duplex=False)
            worker = processes.Process(target=target, args=(url, clinic.practice, *about, tell), daemon=True)
            worker.start()
            tell.close()
            workers.append(worker)
            ears.append(hear)
        assert [(ear.recv(), ear.recv()) for ear in ears] == [("begun", "read"), ("begun", "paid")]
        for worker in workers:
            worker.join()
        with connection.opened():
            owed = journal.balance(clinic.practice, a.PATIENT_OWES) + journal.balance(clinic.practice, a.PATIENT_CREDIT)
            assert owed == 0
            assert journal.balance(clinic.practice, a.INSURER_CLEARING) == (n + 1) * 87_00
            assert journal.balance(clinic.practice, a.DESK_CLEARING) == (n + 1) * 25_00
            assert journal.check() == []


@pytest.mark.check(37)
def test_a_payment_at_the_desk_meets_the_insurers_answer_and_nothing_is_lost(
    databases: Databases, tmp_path: Path
) -> None:
    meet(databases.migrated("sqlite"), tmp_path, 2)


@pytest.mark.slow
@pytest.mark.check(37)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_thousand_meetings_at_one_claim_lose_nothing(databases: Databases, tmp_path: Path, kind: str) -> None:
    """A thousand on each database."""
    meet(databases.migrated("sqlite" if kind == "sqlite" else "postgresql"), tmp_path, 1000)
