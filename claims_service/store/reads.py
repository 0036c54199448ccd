"""Reads, noted while something is made of them: asked again, all in one statement, they tell whether it would come out the same."""

import contextlib
import functools
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from peewee import Database, PostgresqlDatabase, SqliteDatabase

_thread = threading.local()


@dataclass(slots=True)
class Reads:
    """asked: (statement, values) -> how many columns it gives."""

    asked: dict[tuple[str, tuple[Any, ...]], int] = field(default_factory=dict)

    def answer(self, database: Database) -> tuple[str | None, ...]:
        """The rows of each read as they are now, as one text; all are of one moment."""
        shapes = tuple((sql, columns) for (sql, _), columns in self.asked.items())
        values = [value for _, own in self.asked for value in own]
        return tuple(
            database.execute_sql(_together(shapes, isinstance(database, PostgresqlDatabase)), values).fetchone()
        )


class _Noting(Database):
    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """As peewee's; what gives rows is noted where this thread notes."""
        cursor = super().execute_sql(sql, params)
        reads: Reads | None = getattr(_thread, "reads", None)
        if reads is not None and cursor.description:
            reads.asked[sys.intern(sql), tuple(params or ())] = len(cursor.description)
        return cursor


class NotingSqlite(_Noting, SqliteDatabase):
    """SQLite whose reads can be noted."""


class NotingPostgresql(_Noting, PostgresqlDatabase):
    """PostgreSQL whose reads can be noted."""


@contextlib.contextmanager
def noting() -> Iterator[Reads]:
    """Note every read of this thread."""
    assert getattr(_thread, "reads", None) is None, "one thing is made at a time"
    _thread.reads = found = Reads()
    try:
        yield found
    finally:
        _thread.reads = None


@functools.lru_cache(maxsize=256)
def _together(shapes: tuple[tuple[str, int], ...], on_postgresql: bool) -> str:
    """One statement that gives one row: the rows of each read. `quote` keeps apart what is null, empty, text and number."""
    parts, texts = [], []
    for number, (sql, columns) in enumerate(shapes):
        names = [f"c{column}" for column in range(columns)]
        parts.append(f"q{number}({', '.join(names)}) as ({sql})")
        row = f"q{number}::text" if on_postgresql else " || ',' || ".join(f"quote({name})" for name in names)
        total = f"string_agg({row}, ';')" if on_postgresql else f"group_concat({row}, ';')"
        texts.append(f"(select {total} from q{number})")
    return f"with {', '.join(parts)} select {', '.join(texts)}"
