"""How often a sign-in may fail: per account and per address, counted in the database so that every worker agrees."""

import hashlib
from datetime import datetime, timedelta

from claims_service.config import Config
from claims_service.store import sessions


def too_many(config: Config, subject: str, address: str, *, now: datetime) -> bool:
    """Whether this account or this address failed as often as is allowed within the window."""
    since = now - timedelta(minutes=config.sign_in_window_minutes)
    account, place = sessions.failures_since(subject_hash(config, subject), address, since)
    return max(account, place) >= config.sign_in_attempts


def note(config: Config, subject: str, address: str, *, succeeded: bool, now: datetime) -> None:
    """Keep one try; the name is hashed with the secret key, so that the table tells nobody who signs in."""
    sessions.note_attempt(subject_hash(config, subject), address, succeeded=succeeded, at=now)


def subject_hash(config: Config, subject: str) -> str:
    """The account as the limit counts it: by hash, so that no address stands in the table of tries."""
    return hashlib.blake2b(subject.encode(), key=config.secret_key.encode()[:64], digest_size=32).hexdigest()
