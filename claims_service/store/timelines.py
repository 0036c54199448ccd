"""What codes meant from day to day: a release is laid over the days it speaks of, the days before it stay as they were."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from claims_service.domain.code_sets import ListedCode, Meaning, Span, listed
from claims_service.domain.ncci import MueLimit
from claims_service.domain.pricing.medicare import Gpci, Rvu
from claims_service.store.connection import day_of, insert_rows, marks, on_postgresql, opened, run, run_many
from claims_service.store.tables import GpciRow, ListedCodeRow, MueRow, Row, RvuRow

M = TypeVar("M", bound=Meaning | MueLimit | Rvu | Gpci)
AT_ONCE = 2_000
_NEVER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timeline(Generic[M]):
    """A table of spans. scope: the column that tells sets apart. meaning: the class whose fields are the other columns."""

    table: type[Row]
    scope: str
    meaning: type[M]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a meaning consists of."""
        return tuple(self.meaning.__dataclass_fields__)

    @property
    def name(self) -> str:
        """The table's name in the database."""
        return str(self.table._meta.table_name)


CODES = Timeline(ListedCodeRow, "code_set", Meaning)
LIMITS = Timeline(MueRow, "setting", MueLimit)
RVUS = Timeline(RvuRow, "program", Rvu)
GPCIS = Timeline(GpciRow, "program", Gpci)


@dataclass(frozen=True, slots=True)
class Window:
    """The days a release speaks of. until: the day before the next release that is known; None = no later one."""

    release: int
    first: date
    until: date | None


@dataclass(slots=True)
class Changes:
    """What a release changed. listed: codes in the file; added: not known before; changed: other words or days; closed: ended."""

    listed: int = 0
    added: int = 0
    changed: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class _Stored(Generic[M]):
    id: int
    span: Span[M]


def spans_of(timeline: Timeline[M], scope: str, codes: Collection[str]) -> dict[str, list[Span[M]]]:
    """The spans of each code that was ever valid, in order; one SELECT for up to two thousand codes."""
    found: dict[str, list[Span[M]]] = defaultdict(list)
    with opened():
        for chunk in _chunks(sorted(set(codes))):
            for code, rows in _stored(timeline, scope, chunk).items():
                found[code] = _real(rows)
    return dict(found)


def lay(
    timeline: Timeline[M], scope: str, window: Window, codes: Iterable[ListedCode[M]], *, complete: bool
) -> Changes:
    """Write a release. complete: codes it leaves out end the day before. Must run inside write(); linear in the codes."""
    changes = Changes()
    seen: set[str] = set()
    for chunk in _chunks(codes):
        changes.listed += len(chunk)
        seen.update(code.code for code in chunk)
        _lay(timeline, scope, window, chunk, changes)
    if complete:
        left_out: Iterator[ListedCode[M]] = (
            ListedCode(code, None) for code in _open(timeline, scope, window) if code not in seen
        )
        for chunk in _chunks(left_out):
            _lay(timeline, scope, window, chunk, changes)
    if timeline.table is ListedCodeRow and not on_postgresql():
        # Written in many pieces, each of which a search would look into: put together once.
        run("insert into code_words (code_words) values ('optimize')")
    return changes


def _lay(timeline: Timeline[M], scope: str, window: Window, chunk: Sequence[ListedCode[M]], changes: Changes) -> None:
    before = _stored(timeline, scope, [code.code for code in chunk])
    fresh: list[tuple[Any, ...]] = []
    moved: list[tuple[Any, ...]] = []
    for code in chunk:
        rows = before.get(code.code, [])
        spans = listed(_real(rows), code, window.first, window.until)
        if spans == _real(rows):
            continue
        new, other = _differences(rows, spans)
        fresh += [(scope, code.code, *_values(span), window.release) for span in new]
        moved += [(*_values(span), window.release, key) for key, span in other]
        if code.meaning is None:
            changes.closed += 1
        elif rows:
            changes.changed += 1
        else:
            changes.added += 1
    columns = ("valid_from", "valid_until", *timeline.columns)
    settings = ", ".join(f"{name} = ?" for name in (*columns, "release_id"))
    run_many(f"update {timeline.name} set {settings} where id = ?", moved)
    insert_rows(timeline.table, (timeline.scope, "code", *columns, "release"), fresh)


def _differences(
    rows: Sequence[_Stored[M]], spans: Sequence[Span[M]]
) -> tuple[list[Span[M]], list[tuple[int, Span[M]]]]:
    """(spans that need a row, rows that get another span). No row goes: one that is not needed keeps its words, for no day."""
    by_first = {row.span.first: row for row in rows}
    wanted = {span.first: span for span in spans}
    spare = [row for row in rows if row.span.first not in wanted]
    other = [
        (row.id, wanted[first]) for first, row in by_first.items() if first in wanted and row.span != wanted[first]
    ]
    fresh = [span for span in spans if span.first not in by_first]
    for row in spare:
        if fresh:
            other.append((row.id, fresh.pop(0)))
        elif _held(row.span):
            other.append((row.id, Span(row.span.first, row.span.first - _NEVER, row.span.meaning)))
    return fresh, other


def _values(span: Span[M]) -> tuple[Any, ...]:
    meaning = span.meaning
    return (span.first, span.until, *(getattr(meaning, name) for name in meaning.__dataclass_fields__))


def _held(span: Span[M]) -> bool:
    return span.until is None or span.until >= span.first


def _real(rows: Iterable[_Stored[M]]) -> list[Span[M]]:
    return [row.span for row in rows if _held(row.span)]


def _stored(timeline: Timeline[M], scope: str, codes: Sequence[str]) -> dict[str, list[_Stored[M]]]:
    found: dict[str, list[_Stored[M]]] = defaultdict(list)
    sql = (
        f"select id, code, valid_from, valid_until, {', '.join(timeline.columns)} from {timeline.name}"
        f" where {timeline.scope} = ? and code in ({marks(codes)}) order by code, valid_from"
    )
    for key, code, first, until, *values in run(sql, (scope, *codes)).fetchall():
        made = timeline.meaning(*values)
        found[code].append(_Stored(key, Span(day_of(first), day_of(until), made)))
    return found


def _open(timeline: Timeline[M], scope: str, window: Window) -> Iterator[str]:
    """Codes that are valid on some day of the window."""
    until = window.until or date.max
    sql = (
        f"select distinct code from {timeline.name} where {timeline.scope} = ? and valid_from <= ?"
        " and (valid_until is null or (valid_until >= ? and valid_until >= valid_from))"
    )
    for (code,) in run(sql, (scope, until, window.first)).fetchall():
        yield str(code)


T = TypeVar("T")


def _chunks(listed_codes: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(listed_codes)
    while chunk := list(itertools.islice(remaining, AT_ONCE)):
        yield chunk
