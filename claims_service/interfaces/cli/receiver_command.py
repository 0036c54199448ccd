"""`claims receiver`: who takes files, and by which route."""

import click

from claims_service import clock
from claims_service.domain import receiver as receivers
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option


@click.group()
def command() -> None:
    """Say where files of an insurer or a clearinghouse go."""


@command.command("set")
@click.argument("identifier")
@click.option("--name", required=True, help="How the receiver is called.")
@click.option("--route", type=click.Choice(receivers.ROUTES), required=True, help="mailbox: it fetches here itself.")
@click.option("--host", default="", help="SFTP server.")
@click.option("--port", type=int, default=22, show_default=True)
@click.option("--username", default="")
@click.option("--host-key", default="", help="Fingerprint of the server's key, SHA256:..., told by the receiver.")
@click.option("--password", default="", metavar="SECRET", help="Name of the file with the password, not the password.")
@click.option("--private-key", default="", metavar="SECRET", help="Name of the file with the private key.")
@click.option("--outbound", default="", help="Folder that claim files are put into.")
@click.option("--inbound", default="", help="Folder that answers lie in; empty where none come this way.")
@click.option("--archive", default="", help="Folder that answers are moved to once they are read.")
@click.option(
    "--answer-hours", type=int, help="Hours after which a missing answer is told; else as in mappings/payers."
)
@practice_option
def put(identifier: str, practice: int | None, **settings: str | int | None) -> None:
    """Set the route to a receiver by its X12 id (ISA08). Insurers with that receiver id share its files.

    Files on their way are tried again at once; with the route mailbox they lie there instead.
    """
    from claims_service.domain.actor import COMMAND
    from claims_service.workflow.set_receiver import set_receiver

    opened()
    wanted = receivers.Receiver(identifier, **settings)  # type: ignore[arg-type]  # the options above have these types
    set_receiver(chosen_practice(practice), wanted, by=COMMAND, now=clock.now())
    click.echo(f"Files for {wanted.name} ({identifier}) go by {wanted.route}.")


@command.command("list")
@practice_option
def listed(practice: int | None) -> None:
    """Every receiver: its route, what waits for it, and what a person has to look at."""
    from claims_service.queries import deliveries

    opened()
    owner, now = chosen_practice(practice), clock.now()
    for found in deliveries.standings(owner):
        settings = found.receiver
        where = f"{settings.username}@{settings.host}:{settings.port}" if settings.host else settings.outbound
        click.echo(
            f"{settings.identifier:<15}  {settings.route:<7}  {found.waiting:>4} waiting  {settings.name}  {where}"
        )
        if found.alarm:
            click.echo(f"  {found.alarm}")
    for trouble in deliveries.troubles(owner, now=now):
        click.echo(f"{trouble.receiver}: {trouble.name}: {trouble.message}")
    for silent in deliveries.silent_files(owner, now=now):
        click.echo(f"{silent.to}: {silent.name}: no {silent.awaited} since {silent.since:%Y-%m-%d %H:%M} UTC")
