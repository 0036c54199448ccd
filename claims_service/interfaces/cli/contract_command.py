"""`claims contract`: what insurers agreed to pay."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims_service import clock
from claims_service.domain.dates import us_text
from claims_service.domain.pricing.provider_class import CLASSES
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option

if TYPE_CHECKING:
    from claims_service.workflow.import_contract import ContractImport

DAY = click.DateTime(["%Y-%m-%d", "%m/%d/%Y"])
payer_option = click.option("--payer", "insurer", required=True, metavar="ID", help="Payer id or name of the insurer.")


@click.group()
def command() -> None:
    """Take contracts with insurers in, list them, and try what they say of a service."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@payer_option
@click.option("--dry-run", is_flag=True, help="Say what would become of it; write nothing.")
@click.option("--correct", is_flag=True, help="Take the place of the contract with the same first day.")
@practice_option
def import_(file: Path, insurer: str, practice: int | None, *, dry_run: bool, correct: bool) -> None:
    """Import a contract from a CSV FILE, whole or not at all; see docs/contracts.md for its columns.

    Contracts are never edited: one with a later first day ends the one before.
    """
    from claims_service.domain.actor import COMMAND
    from claims_service.workflow.import_contract import import_contract

    opened()
    owner = chosen_practice(practice)
    source = (file.name, file.read_bytes())
    done = import_contract(
        owner, _insurer(owner, insurer), source, by=COMMAND, now=clock.now(), dry_run=dry_run, correct=correct
    )
    raise SystemExit(_tell(done, dry_run=dry_run))


def _tell(done: "ContractImport", *, dry_run: bool) -> int:
    for problem in (*done.problems, *done.notes):
        click.echo(f"  {problem.where}: {problem.message} {problem.mend}".rstrip(), err=True)
    if done.problems:
        click.echo(f"Not taken: {done.name}", err=True)
        return 1
    if done.already:
        click.echo(f"{done.name}: imported before, nothing changed.")
        return 0
    until = f"until {us_text(done.valid_until)}" if done.valid_until else "until a later contract"
    terms = "1 term" if done.terms == 1 else f"{done.terms:,} terms"
    click.echo(f"{done.name}: {terms}, from {us_text(done.valid_from)} {until}.")
    if done.ends:
        click.echo(f"It takes over from “{done.ends}”.")
    if dry_run:
        click.echo("Nothing was written: leave --dry-run out to import it.")
    return 0


@command.command("list")
@practice_option
def listed(practice: int | None) -> None:
    """Every contract with the days it holds."""
    from claims_service.queries import contracts

    opened()
    found = contracts.listed(chosen_practice(practice), today=clock.today("UTC"))
    if not found:
        click.echo("There is no contract yet: `claims contract import --help`")
    for one in found:
        days = f"{us_text(one.first)} to {us_text(one.until):<10}"
        click.echo(
            f"{one.payer.name:<24}  {days}  {one.state:<9}  {len(one.contract.terms):>5,} terms  {one.contract.name}"
        )


@command.command("price")
@click.argument("code")
@payer_option
@click.option("--date", "day", type=DAY, help="Day of service; today where it is not said.")
@click.option("--place", default="11", show_default=True, help="Place of service.")
@click.option("--modifier", "modifiers", multiple=True, help="Up to four, in the order of the claim.")
@click.option("--units", default="1", show_default=True)
@click.option("--charge", help="Charge in dollars for all units; else the clinic's price.")
@click.option("--class", "who", type=click.Choice(sorted(CLASSES)), help="Class of the provider.")
@practice_option
def price(
    code: str,
    insurer: str,
    day: datetime | None,
    place: str,
    modifiers: tuple[str, ...],
    units: str,
    charge: str | None,
    who: str | None,
    practice: int | None,
) -> None:
    """What an insurer is expected to pay for CODE, and how that comes about."""
    from claims_service.domain import money
    from claims_service.domain.pricing.contract import Service
    from claims_service.queries import contracts

    opened()
    owner = chosen_practice(practice)
    on: date = day.date() if day else clock.today("UTC")
    upper = tuple(modifier.upper() for modifier in modifiers)
    cents = None
    try:
        count = Decimal(units)
        cents = money.cents(charge) if charge else None
    except (InvalidOperation, ValueError) as wrong:
        raise click.UsageError("Units and charge are plain numbers, like 2 and 120.00.") from wrong
    if not count.is_finite() or not 0 < count <= 9999:
        raise click.UsageError("Units are more than 0, and at most 9999.")
    service = Service(code.upper(), on, upper, count, place.zfill(2), who or "", cents)
    (found,) = contracts.explained(owner, _insurer(owner, insurer), [service])
    for sentence in found.sentences:
        click.echo(sentence)
    raise SystemExit(0 if found.price.cents is not None else 1)


def _insurer(practice: int, words: str) -> int:
    from claims_service.domain.errors import NotFound
    from claims_service.queries import contracts

    try:
        return contracts.insurer_named(practice, words)
    except NotFound:
        known = ", ".join(f"{one.identifier} ({one.name})" for one in contracts.insurers(practice).values())
        raise click.UsageError(f"No insurer is called '{words}'. There are: {known or 'none yet'}.") from None
