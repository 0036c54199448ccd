"""A clinic with many recorded visits, for the benchmark rows: written once a row, copied for each run."""

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from claims_service.domain.party import Address, Person
from claims_service.store import connection, migrate, patients
from claims_service.workflow.record_encounter import record_encounters
from tests import clinic
from tests.clinic import BILLER, NOW, VISIT_DAY, Clinic

ROOT = Path(__file__).resolve().parent.parent.parent


def with_visits(folder: Path, visits: int) -> Clinic:
    """Connects to a fresh copy of a clinic in which a third as many patients had `visits` visits of three services each."""
    made = folder / f"visits-{visits}.db"
    if not made.exists():  # in a process of its own: the memory it takes is not the row's
        filling = f"from tests.bench.clinic_of_size import make; make({str(made)!r}, {visits})"
        subprocess.run([sys.executable, "-c", filling], check=True, cwd=ROOT)
    return copied(folder, made)


def copied(folder: Path, made: Path) -> Clinic:
    """Connects to a fresh copy of a clinic made before."""
    used = folder / "run.db"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{used}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(made, used)
    connection.connect(f"sqlite:///{used}")
    return Clinic(1, 1, 1, 2, 1, 2)


def make(file: str, visits: int) -> None:
    """Write the clinic to a new file."""
    connection.connect(f"sqlite:///{file}")
    migrate.upgrade()
    with connection.opened():
        _fill(visits)
        connection.run("pragma wal_checkpoint(truncate)")


def _fill(visits: int) -> None:
    place = clinic.found()
    home = Address("2 Sample Road", "", "Portland", "OR", "97202")
    people = [
        patients.NewPatient(f"X{n}", Person(f"Test{n}", "Pat", "", VISIT_DAY.replace(year=1980), "F", home))
        for n in range(-(-visits // 3))
    ]
    ids = patients.add_many(place.practice, people, at=NOW)
    patients.add_coverages(place.practice, [patients.NewCoverage(key, place.quillhaven, f"QHM{key:07}") for key in ids])
    days = [VISIT_DAY - timedelta(days=n) for n in range(3)]
    recorded = [
        place.visit(ids[n // 3], "99213", "85025", "36415", reference=f"R{n}", served_on=days[n % 3])
        for n in range(visits)
    ]
    record_encounters(place.practice, recorded, by=BILLER, now=NOW)
