"""The databases that tests get are really two engines, really empty and really their own."""

import sqlite3

import psycopg
import pytest

from tests.store_fixtures import Engine, FreshUrl


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    if url.startswith("sqlite:"):
        lite = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        rows = list(lite.execute(statement))
        lite.close()
        return rows
    with psycopg.connect(url, autocommit=True) as post:
        cursor = post.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_a_test_runs_on_the_engine_it_names(engine: Engine, fresh_url: FreshUrl) -> None:
    version = run(
        fresh_url(engine), "select version()" if engine == "postgresql" else "select 'SQLite ' || sqlite_version()"
    )

    assert str(version[0][0]).lower().startswith(engine)


def test_two_databases_share_nothing(engine: Engine, fresh_url: FreshUrl) -> None:
    first, second = fresh_url(engine), fresh_url(engine)
    run(first, "create table payment (cents integer)")

    with pytest.raises((sqlite3.OperationalError, psycopg.errors.UndefinedTable)):
        run(second, "select * from payment")


def test_postgresql_is_met_without_superuser_rights(fresh_url: FreshUrl) -> None:
    """A superuser is not bound by row-level security, so a test under one would prove nothing."""
    assert run(fresh_url("postgresql"), "select usesuper from pg_user where usename = current_user") == [(False,)]
