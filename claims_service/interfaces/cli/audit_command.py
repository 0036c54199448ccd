"""`claims audit`: the audit trail."""

import json
from pathlib import Path

import click

from claims_service import clock
from claims_service.interfaces.cli.database import opened


@click.group()
def command() -> None:
    """Check the audit trail."""


@command.command()
@click.option(
    "--anchor", "files", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file that `claims audit anchor` wrote; may be given several times.",
)  # fmt: skip
def verify(files: tuple[Path, ...]) -> None:
    """Walk the chain of every practice; exit 1 and name the first bad row of each."""
    from claims_service.queries import proofs

    opened()
    anchors = [anchor for file in files for anchor in _anchors_in(file)]
    faults = proofs.audit_faults(anchors)
    good = f"{proofs.audit_rows():,} rows, each as it was written" + (
        f"; {len(anchors)} anchors hold." if anchors else "."
    )
    click.echo("\n".join(faults) or good)
    raise SystemExit(bool(faults))


@command.command()
def anchor() -> None:
    """Print the end of each chain as JSON lines: keep them on another machine, and a cut end can't hide."""
    from claims_service.queries import proofs

    opened()
    at = clock.now().isoformat(timespec="seconds")
    for practice, row, digest in proofs.audit_heads():
        click.echo(json.dumps({"at": at, "practice": practice, "row": row, "hash": digest}))


def _anchors_in(file: Path) -> list[tuple[int, int, str]]:
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            kept = json.loads(line)
            found.append((int(kept["practice"]), int(kept["row"]), str(kept["hash"])))
        except (ValueError, KeyError, TypeError):
            raise click.ClickException(
                f"{file.name} line {number} is no anchor: it needs practice, row, hash"
            ) from None
    return found
