"""Whoever's name stands on a page, the audit trail says that it was shown."""

import pytest
from flask import Flask

from claims_service.store import tables
from tests.access.matrix import routes
from tests.access.test_foreign_ids import paths
from tests.access.world import Clinic, visitor

VIEWERS = {"staff": ("front_desk", "biller", "manager", "administrator"), "portal": ("patient",), "insurer": ("insurer",),
    "api": ("api_read",), "fhir": ("api_read",)}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.check(83)
def test_every_page_that_names_a_patient_is_in_the_audit_trail(app: Flask, ours: Clinic) -> None:
    """Every address, by everybody who may open it: one row for each patient whose name, number or member id it shows."""
    marks = {patient: f"{ours.mark}{n}" for n, patient in enumerate(ours.patients, 1)}
    shown = 0
    for method, route in routes(app):
        site = route.endpoint.split(".")[0]
        if method != "GET" or site not in VIEWERS:
            continue
        for role in VIEWERS[site]:
            browser = visitor(app, ours, role)
            for n in (0, 1):
                for path in paths(app, route, ours, n):
                    last = tables.Audit.select().count()
                    answer = browser.get(path)
                    text = answer.data.decode(errors="replace")
                    written = {row.patient for row in tables.Audit.select().where(tables.Audit.id > last)}
                    for patient, mark in marks.items():
                        words = (f"{mark}last", f"{mark}first", f"{mark}ref", f"{mark}member")
                        if any(word in text for word in words) and answer.status_code == 200:
                            shown += 1
                            assert patient in written, f"{path} shows patient {patient} to {role} and no row says so"

    assert shown > 30
