"""`claims load`: a clinic out of plain tables."""

from pathlib import Path

import click

from claims_service import clock
from claims_service.interfaces.cli.database import opened


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def command(folder: Path) -> None:
    """Set a clinic up from a folder of tables like fixtures/: all of it or nothing."""
    from claims_service.domain.actor import COMMAND
    from claims_service.domain.errors import Rejected
    from claims_service.workflow.load_clinic import load_clinic

    config = opened()
    try:
        made = load_clinic(folder, by=COMMAND, now=clock.now(), today=clock.today(config.clinic_zone))
    except OSError as missing:
        raise click.ClickException(
            f"{missing.filename} can't be read; the folder needs the tables that fixtures/ has. Nothing was loaded."
        ) from None
    except KeyError as name:
        raise click.ClickException(
            f"{name} is asked for and not there: a column, or a key that another table names. Nothing was loaded."
        ) from None
    except Rejected as refused:
        told = "\n".join(f"{p.where}: {p.message} {p.mend}".strip() for p in refused.problems)
        raise click.ClickException(f"{told}\nNothing was loaded.") from None
    except ValueError as wrong:
        raise click.ClickException(f"A value can't be read: {wrong}. Nothing was loaded.") from None
    click.echo(
        f"Practice {made.practice}: {len(made.providers):,} providers, {len(made.payers):,} insurers,"
        f" {len(made.patients):,} patients, {made.coverages:,} plans."
    )
    for key, payer in made.payers.items():
        click.echo(f"  insurer {payer}  {key}")
