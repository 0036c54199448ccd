"""Search in the loaded code sets, by how a code begins or by words, on a day of service.

Both databases bring a word index that was measured against 98,186 ICD-10-CM codes: FTS5 on SQLite, a GIN index of the words on
PostgreSQL. Ordering all that fits by weight takes 150 ms for a word such as "of"; so the first thousand that fit are taken, and
of those the shortest codes and texts come first. That is less than 10 ms whatever is typed, and the same on both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.queries.rows import marks, rows
from claims_service.store.connection import on_postgresql, opened

MOST_READ = 1_000
MOST_WORDS = 8
_CODE = re.compile(r"[0-9A-Z]{1,10}", re.ASCII)
_LAST = "ZZZZZZZZZZ"
_WHOLE = 2
"""A word of one or two letters is meant as it stands ("type 2"); a longer one may be the beginning of a word."""

_SQLITE_WORDS = "select rowid as id from code_words where code_words match ? order by rowid limit ?"
_POSTGRESQL_WORDS = "select id from code_words(?, string_to_array(?, ' '), ?) id"


@dataclass(frozen=True, slots=True)
class Sets:
    """Which code sets to look into. length: of the codes wanted, where a set holds two sorts (HCPCS codes and modifiers)."""

    kinds: tuple[str, ...]
    length: int | None = None


def starting(sets: Sets, typed: str, on: date | None, most: int) -> list[tuple[str, str]]:
    """(code, long text) of billable codes that begin as typed, with or without the dot; none when that can't begin a code."""
    start = typed.strip().upper().replace(".", "")
    if not _CODE.fullmatch(start):
        return []
    holds, days = _holds(sets, on)
    kinds = marks(sets.kinds)
    sql = (
        f"select k.code, k.long from listed_code k where k.code_set in ({kinds}) and k.code >= ? and k.code <= ? and {holds}"
        " order by k.code limit ?"
    )
    with opened():
        return [(code, words) for code, words in rows(sql, *sets.kinds, start, start + _LAST, *days, most)]


def worded(sets: Sets, typed: str, on: date | None, most: int) -> list[tuple[str, str]]:
    """(code, long text) of billable codes whose text has every word typed, or words that begin so.

    What is typed and nothing but a remark comes first ("fever": R50.9 "Fever, unspecified" before "Q fever"), then
    the shortest codes, which name what is common ("hypertension": I10), then the shortest texts.
    """
    words = re.findall(r"[^\W_]+", typed.casefold())[:MOST_WORDS]
    if not any(len(word) > _WHOLE for word in words):
        return []
    holds, days = _holds(sets, on)
    with opened():
        hits, asked = _word_index(sets, words)
        sql = (
            f"select k.code, k.long from ({hits}) w join listed_code k on k.id = w.id where {holds}"
            " order by case when lower(substr(k.long, 1, ?)) in (?, ?) then 0 else 1 end, length(k.code), length(k.long), k.code limit ?"
        )
        whole = typed.strip().casefold()
        return [
            (code, text) for code, text in rows(sql, *asked, MOST_READ, *days, len(whole) + 1, whole, f"{whole},", most)
        ]


def _word_index(sets: Sets, words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """How this database's index is asked for the first thousand rows with these words, and the values but for the number."""
    if on_postgresql():
        asked = " & ".join(f"'{word}'{':*' if len(word) > _WHOLE else ''}" for word in words)
        return _POSTGRESQL_WORDS, (asked, " ".join(sets.kinds))
    kinds = " OR ".join(f'code_set : "{kind}"' for kind in sets.kinds)
    asked = " AND ".join(f'{{short long}} : "{word}"{" *" if len(word) > _WHOLE else ""}' for word in words)
    return _SQLITE_WORDS, (f"({kinds}) AND {asked}",)


def _holds(sets: Sets, on: date | None) -> tuple[str, Sequence[object]]:
    """The condition on a row k, and its values. Without a day: codes whose end is not known."""
    values: list[object] = [True]
    billable = "k.billable = ?"
    if sets.length:
        billable += " and length(k.code) = ?"
        values.append(sets.length)
    if on is None:
        return f"{billable} and k.valid_until is null", values
    days = "k.valid_from <= ? and (k.valid_until is null or (k.valid_until >= ? and k.valid_until >= k.valid_from))"
    return f"{billable} and {days}", [*values, on, on]
