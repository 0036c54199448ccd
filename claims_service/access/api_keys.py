"""Keys for programs: shown once, kept as a hash, taken back at any time."""

import secrets
from datetime import datetime

from claims_service.access.roles import PERMISSIONS
from claims_service.access.sessions import digest
from claims_service.domain.actor import Actor
from claims_service.store import audit, keys
from claims_service.store.connection import write
from claims_service.store.keys import KeyRecord

MARK = "claims_"


def make(practice: int, name: str, role: str, *, by: Actor, now: datetime) -> str:
    """A new key for role api_read or api_write; the text is not kept and can't be shown again."""
    assert role in PERMISSIONS["api.read"], "a key is api_read or api_write"
    key = MARK + secrets.token_urlsafe(32)
    with write():
        made = keys.add_key(practice, name=name, role=role, prefix=key[:12], key_hash=digest(key), at=now)
        audit.record(practice, [audit.Event("api_key.make", subject=f"key:{made}", why=role)], by=by, at=now)
    return key


def find(key: str) -> KeyRecord | None:
    """The living key behind the text of an Authorization header."""
    return keys.key_by_hash(digest(key)) if key.startswith(MARK) else None


def revoke(practice: int, key: int, *, by: Actor, now: datetime) -> None:
    """Take a key back.

    Raises:
        NotFound: no such key of this practice.
    """
    with write():
        keys.revoke_key(practice, key, at=now)
        audit.record(practice, [audit.Event("api_key.revoke", subject=f"key:{key}")], by=by, at=now)


def every(practice: int) -> list[KeyRecord]:
    """All keys of a practice, those taken back included."""
    return keys.keys_of(practice)
