"""Guessing at once, files that run, and what the machine's other users can read."""

import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from claims_service.access import portal_links
from claims_service.app import create_app
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.domain.errors import NotFound
from claims_service.store import keys, tables
from tests.access.world import START, Clinic, visitor


@pytest.mark.check(69)
def test_guesses_sent_at_once_are_five_like_those_sent_one_by_one(
    app: Flask, settings: Config, ours: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty requests read the link before any of them counts its wrong date; the right date after them opens nothing."""
    token = portal_links.make(ours.practice, ours.patients[0], by=COMMAND, now=START)
    unfailed = portal_links.alive(token, now=START)
    monkeypatch.setattr(keys, "link_by_token", lambda _hash: unfailed)
    wide = replace(settings, sign_in_attempts=1000)
    answers = []

    for year in range(1950, 1970):
        try:
            portal_links.open_link(wide, token, date(year, 5, 1), address=f"10.0.0.{year % 100}", now=START)
        except (portal_links.WrongBirthDate, NotFound) as refusal:
            answers.append(type(refusal))

    assert answers == [portal_links.WrongBirthDate] * 5 + [NotFound] * 15
    assert tables.PortalLink.get().failures == 5
    with pytest.raises(NotFound):
        portal_links.open_link(wide, token, date(1980, 5, 1), address="10.0.1.1", now=START)
    assert tables.Session.select().count() == 0


@pytest.mark.check(79)
@pytest.mark.parametrize(
    "name", ["pay.bat", "pay.835.html", "pay.svg", "pay.x12\u202etxt.exe", "pay", ".htaccess", 'a".js']
)
def test_a_file_of_an_insurer_is_never_downloaded_under_an_ending_that_runs(
    name: str, app: Flask, ours: Clinic
) -> None:
    """The sender chooses the name; a double click on the biller's desk must open it as text."""
    answer = ours.owned["answer"][0]
    tables.ExchangeFile.update(name=name).where(tables.ExchangeFile.id == answer).execute()

    page = visitor(app, ours, "biller").get(f"/staff/files/{answer}?download=1")

    assert page.headers["Content-Disposition"] == f"attachment; filename=file-{answer}.txt"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.mimetype == "application/octet-stream"


@pytest.mark.check(89)
def test_what_a_command_writes_is_its_own_users_alone(tmp_path: Path) -> None:
    """Whatever the machine's own mask: the folder of the database and the database open to nobody else."""
    main = "import os; os.umask(0); from claims_service.interfaces.cli.main import main; main()"
    environment = {
        **os.environ,
        "CLAIMS_DATABASE_URL": f"sqlite:///{tmp_path}/var/claims.db",
        "CLAIMS_SECRET_KEY": "k" * 40,
    }

    subprocess.run(
        [sys.executable, "-c", main, "migrate"], check=True, cwd=tmp_path, env=environment, capture_output=True
    )

    written = [tmp_path / "var", *(tmp_path / "var").rglob("*")]
    assert len(written) > 1
    assert {path.name for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077} == set()


def test_no_link_is_built_from_a_host_that_is_not_ours(settings: Config) -> None:
    """A forged Host header would send a patient's one-time link to a stranger's machine."""
    browser = create_app(replace(settings, trusted_hosts=("clinic.example.org",))).test_client()

    assert browser.get("/healthz", headers={"Host": "evil.example.com"}).status_code == 400
    assert browser.get("/healthz", headers={"Host": "clinic.example.org"}).status_code == 200
