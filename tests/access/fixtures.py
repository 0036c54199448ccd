"""A running application with two clinics in it, at a fixed instant, on SQLite."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask

from claims_service.app import create_app
from claims_service.config import Config
from claims_service.store import connection
from tests.access.world import START, Clinic, make_clinic
from tests.store_fixtures import Databases


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time of day, standing still until a test moves it."""
    with time_machine.travel(START, tick=False) as moved:
        yield moved


@pytest.fixture
def app(config: Config, databases: Databases, clock: time_machine.Traveller) -> Iterator[Flask]:
    """The application on a database of its own."""
    url = databases.migrated("sqlite")
    made = create_app(replace(config, database_url=url))
    yield made
    if not connection.database.is_closed():
        connection.database.close()
    databases.remove(url)


@pytest.fixture
def settings(app: Flask) -> Config:
    """The settings the application runs with."""
    found: Config = app.extensions["claims_access"].config
    return found


@pytest.fixture
def clinics(app: Flask, settings: Config) -> tuple[Clinic, Clinic]:
    """Ours and theirs."""
    return make_clinic(settings, 1, "Larkspur"), make_clinic(settings, 2, "Foreign")


@pytest.fixture
def ours(clinics: tuple[Clinic, Clinic]) -> Clinic:
    return clinics[0]


@pytest.fixture
def theirs(clinics: tuple[Clinic, Clinic]) -> Clinic:
    return clinics[1]
