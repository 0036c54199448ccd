"""portal_page: a signed-in patient's bill, from the request to the last byte, with its session and its audit row."""

import hashlib
import re
import time
from pathlib import Path

from claims_service import clock
from claims_service.access import portal_links
from claims_service.app import create_app
from claims_service.config import Config
from claims_service.store import connection
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.submit_claims import submit_claims
from tests.bench import portal_floor
from tests.bench.clinic_of_size import with_visits
from tests.bench.registry import Measurement, row
from tests.bench.row_posting import remittance
from tests.clinic import BILLER, NOW, TODAY

VISITS, PAGES = 600, 200
_CHANGING = re.compile(rb'(name="csrf_token"[^>]*value="[^"]*"|nonce="[^"]*")')


@row("portal_page", "pages/s", floor=portal_floor.reference_page)
def portal_page(folder: Path) -> Measurement:
    clinic = with_visits(folder, VISITS)
    with connection.opened():
        build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
        submit_claims(clinic.practice, by=BILLER, now=NOW)
        content = remittance(
            found[0] for found in connection.run("select control_number from claim order by id").fetchall()
        )
        post_remittance(clinic.practice, [IncomingFile("bench.835", content)], by=BILLER, now=NOW, today=TODAY)
        bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
        statement, patient = connection.run("select id, patient_id from statement order by id").fetchone()
        token = portal_links.make(clinic.practice, patient, by=BILLER, now=clock.now())
    app = create_app(Config(database_url=f"sqlite:///{folder / 'run.db'}", data_dir=folder))
    browser = app.test_client()
    page = browser.get(f"/portal/link/{token}").text
    form = {"birth": "11/10/1980", "csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]}  # type: ignore[index]
    assert browser.post(f"/portal/link/{token}", data=form).status_code == 303
    start = time.perf_counter()
    for _ in range(PAGES):
        answer = browser.get(f"/portal/bills/{statement}")
    seconds = time.perf_counter() - start
    assert answer.status_code == 200
    return Measurement(PAGES / seconds, hashlib.sha256(_CHANGING.sub(b"", answer.data)).hexdigest(), PAGES)
