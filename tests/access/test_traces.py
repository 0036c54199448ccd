"""What stays behind of a request: one audit row a patient, one log line, and no patient in it."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog
from flask import Flask

from claims_service import telemetry
from claims_service.access import guard
from claims_service.domain.actor import Actor
from claims_service.store import audit, connection, tables
from tests.access.matrix import routes
from tests.access.test_foreign_ids import paths
from tests.access.world import ROLES, START, Clinic, visitor

CANARY = "Canarybird"
CANARIES = re.compile(
    r"Larkspur[12]|Canarybird|1980-05-0|503555|quiet-otter|claims_[A-Za-z0-9_-]{43}|@larkspur", re.IGNORECASE
)


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """What a running service writes to standard error; begin with `telemetry.configure_logging`."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield capsys
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.thorough
@pytest.mark.check(82)
def test_no_log_line_names_a_patient(app: Flask, ours: Clinic, written: pytest.CaptureFixture[str]) -> None:
    """Every route is called by every role with the names, dates and numbers of real records in address and form."""
    telemetry.configure_logging("json")
    words = {
        "q": f"{CANARY} Larkspur1first 1980-05-01",
        "member_id": "Larkspur1member",
        "email": f"{CANARY}@larkspur.example",
    }
    browsers = {role: visitor(app, ours, role) for role in ROLES}
    for method, route in routes(app):
        path = paths(app, route, ours, 0)[0]
        for role in ROLES:
            browser = browsers[role]
            if route.endpoint.endswith("sign_out"):
                browsers[role] = visitor(app, ours, role)
            token = {} if method == "GET" or role.startswith("api") else {"csrf_token": browser.token()}
            browser.client.open(
                f"{path}/{CANARY}" if role == "stranger" else path, method=method, query_string=words,
                data={**words, **token, "password": "quiet-otter-paints-violins"} if method != "GET" else None,
                headers={"User-Agent": CANARY, "Referer": f"https://x.example/{CANARY}"},
            )  # fmt: skip

    lines = written.readouterr().err.splitlines()
    assert len(lines) > len(ROLES) * 10
    assert [line for line in lines if CANARIES.search(line)] == []
    assert not CANARIES.search(telemetry.metrics_text().decode())


@pytest.mark.check(82)
def test_a_crash_is_logged_and_shown_without_the_words_of_the_error(
    app: Flask, ours: Clinic, written: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> str:
        raise RuntimeError(f"no plan for {CANARY} Larkspur1last")

    telemetry.configure_logging("json")
    monkeypatch.setitem(app.view_functions, "insurer.claim_file", guard.requires("mailbox.read")(broken))

    answer = visitor(app, ours, "insurer").get(f"/insurer/files/{ours.files[0]}")

    told = written.readouterr().err
    assert answer.status_code == 500
    assert "RuntimeError" in told
    assert not CANARIES.search(told)
    assert CANARY not in answer.text


@pytest.mark.check(86)
@pytest.mark.parametrize("planted", ["a\r\nlevel=info event=forged", "\x1b[31mred", "\u202egnp", "x\x00y\x85z"])
def test_one_request_is_one_line_whatever_it_carries(
    planted: str, app: Flask, ours: Clinic, written: pytest.CaptureFixture[str]
) -> None:
    telemetry.configure_logging("json")
    visitor(app, ours, "insurer").client.open(
        "/insurer",
        method="GET",
        query_string={"show": planted},
        environ_overrides={"HTTP_USER_AGENT": planted.encode().decode("latin-1")},
    )
    visitor(app, ours, "stranger").client.open(
        "/insurer", method="BR\x1b[31mEW", environ_overrides={"PATH_INFO": planted.encode().decode("latin-1")}
    )

    lines = written.readouterr().err.split("\n")
    assert lines.pop() == ""
    events = [json.loads(line) for line in lines]
    assert [event["event"] for event in events if event["event"] != "error_page"] == ["request", "request"]
    assert all(mark.isprintable() for line in lines for mark in line)
    assert "forged" not in "".join(lines)


@pytest.mark.check(83)
def test_each_look_at_a_file_leaves_one_row_for_its_patient(app: Flask, ours: Clinic) -> None:
    """100 looks at a file with one patient: 100 rows that say who, whose, what, when and from where."""
    browser = visitor(app, ours, "insurer")
    before = audit.count()

    for _ in range(100):
        assert browser.get(f"/insurer/files/{ours.files[0]}").status_code == 200

    rows = list(tables.Audit.select().where(tables.Audit.action == "claim_file.read"))
    assert audit.count() - before == len(rows) == 100
    assert {(row.who, row.patient, row.subject, row.__data__["practice"], row.address, row.at) for row in rows} == {
        (f"user:{ours.users['insurer']}", ours.patients[0], f"file:{ours.files[0]}", ours.practice, "127.0.0.1", START)
    }
    assert audit.verify() == []


@pytest.mark.check(83)
def test_a_download_leaves_one_row_and_one_receipt(app: Flask, ours: Clinic) -> None:
    before = audit.count()

    visitor(app, ours, "insurer").post("/insurer/files/fetch", {"file": ours.files[0]})

    row = tables.Audit.select().order_by(tables.Audit.id.desc()).get()
    assert audit.count() == before + 1
    assert (row.action, row.patient) == ("claim_file.fetch", ours.patients[0])
    assert tables.FileReceipt.select().count() == 1


@pytest.mark.check(83)
def test_a_patient_seen_twice_on_a_page_is_one_row(app: Flask, ours: Clinic) -> None:
    with app.test_request_context("/insurer"):
        guard.saw([3, 4, 3], "claim_file.read", "file:1")
        guard.saw([4], "claim_file.read", "file:1")

        from flask import g

        assert sorted(g.seen) == [3, 4]


@pytest.mark.check(85)
def test_what_cannot_be_audited_is_not_shown(app: Flask, ours: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = visitor(app, ours, "insurer")
    monkeypatch.setattr(audit, "_append", _fail)

    answer = browser.get(f"/insurer/files/{ours.files[0]}")

    assert answer.status_code == 500
    assert "LARKSPUR1CLM" not in answer.text


@pytest.mark.check(85)
def test_what_cannot_be_audited_does_not_happen(app: Flask, ours: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit write fails: no receipt, no event, the file is as new as before."""
    browser = visitor(app, ours, "insurer")
    monkeypatch.setattr(audit, "_append", _fail)

    answer = browser.post("/insurer/files/fetch", {"file": ours.files[0]})

    assert answer.status_code == 500
    assert (tables.FileReceipt.select().count(), tables.ClaimEvent.select().count()) == (0, 0)
    assert tables.ExchangeFile.get_by_id(ours.files[0]).state == "made"


def _fail(*_: object, **__: object) -> None:
    raise OSError("no space left")


@pytest.mark.check(84)
def test_a_changed_row_is_named(app: Flask, ours: Clinic) -> None:
    by = Actor("user:1", "biller")
    audit.record(ours.practice, [audit.Event("claim.read", n) for n in range(5)], by=by, at=START + timedelta(hours=1))
    victim = tables.Audit.select().where(tables.Audit.patient == 2, tables.Audit.who == "user:1").get()
    for row in connection.run(
        "select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'"
    ).fetchall():
        connection.run(f'drop trigger "{row[0]}"')

    connection.run("update audit set patient = 99 where id = ?", (victim.id,))

    assert [(fault.practice, fault.seq) for fault in audit.verify()] == [(ours.practice, victim.seq)]
