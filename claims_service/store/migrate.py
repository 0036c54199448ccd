"""Brings a database to the present schema by the numbered steps in store/migrations, each with its record in one transaction."""

import logging
from pathlib import Path

from playhouse.migrations import Runner

from claims_service.store.connection import database, opened

FOLDER = Path(__file__).parent / "migrations"
logging.getLogger("peewee.migrations").setLevel(logging.WARNING)


def upgrade() -> list[str]:
    """Apply what is missing; gives the names applied. Safe to call again after a crash in the middle."""
    with opened():
        return list(Runner(database.obj, str(FOLDER)).up())


def pending() -> list[str]:
    """Steps this database still lacks."""
    with opened():
        return [step.name for step in Runner(database.obj, str(FOLDER)).status() if not step.applied]
