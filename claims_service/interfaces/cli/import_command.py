"""`claims import`: FHIR files of other systems."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option

if TYPE_CHECKING:
    from claims_service.workflow.import_records import ImportOutcome


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--all", "every", is_flag=True, help="Name each visit that can't be billed, not only the reasons.")
@practice_option
def command(files: tuple[Path, ...], every: bool, practice: int | None) -> None:
    """Read FHIR R4 files (JSON, NDJSON, XML): patients, plans, and visits ready to bill.

    Each file is taken whole or not at all; the same file again changes nothing. `claims submit` bills the visits.
    """
    from claims_service.domain.actor import COMMAND
    from claims_service.workflow.import_records import import_records

    opened()
    outcome = import_records(chosen_practice(practice), _contents(files), by=COMMAND, now=clock.now())
    click.echo(f"{outcome.patients:,} patients, {outcome.coverages:,} plans and {outcome.encounters:,} visits added.")
    if outcome.already:
        click.echo(f"{outcome.already:,} visits were known before.")
    if outcome.moved:
        click.echo(f"{len(outcome.moved):,} patients have made-up dates, which were moved to the present.")
    _tell_skipped(outcome, every=every)
    for refused in outcome.refused:
        click.echo(f"Not taken: {refused.name}", err=True)
        for problem in refused.problems:
            click.echo(f"  {problem.where}: {problem.message} {problem.mend}".rstrip(), err=True)
    raise SystemExit(1 if outcome.refused else 0)


def _contents(files: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    """One file in memory at a time."""
    for file in files:
        yield file.name, file.read_bytes()


def _tell_skipped(outcome: "ImportOutcome", *, every: bool) -> None:
    if not outcome.skipped:
        return
    click.echo(f"{len(outcome.skipped):,} visits can't be billed:")
    if every:
        for visit in outcome.skipped:
            for problem in visit.reasons:
                click.echo(f"  {visit.file} {visit.reference}  {problem.where}: {problem.message}")
        return
    reasons = Counter(problem.message for visit in outcome.skipped for problem in visit.reasons)
    for message, number in reasons.most_common():
        click.echo(f"  {number:>5,}  {message}")
