"""The `claims` command as people type it."""

import gc
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claims_service import telemetry
from claims_service.config import Config
from claims_service.interfaces.cli.main import COMMANDS, commands
from claims_service.store import connection, tables
from tests.clinic import Clinic, found
from tests.store_fixtures import Databases
from tests.workflow.billed_clinic import billed

PASSWORD = "quiet-otter-paints-violins\n"


@pytest.fixture
def clinic(config: Config, databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """A clinic in the database that the settings name."""
    url = databases.migrated("sqlite")
    for name in ("DATABASE_URL", "ARGON2_TIME_COST", "ARGON2_MEMORY_KIB", "ARGON2_PARALLELISM"):
        monkeypatch.setenv(f"CLAIMS_{name}", url if name == "DATABASE_URL" else str(getattr(config, name.lower())))
    connection.connect(url)
    made = found()
    connection.database.close()
    return made


def run(*words: str, typed: str = "") -> Result:
    result = CliRunner().invoke(commands, list(words), input=typed)
    connection.database.close()
    return result


def test_help_comes_at_once_and_names_every_command_there_is() -> None:
    """The best of three starts, interpreter included."""
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        shown = subprocess.run(
            [sys.executable, "-c", "from claims_service.interfaces.cli.main import main; main()", "--help"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        took.append(time.perf_counter() - begun)

    assert min(took) < 0.6
    for name in ("serve", "migrate", "user", "import", "submit", "ledger", "audit", "demo"):
        assert f"\n  {name} " in shown


def test_a_server_does_not_look_through_all_it_was_made_of_while_people_wait(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a look stops every page for a sixth of a second."""
    kept: list[int] = []
    monkeypatch.setattr(
        telemetry, "configure_logging", lambda _: None
    )  # its lines would go to this test's output for ever
    monkeypatch.setattr("waitress.serve", lambda app, **_: kept.append(gc.get_freeze_count()))
    before = gc.get_freeze_count()

    assert run("serve").exit_code == 0

    assert kept[0] > before


@pytest.mark.parametrize("name", [name for name in COMMANDS if commands.get_command(None, name)])  # type: ignore[arg-type]
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(commands, [name, "--help"])

    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_a_person_is_added_and_switched_off(clinic: Clinic) -> None:
    added = run(
        "user",
        "add",
        "Priya@Lakeside.example",
        "--name",
        "Priya",
        "--role",
        "biller",
        "--password-file",
        "-",
        typed=PASSWORD,
    )
    listed = run("user", "list")
    off = run("user", "off", "1")

    assert added.output == "Added priya@lakeside.example as user 1.\n"
    assert "biller         priya@lakeside.example" in listed.output
    assert off.exit_code == 0
    assert "(switched off)" in run("user", "list").output


def test_a_password_everyone_tries_is_refused_in_plain_words(clinic: Clinic) -> None:
    words = ["user", "add", "priya@lakeside.example", "--name", "Priya", "--role", "biller", "--password-file", "-"]

    refused = subprocess.run(
        [sys.executable, "-c", "from claims_service.interfaces.cli.main import main; main()", *words],
        input="Password2026!\n", capture_output=True, text=True,
    )  # fmt: skip

    assert refused.returncode == 2
    assert refused.stderr.startswith("Not done:\npassword: This is among the first")
    assert "Traceback" not in refused.stderr


def test_a_key_is_shown_once_and_taken_back(clinic: Clinic) -> None:
    key = run("key", "make", "bank feed", "--role", "api_write").output.strip()

    listed = run("key", "list").output

    assert key.startswith("claims_")
    assert key not in listed
    assert "bank feed" in listed
    run("key", "revoke", "1")
    assert "(taken back)" in run("key", "list").output


@pytest.mark.check(4)
def test_a_balance_changed_by_hand_is_named_to_the_cent(clinic: Clinic) -> None:
    billed(clinic)
    assert run("ledger", "check").output.startswith("The journal balances")

    connection.run("update balance set cents = cents + 1 where account = 'payer_owes' and claim = 1")

    found = run("ledger", "check")
    assert found.exit_code == 1
    assert "payer_owes" in found.output
    assert "1 cents" in found.output


@pytest.mark.check(84)
def test_a_cut_end_of_the_audit_trail_is_caught_by_an_anchor(clinic: Clinic, tmp_path: Path) -> None:
    """The last rows and the head are both cut, so that the chain looks whole: only the copy elsewhere knows."""
    billed(clinic)
    anchor = tmp_path / "anchor.jsonl"
    anchor.write_text(run("audit", "anchor").output)
    kept = json.loads(anchor.read_text())
    assert run("audit", "verify", "--anchor", str(anchor)).exit_code == 0

    for row in connection.run(
        "select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'"
    ).fetchall():
        connection.run(f'drop trigger "{row[0]}"')
    connection.run("delete from audit where seq > ?", (kept["row"] - 3,))
    last = tables.Audit.select().order_by(tables.Audit.seq.desc()).get()
    connection.run("update audit_head set seq = ?, hash = ?", (last.seq, last.hash))

    assert run("audit", "verify").exit_code == 0
    caught = run("audit", "verify", "--anchor", str(anchor))
    assert caught.exit_code == 1
    assert "the end of the chain is missing" in caught.output


def test_an_anchor_file_that_is_none_is_told_with_its_line(clinic: Clinic, tmp_path: Path) -> None:
    wrong = tmp_path / "anchor.jsonl"
    wrong.write_text('{"practice": 1}\n')

    assert "line 1 is no anchor" in run("audit", "verify", "--anchor", str(wrong)).output


def test_ready_claims_go_out_once(clinic: Clinic) -> None:
    billed(clinic, answered=False)

    again = run("submit")

    assert again.output.splitlines()[-1] == "0 claims sent in 0 files."


def test_a_file_that_is_no_fhir_is_refused_with_its_place_and_leaves_nothing(clinic: Clinic, tmp_path: Path) -> None:
    letter = tmp_path / "letter.json"
    letter.write_text("Dear clinic")

    refused = run("import", str(letter))

    assert refused.exit_code == 1
    assert "Not taken: letter.json" in refused.output
    assert tables.ExchangeFile.select().count() == 0


def test_a_command_asks_which_practice_when_there_are_two(clinic: Clinic) -> None:
    found("Hillside Clinic", "1990000055", suffix="2")

    assert "Say --practice ID; there are: 1, 2" in run("submit").output
    assert run("submit", "--practice", "2").exit_code == 0
    assert run("submit", "--practice", "9").exit_code == 2


def test_an_empty_database_gets_its_schema_and_a_second_run_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMS_DATABASE_URL", f"sqlite:///{tmp_path}/new/claims.db")

    assert "Applied 0001_initial" in run("migrate").output
    assert run("migrate").output == "Nothing was missing.\n"
    assert run("migrate", "--check").exit_code == 0


@pytest.mark.check(59)
def test_the_journal_is_taken_along_to_a_file_or_the_terminal(clinic: Clinic, tmp_path: Path) -> None:
    """All the days and one program's way of writing, without a word about who the patients are."""
    billed(clinic)

    told = run("ledger", "export", "--from", "2026-11-01", "--until", "2026-11-30").output
    run("ledger", "export", "--format", "xero", "--output", str(tmp_path / "xero.csv"))

    assert "\n    Assets:Receivable:Insurers  " in told
    assert "Testpatient" not in told
    assert (tmp_path / "xero.csv").read_text().startswith("*Narration,*Date,")
    refused = run("ledger", "export", "--from", "2026-11-02", "--until", "2026-11-01")
    assert "The last day is before the first one." in refused.output
