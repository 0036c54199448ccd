"""Files of visits that were looked at and wait to be taken, with what was found and how far they are."""

import json
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from claims_service.domain.errors import NotFound
from claims_service.domain.visit_import import NewImport, RowProblem
from claims_service.store.connection import opened, run, write
from claims_service.store.tables import VisitImport

CHECKED, RUNNING, DONE, DROPPED = "checked", "running", "done", "dropped"
MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file. found: visits in it; done: of those looked at while taking it; left_out: problems beyond those kept."""

    id: int
    name: str
    kind: str
    state: str
    found: int
    done: int
    added: int
    known: int
    problems: tuple[RowProblem, ...]
    unread: tuple[str, ...]
    left_out: int
    by: str
    at: str


def add(practice: int, new: NewImport, *, by: str, at: datetime) -> int:
    """The id of a file that waits."""
    report = {
        "problems": [astuple(problem) for problem in new.problems[:MOST_PROBLEMS]],
        "unread": list(new.unread),
        "left_out": max(0, len(new.problems) - MOST_PROBLEMS),
    }
    with write():
        row = VisitImport.create(
            practice=practice, name=new.name, kind=new.kind, content=new.content, state=CHECKED, found=new.found,
            added=new.added, known=new.known, report=json.dumps(report), by=by, at=at,
        )  # fmt: skip
    return int(row.id)


_HEAD = "id, name, kind, state, found, done, added, known, report, by, at"


def one(practice: int, key: int) -> Waiting:
    """One file without its bytes.

    Raises:
        NotFound: no such file here.
    """
    with opened():
        row = run(f"select {_HEAD} from visit_import where practice_id = ? and id = ?", (practice, key)).fetchone()
    if row is None:
        raise NotFound("visit_import")
    return _waiting(row)


def newest(practice: int, most: int = 20) -> list[Waiting]:
    """The newest files."""
    with opened():
        sql = f"select {_HEAD} from visit_import where practice_id = ? order by id desc limit ?"
        return [_waiting(row) for row in run(sql, (practice, most)).fetchall()]


def _waiting(row: tuple[Any, ...]) -> Waiting:
    key, name, kind, state, found, done, added, known, report, by, at = row
    told = json.loads(report) if report else {}
    problems = tuple(RowProblem(*values) for values in told.get("problems", ()))
    return Waiting(
        key, name, kind, state, found, done, added, known, problems, tuple(told.get("unread", ())), told.get("left_out", 0), by, at
    )  # fmt: skip


def content(practice: int, key: int) -> bytes:
    """The bytes of a file that was not taken yet; empty afterwards."""
    with opened():
        row = run("select content from visit_import where practice_id = ? and id = ?", (practice, key)).fetchone()
    return bytes(row[0]) if row else b""


def progress(practice: int, key: int, *, done: int, added: int, known: int, is_last: bool) -> None:
    """How far the taking is; with the last part the bytes go, as the file itself is kept with the others."""
    with write():
        run(
            "update visit_import set done = ?, added = ?, known = ?, state = ?, content = case when ? then ? else content end"
            " where practice_id = ? and id = ?",
            (done, added, known, DONE if is_last else RUNNING, is_last, b"", practice, key),
        )


def drop(practice: int, key: int) -> None:
    """Forget the bytes of a file that is not to be taken."""
    with write():
        run(
            "update visit_import set state = ?, content = ? where practice_id = ? and id = ? and state = ?",
            (DROPPED, b"", practice, key, CHECKED),
        )
