"""What commands share: the settings, the database, and which practice is meant."""

import click

from claims_service.access import practices
from claims_service.config import Config

practice_option = click.option("--practice", type=int, help="Id of the practice, where there is more than one.")


def opened() -> Config:
    """The settings, with the database connected.

    Raises:
        click.UsageError: the database lacks tables of this version.
    """
    config = Config.from_env()
    practices.connect(config)
    if not practices.is_ready():
        raise click.UsageError(
            "This database is empty or of an earlier version: run `claims migrate`, or `claims demo`."
        )
    return config


def chosen_practice(given: int | None) -> int:
    """The practice a command works on."""
    known = practices.ids()
    if given is None and len(known) == 1:
        return known[0]
    if given in known:
        return int(given or 0)
    raise click.UsageError("Say --practice ID; there are: " + (", ".join(map(str, known)) or "none yet"))
