"""`claims statements`: bills what is due, a part of the patients at a time, and sends what tells them of it."""

from datetime import date, datetime

import click

from claims_service import clock
from claims_service.access.pay_links import links_of
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option


@click.command()
@practice_option
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day on the statements; today without it.")
@click.option("--messages/--no-messages", default=True, help="Send e-mails, texts and reminders that are due as well.")
def command(practice: int | None, as_of: datetime | None, messages: bool) -> None:
    """Issue the statement of every patient whose plans have all answered.

    Cut off in the middle, it goes on where it was when it is called again: each patient is billed once.
    """
    from rich.console import Console
    from rich.progress import Progress

    from claims_service.domain.actor import COMMAND
    from claims_service.domain.money import spoken
    from claims_service.gateways.messages.outbox import outbox_for
    from claims_service.queries import clinic, statement_run
    from claims_service.workflow.bill_patient import bill_patients
    from claims_service.workflow.remind_patients import remind_patients

    config = opened()
    owner = chosen_practice(practice)
    today = clock.today(clinic.clinic(owner).zone)
    day = as_of.date() if as_of else today
    _refuse_later(day, today)
    parts = statement_run.due(owner)
    issued = owed_cents = waiting = 0
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Billing", total=sum(map(len, parts)))
        for part in parts:
            made = bill_patients(owner, part, by=COMMAND, now=clock.now(), today=day)
            issued, owed_cents = issued + len(made.statements), owed_cents + made.owed_cents
            waiting += made.waiting
            progress.advance(bar, len(part))
    click.echo(f"{issued:,} statements issued, {spoken(owed_cents)}; {waiting:,} visits wait for a plan's answer.")
    if messages:
        told = remind_patients(
            owner, outbox=outbox_for(config), links=links_of(config), by=COMMAND, now=clock.now(), today=today
        )
        click.echo(f"{told.sent:,} messages sent, {told.to_print:,} letters to print, {told.failed:,} not taken.")


def _refuse_later(day: date, today: date) -> None:
    if day > today:
        raise click.BadParameter("A statement can't carry a day to come.", param_hint="--as-of")
