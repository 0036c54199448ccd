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
        ("patients.tsv", "\tparent", "\tfriend", "patients.tsv, LF0024, relationship"),
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


def test_part_1_visits_of_a_csv_come_in_once_and_a_dry_run_writes_nothing(tables: Path, tmp_path: Path) -> None:
    """The example of the documentation, then one with a line that nobody can bill: the rest is taken, the command ends with 1."""
    load(tables)
    example = data_folder("fixtures") / "visits_example.csv"
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(example.read_bytes().replace(b"EX-1,LF0001", b"EX-1,NOBODY"))

    tried, taken, again, told = (
        CliRunner().invoke(commands, ["import", *words])
        for words in (["--dry-run", str(example)], [str(example)], [str(example)], [str(wrong), "--dry-run"])
    )

    assert "3 of 3 visits would be added." in tried.output
    assert "nothing was written" in tried.output
    assert "visits_example.csv: 3 of 3 visits added." in taken.output
    assert "0 of 3 visits added." in again.output
    assert "3 visits were known before." in again.output
    assert [result.exit_code for result in (tried, taken, again, told)] == [0, 0, 0, 0]
    with opened():
        assert run("select count(*) from encounter").fetchone()[0] == 3
        assert run("select count(*) from encounter_line").fetchone()[0] == 6


def test_part_1_a_line_that_can_not_be_taken_is_told_at_the_prompt(tables: Path, tmp_path: Path) -> None:
    load(tables)
    wrong = tmp_path / "wrong.csv"
    example = (data_folder("fixtures") / "visits_example.csv").read_bytes()
    wrong.write_bytes(example.replace(b"EX-1,LF0001", b"EX-1,NOBODY"))

    result = CliRunner().invoke(commands, ["import", str(wrong)])

    assert result.exit_code == 1
    assert "2 of 3 visits added." in result.output
    assert "line 2, patient: No patient here has this record number." in result.output
