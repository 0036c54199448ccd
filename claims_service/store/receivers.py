"""Receivers of files: their settings, and whose turn it is to speak with one."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta

from claims_service.domain.receiver import MAILBOX, Receiver
from claims_service.store.connection import database, instant_text, on_postgresql, opened, run, write
from claims_service.store.tables import ReceiverRow

_SETTINGS = tuple(field.name for field in fields(Receiver) if field.name not in ("id", "identifier"))
REST = timedelta(hours=1)
_TURN = 838  # namespace of our advisory locks for receivers


def put(practice: int, receiver: Receiver, *, at: datetime) -> int:
    """Keep the settings of a receiver, new or known by its identifier; gives its id. An alarm about the old ones is over."""
    changed = {name: getattr(receiver, name) for name in _SETTINGS} | {"changed_at": at, "alarm": "", "alarm_at": None}
    with write(practice):
        known = ReceiverRow.get_or_none(ReceiverRow.practice == practice, ReceiverRow.identifier == receiver.identifier)
        if known is None:
            return int(ReceiverRow.create(practice=practice, identifier=receiver.identifier, **changed).id)
        ReceiverRow.update(**changed).where(ReceiverRow.practice == practice, ReceiverRow.id == known.id).execute()
        return int(known.id)


def every(practice: int) -> list[Receiver]:
    """All receivers of a practice, by name."""
    with opened():
        rows = ReceiverRow.select().where(ReceiverRow.practice == practice)
        return [_receiver(row) for row in rows.order_by(ReceiverRow.name, ReceiverRow.id)]


def reads_here(receiver: Receiver) -> str | None:
    """Who else takes answers out of the same folder: the name of another receiver, of this practice or another."""
    same = (
        (ReceiverRow.route == receiver.route)
        & (ReceiverRow.host == receiver.host)
        & (ReceiverRow.port == receiver.port)
        & (ReceiverRow.username == receiver.username)
        & (ReceiverRow.inbound == receiver.inbound)
    )
    with opened():
        row = ReceiverRow.select().where(ReceiverRow.id != receiver.id, ReceiverRow.route != MAILBOX, same).first()
        return str(row.name) if row else None


def set_alarm(practice: int, receiver: int, words: str, *, at: datetime) -> None:
    """Say why a person has to look at this connection, and when it was last tried; "" when it works."""
    with write():
        changed = (
            ReceiverRow.practice == practice,
            ReceiverRow.id == receiver,
            (ReceiverRow.alarm != words) | (words != ""),
        )
        ReceiverRow.update(alarm=words, alarm_at=at if words else None).where(*changed).execute()


def resting(practice: int, receiver: int, *, now: datetime) -> bool:
    """It refused us within the hour: to ask again would only lock our account, and a person has been told."""
    with opened():
        since = instant_text(now - REST)
        of_practice = (ReceiverRow.practice == practice, ReceiverRow.id == receiver)
        return ReceiverRow.select().where(*of_practice, ReceiverRow.alarm != "", ReceiverRow.alarm_at > since).exists()


def _receiver(row: ReceiverRow) -> Receiver:
    return Receiver(row.identifier, id=row.id, **{name: getattr(row, name) for name in _SETTINGS})


@contextlib.contextmanager
def turn(receiver: int) -> Iterator[bool]:
    """True while nobody else speaks with this receiver; False, at once, when somebody does. A killed process loses its turn.

    On PostgreSQL a lock of the connection, on SQLite, which has one machine anyway, a lock of a file beside the database.
    """
    with opened():
        if on_postgresql():
            mine = bool(run("select pg_try_advisory_lock(?, ?)", (_TURN, receiver)).fetchone()[0])
            try:
                yield mine
            finally:
                if mine:
                    run("select pg_advisory_unlock(?, ?)", (_TURN, receiver))
            return
        lock = os.open(
            f"{database.obj.database}-receiver-{receiver}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            yield _locked(lock)
        finally:
            os.close(lock)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
