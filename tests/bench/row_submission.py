"""encounters_to_837: recorded visits priced, built, checked, frozen as FHIR and written to 837P files, durably."""

import hashlib
import time
from pathlib import Path

from claims_service.store import connection, files
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.freeze_resources import freeze_resources
from claims_service.workflow.submit_claims import submit_claims
from tests.bench import floors
from tests.bench.clinic_of_size import with_visits
from tests.bench.registry import Measurement, row
from tests.clinic import BILLER, NOW, TODAY

VISITS = 3000


@row("encounters_to_837", "claims/s", floor=floors.reference_submission)
def encounters_to_837(folder: Path) -> Measurement:
    clinic = with_visits(folder, VISITS)
    with connection.opened():
        start = time.perf_counter()
        build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
        sent = submit_claims(clinic.practice, by=BILLER, now=NOW)
        freeze_resources(clinic.practice, by=BILLER, now=NOW)
        seconds = time.perf_counter() - start
        content = b"".join(files.content_of(clinic.practice, file.file) for file in sent.files)
    assert sent.claim_count == VISITS
    return Measurement(VISITS / seconds, hashlib.sha256(content).hexdigest(), VISITS)
