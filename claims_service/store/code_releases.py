"""Files of code sets and NCCI edits that were imported, and the days each of them speaks of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from claims_service.domain.errors import Conflict
from claims_service.store.connection import day_of, insert_rows, marks, on_postgresql, opened, run
from claims_service.store.tables import CodeRelease
from claims_service.store.timelines import Changes, Window

COLUMNS = ("kind", "name", "digest", "effective_on", "complete", "imported_by", "imported_at")


@dataclass(frozen=True, slots=True)
class NewRelease:
    """kind: a code set, or ptp_P, ptp_O, mue_P, mue_O, mue_S, add_on. digest: SHA-256 of the file, in hex.

    effective_on: the day from which it speaks; None where each row has its own days. complete: it lists the whole set.
    """

    kind: str
    name: str
    digest: str
    effective_on: date | None
    complete: bool


def is_known(release: NewRelease) -> bool:
    """Whether this very file was imported for this very day."""
    sql = "select effective_on from code_release where kind = ? and digest = ?"
    with opened():
        days = run(sql, (release.kind, release.digest)).fetchall()
    return any(day_of(day) == release.effective_on for (day,) in days)


def begin(release: NewRelease, *, by: str, at: datetime) -> int:
    """Write the release down; gives its id. Must run inside write(); another import waits until this one ends."""
    if on_postgresql():
        run("lock table code_release in exclusive mode")
    row = (release.kind, release.name, release.digest, release.effective_on, release.complete, by, at)
    return insert_rows(CodeRelease, COLUMNS, [row])[0]


def finish(release: int, changes: Changes) -> None:
    """Note what became of it."""
    sql = "update code_release set listed = ?, added = ?, changed = ?, closed = ? where id = ?"
    run(sql, (changes.listed, changes.added, changes.changed, changes.closed, release))


def window(key: int, release: NewRelease, first: date) -> Window:
    """From its first day to the day before the next complete release of its kind.

    Raises:
        Conflict: a list of changes has nothing to change, or a complete file would undo changes that were laid upon it.
    """
    sql = "select effective_on, complete from code_release where kind = ? and id <> ? order by effective_on"
    others = [(day_of(day), bool(complete)) for day, complete in run(sql, (release.kind, key)).fetchall()]
    later = next((day for day, complete in others if day > first and complete), None)
    if not release.complete:
        if not any(complete and day <= first for day, complete in others):
            raise Conflict("These are changes to a list that is not here. Import the complete file before them.")
    elif changed := [
        day for day, complete in others if not complete and first <= day and (later is None or day < later)
    ]:
        raise Conflict(
            f"Changes of {changed[-1]:%m/%d/%Y} were imported on top of this release. Import the complete file of that day"
            " or a later one instead."
        )
    return Window(key, first, later - timedelta(days=1) if later else None)


def first_days(kinds: Collection[str]) -> dict[str, date]:
    """The first day that a complete release of each kind speaks of; kinds without one are left out."""
    sql = (
        "select kind, min(effective_on) from code_release where effective_on is not null"
        f" and kind in ({marks(kinds)}) group by kind"
    )
    with opened():
        return {kind: day_of(day) for kind, day in run(sql, tuple(kinds)).fetchall()}
