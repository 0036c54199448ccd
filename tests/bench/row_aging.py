"""aging_1m: what each insurer owes today by age, of a million claims of which two hundred thousand are open."""

import hashlib
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from claims_service.domain.ledger import accounts as a
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.queries import receivables
from claims_service.store import connection, journal, migrate
from tests import clinic
from tests.bench import floors
from tests.bench.registry import Measurement, row
from tests.bench.row_find_claim import INSURERS, PEOPLE, fill
from tests.clinic import NOW, TODAY

CLAIMS, AT_ONCE = 1_000_000, 20_000
FIRST, DAYS = TODAY - timedelta(days=450), 420
SETTLED = 0.8
MOST_SECONDS = 5  # for the sums and names of more than a hundred thousand patients
# Where the money of an open claim is: most with its insurer, some with the patient, denied, or waiting for the next plan.
OPEN = (a.PAYER_OWES,) * 6 + (a.PATIENT_OWES,) * 2 + (a.IN_REVIEW, a.NEXT_PAYER_OWES)


@row("aging_1m", "ms", floor=floors.reference_aging)
def aging(folder: Path) -> Measurement:
    file = folder / "books.db"
    fresh = not file.exists()
    connection.connect(f"sqlite:///{file}")
    if fresh:
        _make(file)
    with connection.opened():
        start = time.perf_counter()
        insurers = receivables.by_insurer(1, TODAY)
        milliseconds = (time.perf_counter() - start) * 1000
        start = time.process_time()
        patients = receivables.by_patient(1, TODAY)
        assert (taken := time.process_time() - start) < MOST_SECONDS, f"by patient it took {taken:.1f} s"
        owed = receivables.receivable(1, TODAY)
    assert sum(one.total for one in insurers) == sum(one.total for one in patients) == owed
    return Measurement(milliseconds, hashlib.sha256(repr((insurers, patients)).encode()).hexdigest(), CLAIMS)


def _make(file: Path) -> None:
    """Everything is posted as the service posts it, and the nightly check finds nothing."""
    migrate.upgrade()
    with connection.opened():
        clinic.found()
    fill(file)
    chance = random.Random(1)
    with connection.opened():
        connection.run("pragma synchronous = off")
        for start in range(1, CLAIMS + 1, AT_ONCE):
            journal.post(1, list(_entries(start, chance)), by="bench", at=NOW)
        assert not journal.check()


def _entries(start: int, chance: random.Random) -> Iterator[Entry]:
    for claim in range(start, start + AT_ONCE):
        payer, patient = chance.randrange(1, INSURERS + 1), chance.randrange(3, PEOPLE + 3)
        on, cents = FIRST + timedelta(days=claim * DAYS // CLAIMS), chance.randrange(20, 900) * 100
        about = (claim, 1, patient, payer)
        charge = Transfer(a.PAYER_OWES, a.REVENUE, cents, *about)
        yield Entry(on, "charge", f"c{claim}", "claim", claim, (charge,))
        to = a.INSURER_CLEARING if chance.random() < SETTLED else chance.choice(OPEN)
        if to != a.PAYER_OWES:
            told = Transfer(to, a.PAYER_OWES, cents, *about)
            yield Entry(on + timedelta(days=30), "remittance", f"r{claim}", "remittance", claim, (told,))
