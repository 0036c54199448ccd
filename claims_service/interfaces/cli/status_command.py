"""`claims status`: ask insurers what became of claims."""

import sys

import click

from claims_service import clock
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option

DAYS = 30


@click.command()
@click.argument("claims", nargs=-1, type=int)
@click.option("--silent", is_flag=True, help=f"Every claim that went out {DAYS} days ago or more and is not decided.")
@click.option("--by-file", is_flag=True, help="Put the questions into files, as claims are; do not wait for answers.")
@click.option("--again", is_flag=True, help="Ask even where the same was asked within four hours.")
@practice_option
def command(claims: tuple[int, ...], *, silent: bool, by_file: bool, again: bool, practice: int | None) -> None:
    """Ask about claims, by the number in the address of the claim page. Exit 1 when one could not be asked about."""
    from claims_service.domain.actor import COMMAND
    from claims_service.gateways.inquiry_lines import line_for
    from claims_service.interfaces.ui.filters import counted
    from claims_service.queries import claim_answers
    from claims_service.workflow.ask_status import ask_status
    from claims_service.workflow.incoming import FileOutcome, IncomingFile
    from claims_service.workflow.read_status_answer import read_status_answer

    if not (claims or silent):
        raise click.UsageError("Name claims by their numbers, or say --silent.")
    config = opened()
    owner, now = chosen_practice(practice), clock.now()
    wanted = list(dict.fromkeys([*claims, *(claim_answers.silent(owner, now=now, days=DAYS) if silent else ())]))

    def take(file: IncomingFile) -> FileOutcome:
        return read_status_answer(owner, [file], by=COMMAND, now=clock.now(), acknowledged=False)[0]

    line = None if by_file else line_for(config)
    asked = ask_status(owner, wanted, by=COMMAND, now=now, line=line, take=take, force=again)
    for sent in asked.files:
        click.echo(f"{sent.name}  {counted(len(sent.questions), 'question')} to {sent.to}")
    for claim, words in claim_answers.words(owner, [*asked.asked, *asked.standing]):
        click.echo(f"claim {claim}: {words}")
    for problem in asked.problems:
        click.echo(f"{problem.where}: {problem.message} {problem.mend}".rstrip())
    click.echo(f"{counted(len(asked.asked), 'question')} asked, {asked.answered:,} answered at once.")
    if asked.standing:
        click.echo(f"{len(asked.standing):,} were asked within four hours: --again asks all the same.")
    sys.exit(1 if asked.problems else 0)
