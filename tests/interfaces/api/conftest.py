"""Two clinics in a running application, a program at each, and the first one's records as FHIR."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from claims_service.domain.actor import COMMAND
from claims_service.store.connection import opened
from claims_service.workflow.freeze_resources import freeze_resources
from tests.access.fixtures import app, clinics, clock, ours, settings, theirs
from tests.access.world import START, Clinic

__all__ = ["app", "clinics", "clock", "ours", "settings", "theirs"]


def program(app: Flask, clinic: Clinic, role: str = "api_write") -> FlaskClient:
    """A client that sends its key with each request."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {clinic.keys[role]}"
    return client


@pytest.fixture
def client(app: Flask, ours: Clinic) -> FlaskClient:
    return program(app, ours)


@pytest.fixture
def stranger(app: Flask, theirs: Clinic) -> FlaskClient:
    """A program of the other clinic."""
    return program(app, theirs)


@pytest.fixture
def frozen(ours: Clinic, theirs: Clinic) -> Clinic:
    with opened():
        for clinic in (ours, theirs):
            freeze_resources(clinic.practice, by=COMMAND, now=START)
    return ours
