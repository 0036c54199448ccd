"""The one database connection: SQLite embedded, PostgreSQL when it grows, and the one way to write."""

import contextlib
import functools
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar, overload
from urllib.parse import urlparse

from peewee import (
    CharField,
    Database,
    DatabaseProxy,
    Model,
    OperationalError,
    PostgresqlDatabase,
    __exception_wrapper__,
)

from claims_service.store.reads import NotingPostgresql, NotingSqlite, Reads

database: Database = DatabaseProxy()  # type: ignore[assignment]

_WAIT_SECONDS = 30
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "recursive_triggers": 1,  # without it, REPLACE deletes rows past the guards that keep them
    "busy_timeout": _WAIT_SECONDS * 1000,
    "cache_size": -16_000,  # a large posting stays within 32 MB; behind it stands the system's own cache of the file
}
_T = TypeVar("_T")
_TOGETHER = 100  # rows of one INSERT on SQLite, which takes 32,766 values a statement
_TURN = 837  # namespace of our advisory locks
# Threads of one process that wait for SQLite itself sleep ever longer between two looks; a lock wakes the next one at once.
_writing = threading.Lock()


class InstantField(CharField):
    """An aware UTC instant as fixed-width ISO text: sorts as text, the same on both engines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=27, **options)

    def db_value(self, value: datetime | str | None) -> str | None:
        return instant_text(value) if isinstance(value, datetime) else value

    def python_value(self, value: str | None) -> datetime | None:
        return instant_of(value)


@functools.lru_cache(maxsize=256)
def instant_text(value: datetime) -> str:
    """An aware instant as "2026-11-18T17:00:00.000000Z"."""
    assert value.tzinfo is not None, "instants are aware"
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@overload
def instant_of(value: str) -> datetime: ...
@overload
def instant_of(value: str | None) -> datetime | None: ...
def instant_of(value: str | None) -> datetime | None:
    """The aware instant that `instant_text` wrote; None for none."""
    return datetime.fromisoformat(value) if value else None


@overload
def day_of(value: date | str) -> date: ...
@overload
def day_of(value: date | str | None) -> date | None: ...
def day_of(value: date | str | None) -> date | None:
    """A date as raw SQL gives it: PostgreSQL has dates, SQLite their ISO text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def connect(url: str) -> Database:
    """Point the service at a database: "sqlite:///var/claims.db" or "postgresql://user@host/name".

    Raises:
        ValueError: any other scheme.
    """
    scheme = urlparse(url).scheme
    found: Database
    if scheme == "sqlite":
        file = Path(url.removeprefix("sqlite:///"))
        if not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)  # patient data: for the service's own user alone
        found = NotingSqlite(url.removeprefix("sqlite:///"), pragmas=_PRAGMAS)
    elif scheme in {"postgresql", "postgres"}:
        found = NotingPostgresql(url, prefer_psycopg3=True)
    else:
        raise ValueError("database_url must start with sqlite:/// or postgresql://")
    database.initialize(found)
    return found


def on_postgresql() -> bool:
    """True when the service runs on PostgreSQL."""
    return isinstance(database.obj, PostgresqlDatabase)


@contextlib.contextmanager
def opened(*, keep: bool = False) -> Iterator[None]:
    """Hold a connection of this thread open, and close it if it was not open before.

    keep: on SQLite it stays for the thread's next request; opening and closing the file would take a quarter of a page's time.
    """
    fresh = database.is_closed()
    if fresh:
        database.connect()
        if not on_postgresql() and database.execute_sql("pragma synchronous").fetchone()[0] != 2:
            raise RuntimeError("money is written only with synchronous=FULL")
    try:
        yield
    finally:
        if fresh and not database.is_closed() and not (keep and not on_postgresql()):
            database.close()


def bind(practice: int | None) -> None:
    """Bind this connection to one practice until it closes or is bound anew; None lets it reach all.

    On PostgreSQL the database itself then hides every other practice's rows (row-level security). SQLite has no such wall.
    """
    if on_postgresql():
        run("select set_config('claims.practice', ?, false)", ("" if practice is None else str(practice),))


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """What is read inside is one state of the database, whatever others write meanwhile. Write nothing inside."""
    with opened(), database.atomic():
        if on_postgresql():
            database.execute_sql("set transaction isolation level repeatable read read only")
        yield


def answer(reads: Reads) -> tuple[str | None, ...]:
    """What noted reads give now, to be compared with what they gave before."""
    return reads.answer(database.obj)


def in_write() -> bool:
    """Whether this thread is inside write() already."""
    return not database.is_closed() and database.in_transaction()


@contextlib.contextmanager
def write(practice: int | None = None, *, few: bool = False) -> Iterator[None]:
    """One durable transaction; everything inside stands or falls together. Nested calls join the outer transaction.

    practice: wait for this practice's other steps to end, so that what is read inside still holds when it is acted upon.
    few: of a handful of rows, whose pages to take back fit the memory that SQLite has for it anyway.
    BEGIN IMMEDIATE on SQLite, which has one writer anyway: a read that turns into a write would fail at once under load.
    """
    with opened():
        if database.in_transaction():
            _take_turn(practice)
            yield
        else:
            with database.atomic() if on_postgresql() else _immediate(few):
                _take_turn(practice)
                yield


@contextlib.contextmanager
def _immediate(few: bool) -> Iterator[None]:
    if not _writing.acquire(timeout=_WAIT_SECONDS):
        raise OperationalError("database is locked")
    try:
        with contextlib.nullcontext() if few else _undo_in_memory(), database.atomic("IMMEDIATE"):
            yield
    finally:
        _writing.release()


@contextlib.contextmanager
def _undo_in_memory() -> Iterator[None]:
    """What a statement may have to take back is kept in memory. SQLite would keep it in a file from the first statement on
    that touches many pages, to the end of the transaction: ten writes for each row. Elsewhere large sorts may use files."""
    database.execute_sql("pragma temp_store = memory")
    try:
        yield
    finally:
        database.execute_sql("pragma temp_store = default")


def _take_turn(practice: int | None) -> None:
    if practice is not None and on_postgresql():
        database.execute_sql("select pg_advisory_xact_lock(%s, %s)", (_TURN, practice))


def insert_rows(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], ids: Sequence[int] | None = None
) -> list[int]:
    """Write many rows and give their ids in order. Must run inside write().

    columns: field names without "id"; the others take their default. ids: from new_ids(), when they had to be known before.
    """
    listed = _bound_all(rows)
    if not listed:
        return []
    meta = model._meta
    keys = list(ids) if ids is not None else new_ids(model, len(listed))
    rest = {f.column_name: f.default for n, f in meta.fields.items() if n not in columns and f.default is not None}
    names = ["id", *(meta.fields[c].column_name for c in columns), *rest]
    tail = list(rest.values())
    columns_sql = ", ".join(f'"{name}"' for name in names)
    whole = ([key, *row, *tail] for key, row in zip(keys, listed, strict=True))
    into = f'insert into "{meta.table_name}" ({columns_sql})'
    if on_postgresql():
        # One array a column: a statement a row takes five times as long, and COPY does not go with row-level security.
        types = _column_types(meta.table_name)
        arrays = ", ".join(f"%s::{types[name]}[]" for name in names)
        database.execute_sql(f"{into} select * from unnest({arrays})", [list(c) for c in zip(*whole, strict=True)])
    else:
        _insert_together(into, len(names), whole)
    return keys


def _insert_together(into: str, width: int, rows: Iterable[Sequence[Any]]) -> None:
    """Many rows a statement. Where a table has triggers SQLite copies each page that a statement touches before it changes it,
    to undo the statement alone: for every row by itself that takes longer than writing it."""
    listed = list(rows)
    one = f"({', '.join('?' * width)})"
    whole = len(listed) - len(listed) % _TOGETHER
    if whole:
        parts = (listed[start : start + _TOGETHER] for start in range(0, whole, _TOGETHER))
        _execute_many(f"{into} values {', '.join([one] * _TOGETHER)}", (list(chain.from_iterable(p)) for p in parts))
    if whole < len(listed):
        _execute_many(f"{into} values {one}", listed[whole:])


@functools.cache
def _column_types(table: str) -> dict[str, str]:
    sql = "select attname, format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass and attnum > 0"
    return dict(database.execute_sql(sql, (f'"{table}"',)).fetchall())


# SQLite asks here for what it has no type of; PostgreSQL's driver would send an instant as one, and the columns are text.
# An instant without a zone comes from the record of migrations alone, and is written as ever.
sqlite3.register_adapter(datetime, lambda at: instant_text(at) if at.tzinfo else at.isoformat(" "))
sqlite3.register_adapter(date, date.isoformat)


def _bound_all(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    return [_bound(row) for row in rows] if on_postgresql() else list(rows)


def _bound(row: Sequence[Any]) -> Sequence[Any]:
    return [instant_text(value) if isinstance(value, datetime) else value for value in row]


def new_ids(model: type[Model], count: int) -> list[int]:
    """Ids for rows to come. On SQLite the write lock is held, so max(id) cannot move under us."""
    table = model._meta.table_name
    if on_postgresql():
        sql = "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)"
        return [row[0] for row in database.execute_sql(sql, (f'"{table}"', count)).fetchall()]
    last = database.execute_sql(f'select coalesce(max(id), 0) from "{table}"').fetchone()[0]
    return list(range(last + 1, last + 1 + count))


def run_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """One statement for many rows; write "?" for values on both engines."""
    listed = _bound_all(rows)
    if listed:
        _execute_many(sql.replace("?", "%s") if on_postgresql() else sql, listed)


def _execute_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    with __exception_wrapper__:  # the drivers' errors become peewee's, as everywhere else
        database.cursor().executemany(sql, rows)


def run(sql: str, values: Sequence[Any] = ()) -> Any:
    """One statement; write "?" for values on both engines. Gives the cursor.

    "+practice_id = ?" beside many ids: SQLite would take any index that begins with the practice for the shorter way, and read
    all its rows.
    """
    if on_postgresql():
        return database.execute_sql(sql.replace("?", "%s"), tuple(_bound(values)))
    return database.execute_sql(sql, tuple(values))


def in_parts(values: Iterable[_T], most: int = 500) -> list[list[_T]]:
    """Values in lists that fit one statement."""
    listed = list(values)
    return [listed[start : start + most] for start in range(0, len(listed), most)]


def marks(values: Sequence[object]) -> str:
    """ "?, ?, ?" for as many values."""
    return ", ".join("?" * len(values))
