"""`claims deliver`: files to insurers' servers and folders."""

import sys
import time

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option

PAUSE_SECONDS = 60


@click.command()
@click.option("--once", is_flag=True, help="Try what is due now and end; 1 when a file did not get there.")
@click.option(
    "--again", type=int, multiple=True, metavar="FILE", help="A file the receiver says it never had, by its id."
)
@practice_option
def command(*, once: bool, again: tuple[int, ...], practice: int | None) -> None:
    """Bring claim files to the receivers that take them by SFTP or in a folder.

    A file gets there once and whole, however often this runs or is killed. Without --once it looks every minute.
    The id of a file is the number at the end of its name.
    """
    from claims_service.domain.actor import COMMAND
    from claims_service.interfaces.jobs import exchange
    from claims_service.queries import deliveries
    from claims_service.workflow.deliver_files import send_again

    config = opened()
    owner = chosen_practice(practice)
    if again:
        send_again(owner, again, by=COMMAND, now=clock.now())
    while True:
        found = exchange.deliver(config, owner, clock.now(), by=COMMAND)
        for attempt in found:
            click.echo(f"{attempt.name}  {attempt.receiver}  {attempt.problem or 'delivered'}")
        if once:
            failed = sum(1 for attempt in found if attempt.problem)
            click.echo(f"{len(found) - failed:,} files delivered, {failed:,} to be tried again.")
            if resting := sum(standing.waiting for standing in deliveries.standings(owner)) - failed:
                click.echo(f"{resting:,} wait for a later try: claims receiver list says why.")
            sys.exit(1 if failed else 0)
        time.sleep(PAUSE_SECONDS)
