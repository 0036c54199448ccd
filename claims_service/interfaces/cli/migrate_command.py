"""`claims migrate`: the schema."""

from pathlib import Path

import click

from claims_service.config import Config
from claims_service.store import connection, migrate


@click.command()
@click.option("--check", is_flag=True, help="Only say what is missing; exit 1 when something is.")
def command(check: bool) -> None:
    """Bring the database to the schema of this version. Safe to call again."""
    config = Config.from_env()
    if file := config.sqlite_file():
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    connection.connect(config.database_url)
    if check:
        missing = migrate.pending()
        click.echo("\n".join(missing) or "Nothing is missing.")
        raise SystemExit(bool(missing))
    done = migrate.upgrade()
    click.echo("\n".join(f"Applied {name}" for name in done) or "Nothing was missing.")
