"""NCCI edits by date of service: millions of pairs written as they are read, loaded for the codes of a batch alone."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from claims_service.domain.code_sets import ListedCode, Span
from claims_service.domain.ncci import AddOnEntry, AddOnRule, AddOns, Mue, MueLimit, Ptp, PtpEdit
from claims_service.store import code_releases
from claims_service.store.code_releases import NewRelease
from claims_service.store.connection import day_of, insert_rows, marks, opened, run, run_many, write
from claims_service.store.tables import NcciRationale
from claims_service.store.timelines import LIMITS, Changes, lay, spans_of

AT_ONCE = 5_000
_FOREVER = "9999-12-31"
_PTP = ("setting", "column1", "column2", "valid_from", "valid_until", "indicator", "rationale_id", "release_id")
_ADD_ON = ("add_on", "primary_code", "edit_type", "valid_from", "valid_until", "note", "release_id")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ncci:
    """What a batch of claims needs of one setting's edits."""

    ptp: Ptp
    mue: Mue
    add_ons: AddOns


def add_limits(
    release: NewRelease, setting: str, limits: Iterable[ListedCode[MueLimit]], *, by: str, at: datetime
) -> Changes:
    """A quarter's MUE file of a setting: what it leaves out ends the day before it."""
    assert release.effective_on is not None, "the days of an MUE file come from outside of it"
    with write():
        key = code_releases.begin(release, by=by, at=at)
        window = code_releases.window(key, release, release.effective_on)
        changes = lay(LIMITS, setting, window, limits, complete=release.complete)
        code_releases.finish(key, changes)
    return changes


def add_pairs(release: NewRelease, setting: str, pairs: Iterable[Span[PtpEdit]], *, by: str, at: datetime) -> Changes:
    """A part of a quarter's PTP file. The file holds all of a pair's past and says itself when it ended, so nothing else ends."""
    with write():
        key = code_releases.begin(release, by=by, at=at)
        reasons = _Reasons()
        rows = (
            (setting, e.column1, e.column2, s.first, s.until, e.indicator, reasons.id(e.rationale), key)
            for s in pairs
            for e in (s.meaning,)
        )
        changes = _upsert("ptp_edit", _PTP, 4, key, rows)
        code_releases.finish(key, changes)
    return changes


def add_add_ons(release: NewRelease, entries: Iterable[AddOnEntry], *, by: str, at: datetime) -> Changes:
    """The add-on code file, which holds all of the past as the PTP file does."""
    with write():
        key = code_releases.begin(release, by=by, at=at)
        rows = (
            (e.add_on, e.primary, rule.edit_type, e.span.first, e.span.until, rule.note, key)
            for e in entries
            for rule in (e.span.meaning,)
        )
        changes = _upsert("add_on_code", _ADD_ON, 4, key, rows)
        code_releases.finish(key, changes)
    return changes


class _Reasons:
    """Ids of the reasons, a new one written when it first comes."""

    def __init__(self) -> None:
        self._ids = {words: key for key, words in run("select id, words from ncci_rationale").fetchall()}

    def id(self, words: str) -> int:
        if words not in self._ids:
            self._ids[words] = insert_rows(NcciRationale, ("words",), [(words,)])[0]
        return int(self._ids[words])


def _upsert(table: str, columns: Sequence[str], keys: int, release: int, rows: Iterable[Sequence[Any]]) -> Changes:
    """Insert rows, or give those with the same first columns their new values; what is the same stays untouched."""
    values = columns[keys:-1]
    differs = " or ".join(
        f"coalesce({table}.{name}, '{_FOREVER}') <> coalesce(excluded.{name}, '{_FOREVER}')"
        if name == "valid_until"
        else f"{table}.{name} <> excluded.{name}"
        for name in values
    )
    sql = (
        f"insert into {table} ({', '.join(columns)}) values ({marks(columns)})"
        f" on conflict ({', '.join(columns[:keys])}) do update set"
        f" {', '.join(f'{name} = excluded.{name}' for name in (*values, columns[-1]))} where {differs}"
    )
    before, listed = _count(table), 0
    for chunk in _chunks(rows):
        listed += len(chunk)
        run_many(sql, chunk)
    added = _count(table) - before
    touched = run(f"select count(*) from {table} where release_id = ?", (release,)).fetchone()[0]
    return Changes(listed, added, touched - added, 0)


def _count(table: str) -> int:
    return int(run(f"select count(*) from {table}").fetchone()[0])


def load(setting: str, together: Iterable[Collection[str]]) -> Ncci:
    """The edits for a batch. together: for each patient and day, the procedure codes that stand side by side."""
    groups = [sorted(set(codes)) for codes in together]
    codes = sorted({code for group in groups for code in group})
    pairs = sorted({pair for group in groups for pair in itertools.permutations(group, 2)})
    with opened():
        return Ncci(Ptp(_pairs(setting, pairs)), Mue(spans_of(LIMITS, setting, codes)), AddOns(_add_ons(codes)))


def _pairs(setting: str, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[Span[PtpEdit]]]:
    found: dict[tuple[str, str], list[Span[PtpEdit]]] = defaultdict(list)
    for chunk in _chunks(pairs):
        marks = ", ".join(["(?, ?, ?)"] * len(chunk))
        sql = (
            f"with pair (setting, one, two) as (values {marks}) select column1, column2, valid_from, valid_until, indicator, words"
            " from pair cross join ptp_edit p join ncci_rationale r on r.id = p.rationale_id"
            " where p.setting = pair.setting and p.column1 = pair.one and p.column2 = pair.two"
            " order by column1, column2, valid_from desc"
        )
        values = [value for pair in chunk for value in (setting, *pair)]
        for one, two, first, until, indicator, words in run(sql, values).fetchall():
            found[(one, two)].append(Span(day_of(first), day_of(until), PtpEdit(one, two, indicator, words)))
    return dict(found)


def _add_ons(codes: Sequence[str]) -> dict[str, dict[str, list[Span[AddOnRule]]]]:
    found: dict[str, dict[str, list[Span[AddOnRule]]]] = defaultdict(lambda: defaultdict(list))
    for chunk in _chunks(codes):
        sql = (
            "select add_on, primary_code, edit_type, valid_from, valid_until, note from add_on_code"
            f" where add_on in ({marks(chunk)}) order by add_on, primary_code, valid_from"
        )
        for add_on, primary, edit_type, first, until, note in run(sql, chunk).fetchall():
            found[add_on][primary].append(Span(day_of(first), day_of(until), AddOnRule(edit_type, note)))
    return {add_on: dict(primaries) for add_on, primaries in found.items()}


def _chunks(listed: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(listed)
    while chunk := list(itertools.islice(remaining, AT_ONCE)):
        yield chunk
