"""Does a request once: the work, and the answer kept under its Idempotency-Key, stand or fall together. Not a step itself."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.errors import BillingError
from claims_service.store import idempotency
from claims_service.store.connection import write


class KeyReused(BillingError):
    """The key belongs to another request; nothing was done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """replayed: it was given before, and nothing was done this time."""

    status: int
    body: str
    replayed: bool = False


def once(
    practice: int, who: str, key: str, request: bytes, work: Callable[[], tuple[int, str]], *, now: datetime
) -> Answer:
    """Do the work of a request unless it was done under this key; a refusal undoes the key too, so a mended retry may use it.

    who: the API key, so that one client never sees another's answers. work gives status and body.

    Raises:
        KeyReused: the key was used for another request.
    """
    digest = hashlib.sha256(request).hexdigest()
    with write():
        kept = idempotency.take(practice, who, key, digest, at=now)
        if kept is None:
            status, body = work()
            idempotency.keep(practice, who, key, status=status, body=body)
            return Answer(status, body)
    if kept.request_hash != digest:
        raise KeyReused("This Idempotency-Key was used for another request.")
    return Answer(kept.status, kept.body, replayed=True)
