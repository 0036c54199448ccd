"""`claims receiver`, `deliver` and `fetch` as people type them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from claims_service.config import Config
from claims_service.domain.errors import NotFound, Rejected
from claims_service.interfaces.cli.main import commands
from claims_service.store import connection
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, Clinic, found
from tests.gateways.sftp_server import PASSWORD, running
from tests.store_fixtures import Databases
from tests.workflow.billed_clinic import remittance
from tests.workflow.cycle import ready

KEY = "SHA256:" + "A" * 43


@pytest.fixture
def clinic(config: Config, databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Clinic]:
    """A clinic in the database that the settings name, with the password of an insurer's server."""
    url = databases.migrated("sqlite")
    monkeypatch.setenv("CLAIMS_DATABASE_URL", url)
    monkeypatch.setenv("CLAIMS_RECEIVER_SECRETS", str(tmp_path))
    (tmp_path / "quillhaven").write_text(PASSWORD)
    (tmp_path / "quillhaven").chmod(0o600)
    connection.connect(url)
    made = found()
    connection.database.close()
    with time_machine.travel(NOW):
        yield made


def run(*words: str) -> Result:
    result = CliRunner().invoke(commands, list(words))
    connection.database.close()
    return result


def rows(sql: str) -> list[tuple[object, ...]]:
    with connection.opened():
        return [tuple(row) for row in connection.run(sql).fetchall()]


def test_an_insurer_is_connected_gets_its_claims_and_answers(clinic: Clinic, tmp_path: Path) -> None:
    """Set the route, bring a file of $150.00, take the 835 of $97.50: three commands."""
    with running(tmp_path / "insurer") as server:
        put = run(
            "receiver", "set", "QH001", "--name", "Quillhaven Health", "--route", "sftp", "--host", "127.0.0.1",
            "--port", str(server.port), "--username", "lakeside", "--host-key", server.fingerprint, "--password", "quillhaven",
            "--outbound", "/in", "--inbound", "/out", "--archive", "/archive",
        )  # fmt: skip
        with connection.opened():
            ready(clinic)
            (sent,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
            answer = remittance(clinic, sent.claims)
        listed = run("receiver", "list")
        delivered, nothing_left = run("deliver", "--once"), run("deliver", "--once")
        (server.folder / "out" / "era.835").write_bytes(answer)
        fetched = run("fetch", "--once")
        arrived = [file.name for file in (server.folder / "in").iterdir()]

    assert put.output == "Files for Quillhaven Health (QH001) go by sftp.\n"
    assert "1 waiting  Quillhaven Health  lakeside@127.0.0.1" in listed.output
    assert PASSWORD not in put.output + listed.output
    assert delivered.output == (
        f"{arrived[0]}  Quillhaven Health  delivered\n1 files delivered, 0 to be tried again.\n"
    )
    assert nothing_left.output == "0 files delivered, 0 to be tried again.\n"
    assert (delivered.exit_code, fetched.exit_code) == (0, 0)
    assert fetched.output.endswith("Quillhaven Health: 1 read\n")
    assert rows("select paid_cents from remittance where state = 'posted'") == [(97_50,)]
    assert rows("select action, why from audit where action = 'receiver.set'") == [
        ("receiver.set", f"sftp 127.0.0.1 {server.fingerprint}")
    ]


def test_a_server_that_is_not_there_is_told_and_the_file_waits(clinic: Clinic) -> None:
    run(
        "receiver", "set", "QH001", "--name", "Quillhaven Health", "--route", "sftp", "--host", "127.0.0.1", "--port", "1",
        "--username", "lakeside", "--host-key", KEY, "--password", "quillhaven", "--outbound", "/in", "--inbound", "/out",
    )  # fmt: skip
    with connection.opened():
        ready(clinic)
        submit_claims(clinic.practice, by=BILLER, now=NOW)

    delivered, fetched, again = run("deliver", "--once"), run("fetch", "--once"), run("deliver", "--once")

    assert delivered.output.endswith("0 files delivered, 1 to be tried again.\n")
    assert (
        again.output
        == "0 files delivered, 0 to be tried again.\n1 wait for a later try: claims receiver list says why.\n"
    )
    assert (delivered.exit_code, fetched.exit_code) == (1, 1)
    assert "Can't reach 127.0.0.1:1" in fetched.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--route", "sftp"), ["outbound", "host", "username", "host-key", "password"]),
        (("--route", "folder"), ["outbound"]),
        (("--route", "folder", "--outbound", "a", "--inbound", "a/"), ["inbound"]),
        (("--route", "mailbox", "--answer-hours", "0"), ["answer-hours"]),
        (
            ("--route", "sftp", "--host", "h", "--username", "u", "--host-key", KEY, "--outbound", "a",
             "--password", "../../etc/passwd"),
            ["password"],
        ),
        (
            ("--route", "sftp", "--host", "-oProxyCommand=x", "--username", "u", "--host-key", "SHA256:abc", "--outbound", "a",
             "--password", "p", "--port", "0"),
            ["host", "port", "host-key"],
        ),
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_told_at_once_and_not_kept(
    words: tuple[str, ...], told: list[str], clinic: Clinic
) -> None:
    result = run("receiver", "set", "QH001", "--name", "Quillhaven Health", *words)

    assert isinstance(result.exception, Rejected)
    assert [problem.where for problem in result.exception.problems] == told
    assert rows("select * from receiver") == []


def test_an_id_that_is_no_x12_id_is_told(clinic: Clinic) -> None:
    result = run("receiver", "set", "quillhaven health inc", "--name", " ", "--route", "mailbox")

    assert isinstance(result.exception, Rejected)
    assert [problem.where for problem in result.exception.problems] == ["identifier", "name"]


def test_a_file_that_was_never_delivered_cannot_go_again(clinic: Clinic) -> None:
    result = run("deliver", "--once", "--again", "7")

    assert isinstance(result.exception, NotFound)
    assert "file 7" in str(result.exception)
