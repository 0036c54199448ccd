"""`claims import`: FHIR files of other systems, and visits as CSV."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option

if TYPE_CHECKING:
    from claims_service.workflow.import_records import ImportOutcome


ROWS = (".csv", ".tsv", ".txt")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would become of the files, and write nothing.")
@click.option(
    "--all", "every", is_flag=True, help="Name each visit of a FHIR file that can't be billed, not only the reasons."
)
@practice_option
def command(files: tuple[Path, ...], dry_run: bool, every: bool, practice: int | None) -> None:
    """Read FHIR R4 files (JSON, NDJSON, XML): patients, plans, and visits ready to bill; or CSV files: visits, a row a service.

    The same file again changes nothing. Each FHIR file is taken whole or not at all; of a CSV file each visit that is
    right, and the rest is told line by line. `claims submit` bills the visits.
    """
    opened()
    chosen = chosen_practice(practice)
    rows = [file for file in files if file.suffix.lower() in ROWS]
    records = [file for file in files if file not in rows]
    faulty = [_visits(chosen, file, dry_run=dry_run) for file in rows]
    if records:
        faulty.append(_records(chosen, records, every=every, dry_run=dry_run))
    if dry_run:
        click.echo("This was a dry run: nothing was written.")
    raise SystemExit(1 if any(faulty) else 0)


def _visits(practice: int, file: Path, *, dry_run: bool) -> bool:
    """One CSV file, with a bar while it is read; gives whether a line can't be taken."""
    from claims_service.domain.actor import COMMAND
    from claims_service.queries.clinic import clinic
    from claims_service.workflow.import_visits import check_visits, import_visits

    content, today = file.read_bytes(), clock.today(clinic(practice).zone)
    told = check_visits(practice, content, today=today)
    added, known, problems = len(told.added), told.known, told.problems
    if not dry_run and told.found:
        added = done = 0
        with click.progressbar(length=told.found, label=file.name, file=sys.stderr) as bar:
            while done < told.found:
                part = import_visits(
                    practice, (file.name, content), start=done, by=COMMAND, now=clock.now(), today=today
                )
                bar.update(part.done - done)
                added, done = added + len(part.added), part.done
    click.echo(f"{file.name}: {added:,} of {told.found:,} visits {'would be ' * dry_run}added.")
    if known:
        click.echo(f"{known:,} visits were known before.")
    if told.unread:
        click.echo(f"Columns that were not read: {', '.join(told.unread)}.")
    for problem in problems:
        place = f"line {problem.line}, {problem.column}" if problem.column else f"line {problem.line}"
        click.echo(f"  {place}: {problem.message} {problem.mend}".rstrip(), err=True)
    return bool(problems)


def _records(practice: int, files: Sequence[Path], *, every: bool, dry_run: bool) -> bool:
    """FHIR files; gives whether one of them could not be taken."""
    from claims_service.domain.actor import COMMAND
    from claims_service.workflow.import_records import import_records

    outcome = import_records(practice, _contents(files), by=COMMAND, now=clock.now(), dry_run=dry_run)
    would = "would be " * dry_run
    click.echo(
        f"{outcome.patients:,} patients, {outcome.coverages:,} plans and {outcome.encounters:,} visits {would}added."
    )
    if outcome.already:
        click.echo(f"{outcome.already:,} visits were known before.")
    if outcome.moved:
        click.echo(f"{len(outcome.moved):,} patients have made-up dates, which were moved to the present.")
    _tell_skipped(outcome, every=every)
    for refused in outcome.refused:
        click.echo(f"Not taken: {refused.name}", err=True)
        for problem in refused.problems:
            click.echo(f"  {problem.where}: {problem.message} {problem.mend}".rstrip(), err=True)
    return bool(outcome.refused)


def _contents(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
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
