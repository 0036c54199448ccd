"""Ways to one bill without signing in: made once, revocable, and the sessions that came by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from claims_service.store.connection import in_parts, insert_rows, instant_text, marks, opened, run, write
from claims_service.store.tables import Patient, PayLink, PayVisit

_LINK = ("practice", "statement", "patient", "made_at", "expires_at", "failures")


@dataclass(frozen=True, slots=True)
class PayLinkRecord:
    """A link with what opens it."""

    id: int
    practice: int
    statement: int
    patient: int
    birth_on: date
    expires_at: datetime
    revoked_at: datetime | None
    failures: int


def ensure(
    practice: int, bills: Sequence[tuple[int, int]], *, most: int, at: datetime, lasts: timedelta
) -> dict[int, int]:
    """The living link of each (statement, patient), made where there is none: {statement: link}. Inside write().

    most: wrong dates of birth after which a link is dead.
    """
    found: dict[int, int] = {}
    for part in in_parts(statement for statement, _ in bills):
        sql = (
            f"select statement_id, id from pay_link where practice_id = ? and statement_id in ({marks(part)})"
            " and revoked_at is null and expires_at > ? and failures < ? order by id"
        )
        found.update(run(sql, (practice, *part, instant_text(at), most)).fetchall())
    new = [bill for bill in bills if bill[0] not in found]
    rows = [(practice, statement, patient, at, at + lasts, 0) for statement, patient in new]
    ids = insert_rows(PayLink, _LINK, rows) if rows else []
    return found | {statement: key for (statement, _), key in zip(new, ids, strict=True)}


def by_id(link: int) -> PayLinkRecord | None:
    """A link, whoever's it is: before the date of birth nobody's practice is known."""
    with opened():
        row = PayLink.get_or_none(PayLink.id == link)
        if row is None:
            return None
        birth_on = Patient.select(Patient.birth_on).where(Patient.id == row.patient_id).scalar()
    return PayLinkRecord(
        row.id, row.practice_id, row.statement_id, row.patient_id, birth_on, row.expires_at, row.revoked_at, row.failures
    )  # fmt: skip


def of_statement(practice: int, statement: int, *, most: int, at: datetime) -> datetime | None:
    """Until when the living link of a statement lives, None where there is none."""
    with opened():
        query = PayLink.select(PayLink.expires_at).where(
            (PayLink.practice == practice) & (PayLink.statement == statement) & PayLink.revoked_at.is_null()
            & (PayLink.expires_at > at) & (PayLink.failures < most)
        )  # fmt: skip
        found: datetime | None = query.order_by(PayLink.id.desc()).limit(1).scalar()
    return found


def revoke(practice: int, statement: int, *, at: datetime) -> int:
    """Every link of a statement is dead from now on, and so are the sessions that came by it; gives how many there were."""
    with write():
        query = PayLink.update(revoked_at=at).where(
            PayLink.practice == practice, PayLink.statement == statement, PayLink.revoked_at.is_null()
        )
        return int(query.execute())


def revoke_shared(practice: int, patients: Sequence[int], *, at: datetime) -> None:
    """Links to bills that others than these patients may hold are dead, and so are the sessions that came by them. Inside write()."""
    for part in in_parts(patients):
        run(
            "update pay_link set revoked_at = ? where practice_id = ? and revoked_at is null and statement_id in"
            f" (select id from statement where patient_id in ({marks(part)}) and not confidential)",
            (at, practice, *part),
        )


def count_failure(link: int, *, most: int) -> bool:
    """Count a wrong date of birth; False when that many were counted before, whatever comes at once."""
    with write():
        query = PayLink.update(failures=PayLink.failures + 1)
        return bool(query.where(PayLink.id == link, PayLink.failures < most).execute())


def note_visit(practice: int, token_hash: str, link: int) -> None:
    """The session behind a hashed secret came by a link and sees its statement alone. Inside write()."""
    session = run("select id from session where token_hash = ?", (token_hash,)).fetchone()[0]
    insert_rows(PayVisit, ("practice", "session", "pay_link"), [(practice, session, link)])
    PayLink.update(failures=0).where(PayLink.id == link).execute()
