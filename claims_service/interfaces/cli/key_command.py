"""`claims key`: keys of programs."""

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option


@click.group()
def command() -> None:
    """Make and take back API keys."""


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(["api_read", "api_write"]), default="api_read", show_default=True)
@practice_option
def make(name: str, role: str, practice: int | None) -> None:
    """Make a key and print it, this once."""
    from claims_service.access import api_keys
    from claims_service.domain.actor import COMMAND

    opened()
    click.echo(api_keys.make(chosen_practice(practice), name, role, by=COMMAND, now=clock.now()))


@command.command()
@click.argument("key", type=int)
@practice_option
def revoke(key: int, practice: int | None) -> None:
    """Take a key back by its number."""
    from claims_service.access import api_keys
    from claims_service.domain.actor import COMMAND

    opened()
    api_keys.revoke(chosen_practice(practice), key, by=COMMAND, now=clock.now())
    click.echo(f"Key {key} no longer works.")


@command.command("list")
@practice_option
def listed(practice: int | None) -> None:
    """Every key of a practice, by its first letters."""
    from claims_service.access import api_keys

    opened()
    for key in api_keys.every(chosen_practice(practice)):
        state = "" if key.revoked_at is None else "  (taken back)"
        click.echo(f"{key.id:>5}  {key.role:<9} {key.prefix}…  {key.name}{state}")
