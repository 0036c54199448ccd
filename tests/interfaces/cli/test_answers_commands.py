"""Part 7, answers: `claims eligibility` and `claims status` as people type them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from claims_service.gateways import inquiry_lines
from claims_service.interfaces.cli.main import commands
from claims_service.store import connection
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, Clinic, found
from tests.store_fixtures import Databases
from tests.workflow.cycle import ready, sent
from tests.workflow.insurer_line import TOMORROW, Line


@pytest.fixture
def clinic(databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Clinic]:
    """A clinic in the database that the settings name, and insurers that answer at once."""
    url = databases.migrated("sqlite")
    monkeypatch.setenv("CLAIMS_DATABASE_URL", url)
    monkeypatch.setenv("CLAIMS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(inquiry_lines, "line_for", lambda _: Line())
    connection.connect(url)
    made = found()
    connection.database.close()
    with time_machine.travel(NOW):
        yield made


def run(*words: str) -> Result:
    result = CliRunner().invoke(commands, list(words))
    connection.database.close()
    return result


def test_patients_are_asked_about_at_once_and_not_twice_a_day(clinic: Clinic) -> None:
    """Alma has one plan, Bruno two; nobody's name is printed."""
    first, second = run("eligibility", str(clinic.alma), str(clinic.bruno)), run("eligibility", str(clinic.alma))

    assert (first.exit_code, first.output) == (0, "3 questions asked, 3 answered at once.\n")
    assert "0 questions asked, 0 answered at once.\n1 were asked within a day" in second.output


def test_who_comes_tomorrow_is_asked_about_by_file(clinic: Clinic) -> None:
    with connection.opened():
        record_encounters(clinic.practice, [clinic.visit(served_on=TOMORROW)], by=BILLER, now=NOW)

    asked = run("eligibility", "--tomorrow")

    assert (
        asked.output
        == "QH001-20261120-000000001.270  1 question to Quillhaven Health\n1 question asked, 0 answered at once.\n"
    )


def test_the_schedulers_list_is_read_whole_or_not_at_all(clinic: Clinic, tmp_path: Path) -> None:
    good, strange, torn = tmp_path / "good.csv", tmp_path / "strange.csv", tmp_path / "torn.csv"
    good.write_text("\ufeffDate,Record\n11/21/2026,P1\n2026-11-21,P2\n2026-11-21,P2\n", "utf-8")
    strange.write_text("record,date\nP1,2026-11-21\nP9,2026-11-21\n")
    torn.write_text("record,date\nP1,soon\n,2026-11-21\n")

    asked, unknown, unread = (run("eligibility", "--list", str(file)) for file in (good, strange, torn))

    assert "3 questions asked" in asked.output
    assert "row 3: There is no patient with this record number." in str(unknown.exception)
    assert "row 2: The date can't be read." in str(unread.exception)
    assert "row 3: The record number is missing." in str(unread.exception)


def test_claims_are_asked_about_and_answers_read_out(clinic: Clinic) -> None:
    with connection.opened():
        (out,) = sent(clinic)
        (here,) = ready(clinic)

    asked = run("status", str(out.id), str(here.id))
    silent = run("status", "--silent")

    assert asked.exit_code == 1
    assert f"claim {out.id}: Pending: in process: Accepted for processing.\n" in asked.output
    assert f"claim {here.id}: This claim is “Ready to send”: the insurer does not have it." in asked.output
    assert "1 question asked, 1 answered at once." in asked.output
    assert silent.output == "0 questions asked, 0 answered at once.\n"


@pytest.mark.parametrize("command", ["eligibility", "status"])
def test_nobody_named_is_nobody_asked(clinic: Clinic, command: str) -> None:
    assert run(command).exit_code == 2
