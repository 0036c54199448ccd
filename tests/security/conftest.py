"""The two clinics of tests/access, and the same on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask

from claims_service.app import create_app
from claims_service.config import Config
from claims_service.store import connection
from tests.access.fixtures import app, clinics, clock, ours, settings, theirs
from tests.access.world import Clinic, make_clinic
from tests.store_fixtures import Databases, Engine

__all__ = ["app", "clinics", "clock", "ours", "settings", "theirs"]


@pytest.fixture
def both(engine: Engine, config: Config, databases: Databases, clock: time_machine.Traveller) -> Iterator[Flask]:
    """The application on each of the two databases."""
    yield from _running(engine, config, databases)


@pytest.fixture
def on_postgresql(config: Config, databases: Databases, clock: time_machine.Traveller) -> Iterator[Flask]:
    yield from _running("postgresql", config, databases)


def _running(engine: Engine, config: Config, databases: Databases) -> Iterator[Flask]:
    url = databases.migrated(engine)
    yield create_app(replace(config, database_url=url))
    if not connection.database.is_closed():
        connection.database.close()
    databases.remove(url)


def two(app: Flask) -> tuple[Clinic, Clinic]:
    """Ours and theirs in the database of an application."""
    found: Config = app.extensions["claims_access"].config
    return make_clinic(found, 1, "Larkspur"), make_clinic(found, 2, "Foreign")
