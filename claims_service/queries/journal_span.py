"""The journal of some days, read part by part in the order of its days."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.formats.books.journal import Posted, Span
from claims_service.queries.rows import known_day, known_instant, marks, row, rows
from claims_service.store.connection import opened

AT_ONCE = 500


def span(practice: int, start: date, until: date) -> Span:
    """Everything posted on these days, the last one included. What is posted while it is read is left out."""
    with opened():
        found = row("select coalesce(max(id), 0) from journal_entry where practice_id = ?", practice)
        last = int(found[0]) if found else 0
        opening, closing = _sums(practice, start - timedelta(days=1), last), _sums(practice, until, last)
    return Span(start, until, opening, closing, _entries(practice, start, until, last))


def first_day(practice: int) -> date | None:
    """The day of the earliest entry."""
    with opened():
        found = row("select min(posted_on) from journal_entry where practice_id = ?", practice)
    return known_day(found[0]) if found and found[0] else None


def _sums(practice: int, until: date, last: int) -> dict[str, int]:
    """Debit-positive cents by account."""
    totals: dict[str, int] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        sql = (
            f"select t.{side}, sum(t.cents) from journal_transfer t join journal_entry e on e.id = t.entry_id"
            f" where t.practice_id = ? and e.posted_on <= ? and e.id <= ? group by t.{side}"
        )
        for account, cents in rows(sql, practice, until, last):
            totals[account] = totals.get(account, 0) + sign * int(cents)
    return totals


def _entries(practice: int, start: date, until: date, last: int) -> Iterator[Posted]:
    sql = (
        "select id, posted_on, kind, key, source, source_id, memo, reverses, by, at from journal_entry"
        " where practice_id = ? and posted_on <= ? and id <= ? and (posted_on > ? or (posted_on = ? and id > ?))"
        " order by posted_on, id limit ?"
    )
    day, after = start, 0
    while True:
        with opened():
            heads = rows(sql, practice, until, last, day, day, after, AT_ONCE)
            moved = _transfers(practice, [int(head[0]) for head in heads])
        for key, on, kind, name, source, source_id, memo, reverses, by, at in heads:
            entry = Entry(known_day(on), kind, name, source, source_id, moved[int(key)], memo, reverses)
            yield Posted(int(key), entry, str(by), known_instant(at))
        if len(heads) < AT_ONCE:
            return
        day, after = known_day(heads[-1][1]), int(heads[-1][0])


def _transfers(practice: int, entries: list[int]) -> dict[int, tuple[Transfer, ...]]:
    if not entries:
        return {}
    sql = (
        "select entry_id, debit, credit, cents, claim, line, patient, payer, reason from journal_transfer"
        f" where practice_id = ? and entry_id in ({marks(entries)}) order by entry_id, id"
    )
    listed = groupby(rows(sql, practice, *entries), key=lambda found: int(found[0]))
    return {entry: tuple(Transfer(*found[1:]) for found in group) for entry, group in listed}
