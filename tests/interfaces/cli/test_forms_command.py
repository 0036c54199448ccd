"""`claims forms` as a biller types it: a claim on paper, and in the format of an insurer that has only a folder."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from claims_service.config import data_folder
from claims_service.formats.insurer import insurer_format
from claims_service.formats.paper.form import form
from claims_service.formats.x12.write_837i import write_837i
from claims_service.formats.x12.write_837p import write_837p
from claims_service.interfaces.cli.main import commands
from claims_service.store import connection, tables
from tests.clinic import Clinic
from tests.formats.insurer.test_made_up_formats import LINES, folder
from tests.formats.paper.facility import stay
from tests.formats.paper.read_back import overlaid
from tests.formats.x12 import examples
from tests.interfaces.cli.test_commands import clinic, run
from tests.workflow.billed_clinic import billed

__all__ = ["clinic"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files are written where the command is called."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sent(made: Clinic) -> tuple[int, ...]:
    connection.database.connect()
    found = billed(made, 2, answered=False).claims
    connection.database.close()
    return found


def test_claims_of_the_clinic_are_put_on_paper_one_sheet_each(clinic: Clinic, here: Path) -> None:
    """Two visits of $150.00 on two sheets of an overlay, moved a twentieth of an inch for this printer."""
    claims = sent(clinic)
    result = run("forms", *map(str, claims), "--as", "overlay", "--right", "50", "--out", "out.pdf")

    assert (result.exit_code, result.output) == (0, "out.pdf: 2 claims on 2 sheets.\n")
    pages = overlaid((here / "out.pdf").read_bytes(), form("cms1500"), right=50)
    assert [page["28"] for page in pages] == ["150 00", "150 00"]
    connection.database.connect()
    assert tables.Audit.select().where(tables.Audit.action == "claim.print").count() == 2
    connection.database.close()


def test_a_claim_that_is_not_the_clinics_is_refused(clinic: Clinic) -> None:
    result = run("forms", "999", "--out", "out.pdf")

    assert result.exit_code != 0
    assert not Path("out.pdf").exists()


def test_a_file_of_an_insurer_in_its_own_format_is_marked_as_a_test(clinic: Clinic, here: Path) -> None:
    claims = sent(clinic)
    result = run("forms", *map(str, claims), "--form", "uae")

    assert result.output == "uae-2-claims.xml: 2 claims.\n"
    assert "<DispositionFlag>TEST</DispositionFlag>" in (here / "uae-2-claims.xml").read_text()


def test_a_made_up_format_is_a_folder_among_the_mappings_and_gets_its_file(
    clinic: Clinic, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Fund takes lines with semicolons: its folder is put beside the others, and the command knows it."""
    mappings = here / "mappings"
    shutil.copytree(data_folder("mappings"), mappings)
    folder(mappings, LINES)
    monkeypatch.setattr(insurer_format, "data_folder", lambda _name: mappings)
    claim = sent(clinic)[0]
    result = run("forms", str(claim), "--form", "fund", "--out", "fund.csv")

    assert result.exit_code == 0, result.output
    number = tables_number(claim)
    assert (
        here / "fund.csv"
    ).read_text() == f"{number};99213;120.00;GRP100;1980-01-01\n{number};85025;30.00;GRP100;1980-01-01\n"


def tables_number(claim: int) -> str:
    connection.database.connect()
    number = str(tables.ClaimRow.get_by_id(claim).control_number)
    connection.database.close()
    return number


def test_a_file_of_claims_goes_on_paper_without_a_database(here: Path) -> None:
    """An 837I with a stay of 30 lines fills two UB-04, and what has no room is named."""
    long = stay(lines=30, conditions=tuple(f"{n:02}" for n in range(1, 25)))
    Path("stay.837").write_bytes(write_837i(examples.ENVELOPE, [long]))

    result = CliRunner().invoke(commands, ["forms", "--file", "stay.837"])

    assert result.stdout == "ub04-STAY1.pdf: 1 claim on 2 sheets.\n"
    assert "STAY1: no room on paper for all of 81e" in result.stderr
    assert (here / "ub04-STAY1.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--file", "visit.837", "--form", "ub04"], "does not take this kind of claim"),
        (["--file", "visit.837", "--form", "odd"], "there are cms1500, ub04"),
        (["--file", "empty.837"], "no claim that can be read"),
        (["1", "--file", "visit.837"], "or a file of claims"),
        ([], "or a file of claims"),
    ],
)
def test_what_cannot_be_printed_is_said(words: list[str], said: str) -> None:
    Path("visit.837").write_bytes(write_837p(examples.ENVELOPE, [examples.claim()]))
    Path("empty.837").write_bytes(b"nothing")

    result = CliRunner().invoke(commands, ["forms", *words])

    assert result.exit_code != 0
    assert said in result.output + str(result.exception)
