"""Pages by the last row shown: an index leads to the next page however far it lies, and rows that come in between shift nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from claims_service.queries.rows import Record

LONGEST = 60  # of a cursor


@dataclass(frozen=True, slots=True)
class Walk:
    """Part of a SELECT: condition (begins with " and" or is empty) with its values, and the order. backwards: rows come reversed."""

    condition: str
    values: tuple[object, ...]
    order: str
    backwards: bool
    moved: bool

    def page(
        self, found: Sequence[Record], size: int, key: Callable[[Record], tuple[object, object]]
    ) -> tuple[list[Record], str, str]:
        """(rows of the page, cursor of the page before, of the page after) out of up to size + 1 rows; key: (sort value, id)."""
        kept, more = list(found[:size]), len(found) > size
        if self.backwards:
            kept.reverse()
        if not kept:
            return [], "", ""
        is_before = more if self.backwards else self.moved
        is_after = True if self.backwards else more
        return kept, _cursor(key(kept[0])) if is_before else "", _cursor(key(kept[-1])) if is_after else ""


def walk(column: str, ident: str, after: str, before: str, *, descending: bool) -> Walk:
    """From behind the row of a cursor, or up to the one before it; a cursor that can't be read is left out.

    column, ident: SQL of the sorting value and of the id that tells equal ones apart; never typed by anyone.
    """
    backwards = bool(before) and not after
    place = _place(before if backwards else after)
    down = descending != backwards
    order = f"{column} {'desc' if down else 'asc'}, {ident} {'desc' if down else 'asc'}"
    if place is None:
        order = f"{column} {'desc' if descending else 'asc'}, {ident} {'desc' if descending else 'asc'}"
        return Walk("", (), order, False, False)
    condition = f" and ({column}, {ident}) {'<' if down else '>'} (?, ?)"
    return Walk(condition, place, order, backwards, True)


def _cursor(place: tuple[object, object]) -> str:
    return f"{place[0]}~{place[1]}"


def _place(cursor: str) -> tuple[object, object] | None:
    value, mark, ident = cursor[:LONGEST].rpartition("~")
    if not mark or not _is_number(ident):
        return None
    if _is_number(value):
        return int(value), int(ident)
    # Otherwise a day, the only other thing that lists are sorted by.
    parts = value.split("-")
    is_day = [len(part) for part in parts] == [4, 2, 2] and all(map(_is_number, parts))
    return (value, int(ident)) if is_day else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
