"""API keys and one-time links into the portal. Secrets come as their sha256, never in the clear."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.errors import NotFound
from claims_service.store.connection import insert_rows, opened, write
from claims_service.store.tables import ApiKey, Patient, PortalLink

_KEY = ("practice", "name", "role", "prefix", "key_hash", "created_at")
_LINK = ("practice", "patient", "token_hash", "made_at", "expires_at", "failures")


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """prefix: the first letters of the key, by which people tell keys apart."""

    id: int
    practice: int
    name: str
    role: str
    prefix: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link with what opens it."""

    id: int
    practice: int
    patient: int
    birth_on: date
    expires_at: datetime
    used_at: datetime | None
    failures: int


def add_key(practice: int, *, name: str, role: str, prefix: str, key_hash: str, at: datetime) -> int:
    """Keep a new key by its hash; gives its id."""
    with write():
        return insert_rows(ApiKey, _KEY, [(practice, name, role, prefix, key_hash, at)])[0]


def key_by_hash(key_hash: str) -> KeyRecord | None:
    """The key, unless it was taken back."""
    with opened():
        row = ApiKey.get_or_none(ApiKey.key_hash == key_hash, ApiKey.revoked_at.is_null())
    return _key(row) if row else None


def keys_of(practice: int) -> list[KeyRecord]:
    """Every key of a practice, those taken back included."""
    with opened():
        return [_key(row) for row in ApiKey.select().where(ApiKey.practice == practice).order_by(ApiKey.id)]


def revoke_key(practice: int, key: int, *, at: datetime) -> None:
    """Take a key back; it stops working at once.

    Raises:
        NotFound: no such key of this practice.
    """
    with write():
        if not ApiKey.update(revoked_at=at).where(ApiKey.practice == practice, ApiKey.id == key).execute():
            raise NotFound("key")


def add_link(practice: int, patient: int, *, token_hash: str, at: datetime, expires_at: datetime) -> int:
    """Keep a link.

    Raises:
        NotFound: no such patient of this practice.
    """
    with write():
        if not Patient.select().where(Patient.practice == practice, Patient.id == patient).exists():
            raise NotFound("patient")
        return insert_rows(PortalLink, _LINK, [(practice, patient, token_hash, at, expires_at, 0)])[0]


def link_by_token(token_hash: str) -> LinkRecord | None:
    """The portal link behind a hashed token."""
    with opened():
        row = PortalLink.get_or_none(PortalLink.token_hash == token_hash)
        if row is None:
            return None
        birth_on = Patient.select(Patient.birth_on).where(Patient.id == row.patient_id).scalar()
    return LinkRecord(row.id, row.practice_id, row.patient_id, birth_on, row.expires_at, row.used_at, row.failures)


def use_link(link: int, *, most: int, at: datetime) -> bool:
    """Mark a link as used; False when somebody was quicker, or it failed too often meanwhile."""
    with write():
        alive = (PortalLink.id == link) & PortalLink.used_at.is_null() & (PortalLink.failures < most)
        query = PortalLink.update(used_at=at).where(alive)
        return bool(query.execute())


def count_failure(link: int, *, most: int) -> bool:
    """Count a wrong date of birth; False when that many were counted before, whatever comes at once."""
    with write():
        query = PortalLink.update(failures=PortalLink.failures + 1)
        return bool(query.where(PortalLink.id == link, PortalLink.failures < most).execute())


def _key(row: ApiKey) -> KeyRecord:
    return KeyRecord(row.id, row.practice_id, row.name, row.role, row.prefix, row.created_at, row.revoked_at)
