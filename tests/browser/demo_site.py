"""The demo clinic, run once for all workers and served to a browser, and who signs in to it."""

import fcntl
import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from rich.console import Console

from claims_service import clock
from claims_service.access import portal_links, sessions
from claims_service.access.pay_links import links_of
from claims_service.app import create_app
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.interfaces.cli import demo_run
from claims_service.store import connection, pay_links, tables
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.open_pay_links import open_pay_links
from claims_service.workflow.post_remittance import post_remittance
from tests.access.world import Browser
from tests.browser.visits import served
from tests.factories835 import Service, file_835, payment, remittance
from tests.store_fixtures import RUN_FOLDER

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

PASSWORD = "amber-quartz-lemon-otter"
QUIET = Config(
    secret_key="a-key-for-tests-that-is-long-enough-to-sign",
    argon2_time_cost=1,
    argon2_memory_kib=8,
    argon2_parallelism=1,
)
PATIENTS = {
    "owing": """select b.patient from balance b join patient p on p.id = b.patient where b.account = 'patient_owes' and p.language = 'en'
        and b.patient in (select patient_id from statement) and b.patient not in (select patient_id from payment_plan)
        group by b.patient order by sum(b.cents) desc limit 1""",
    "planning": """select b.patient from balance b join patient p on p.id = b.patient where b.account = 'patient_owes' and p.language = 'en'
        and b.patient in (select patient_id from statement) and b.patient not in (select patient_id from dispute)
        group by b.patient having sum(b.cents) > 3000 order by sum(b.cents) desc limit 1 offset 1""",
    "paying_itself": """select id from patient where email <> '' and language = 'en' and id in (select patient_id from statement)
        and id not in (select patient_id from dispute) order by id desc limit 1""",
    "spanish": "select p.id from patient p join statement s on s.patient_id = p.id where p.language = 'es' limit 1",
    "paid_up": """select b.patient from balance b join patient p on p.id = b.patient where b.account = 'patient_owes' and p.language = 'en'
        and b.patient in (select patient_id from payment) group by b.patient having sum(b.cents) = 0 order by b.patient limit 1""",
    "estimated": "select patient_id from estimate where state = 'issued' order by id limit 1",
    "estimated_spanish": """select e.patient_id from estimate e join patient p on p.id = e.patient_id where e.state = 'issued'
        and p.language = 'es' order by e.id limit 1""",
    "helped": "select patient_id from assistance where state = 'granted' order by id limit 1",
    "hoping": "select patient_id from assistance where state = 'open' order by id limit 1",
    "asking": "select patient_id from dispute where state = 'opened' and kind = 'dispute' order by id desc limit 1",
    "credited": "select patient_id from dispute where outcome = 'credited' order by id desc limit 1",
}
OWN = {
    "newest bill": "select id from statement where patient_id = ? order by id desc limit 1",
    "newest question": "select id from dispute where patient_id = ? order by id desc limit 1",
    "newest estimate": "select id from estimate where patient_id = ? order by id desc limit 1",
    "newest application": "select id from assistance where patient_id = ? order by id desc limit 1",
    "newest payment": "select id from payment where patient_id = ? order by id desc limit 1",
}


@dataclass(frozen=True)
class DemoSite:
    """The application with the demo in its database. address: where it is served."""

    app: Flask
    address: str
    practice: int = 1

    def enter(self, context: "BrowserContext", who: str) -> None:
        """Sign a browser in as a role, or as one of the patients of `patient`."""
        with connection.opened():
            now = clock.now()
            if who == "by_link":
                secret = sessions.start(self.practice, patient=self.patient("owing"), address="127.0.0.1", now=now)
                pay_links.note_visit(self.practice, sessions.digest(secret), self.pay_link())
            elif who in PATIENTS:
                secret = sessions.start(self.practice, patient=self.patient(who), address="127.0.0.1", now=now)
            else:
                user = tables.User.select().where(tables.User.role == who).order_by(tables.User.id).first()
                secret = sessions.start(self.practice, user=user.id, address="127.0.0.1", now=now)
            cookie = Browser(self.app).hold(secret).cookie()
        context.add_cookies([{"name": "claims", "value": cookie, "url": self.address}])

    def patient(self, who: str) -> int:
        """One who owes the most in English, one with a bill in Spanish, one who paid all, one who disputes, one who got a credit."""
        return int(self.ids(PATIENTS[who])[0])

    def ids(self, sql: str, who: str = "") -> tuple[Any, ...]:
        """What an address needs: a row of SQL, or of `who`: "newest bill", "newest question", "newest payment", "new link",
        "pay link", "payment of nobody".
        """
        with connection.opened():
            if sql == "new link":
                return (portal_links.make(self.practice, self.patient("owing"), by=COMMAND, now=clock.now()),)
            if sql == "pay link":
                return (links_of(self.app.extensions["claims_access"].config).token(self.pay_link()),)
            if sql == "payment of nobody":
                return (self.payment_of_nobody(),)
            if sql in OWN:
                return tuple(connection.run(OWN[sql], (self.patient(who),)).fetchone())
            return tuple(connection.run(sql).fetchone()) if sql else ()

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """What is done in the block is undone at its end, so that who comes next finds the demo as it was."""
        file = self.app.extensions["claims_access"].config.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as site, closing(sqlite3.connect(":memory:")) as before:
            site.backup(before)
            try:
                yield
            finally:
                before.backup(site)

    def payment_of_nobody(self) -> int:
        """A held payment of $87.00 for a claim that the clinic never had; for a visit that puts the demo back."""
        (npi,) = connection.run("select npi from practice where id = ?", (self.practice,)).fetchone()
        paid = payment("NOTOURS1", [Service("99213", 87_00)])
        file = IncomingFile("nobody.835", file_835(remittance([paid], trace="NOBODYS", payee_npi=npi)))
        now = clock.now()
        post_remittance(self.practice, [file], by=COMMAND, now=now, today=now.date())
        return int(connection.run("select max(id) from held_item where kind = 'unknown_claim'").fetchone()[0])

    def pay_link(self) -> int:
        """The link of the newest bill of who owes the most."""
        patient = self.patient("owing")
        bill = (int(connection.run(OWN["newest bill"], (patient,)).fetchone()[0]), patient)
        return open_pay_links(self.practice, [bill], by=COMMAND, now=clock.now())[bill[0]]


def ran_once(run_folder: Path) -> Path:
    """The folder of a finished demo, made by the first worker that asks."""
    folder = run_folder / "demo-site"
    with (run_folder / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            url = f"sqlite:///{folder}/claims.db"
            config = replace(QUIET, database_url=url, data_dir=folder)
            result = demo_run.run(config, folder / "demo", password=PASSWORD, console=Console(file=io.StringIO()))
            assert result.holds
            (folder / "done").touch()
    return folder


@contextmanager
def demo_served(pytestconfig: pytest.Config, folder: Path) -> Iterator[DemoSite]:
    """A copy of the demo of one's own, for as long as the block lasts."""
    made = ran_once(pytestconfig.stash[RUN_FOLDER])
    shutil.copyfile(made / "test-processor.jsonl", folder / "test-processor.jsonl")
    with closing(sqlite3.connect(made / "claims.db")) as source, closing(sqlite3.connect(folder / "claims.db")) as copy:
        source.backup(copy)
    config = replace(QUIET, database_url=f"sqlite:///{folder}/claims.db", data_dir=folder)
    app = create_app(config)
    with served(app) as address:
        yield DemoSite(app, address)
    if not connection.database.is_closed():
        connection.database.close()
