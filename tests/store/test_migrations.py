"""The schema: the same whether it grew in one go or was interrupted at any statement, and the same as the tables in code."""

import os
from collections.abc import Callable
from typing import Any

import peewee
import pytest
from playhouse.schema_diff import diff_models

from claims_service.store import connection, migrate
from claims_service.store.connection import database, on_postgresql, run
from claims_service.store.tables import ALL
from tests.store.posting_process import processes
from tests.store_fixtures import Engine, FreshUrl

SHAPE = {
    "sqlite": """
        select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_%' order by type, name""",
    "postgresql": """
        select table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
            from information_schema.columns where table_schema = 'public' order by table_name, column_name;
        select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by indexname;
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
            where connamespace = 'public'::regnamespace order by 1, 2;
        select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1, 2;
        select proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace order by 1;
        select tablename, policyname, qual, with_check from pg_policies order by 1, 2""",
}


def shape(url: str, engine: Engine) -> list[list[tuple[Any, ...]]]:
    """Everything the schema consists of."""
    found = connection.connect(url)
    try:
        return [list(run(sql).fetchall()) for sql in SHAPE[engine].split(";")]
    finally:
        found.close()


def migrate_and_die(url: str, number: int) -> None:
    """The program is killed before its n-th statement."""
    found = connection.connect(url)
    ask: Callable[..., Any] = found.execute_sql
    done = 0

    def ask_or_die(*args: Any, **options: Any) -> Any:
        nonlocal done
        done += 1
        if done == number:
            os.kill(os.getpid(), 9)
        return ask(*args, **options)

    found.execute_sql = ask_or_die  # type: ignore[method-assign]
    migrate.upgrade()


def statements(url: str) -> int:
    """How many statements a migration of an empty database takes."""
    found = connection.connect(url)
    ask: Callable[..., Any] = found.execute_sql
    count = 0

    def counted(*args: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        return ask(*args, **options)

    found.execute_sql = counted  # type: ignore[method-assign]
    migrate.upgrade()
    found.close()
    return count


def check_interrupted(engine: Engine, fresh_url: FreshUrl, every: int) -> None:
    whole = fresh_url(engine)
    total, clean = statements(whole), shape(whole, engine)
    assert total > 100
    for number in [*range(2, total, every), total]:
        url = fresh_url(engine)
        worker = processes.Process(target=migrate_and_die, args=(url, number))
        worker.start()
        worker.join()
        assert worker.exitcode == -9
        connection.connect(url)
        migrate.upgrade()
        assert migrate.pending() == []
        database.close()
        assert shape(url, engine) == clean, number


@pytest.mark.thorough
@pytest.mark.check(30)
def test_a_killed_migration_is_finished_by_the_next_start(engine: Engine, fresh_url: FreshUrl) -> None:
    """kill -9 before some statements, the last included: started again, the schema equals a clean install."""
    check_interrupted(engine, fresh_url, 300)


@pytest.mark.slow
@pytest.mark.check(30)
def test_a_migration_killed_at_every_statement_is_finished_by_the_next_start(
    engine: Engine, fresh_url: FreshUrl
) -> None:
    check_interrupted(engine, fresh_url, 1)


@pytest.mark.check(30)
def test_the_migrations_make_the_tables_that_the_code_describes(store: peewee.Database) -> None:
    """Nobody changed a table without a migration, or the other way round."""
    found = diff_models(store, ALL)
    # indexes of expressions and of some rows, which a table in code can’t say
    kept = {"listed_code_words", "patient_by_last", "patient_by_first", "owed_open", "audit_bill_read"}
    found = found._replace(drop_indexes=[index for index in found.drop_indexes if index.name not in kept])

    assert not found, str(found)
    assert migrate.upgrade() == []


def test_both_databases_hold_the_same_tables(store: peewee.Database) -> None:
    names = {model._meta.table_name for model in ALL}
    words = {
        name for name in store.get_tables() if name.startswith("code_words")
    }  # SQLite keeps its word index in tables

    assert set(store.get_tables()) - words == names | {"schema_migration"}
    assert bool(words) != on_postgresql()
    assert run("select count(*) from schema_migration").fetchone()[0] == len(list(migrate.FOLDER.glob("[0-9]*.py")))
    assert on_postgresql() == isinstance(store, peewee.PostgresqlDatabase)
