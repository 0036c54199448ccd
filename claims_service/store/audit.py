"""The audit trail: append-only rows, each hashing the one before, written in the transaction they speak of."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from peewee import DatabaseError

from claims_service.domain.actor import Actor
from claims_service.store.connection import database, insert_rows, instant_text, on_postgresql, opened, run, write
from claims_service.store.tables import Audit, AuditHead

START = "0" * 64
COLUMNS = ("practice", "seq", "at", "who", "role", "address", "action", "patient", "subject", "why", "previous", "hash")


class Event(NamedTuple):
    """action: a verb and a noun ("claim.submit", "statement.read"). subject: "claim:12". patient: its id."""

    action: str
    patient: int | None = None
    subject: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """seq: the first bad row of the practice's chain; 0 when the end is missing."""

    practice: int
    seq: int
    message: str


@dataclass(eq=False, slots=True)
class _Look:
    """What is to be recorded. written: None while it waits, False when writing it with the others failed."""

    practice: int
    events: Sequence[Event]
    by: Actor
    at: datetime
    written: bool | None = None


class _Waiting:
    """Looks to be recorded. One of those who wait writes for all of its practice, and wakes them when they are on the disk."""

    def __init__(self) -> None:
        self._looks: list[_Look] = []
        self._change = threading.Condition()
        self._someone_writes = False

    def record(self, look: _Look) -> None:
        """Gives back when somebody, perhaps this thread, has written the look or failed to."""
        with self._change:
            self._looks.append(look)
            while look.written is None and self._someone_writes:
                self._change.wait()
            if look.written is not None:
                return
            self._someone_writes = True
            together = [one for one in self._looks if one.practice == look.practice]
            self._looks = [one for one in self._looks if one.practice != look.practice]
        written = False
        try:
            with write(few=True):
                _append(look.practice, together)
            written = True
        except DatabaseError:
            written = False  # each tries again by itself, so that nobody pays for another's row
        finally:
            with self._change:
                self._someone_writes = False
                for one in together:
                    one.written = written
                self._change.notify_all()


_waiting = _Waiting()


def record(practice: int, events: Sequence[Event], *, by: Actor, at: datetime) -> None:
    """Append to the chain of a practice; a failure here undoes the transaction it is in (45 CFR 164.312(b))."""
    if events:
        _append(practice, [_Look(practice, events, by, at)])


def record_look(practice: int, events: Sequence[Event], *, by: Actor, at: datetime) -> None:
    """As `record`, durable when it returns, for what was only looked at: never call it inside a transaction.

    Those who come while the disk is busy are written together by one of them, so that one sync serves them all.
    """
    look = _Look(practice, events, by, at)
    _waiting.record(look)
    if not look.written:
        record(practice, events, by=by, at=at)


def _append(practice: int, looks: Sequence[_Look]) -> None:
    with write():
        seq, previous = _head(practice)
        rows = []
        for look in looks:
            stamp, by = instant_text(look.at), look.by
            for event in look.events:
                seq += 1
                who = (practice, seq, stamp, by.name, by.role, by.address)
                fields = (*who, event.action, event.patient, event.subject, event.why)
                digest = _digest(previous, fields)
                rows.append((*fields, previous, digest))
                previous = digest
        insert_rows(Audit, COLUMNS, rows)
        run("update audit_head set seq = ?, hash = ? where practice = ?", (seq, previous, practice))


def _digest(previous: str, fields: Sequence[object]) -> str:
    text = "\x1f".join("" if field is None else str(field) for field in fields)
    return hashlib.sha256(f"{previous}\x1e{text}".encode()).hexdigest()


def _head(practice: int) -> tuple[int, str]:
    """The end of the chain, locked so that writers follow one another."""
    lock = " for update" if on_postgresql() else ""
    sql = f"select seq, hash from audit_head where practice = ?{lock}"
    found = run(sql, (practice,)).fetchone()
    if found is None:
        run("insert into audit_head (practice, seq, hash) values (?, 0, ?) on conflict do nothing", (practice, START))
        found = run(sql, (practice,)).fetchone()
    return found[0], found[1]


def heads() -> list[tuple[int, int, str]]:
    """(practice, last seq, hash): keep a copy outside the machine, and a cut tail can't hide."""
    with opened():
        return list(
            AuditHead.select(AuditHead.practice, AuditHead.seq, AuditHead.hash).order_by(AuditHead.practice).tuples()
        )


def verify(anchors: Sequence[tuple[int, int, str]] = ()) -> list[Fault]:
    """Walk every chain from its first row; gives the first bad row of each broken one.

    anchors: (practice, seq, hash) kept elsewhere; each must still be in its chain.
    """
    with opened():
        wanted = {(practice, seq): digest for practice, seq, digest in anchors}
        known = {practice: (seq, digest) for practice, seq, digest in heads()}
        orphans = run("select distinct practice_id from audit").fetchall()
        faults = [Fault(row[0], 0, "rows without a chain head") for row in orphans if row[0] not in known]
        for practice, head in known.items():
            faults += _walk(practice, head, wanted)
        return faults


def _walk(practice: int, head: tuple[int, str], anchors: dict[tuple[int, int], str]) -> list[Fault]:
    previous, expected = START, 1
    columns = "practice_id, seq, at, who, role, address, action, patient, subject, why, previous, hash"
    sql = f"select {columns} from audit where practice_id = ? order by seq"
    for row in run(sql, (practice,)):
        *fields, before, digest = row
        if fields[1] != expected:
            return [Fault(practice, expected, "row is missing")]
        if before != previous or digest != _digest(previous, fields):
            return [Fault(practice, expected, "row was changed")]
        if anchors.get((practice, expected), digest) != digest:
            return [Fault(practice, expected, "row differs from the anchor kept elsewhere")]
        previous, expected = digest, expected + 1
    last = max((seq for owner, seq in anchors if owner == practice), default=0)
    if (expected - 1, previous) != head or last >= expected:
        return [Fault(practice, expected, "the end of the chain is missing")]
    return []


def count() -> int:
    """Rows of all chains."""
    with opened():
        return int(database.execute_sql("select count(*) from audit").fetchone()[0])
