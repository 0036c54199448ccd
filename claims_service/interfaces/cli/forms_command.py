"""`claims forms`: claims on paper, or in an insurer's own format to look at."""

from pathlib import Path

import click

from claims_service import clock
from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.formats.documents.claim_paper import DRAWN, LOOKS, Look
from claims_service.formats.insurer.insurer_format import format_names
from claims_service.formats.paper.form import form_names
from claims_service.formats.x12.read_837i import read_837i
from claims_service.formats.x12.read_837p import read_837p
from claims_service.interfaces.cli.database import chosen_practice, opened, practice_option

AnyClaim = Claim | InstitutionalClaim


@click.command()
@click.argument("claims", nargs=-1, type=int)
@click.option("--file", "source", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Claims of this 837P or 837I file instead; no database is asked.")  # fmt: skip
@click.option(
    "--form", "into", default="", help="A paper form or an insurer's format; else the form that suits the claim."
)
@click.option("--as", "kind", type=click.Choice(LOOKS), default=DRAWN, show_default=True,
              help="form: our own drawing. overlay: text alone, for preprinted sheets. text: print image.")  # fmt: skip
@click.option("--right", default=0, help="Move an overlay to the right by thousandths of an inch.")
@click.option("--down", default=0, help="Move an overlay down by thousandths of an inch.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to; else a name in this folder.")
@practice_option
def command(
    claims: tuple[int, ...],
    source: Path | None,
    into: str,
    kind: str,
    right: int,
    down: int,
    out: Path | None,
    practice: int | None,
) -> None:
    """Put claims, by their numbers on the claim page, on a CMS-1500 or UB-04. Nothing is sent, nothing changes."""
    from claims_service.domain.actor import COMMAND
    from claims_service.queries import clinic
    from claims_service.workflow.print_claims import Printed, print_claims, printed

    if bool(claims) == bool(source):
        raise click.UsageError("Name claims by number, or a file of claims with --file.")
    if into and into not in (*form_names(), *format_names()):
        raise click.BadParameter(f"there are {', '.join((*form_names(), *format_names()))}", param_hint="--form")
    look, now = Look(kind, right, down), clock.now()
    if source:
        found = _claims_in(source)
        made: Printed = printed(found, into, look, today=now.astimezone().date(), local=now.astimezone())
    else:
        opened()
        owner = chosen_practice(practice)
        today = clock.today(clinic.clinic(owner).zone)
        made = print_claims(owner, claims, into, look, by=COMMAND, now=now, today=today)
    target = out or Path(made.name)
    target.write_bytes(made.content)
    sheets = f" on {_counted(made.sheets, 'sheet')}" if made.sheets else ""
    click.echo(f"{target}: {_counted(made.claims, 'claim')}{sheets}.")
    for number, boxes in made.left_out:
        click.echo(f"{number}: no room on paper for all of {', '.join(boxes)}.", err=True)


def _claims_in(source: Path) -> list[AnyClaim]:
    """Professional and institutional claims of a file, those first.

    Raises:
        click.UsageError: it holds none that can be read.
    """
    content = source.read_bytes()
    found: list[AnyClaim] = [*read_837p(content), *read_837i(content)]
    if not found:
        raise click.UsageError(f"{source.name} holds no claim that can be read; `claims x12 check` explains.")
    return found


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"
