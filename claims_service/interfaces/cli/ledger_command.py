"""`claims ledger`: the journal."""

from datetime import datetime
from typing import TextIO

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option

DAY = click.DateTime(["%Y-%m-%d"])
CHOICES = click.Choice(["hledger", "beancount", "csv", "quickbooks", "xero"])


@click.group()
def command() -> None:
    """Check the journal, take it along to an accounting program."""


@command.command()
def check() -> None:
    """Recompute every balance from the transfers; exit 1 and name each difference."""
    from claims_service.queries import proofs

    opened()
    faults = proofs.ledger_faults()
    click.echo("\n".join(faults) or "The journal balances: no difference in any entry, balance or account.")
    raise SystemExit(bool(faults))


@command.command()
@practice_option
@click.option("--format", "kind", type=CHOICES, default="hledger", show_default=True, help="Who is to read it.")
@click.option("--from", "first", type=DAY, help="First day; that of the first entry without it.")
@click.option("--until", type=DAY, help="Last day; today without it.")
@click.option("--output", "-o", type=click.File("w", lazy=True), default="-", help="File; the terminal without it.")
def export(practice: int | None, kind: str, first: datetime | None, until: datetime | None, output: TextIO) -> None:
    """Write the journal of some days: every transfer, ids and no names, the balances before and after."""
    from claims_service.formats.books.formats import FORMATS
    from claims_service.queries import clinic, journal_span

    opened()
    owner = chosen_practice(practice)
    today = clock.today(clinic.clinic(owner).zone)
    last = until.date() if until else today
    start = first.date() if first else journal_span.first_day(owner) or last
    if last < start:
        raise click.BadParameter("The last day is before the first one.", param_hint="--until")
    output.writelines(FORMATS[kind].write(journal_span.span(owner, start, last)))
