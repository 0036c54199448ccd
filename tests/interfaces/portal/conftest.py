"""The service with a clinic whose patient Alma owes $100.60 for one visit and waits for her plan on another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import time_machine
from flask import Flask

from claims_service.access import sessions
from claims_service.app import create_app
from claims_service.config import Config
from claims_service.store import connection
from claims_service.workflow.bill_patient import bill_patients
from tests.access.world import Browser
from tests.browser.visits import open_page
from tests.clinic import BILLER, NOW, TODAY, Clinic, found
from tests.patient import visits
from tests.patient.visits import FIVE
from tests.store_fixtures import Databases

__all__ = ["open_page"]


@dataclass(frozen=True)
class Portal:
    """The application, its clinic, and the statements of Alma and Bruno."""

    app: Flask
    clinic: Clinic
    alma_statement: int
    bruno_statement: int

    def signed_in(self, patient: int) -> Browser:
        secret = sessions.start(self.clinic.practice, patient=patient, address="127.0.0.1", now=NOW)
        return Browser(self.app).hold(secret)


@pytest.fixture
def portal(living_portal: Portal) -> Iterator[Portal]:
    """The same with the clock standing still."""
    with time_machine.travel(NOW, tick=False):
        yield living_portal


@pytest.fixture
def living_portal(config: Config, databases: Databases) -> Iterator[Portal]:
    url = databases.migrated("sqlite")
    app = create_app(replace(config, database_url=url))
    with connection.opened():
        clinic = found()
        visits.decided(clinic)
        visits.sent(clinic, FIVE[:2], on=TODAY)
        visits.decided(clinic, FIVE[:1], patient=clinic.bruno)
        made = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements
    yield Portal(app, clinic, *made)
    if not connection.database.is_closed():
        connection.database.close()
    databases.remove(url)
