"""Answers to requests that carry an Idempotency-Key, kept to answer the same again."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.store.connection import run


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer given before to the request with this hash."""

    request_hash: str
    status: int
    body: str


def take(practice: int, who: str, key: str, request_hash: str, *, at: datetime) -> Kept | None:
    """Take a key inside write(), or give the answer kept under it; a second taker waits here until the first is done."""
    taken = run(
        "insert into idempotency (practice_id, who, key, request_hash, body, at) values (?, ?, ?, ?, '', ?)"
        " on conflict (practice_id, who, key) do nothing",
        (practice, who, key, request_hash, at),
    ).rowcount
    if taken:
        return None
    sql = "select request_hash, status, body from idempotency where practice_id = ? and who = ? and key = ?"
    return Kept(*run(sql, (practice, who, key)).fetchone())


def keep(practice: int, who: str, key: str, *, status: int, body: str) -> None:
    """The answer that belongs to a key taken in the same transaction."""
    sql = "update idempotency set status = ?, body = ? where practice_id = ? and who = ? and key = ?"
    run(sql, (status, body, practice, who, key))
