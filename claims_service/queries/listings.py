"""Lists for programs, each in one SELECT: by id, after the last one seen, so that pages are stable while others write."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from claims_service.queries.rows import instant, known_day, known_instant, rows
from claims_service.store.connection import opened

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """after: the id where the next slice begins, None at the end."""

    items: tuple[Item, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit. claim: the newest of its claims."""

    id: int
    reference: str
    patient: int
    served_on: date
    state: str
    claim: int | None


@dataclass(frozen=True, slots=True)
class Claim:
    """payer: None where the patient pays."""

    id: int
    control_number: str
    state: str
    sequence: str
    encounter: int
    patient: int
    payer: int | None
    served_on: date
    charge_cents: int
    expected_cents: int | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Remittance:
    """state: posted or held; reasons say why it is held."""

    id: int
    payer_name: str
    trace: str
    paid_cents: int
    paid_on: date
    claim_count: int
    state: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Statement:
    """owed_cents: when it was issued."""

    id: int
    number: str
    patient: int
    issued_on: date
    due_on: date
    owed_cents: int
    at: datetime


def encounters(practice: int, *, after: int, count: int, state: str = "") -> Slice[Encounter]:
    """Visits, the oldest first."""
    sql = (
        "select x.id, x.reference, x.patient_id, x.served_on, x.state, (select max(c.id) from claim c where c.encounter_id = x.id)"
        " from encounter x"
    )
    return _slice(practice, sql, {"x.state": state}, after, count, lambda r: Encounter(*_days(r, 3)))


def claims(practice: int, *, after: int, count: int, state: str = "", patient: int | None = None) -> Slice[Claim]:
    """Claims, the oldest first."""
    sql = (
        "select x.id, x.control_number, x.state, x.sequence, x.encounter_id, x.patient_id, x.payer_id, x.served_on, x.charge_cents,"
        " x.expected_cents, x.sent_at from claim x"
    )
    wanted = {"x.state": state, "x.patient_id": patient}
    return _slice(practice, sql, wanted, after, count, lambda r: Claim(*[*_days(r[:-1], 7), instant(r[-1])]))


def remittances(practice: int, *, after: int, count: int, state: str = "") -> Slice[Remittance]:
    """Remittances in the order they came."""
    sql = "select x.id, x.payer_name, x.trace, x.paid_cents, x.paid_on, x.claim_count, x.state, x.reasons from remittance x"
    return _slice(practice, sql, {"x.state": state}, after, count, lambda r: Remittance(*_days(r, 4)))


def statements(practice: int, *, after: int, count: int, patient: int | None = None) -> Slice[Statement]:
    """Statements in the order they were issued."""
    sql = "select x.id, x.number, x.patient_id, x.issued_on, x.due_on, x.owed_cents, x.at from statement x"
    return _slice(
        practice,
        sql,
        {"x.patient_id": patient},
        after,
        count,
        lambda r: Statement(*[*_days(r[:-1], 3, 4), known_instant(r[-1])]),
    )


def balances(practice: int, patient: int | None = None) -> dict[str, int]:
    """Debit-positive cents by account, of the practice or of one patient."""
    narrowed, values = ("", ()) if patient is None else (" and patient = ?", (patient,))
    sql = f"select account, sum(cents) from balance where practice_id = ?{narrowed} group by account order by account"
    with opened():
        return {account: int(cents) for account, cents in rows(sql, practice, *values)}


def _slice(
    practice: int, sql: str, wanted: dict[str, Any], after: int, count: int, made: Callable[[Any], Item]
) -> Slice[Item]:
    asked = {column: value for column, value in wanted.items() if value not in ("", None)}
    where = "".join(f" and {column} = ?" for column in asked)
    sql = f"{sql} where x.practice_id = ? and x.id > ?{where} order by x.id limit ?"
    with opened():
        found = rows(sql, practice, after, *asked.values(), count + 1)
    kept = tuple(made(record) for record in found[:count])
    return Slice(kept, found[count - 1][0] if len(found) > count else None)


def _days(record: Any, *positions: int) -> list[Any]:
    """The record with real days at these positions."""
    return [known_day(value) if i in positions else value for i, value in enumerate(record)]
