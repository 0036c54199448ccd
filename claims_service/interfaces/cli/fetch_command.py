"""`claims fetch`: answers out of insurers' servers and folders."""

import sys
import time

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option

PAUSE_SECONDS = 60


@click.command()
@click.option("--once", is_flag=True, help="Look now and end; 1 when a receiver could not be reached.")
@practice_option
def command(*, once: bool, practice: int | None) -> None:
    """Read TA1, 999, 277CA, 271, 277 and 835 files that receivers laid into their folders.

    A file is read when it is whole, and once, whatever it is called. Without --once it looks every minute.
    """
    from claims_service.domain.actor import COMMAND
    from claims_service.interfaces.jobs import exchange
    from claims_service.queries import clinic

    config = opened()
    owner = chosen_practice(practice)
    while True:
        today = clock.today(clinic.clinic(owner).zone)
        found = exchange.fetch(config, owner, clock.now(), today, by=COMMAND)
        for looked in found:
            for outcome in looked.outcomes:
                click.echo(f"{outcome.name}  {looked.receiver}  {outcome.message}")
            told = ", ".join(f"{number} {what}" for what, number in sorted(looked.counts.items())) or "nothing new"
            click.echo(f"{looked.receiver}: {looked.problem or told}")
        if once:
            sys.exit(1 if any(looked.problem for looked in found) else 0)
        time.sleep(PAUSE_SECONDS)
