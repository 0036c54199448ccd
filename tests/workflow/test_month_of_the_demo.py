"""A month of the demo clinic is closed, and nothing that comes again changes a cent of it."""

import io
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from rich.console import Console

from claims_service.config import Config
from claims_service.domain.dates import last_of
from claims_service.interfaces.cli import demo_run
from claims_service.queries import month_end, receivables
from claims_service.store import connection, journal
from claims_service.store.connection import run
from claims_service.workflow.close_period import close_period
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.match_deposits import match_deposits
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from claims_service.workflow.read_bank_file import read_bank_file
from tests.clinic import BILLER
from tests.kept_files import stored
from tests.store_fixtures import Databases

RUN_AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 2, 18, 0, tzinfo=UTC)
TODAY = LATER.date()
TIMES = 10


@pytest.mark.thorough
@pytest.mark.check(8)
@pytest.mark.check(58)
def test_months_of_the_demo_close_and_ten_re_imports_in_random_order_change_nothing(
    config: Config, databases: Databases, tmp_path: Path
) -> None:
    """October and November: the three sums agree, aging and roll-forward too; then every file comes ten times more."""
    url = databases.empty("sqlite")
    demo = replace(config, database_url=url, data_dir=tmp_path)
    with time_machine.travel(RUN_AT, tick=False):
        assert demo_run.run(demo, tmp_path / "demo", password="amber-quartz-lemon-otter", console=quiet()).holds
    connection.connect(url)
    practice = int(run("select id from practice").fetchone()[0])
    months = [one.month for one in reversed(month_end.months(practice, TODAY)) if one.month < "2026-12"]
    assert months[-2:] == ["2026-10", "2026-11"]

    digests = {month: close_period(practice, month, by=BILLER, now=LATER).digest for month in months}

    files = [(kind, content) for kind, _, content in stored("direction = 'in'")]
    assert {kind for kind, _ in files} >= {"835", "999", "277CA", "bank"}
    entries = run("select count(*) from journal_entry").fetchone()
    chance = random.Random(7)
    for _ in range(TIMES):
        chance.shuffle(files)
        for kind, content in files:
            take_in(practice, kind, content)
        match_deposits(practice, by=BILLER, now=LATER, today=TODAY)
    for month in months:
        kept, sums = month_end.trial_balance(practice, month), month_end.sums(practice, month)
        until = last_of(month)
        assert kept.digest == kept.frozen == digests[month]
        assert sums.agree, (month, sums)
        assert sums.remittances == sums.clearing
        rolled = receivables.roll_forward(practice, until.replace(day=1), until)
        aged = receivables.by_insurer(practice, until)
        owed = receivables.receivable(practice, until)
        assert sum(roll.closing for roll in rolled) == sum(one.total for one in aged) == owed != 0
    assert run("select count(*) from journal_entry").fetchone() == entries
    assert journal.check(practice) == []
    assert month_end.sums(practice, months[-1]).bank != 0
    assert month_end.month(practice, months[-1], date(2026, 12, 2)).state == "closed"


def take_in(practice: int, kind: str, content: bytes) -> None:
    file = [IncomingFile("again", content)]
    if kind == "bank":
        read_bank_file(practice, file, by=BILLER, now=LATER)
    elif kind == "835":
        post_remittance(practice, file, by=BILLER, now=LATER, today=TODAY)
    elif kind in ("999", "277CA", "TA1"):
        read_acknowledgement(practice, file, by=BILLER, now=LATER)


def quiet() -> Console:
    return Console(file=io.StringIO())
