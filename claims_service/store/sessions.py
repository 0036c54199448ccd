"""Server-side sessions and tries to sign in. Secrets come as their sha256, never in the clear."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.store.connection import insert_rows, instant_of, instant_text, opened, run, write
from claims_service.store.tables import Session, SignInAttempt

_SESSION = ("practice", "token_hash", "user", "patient", "created_at", "seen_at", "address")
_ATTEMPT = ("subject_hash", "address", "at", "succeeded")


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session that has not ended, with who it belongs to. Either user or patient is set.

    language: what the patient reads. statement: the one bill that a session by a pay link sees, until ends_at.
    """

    id: int
    practice: int
    created_at: datetime
    seen_at: datetime
    user: int | None = None
    name: str = ""
    role: str = "patient"
    payer: int | None = None
    active: bool = True
    patient: int | None = None
    language: str = ""
    statement: int | None = None
    ends_at: datetime | None = None


def start(
    practice: int, token_hash: str, *, user: int | None = None, patient: int | None = None, address: str, at: datetime
) -> int:
    """A new session; gives its id."""
    with write():
        return insert_rows(Session, _SESSION, [(practice, token_hash, user, patient, at, at, address)])[0]


_LIVING = (
    "select s.id, s.practice_id, s.created_at, s.seen_at, s.user_id, u.name, u.role, u.payer_id, u.active, s.patient_id, p.first,"
    " p.last, p.language, l.statement_id, l.expires_at from session s left join app_user u on u.id = s.user_id"
    " left join patient p on p.id = s.patient_id left join pay_visit v on v.session_id = s.id"
    " left join pay_link l on l.id = v.pay_link_id where l.revoked_at is null and s.token_hash = ? and s.ended_at is null"
)


def by_token(token_hash: str) -> SessionRecord | None:
    """The session behind a secret, unless it ended."""
    with opened():
        row = run(_LIVING, (token_hash,)).fetchone()
    if row is None:
        return None
    (
        key,
        practice,
        created_at,
        seen_at,
        user,
        name,
        role,
        payer,
        active,
        patient,
        first,
        last,
        language,
        statement,
        until,
    ) = row
    since, at = instant_of(created_at), instant_of(seen_at)
    if patient is not None:
        name, role = f"{first} {last}".strip(), "patient" if statement is None else "bill_link"
        ends_at = instant_of(until)
        return SessionRecord(
            key, practice, since, at, name=name, role=role, patient=patient, language=language,
            statement=statement, ends_at=ends_at,
        )  # fmt: skip
    return SessionRecord(key, practice, since, at, user, name, role, payer, bool(active))


def seen(session: int, *, at: datetime) -> None:
    """The session was used just now."""
    with write():
        Session.update(seen_at=at).where(Session.id == session).execute()


def end(session: int, *, at: datetime) -> None:
    """The session ends; ended twice it stays as it was."""
    with write():
        Session.update(ended_at=at).where(Session.id == session, Session.ended_at.is_null()).execute()


def end_all(practice: int, *, user: int, at: datetime, but: int | None = None) -> int:
    """End every session of a person, save one; gives how many ended."""
    with write():
        query = Session.update(ended_at=at).where(
            Session.practice == practice, Session.user == user, Session.ended_at.is_null()
        )
        if but is not None:
            query = query.where(Session.id != but)
        return int(query.execute())


def note_attempt(subject_hash: str, address: str, *, succeeded: bool, at: datetime) -> None:
    """A try to sign in, for the limit."""
    with write():
        insert_rows(SignInAttempt, _ATTEMPT, [(subject_hash, address, at, succeeded)])


def failures_since(subject_hash: str, address: str, since: datetime) -> tuple[int, int]:
    """Failed tries after an instant: for the account since its last success, and from the address."""
    stamp = instant_text(since)
    with opened():
        account = run(
            "select count(*) from sign_in_attempt where subject_hash = ? and at > ? and not succeeded and at > coalesce("
            "(select max(at) from sign_in_attempt where subject_hash = ? and succeeded), '')",
            (subject_hash, stamp, subject_hash),
        ).fetchone()[0]
        place = run(
            "select count(*) from sign_in_attempt where address = ? and at > ? and not succeeded", (address, stamp)
        ).fetchone()[0]
    return int(account), int(place)
