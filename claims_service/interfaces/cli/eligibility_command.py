"""`claims eligibility`: ask insurers whether patients are covered."""

import sys
from datetime import date, timedelta
from pathlib import Path

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option


@click.command()
@click.argument("patients", nargs=-1, type=int)
@click.option("--tomorrow", is_flag=True, help="Everyone with a visit recorded for tomorrow; by file.")
@click.option("--list", "listed", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A CSV of the scheduler with the columns record and date; by file.")  # fmt: skip
@click.option("--by-file", is_flag=True, help="Put the questions into files, as claims are; do not wait for answers.")
@click.option("--again", is_flag=True, help="Ask even where the same was asked within a day.")
@practice_option
def command(
    patients: tuple[int, ...], *, tomorrow: bool, listed: Path | None, by_file: bool, again: bool, practice: int | None
) -> None:
    """Ask about patients, by the number in the address of their account page: today's cover with each of their plans.

    Where an insurer answers at once the answer is printed; else the question goes into a file. Exit 1 when somebody could
    not be asked about.
    """
    from claims_service.domain.actor import COMMAND
    from claims_service.gateways.inquiry_lines import line_for
    from claims_service.interfaces.ui.filters import counted
    from claims_service.queries import clinic
    from claims_service.workflow.ask_eligibility import CoverQuestion, ask_eligibility
    from claims_service.workflow.incoming import FileOutcome, IncomingFile
    from claims_service.workflow.read_eligibility_answer import read_eligibility_answer

    if not (patients or tomorrow or listed):
        raise click.UsageError("Name patients by their numbers, or say --tomorrow or --list FILE.")
    config = opened()
    owner, now = chosen_practice(practice), clock.now()
    today = clock.today(clinic.clinic(owner).zone)
    wanted = [CoverQuestion(patient, on) for patient, on in _coming(owner, today, patients, tomorrow, listed)]

    def take(file: IncomingFile) -> FileOutcome:
        return read_eligibility_answer(owner, [file], by=COMMAND, now=clock.now(), acknowledged=False)[0]

    line = None if by_file or tomorrow or listed else line_for(config)
    asked = ask_eligibility(
        owner,
        wanted,
        by=COMMAND,
        now=now,
        line=line,
        take=take,
        again_after=timedelta(hours=config.ask_again_hours),
        force=again,
    )
    for sent in asked.files:
        click.echo(f"{sent.name}  {counted(len(sent.questions), 'question')} to {sent.to}")
    for problem in asked.problems:
        where = int(problem.where.strip("[]"))
        click.echo(f"patient {wanted[where].patient}: {problem.message} {problem.mend}".rstrip())
    click.echo(f"{counted(len(asked.asked), 'question')} asked, {asked.answered:,} answered at once.")
    if asked.standing:
        click.echo(f"{len(asked.standing):,} were asked within a day: --again asks all the same.")
    sys.exit(1 if asked.problems else 0)


def _coming(
    practice: int, today: date, patients: tuple[int, ...], tomorrow: bool, listed: Path | None
) -> list[tuple[int, date]]:
    from claims_service.domain.errors import Problem, Rejected
    from claims_service.formats.tables.appointments import read_appointments
    from claims_service.queries import coming_visits

    found = [(patient, today) for patient in patients]
    if tomorrow:
        day = today + timedelta(days=1)
        found += [(patient, day) for patient in coming_visits.patients_on(practice, day)]
    if listed:
        rows = read_appointments(listed.read_bytes())
        known = coming_visits.by_record(practice, [record for record, _ in rows])
        strange = [n for n, (record, _) in enumerate(rows, 2) if record not in known]
        if strange:
            raise Rejected([Problem(f"row {n}", "There is no patient with this record number.") for n in strange])
        found += [(known[record], on) for record, on in rows]
    return list(dict.fromkeys(found))
