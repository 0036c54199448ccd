"""`claims ledger`: the journal."""

import click

from claims_service.interfaces.cli.database import opened


@click.group()
def command() -> None:
    """Check the journal."""


@command.command()
def check() -> None:
    """Recompute every balance from the transfers; exit 1 and name each difference."""
    from claims_service.queries import proofs

    opened()
    faults = proofs.ledger_faults()
    click.echo("\n".join(faults) or "The journal balances: no difference in any entry, balance or account.")
    raise SystemExit(bool(faults))
