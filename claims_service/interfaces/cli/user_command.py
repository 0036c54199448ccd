"""`claims user`: people who sign in with a password."""

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option


@click.group()
def command() -> None:
    """Add people, switch them off, set a password."""


password_option = click.option(
    "--password-file", type=click.File(encoding="utf-8"), help="File with the password, - for standard input; asked for otherwise."
)  # fmt: skip


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="As it stands on the pages.")
@click.option("--role", required=True, help="front_desk, biller, manager, administrator or insurer.")
@click.option("--payer", type=int, help="Id of the insurer; for role insurer.")
@password_option
@practice_option
def add(email: str, name: str, role: str, payer: int | None, password_file: click.File, practice: int | None) -> None:
    """Add a person."""
    from claims_service.access import people
    from claims_service.access.passwords import Passwords
    from claims_service.domain.actor import COMMAND

    config = opened()
    owner = chosen_practice(practice)
    new = people.Newcomer(email, name, role, _password(password_file), payer)
    user = people.add(owner, new, passwords=Passwords(config), by=COMMAND, now=clock.now())
    click.echo(f"Added {people.tidy(email)} as user {user}.")


@command.command("list")
@practice_option
def listed(practice: int | None) -> None:
    """Everybody of a practice."""
    from claims_service.access import people

    opened()
    for user in people.everybody(chosen_practice(practice)):
        state = "" if user.active else "  (switched off)"
        click.echo(f"{user.id:>5}  {user.role:<14} {user.email}{state}")


@command.command()
@click.argument("user", type=int)
@practice_option
def off(user: int, practice: int | None) -> None:
    """Switch a person off and end their sessions."""
    from claims_service.access import people
    from claims_service.domain.actor import COMMAND

    opened()
    people.switch_off(chosen_practice(practice), user, by=COMMAND, now=clock.now())
    click.echo(f"User {user} can no longer sign in.")


@command.command()
@click.argument("user", type=int)
@password_option
@practice_option
def password(user: int, password_file: click.File, practice: int | None) -> None:
    """Set a new password and end the person's sessions."""
    from claims_service.access import people
    from claims_service.access.passwords import Passwords
    from claims_service.domain.actor import COMMAND

    config = opened()
    owner, new = chosen_practice(practice), _password(password_file)
    people.change_password(owner, user, new, passwords=Passwords(config), keep=None, by=COMMAND, now=clock.now())
    click.echo(f"User {user} has a new password.")


def _password(file: click.File | None) -> str:
    if file is not None:
        return str(file.read()).strip("\r\n")  # type: ignore[attr-defined]
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
