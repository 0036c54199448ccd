"""Databases for tests: `engine` runs a test on SQLite and on PostgreSQL, each test with a database of its own.

A migrated database is made once a worker and copied for each test: a few milliseconds on SQLite, some tens on PostgreSQL.
"""

import fcntl
import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psycopg
import pytest

from tests import postgres_server, written_x12

if TYPE_CHECKING:
    from peewee import Database

    from tests.clinic import Clinic

Engine = Literal["sqlite", "postgresql"]
FreshUrl = Callable[[Engine], str]

RUN_FOLDER = pytest.StashKey[Path]()
TEST_SERVER = "CLAIMS_TEST_DATABASE_URL"


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", {}).get("run_folder")
    config.stash[RUN_FOLDER] = Path(given) if given else Path(tempfile.mkdtemp(prefix="claims-tests-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell each xdist worker the one folder of this run."""
    node.workerinput["run_folder"] = str(node.config.stash[RUN_FOLDER])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last to leave stops the server and removes its folder; workers leave before the controller."""
    if not hasattr(config, "workerinput") and (folder := config.stash.get(RUN_FOLDER, None)):
        postgres_server.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What passes on SQLite is asked of PostgreSQL by `make test`, not each time somebody types `pytest`."""
    for item in items:
        if getattr(item, "callspec", None) and item.callspec.params.get("engine") == "postgresql":  # type: ignore[attr-defined]
            item.add_marker("thorough")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each of the two databases the service runs on."""
    chosen: Engine = request.param
    return chosen


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config) -> str:
    """Server URL up to the database's name; one server for all workers of a run, started by the first that needs it."""
    if given := os.environ.get(TEST_SERVER):
        return given.rpartition("/")[0] + "/"
    folder = pytestconfig.stash[RUN_FOLDER]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = folder / "url"
        if not answer.exists():
            try:
                answer.write_text(postgres_server.start(folder))
            except postgres_server.NoServer as reason:
                answer.write_text(f"none: {reason}")
        url = answer.read_text()
    if url.startswith("none: "):
        _do_without(url.removeprefix("none: "))
    return url


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Databases"]:
    """Makes and removes this worker's databases."""
    server = functools.cache(lambda: str(request.getfixturevalue("postgres_url")))
    made = Databases(tmp_path_factory.mktemp("databases"), server)
    yield made
    made.remove_all()


@pytest.fixture
def fresh_url(databases: "Databases") -> Iterator[FreshUrl]:
    """Makes empty databases: fresh_url("sqlite") is the URL of a new one; gone after the test."""
    made: list[str] = []

    def fresh(engine: Engine) -> str:
        made.append(databases.empty(engine))
        return made[-1]

    yield fresh
    for url in made:
        databases.remove(url)


@pytest.fixture
def database_url(engine: Engine, databases: "Databases") -> Iterator[str]:
    """URL of a database of this test's own, on each engine, with every migration applied."""
    url = databases.migrated(engine)
    yield url
    databases.remove(url)


@pytest.fixture
def store(database_url: str) -> "Iterator[Database]":
    """The service's store on each engine. After the test the books must hold and the audit chain must be whole."""
    from claims_service.store import audit, connection, journal
    from tests.kept_files import stored

    database = connection.connect(database_url)
    with connection.opened():
        yield database
        assert journal.check() == []
        assert audit.verify() == []
        written_x12.WRITTEN.hear_stored(content for _, _, content in stored("direction = 'out'"))
    if not database.is_closed():
        database.close()


@pytest.fixture
def clinic(store: "Database") -> "Clinic":
    """A small clinic in a database of its own, whose books must hold after the test."""
    from tests import clinic as clinics

    return clinics.found()


class Databases:
    """One worker's databases: empty ones, and copies of a migrated one."""

    def __init__(self, folder: Path, postgres_url: Callable[[], str]) -> None:
        self._folder = folder
        self._postgres_url = postgres_url
        self._numbers = itertools.count(1)
        self._templates: dict[Engine, str] = {}

    def empty(self, engine: Engine) -> str:
        return self._new(engine, None)

    def migrated(self, engine: Engine) -> str:
        if engine not in self._templates:
            self._templates[engine] = self.empty(engine)
            migrate(self._templates[engine])
        return self._new(engine, self._templates[engine])

    def remove(self, url: str) -> None:
        if url.startswith("sqlite:"):
            for suffix in ("", "-wal", "-shm"):
                Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)
        else:
            drop = f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}"'
            try:
                self._on_server(f"{drop} WITH (FORCE)")
            except psycopg.errors.InsufficientPrivilege:
                # the server's own vacuum is in there: only the plain statement may end it
                self._on_server(drop)

    def remove_all(self) -> None:
        for url in self._templates.values():
            self.remove(url)

    def _new(self, engine: Engine, template: str | None) -> str:
        name = f"claims_test_{os.getpid()}_{next(self._numbers)}"
        if engine == "sqlite":
            file = self._folder / f"{name}.db"
            if template:
                shutil.copyfile(template.removeprefix("sqlite:///"), file)
            return f"sqlite:///{file}"
        # template0 copies by files what it would else write twice through the log
        source = f'"{template.rpartition("/")[2]}"' if template else "template0"
        self._on_server(f'CREATE DATABASE "{name}" TEMPLATE {source} STRATEGY file_copy')
        return self._postgres_url() + name

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self._postgres_url() + "postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def migrate(url: str) -> None:
    """Bring an empty database to the newest schema and close it."""
    from claims_service.store import connection, migrate

    database = connection.connect(url)
    try:
        migrate.upgrade()
    finally:
        database.close()


def _do_without(reason: str) -> None:
    """On a developer's machine the PostgreSQL half is skipped; where changes are judged it may not be."""
    told = f"no PostgreSQL: {reason}; set {TEST_SERVER} to a server where databases may be created"
    if os.environ.get("CI"):
        pytest.fail(told, pytrace=False)
    pytest.skip(told)
