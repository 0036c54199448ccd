"""`claims codes`: the code sets of the whole site, by date of service."""

import io
from datetime import datetime
from typing import BinaryIO

import click

from claims_service import clock
from claims_service.domain.dates import us_text
from claims_service.interfaces.cli.database import opened
from claims_service.interfaces.cli.x12_files import each
from claims_service.workflow.import_codes import KINDS, ImportedFile, Wanted, import_codes

SETTINGS = {"practitioner": "P", "outpatient": "O"}
INSTALLED = "icd10cm"


@click.group()
def command() -> None:
    """Load code sets and NCCI edits by date of service; see which are loaded. They serve every practice of the site."""


@command.command("import", epilog="Kinds: " + "; ".join(f"{kind}: {label}" for kind, label in KINDS.items()) + ".")
@click.argument("kind", type=click.Choice(sorted(KINDS)), metavar="KIND")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day of service the files speak of, where their names don't say.",
)
@click.option(
    "--setting", type=click.Choice(sorted(SETTINGS)), help="Whom NCCI pairs are for, where the name doesn't say."
)
@click.option("--retire", is_flag=True, help="Even if more than one code in five ends by it.")
@click.option("--installed", is_flag=True, help="ICD-10-CM out of the Python package simple-icd-10-cm.")
def import_(
    kind: str, files: tuple[str, ...], first: datetime | None, setting: str | None, *, retire: bool, installed: bool
) -> None:
    """Import files of one KIND, each whole or not at all; the same file again changes nothing.

    Codes that a newer complete file leaves out end the day before it and stay valid for visits before.
    """
    if bool(files) == installed:
        raise click.UsageError("Give the files to import" + (", or --installed." if kind == INSTALLED else "."))
    opened()
    wanted = Wanted(kind, first.date() if first else None, SETTINGS.get(setting or "", ""), retire)
    if installed:
        raise SystemExit(_installed(wanted))
    raise SystemExit(each(files, lambda name, stream: _imported(wanted, name, stream)))


def _installed(wanted: Wanted) -> int:
    from claims_service.domain.errors import Rejected
    from claims_service.formats.tables import icd10cm_package

    if wanted.kind != INSTALLED:
        raise click.UsageError("--installed is for icd10cm alone.")
    try:
        name, content = icd10cm_package.order_file()
    except Rejected as missing:
        return _tell(ImportedFile("--installed", problems=missing.problems))
    day = wanted.effective_on or icd10cm_package.published_on()
    return _imported(Wanted(wanted.kind, day, retire=wanted.retire), name, io.BytesIO(content))


def _imported(wanted: Wanted, name: str, stream: BinaryIO) -> int:
    from claims_service.domain.actor import COMMAND

    source = stream if stream.seekable() else io.BytesIO(stream.read())
    (done,) = import_codes(wanted, [(_bare(name), source)], by=COMMAND, now=clock.now())
    return _tell(done)


def _bare(name: str) -> str:
    """The file's own name: the folder it lies in is nobody's business but this machine's."""
    return name.replace("\\", "/").rpartition("/")[2]


def _tell(done: ImportedFile) -> int:
    if done.problems:
        click.echo(f"Not taken: {done.name}", err=True)
        for problem in done.problems:
            click.echo(f"  {problem.where}: {problem.message} {problem.mend}".rstrip(), err=True)
        return 1
    if done.already or done.changes is None:
        click.echo(f"{done.name}: imported before, nothing changed.")
        return 0
    changes = done.changes
    since = f" from {us_text(done.effective_on)} on" if done.effective_on else ""
    told = f"{changes.added:,} added, {changes.changed:,} changed, {changes.closed:,} ended"
    click.echo(f"{done.name}: {changes.listed:,} rows{since}; {told}.")
    return 0


@command.command("list")
def list_() -> None:
    """Which sets are loaded: how many codes hold today, since when, and from which files."""
    from claims_service.queries import code_releases

    opened()
    sets = code_releases.loaded(clock.today("UTC"))
    if not sets:
        click.echo(
            "No code set is loaded: look-up uses the lists that travel with the product. `claims codes import --help`"
        )
    for one in sets:
        since = f", since {us_text(one.since)}" if one.since else ""
        click.echo(f"{one.label} ({one.kind}): {one.codes:,} hold today{since}")
        for release in one.releases:
            told = f"{release.listed:,} rows, {release.added:,} added, {release.changed:,} changed, {release.closed:,} ended"
            click.echo(
                f"  {us_text(release.effective_on):<10}  {release.name}: {told}; imported {us_text(release.imported_at.date())}"
            )
