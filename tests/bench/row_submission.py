"""encounters_to_837: recorded visits priced, built, checked, frozen as FHIR and written to 837P files, durably.

Of 1,000 and of 10,000 visits; of 100,000 when asked for by name, as its five runs take their time.
"""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from claims_service.store import connection, files
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.freeze_resources import freeze_resources
from claims_service.workflow.submit_claims import submit_claims
from tests.bench import floors
from tests.bench.__main__ import peak_mb
from tests.bench.clinic_of_size import with_visits
from tests.bench.registry import Measurement, row
from tests.clinic import BILLER, NOW, TODAY

MOST_MB = 160
MOST_GROWTH = 1.15  # of what a claim costs among 100,000 to what it costs among 10,000


@dataclass(frozen=True, slots=True)
class Sent:
    """seconds: by the clock; work: of processor time, which others on the machine disturb less. digest: of all files."""

    claims: int
    seconds: float
    work: float
    digest: str


@row("encounters_to_837_1k", "claims/s", floor=floors.reference_submission)
def of_1k(folder: Path) -> Measurement:
    return measurement(sent(folder, 1_000))


@row("encounters_to_837", "claims/s", floor=floors.reference_submission)
def of_10k(folder: Path) -> Measurement:
    return measurement(sent(folder, 10_000))


@row("encounters_to_837_100k", "claims/s", floor=floors.reference_submission, on_request=True)
def of_100k(folder: Path) -> Measurement:
    few, many = sent(folder, 10_000), sent(folder, 100_000)
    growth = many.work / many.claims / (few.work / few.claims)
    assert growth <= MOST_GROWTH, f"a claim among 100,000 costs {growth:.2f} of one among 10,000"
    return measurement(many)


def sent(folder: Path, visits: int) -> Sent:
    """All visits of a clinic on their way."""
    clinic = with_visits(folder, visits)
    with connection.opened():
        clock, work = time.perf_counter(), time.process_time()
        build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
        made = submit_claims(clinic.practice, by=BILLER, now=NOW)
        freeze_resources(clinic.practice, by=BILLER, now=NOW)
        clock, work = time.perf_counter() - clock, time.process_time() - work
        digest = hashlib.sha256()
        for file in made.files:
            digest.update(files.content_of(clinic.practice, file.file))
    return Sent(made.claim_count, clock, work, digest.hexdigest())


def measurement(found: Sent) -> Measurement:
    assert (peak := peak_mb()) <= MOST_MB, f"it took {peak:.0f} MB"
    return Measurement(found.claims / found.seconds, found.digest, found.claims)
