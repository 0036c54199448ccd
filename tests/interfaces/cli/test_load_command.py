"""A new clinic sets itself up from tables, as `claims load` takes them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claims_service.config import data_folder
from claims_service.interfaces.cli.main import commands
from claims_service.store import connection
from claims_service.store.connection import opened, run
from tests.store_fixtures import Databases


@pytest.fixture
def tables(databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A copy of the demo clinic's tables, and an empty database that the settings name."""
    monkeypatch.setenv("CLAIMS_DATABASE_URL", databases.migrated("sqlite"))
    yield Path(shutil.copytree(data_folder("fixtures"), tmp_path / "tables"))
    connection.database.close()


def load(folder: Path) -> Result:
    result = CliRunner().invoke(commands, ["load", str(folder)])
    if not connection.database.is_closed():
        connection.database.close()
    return result


def practices() -> int:
    with opened():
        return int(run("select count(*) from practice").fetchone()[0])


def test_a_clinic_is_set_up_from_its_tables_and_the_insurers_numbers_are_told(tables: Path) -> None:
    result = load(tables)

    assert result.output.startswith("Practice 1: 4 providers, 4 insurers, 40 patients, 43 plans.")
    assert "insurer 2  northfold" in result.output
    assert practices() == 1


def test_the_same_clinic_is_not_set_up_twice(tables: Path) -> None:
    load(tables)

    assert load(tables).exit_code != 0
    assert practices() == 1


@pytest.mark.parametrize(
    ("file", "word", "other", "told"),
    [
        ("clinic/payers.tsv", "key\t", "kee\t", "'key' is asked for"),
        ("clinic/fees.tsv", "135.00", "1o5.00", "A value can't be read"),
        ("coverages.tsv", "quillhaven", "nobody", "'nobody' is asked for"),
    ],
)
def test_a_table_with_a_fault_leaves_nothing_behind(tables: Path, file: str, word: str, other: str, told: str) -> None:
    """A price of $1o5.00, a column that is missing, a plan with an insurer nobody knows."""
    changed = (tables / file).read_text(encoding="utf-8").replace(word, other, 1)
    (tables / file).write_text(changed, encoding="utf-8")

    result = load(tables)

    assert result.exit_code == 1
    assert told in result.output
    assert practices() == 0


def test_a_folder_without_the_tables_is_told_which_one_is_missing(tables: Path) -> None:
    (tables / "clinic" / "fees.tsv").unlink()

    assert "fees.tsv can't be read" in load(tables).output
    assert practices() == 0
