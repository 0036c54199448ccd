"""`claims submit`: visits become claims, ready claims go out."""

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option


@click.command()
@practice_option
def command(practice: int | None) -> None:
    """Price and check every visit that waits, then put each ready claim into a file for its insurer.

    A claim goes out once, however often this runs.
    """
    from claims_service.domain.actor import COMMAND
    from claims_service.domain.money import spoken
    from claims_service.queries import clinic
    from claims_service.workflow.build_claim import build_claims
    from claims_service.workflow.submit_claims import submit_claims

    opened()
    owner, now = chosen_practice(practice), clock.now()
    built = build_claims(owner, by=COMMAND, now=now, today=clock.today(clinic.clinic(owner).zone))
    sent = submit_claims(owner, by=COMMAND, now=now)
    for file in sent.files:
        click.echo(f"{file.name}  {len(file.claims):>5,} claims  {spoken(file.charge_cents):>14}")
    click.echo(f"{len(built.claims):,} claims built, {len(built.self_pay):,} visits paid by patients themselves.")
    click.echo(f"{sent.claim_count:,} claims sent in {len(sent.files)} files.")
    if stopped := built.count("needs_mending"):
        click.echo(f"{stopped:,} claims wait for a person to mend them.")
