"""Sessions on the server: the cookie holds a random secret, the database its hash, and an ended session is dead at once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from claims_service.config import Config
from claims_service.store import sessions
from claims_service.store.sessions import SessionRecord


def start(practice: int, *, user: int | None = None, patient: int | None = None, address: str, now: datetime) -> str:
    """Open a session for a person or a patient; gives the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    sessions.start(practice, digest(secret), user=user, patient=patient, address=address, at=now)
    return secret


def find(config: Config, secret: str, *, now: datetime) -> SessionRecord | None:
    """The living session behind a cookie: not ended, not idle too long, not too old, its person not switched off."""
    found = sessions.by_token(digest(secret))
    if found is None:
        return None
    idle = timedelta(minutes=config.session_idle_minutes)
    too_old = now - found.created_at >= timedelta(hours=config.session_absolute_hours)
    is_over = found.ends_at is not None and now >= found.ends_at
    if is_over or too_old or now - found.seen_at >= idle or not found.active:
        sessions.end(found.id, at=now)
        return None
    # Written now and then, not on each request: the idle time may end this much early.
    if now - found.seen_at >= idle / 30:
        sessions.seen(found.id, at=now)
    return found


def end(session: int, *, now: datetime) -> None:
    """End one session on the server."""
    sessions.end(session, at=now)


def digest(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
