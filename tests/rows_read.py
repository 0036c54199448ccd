"""How much of a table a question reads: a measure of work that no other load on the machine can blur."""

import sqlite3
from collections.abc import Callable

from claims_service.store import connection
from claims_service.store.connection import on_postgresql, run

STEPS = 20
"""SQLite counts steps of its machine; some twenty go to a row."""


def rows_read(table: str, ask: Callable[[], object]) -> int:
    """Rows of the table that `ask` reads on PostgreSQL; on SQLite its steps in all, counted by the twenty."""
    return _counted_by_postgresql(table, ask) if on_postgresql() else _counted_by_sqlite(ask)


def _counted_by_postgresql(table: str, ask: Callable[[], object]) -> int:
    sql = "select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = ?"

    def so_far() -> int:
        run("select pg_stat_force_next_flush()")
        run("select pg_stat_clear_snapshot()")
        return int(run(sql, (table,)).fetchone()[0])

    so_far()  # what was read or written before is counted late
    before = so_far()
    ask()
    return so_far() - before


def _counted_by_sqlite(ask: Callable[[], object]) -> int:
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    opened: sqlite3.Connection = connection.database.connection()  # type: ignore[no-untyped-call]
    opened.set_progress_handler(step, STEPS)
    ask()
    opened.set_progress_handler(None, STEPS)
    return steps
