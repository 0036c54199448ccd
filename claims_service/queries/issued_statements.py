"""Statements patients have been sent, and the checks they sent back."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.queries.rows import known_day, known_instant, row, rows
from claims_service.store.connection import opened


@dataclass(frozen=True, slots=True)
class Issued:
    """The newest statement of its kind of a patient. owed_cents: when it was issued."""

    id: int
    patient: int
    number: str
    owed_cents: int


@dataclass(frozen=True, slots=True)
class Check:
    """A check a patient paid with."""

    number: str
    cents: int
    taken_at: datetime


def latest(practice: int) -> list[Issued]:
    """One a patient, and one more of confidential visits, in the order they were issued."""
    sql = (
        "select id, patient_id, number, owed_cents from statement where practice_id = ?"
        " and id in (select max(id) from statement where practice_id = ? group by patient_id, confidential) order by id"
    )
    with opened():
        return [Issued(*found) for found in rows(sql, practice, practice)]


def checks(practice: int) -> list[Check]:
    """Every check taken, oldest first."""
    sql = "select check_number, cents, settled_at from payment where practice_id = ? and method = 'check' and state = 'paid' order by id"
    with opened():
        return [Check(number, cents, known_instant(at)) for number, cents, at in rows(sql, practice)]


@dataclass(frozen=True, slots=True)
class Debtor:
    """A patient who was sent a statement and still owes."""

    id: int
    name: str
    birth_on: date


def first_debtor(practice: int) -> Debtor | None:
    """The one longest known, if any."""
    sql = (
        "select p.id, p.first, p.last, p.birth_on from patient p where p.practice_id = ?"
        " and exists (select 1 from statement s where s.patient_id = p.id)"
        " and (select coalesce(sum(b.cents), 0) from balance b where b.patient = p.id and b.practice_id = ? and b.account = ?) > 0"
        " order by p.id limit 1"
    )
    with opened():
        found = row(sql, practice, practice, PATIENT_OWES)
    return Debtor(found[0], f"{found[1]} {found[2]}", known_day(found[3])) if found else None
