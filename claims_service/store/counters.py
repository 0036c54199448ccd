"""Numbers that are never given twice: control numbers, claim, statement and receipt numbers."""

from claims_service.store.connection import run, write


def next_values(practice: int, name: str, count: int = 1) -> range:
    """The next `count` numbers of a counter, from 1. Rolled back numbers are given again, committed ones never."""
    with write():
        run(
            "insert into counter (practice_id, name, value) values (?, ?, ?)"
            " on conflict (practice_id, name) do update set value = counter.value + excluded.value",
            (practice, name, count),
        )
        last = int(run("select value from counter where practice_id = ? and name = ?", (practice, name)).fetchone()[0])
    return range(last - count + 1, last + 1)
