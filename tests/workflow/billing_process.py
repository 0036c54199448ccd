"""A process that runs `claims statements`, to be killed at any moment."""

import os
from multiprocessing.connection import Connection
from unittest.mock import patch

from claims_service.interfaces.cli.statements_command import command
from claims_service.queries import statement_run
from tests.clinic import NOW, TODAY


def bill_all(url: str, at_once: int, told: Connection | None = None) -> None:
    """The command as a manager calls it, in smaller parts; says when it begins."""
    os.environ.update(CLAIMS_DATABASE_URL=url, CLAIMS_MODE="development")
    with patch("claims_service.clock.now", return_value=NOW), patch.object(statement_run, "AT_ONCE", at_once):
        if told:
            told.send("begun")
        command.main(["--as-of", TODAY.isoformat(), "--no-messages"], standalone_mode=False)
