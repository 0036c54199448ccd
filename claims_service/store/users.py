"""Staff and insurer people as rows."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.errors import AlreadyDone
from claims_service.store.connection import insert_rows, opened, write
from claims_service.store.tables import User

WORKERS = ("front_desk", "biller", "manager", "administrator")  # roles that work may be given to
_COLUMNS = ("practice", "email", "name", "role", "password_hash", "payer", "active", "created_at")


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A person who signs in with a password. payer: set for insurer people only."""

    id: int
    practice: int
    email: str
    name: str
    role: str
    payer: int | None
    active: bool
    password_hash: str


@dataclass(frozen=True, slots=True)
class NewUser:
    """email: in lower case, unique in the whole database."""

    email: str
    name: str
    role: str
    password_hash: str
    payer: int | None = None


def add(practice: int, new: NewUser, *, at: datetime) -> int:
    """Keep one person; gives the id.

    Raises:
        AlreadyDone: the e-mail address belongs to somebody already.
    """
    with write():
        if by_email(new.email) is not None:
            raise AlreadyDone("This e-mail address is in use already.")
        row = (practice, new.email, new.name, new.role, new.password_hash, new.payer, True, at)
        return insert_rows(User, _COLUMNS, [row])[0]


def by_email(email: str) -> UserRecord | None:
    """The person with this address."""
    with opened():
        row = User.get_or_none(User.email == email)
    return _record(row) if row else None


def by_id(practice: int, user: int) -> UserRecord | None:
    """The person with this id."""
    with opened():
        row = User.get_or_none(User.practice == practice, User.id == user)
    return _record(row) if row else None


def of_practice(practice: int) -> list[UserRecord]:
    """Everybody of a practice by name, those switched off included."""
    with opened():
        rows = User.select().where(User.practice == practice).order_by(User.name, User.id)
        return [_record(row) for row in rows]


def set_password_hash(practice: int, user: int, password_hash: str) -> None:
    """Keep a new password hash."""
    with write():
        User.update(password_hash=password_hash).where(User.practice == practice, User.id == user).execute()


def set_active(practice: int, user: int, active: bool) -> None:
    """Let a person in again, or keep them out."""
    with write():
        User.update(active=active).where(User.practice == practice, User.id == user).execute()


def _record(row: User) -> UserRecord:
    return UserRecord(
        row.id, row.practice_id, row.email, row.name, row.role, row.payer_id, bool(row.active), row.password_hash
    )
