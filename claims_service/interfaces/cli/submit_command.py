"""`claims submit`: ready claims go out."""

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option


@click.command()
@practice_option
def command(practice: int | None) -> None:
    """Put every ready claim into a file for its insurer. A claim goes out once, however often this runs."""
    from claims_service.domain.actor import COMMAND
    from claims_service.domain.money import spoken
    from claims_service.workflow.submit_claims import submit_claims

    opened()
    outcome = submit_claims(chosen_practice(practice), by=COMMAND, now=clock.now())
    for file in outcome.files:
        click.echo(f"{file.name}  {len(file.claims):,} claims  {spoken(file.charge_cents)}")
    click.echo(f"{outcome.claim_count:,} claims in {len(outcome.files)} files.")
