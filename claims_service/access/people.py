"""Staff and insurer people: added, switched off, signed in, their passwords changed."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.access import limits, sessions
from claims_service.access.passwords import Passwords, problems_in
from claims_service.access.roles import STAFF
from claims_service.config import Config
from claims_service.domain.actor import Actor
from claims_service.domain.errors import BillingError, NotFound, Problem, Rejected
from claims_service.store import audit, parties, users
from claims_service.store import sessions as session_rows
from claims_service.store.connection import write
from claims_service.store.users import NewUser, UserRecord


class Refused(BillingError):
    """Name and password do not fit, the person is switched off or belongs to another site: they all look the same."""


class TooManyTries(BillingError):
    """The account or the address failed too often within the window."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to add. payer: the insurer's id for role insurer, else None."""

    email: str
    name: str
    role: str
    password: str
    payer: int | None = None


def add(practice: int, new: Newcomer, *, passwords: Passwords, by: Actor, now: datetime) -> int:
    """Add a person; gives the id.

    Raises:
        Rejected: with every problem at once.
        AlreadyDone: the e-mail address is in use.
    """
    if problems := _problems_in(practice, new):
        raise Rejected(problems)
    row = NewUser(tidy(new.email), new.name.strip(), new.role, passwords.hashed(new.password), new.payer)
    with write():
        user = users.add(practice, row, at=now)
        audit.record(practice, [audit.Event("user.add", subject=f"user:{user}", why=new.role)], by=by, at=now)
    return user


def sign_in(
    config: Config, passwords: Passwords, email: str, password: str, *, site: str, address: str, now: datetime
) -> str:
    """Check a person of site "staff" or "insurer" and start a session; gives the secret for `guard.enter`.

    Raises:
        Refused: always for the same reason as far as anybody outside can tell.
        TooManyTries: before the password is looked at.
    """
    subject = tidy(email)
    if limits.too_many(config, subject, address, now=now):
        raise TooManyTries("too many tries")
    user = users.by_email(subject)
    fits = passwords.matches(user.password_hash if user else None, password)
    if user is None or not fits or not user.active or not _belongs(user, site):
        _note_failure(config, user, subject, address, now)
        raise Refused("name or password do not fit")
    by = Actor(f"user:{user.id}", user.role, address)
    with write():
        if passwords.too_cheap(user.password_hash):
            users.set_password_hash(user.practice, user.id, passwords.hashed(password))
        limits.note(config, subject, address, succeeded=True, now=now)
        audit.record(user.practice, [audit.Event("sign_in", subject=f"user:{user.id}")], by=by, at=now)
        return sessions.start(user.practice, user=user.id, address=address, now=now)


def change_password(
    practice: int, user: int, password: str, *, passwords: Passwords, keep: int | None, by: Actor, now: datetime
) -> None:
    """Set a new password and end the person's other sessions. keep: the session that goes on, if any.

    Raises:
        NotFound: no such person of this practice.
        Rejected: the password would be guessed.
    """
    found = _known(practice, user)
    if problems := problems_in(password, found.email, found.name):
        raise Rejected(problems)
    hashed = passwords.hashed(password)
    with write():
        users.set_password_hash(practice, user, hashed)
        session_rows.end_all(practice, user=user, but=keep, at=now)
        audit.record(practice, [audit.Event("user.password", subject=f"user:{user}")], by=by, at=now)


def switch_off(practice: int, user: int, *, by: Actor, now: datetime) -> None:
    """Stop a person from signing in and end all their sessions.

    Raises:
        NotFound: no such person of this practice.
    """
    _known(practice, user)
    with write():
        users.set_active(practice, user, active=False)
        session_rows.end_all(practice, user=user, at=now)
        audit.record(practice, [audit.Event("user.switch_off", subject=f"user:{user}")], by=by, at=now)


def everybody(practice: int) -> list[UserRecord]:
    """All people of a practice, those switched off included."""
    return users.of_practice(practice)


def tidy(email: str) -> str:
    """An address as it is kept and compared."""
    return email.strip().casefold()[:254]


def _known(practice: int, user: int) -> UserRecord:
    found = users.by_id(practice, user)
    if found is None:
        raise NotFound("user")
    return found


def _belongs(user: UserRecord, site: str) -> bool:
    return user.role in STAFF if site == "staff" else user.role == site


def _note_failure(config: Config, user: UserRecord | None, subject: str, address: str, now: datetime) -> None:
    with write():
        limits.note(config, subject, address, succeeded=False, now=now)
        if user is not None:
            by = Actor(f"user:{user.id}", user.role, address)
            audit.record(user.practice, [audit.Event("sign_in.fail", subject=f"user:{user.id}")], by=by, at=now)


def _problems_in(practice: int, new: Newcomer) -> list[Problem]:
    problems = []
    before, at, after = tidy(new.email).partition("@")
    if not (before and at and "." in after):
        problems.append(Problem("email", "This is no e-mail address.", mend="Write it as name@clinic.org."))
    if not new.name.strip():
        problems.append(Problem("name", "The name is missing."))
    if new.role not in (*STAFF, "insurer"):
        problems.append(Problem("role", f"The role is one of {', '.join(STAFF)} and insurer."))
    if new.role == "insurer" and new.payer not in parties.payers(practice):
        problems.append(Problem("payer", "An insurer's person needs the insurer they work for."))
    if new.role != "insurer" and new.payer is not None:
        problems.append(Problem("payer", "Only an insurer's person belongs to an insurer."))
    return problems + problems_in(new.password, new.email, new.name)
