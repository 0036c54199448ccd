"""Code sets as a biller loads them from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claims_service.interfaces.cli.main import commands
from claims_service.store import connection
from tests.store_fixtures import Databases

LINE = "{:05} {:<7} 1 {:<60} {}\n".format


@pytest.fixture(autouse=True)
def database(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    url = databases.migrated("sqlite")
    monkeypatch.setenv("CLAIMS_DATABASE_URL", url)
    yield
    connection.database.close()
    databases.remove(url)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Two codes of the fiscal year 2027."""
    file = tmp_path / "icd10cm-order-2027.txt"
    file.write_text(
        LINE(1, "J069", "Acute upper resp", "Acute upper respiratory infection") + LINE(2, "R509", "Fever", "Fever")
    )
    return file


def codes(*words: object, typed: bytes = b"") -> Result:
    result = CliRunner().invoke(commands, ["codes", *map(str, words)], input=typed)
    connection.database.close()
    return result


def test_a_release_is_imported_once_and_listed(release: Path) -> None:
    first, again = codes("import", "icd10cm", release), codes("import", "icd10cm", release)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.output == "icd10cm-order-2027.txt: 2 rows from 10/01/2026 on; 2 added, 0 changed, 0 ended.\n"
    assert again.output == "icd10cm-order-2027.txt: imported before, nothing changed.\n"
    listed = codes("list").output.splitlines()
    assert listed[0] == "ICD-10-CM diagnoses (icd10cm): 2 hold today, since 10/01/2026"
    assert listed[1].startswith("  10/01/2026  icd10cm-order-2027.txt: 2 rows, 2 added, 0 changed, 0 ended; imported ")
    assert len(listed) == 2


def test_the_list_of_nothing_says_so() -> None:
    result = codes("list")

    assert result.exit_code == 0
    assert "No code set is loaded" in result.output


def test_a_bad_file_is_told_by_its_line_and_the_others_go_in(release: Path, tmp_path: Path) -> None:
    bad = tmp_path / "icd10cm-order-2026.txt"
    bad.write_text("not a line\n")

    result = codes("import", "icd10cm", bad, release)

    assert result.exit_code == 1
    assert "Not taken: icd10cm-order-2026.txt\n  line 1: This is no line of the ICD-10-CM order file." in result.output
    assert "2 added" in result.output


def test_a_file_that_is_not_there_gives_two(release: Path, tmp_path: Path) -> None:
    result = codes("import", "icd10cm", tmp_path / "gone.txt", release)

    assert result.exit_code == 2
    assert "can't be read" in result.output
    assert "2 added" in result.output


def test_a_file_may_come_through_a_pipe_with_its_day_beside_it() -> None:
    result = codes("import", "cpt", "-", "--from", "2026-01-01", typed=b"code,description\n99213,Office visit\n")

    assert result.exit_code == 0
    assert "1 rows from 01/01/2026 on; 1 added" in result.output


def test_ncci_files_are_listed_by_whom_they_are_for(tmp_path: Path) -> None:
    file = tmp_path / "pairs.txt"
    file.write_text(
        "Column 1\tColumn 2\t\tEffective\tDeletion\tModifier\tWhy\n11102\t36415\t\t20200101\t*\t0\tMisuse\n"
    )

    asked, given = codes("import", "ncci-ptp", file), codes("import", "ncci-ptp", "--setting", "outpatient", file)

    assert asked.exit_code == 1
    assert "--setting practitioner" in asked.output
    assert given.exit_code == 0
    assert "NCCI pairs that don't go together, outpatient hospitals (ptp_O): 1 hold today\n" in codes("list").output


@pytest.mark.parametrize(
    "words", [["icd10cm"], ["cpt", "--installed"], ["snomed", "x.txt"], ["icd10cm", "--from", "soon", "x.txt"]]
)
def test_what_can_t_be_meant_is_a_usage_error(words: list[str]) -> None:
    assert codes("import", *words).exit_code == 2
