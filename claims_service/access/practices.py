"""The database for the command line, whose user is trusted with all of it: connected, and its practices."""

from claims_service.config import Config
from claims_service.store import connection, migrate, parties


def connect(config: Config) -> None:
    """Point this process at the database of the settings."""
    connection.connect(config.database_url)


def is_ready() -> bool:
    """The database has the schema of this version."""
    return not migrate.pending()


def ids() -> list[int]:
    """Every practice of the database."""
    return parties.practice_ids()
