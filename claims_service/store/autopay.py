"""Saved methods, what patients agreed to have charged, and each charge with how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.errors import NotFound
from claims_service.domain.patient.autopay import ANNOUNCED, OPEN, READY, REMOVED, STARTED, SavedMethod
from claims_service.store import tables
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run

_METHOD = "id, patient_id, key, reference, state, customer, token, kind, brand, last_digits"
_CONSENT = (
    "id, patient_id, method_id, what, plan_id, most_cents, words, version, language, address, accepted_by, agreed_on,"
    " agreed_at, ended_at, ended_why"
)
_CHARGE = "id, autopay_id, patient_id, statement_id, key, cents, charge_on, state, tries, payment_id, why"


@dataclass(frozen=True, slots=True)
class Method:
    """A saved card or account. state: started, ready, removed."""

    id: int
    patient: int
    key: str
    reference: str
    state: str
    saved: SavedMethod


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to. what: statements, plan; ended_at: None while it holds."""

    id: int
    patient: int
    method: int
    what: str
    plan: int | None
    most_cents: int
    words: tuple[str, ...]
    version: str
    language: str
    address: str
    accepted_by: str
    agreed_on: date
    agreed_at: str
    ended_at: str | None
    ended_why: str


@dataclass(frozen=True, slots=True)
class NewConsent:
    """words: the sentences that were read."""

    patient: int
    method: int
    what: str
    plan: int | None
    most_cents: int
    key: str
    words: tuple[str, ...]
    version: str
    language: str
    address: str
    accepted_by: str


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge of a consent. state: announced, charging, retry, paid, failed, stopped; payment: of the last try."""

    id: int
    autopay: int
    patient: int
    statement: int
    key: str
    cents: int
    charge_on: date
    state: str
    tries: int
    payment: int | None
    why: str


def start_method(practice: int, patient: int, key: str, *, at: datetime) -> Method:
    """A wish to save one; the same key again is the same wish. Inside write()."""
    known = _methods("key = ?", practice, key)
    if known:
        return known[0]
    columns = ("practice", "patient", "key", "state", "started_at")
    made = insert_rows(tables.SavedMethodRow, columns, [(practice, patient, key, STARTED, at)])[0]
    return method(practice, made)


def set_reference(practice: int, method: int, reference: str) -> None:
    """The company's page for it. Inside write()."""
    run("update saved_method set reference = ? where practice_id = ? and id = ?", (reference, practice, method))


def keep_method(practice: int, method: int, saved: SavedMethod, *, at: datetime) -> bool:
    """The company keeps it; False when that was told before or it is removed. Inside write()."""
    sql = (
        "update saved_method set state = ?, customer = ?, token = ?, kind = ?, brand = ?, last_digits = ?, ready_at = ?"
        " where practice_id = ? and id = ? and state = ?"
    )
    values = (saved.customer, saved.token, saved.kind, saved.brand, saved.last_digits[-4:])
    return bool(run(sql, (READY, *values, at, practice, method, STARTED)).rowcount)


def remove_method(practice: int, method: int, *, at: datetime) -> bool:
    """Nothing is charged to it any more; False when it was removed before. Inside write()."""
    sql = "update saved_method set state = ?, removed_at = ? where practice_id = ? and id = ? and state <> ?"
    return bool(run(sql, (REMOVED, at, practice, method, REMOVED)).rowcount)


def method(practice: int, key: int, *, patient: int | None = None) -> Method:
    """One method.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        found = _methods("id = ?", practice, key)
    if not found or (patient is not None and found[0].patient != patient):
        raise NotFound("saved method")
    return found[0]


def method_by_key(practice: int, key: str) -> Method | None:
    """The method a page was opened for."""
    with opened():
        found = _methods("key = ?", practice, key)
    return found[0] if found else None


def methods_of(practice: int, patient: int) -> list[Method]:
    """What is kept for a patient now, the newest first."""
    with opened():
        return _methods("patient_id = ? and state = ?", practice, patient, READY)


def _methods(where: str, *values: object) -> list[Method]:
    rows = run(f"select {_METHOD} from saved_method where practice_id = ? and {where} order by id desc", values)
    return [_method(*row) for row in rows.fetchall()]


def _method(*row: Any) -> Method:
    key, patient, form, reference, state, *saved = row
    return Method(key, patient, form, reference, state, SavedMethod(*saved))


def agree(practice: int, new: NewConsent, *, on: date, at: datetime) -> int:
    """Write a consent; a key that is known gives the one it made. Inside write()."""
    known = run("select id from autopay where practice_id = ? and key = ?", (practice, new.key)).fetchone()
    if known:
        return int(known[0])
    columns = (
        "practice", "patient", "method", "what", "plan", "most_cents", "key", "words", "version", "language", "address",
        "accepted_by", "agreed_on", "agreed_at",
    )  # fmt: skip
    row = (
        practice, new.patient, new.method, new.what, new.plan, new.most_cents, new.key, "\n".join(new.words), new.version,
        new.language, new.address, new.accepted_by, on, at,
    )  # fmt: skip
    return insert_rows(tables.Autopay, columns, [row])[0]


def end(practice: int, consent: int, why: str, *, at: datetime) -> bool:
    """It holds no more; False when it had ended. Inside write()."""
    sql = "update autopay set ended_at = ?, ended_why = ? where practice_id = ? and id = ? and ended_at is null"
    return bool(run(sql, (at, why, practice, consent)).rowcount)


def holding(practice: int, patient: int | None = None) -> list[Consent]:
    """Consents that hold, of one patient or of all."""
    with opened():
        if patient is None:
            return _consents("ended_at is null", practice)
        return _consents("ended_at is null and patient_id = ?", practice, patient)


def of_patient(practice: int, patient: int) -> list[Consent]:
    """Every consent of a patient, the newest first."""
    with opened():
        return _consents("patient_id = ?", practice, patient)


def consent(practice: int, key: int, *, patient: int | None = None) -> Consent:
    """One consent.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        found = _consents("id = ?", practice, key)
    if not found or (patient is not None and found[0].patient != patient):
        raise NotFound("autopay")
    return found[0]


def _consents(where: str, *values: object) -> list[Consent]:
    sql = f"select {_CONSENT} from autopay where practice_id = ? and {where} order by id desc"
    return [_consent(*row) for row in run(sql, values).fetchall()]


def _consent(*row: Any) -> Consent:
    key, patient, method, what, plan, most, words, version, language, address, who, on, at, ended, why = row
    told = tuple(words.split("\n"))
    return Consent(
        key, patient, method, what, plan, most, told, version, language, address, who, day_of(on), at, ended, why
    )


def announce(practice: int, of: Consent, statement: int, key: str, cents: int, on: date, *, at: datetime) -> int | None:
    """Write a charge before it is made; None when there is one for the same. Inside write()."""
    if run("select 1 from autopay_charge where practice_id = ? and key = ?", (practice, key)).fetchone():
        return None
    columns = ("practice", "autopay", "patient", "statement", "key", "cents", "charge_on", "state", "at")
    row = (practice, of.id, of.patient, statement, key, cents, on, ANNOUNCED, at)
    return insert_rows(tables.AutopayCharge, columns, [row])[0]


def open_charges(practice: int) -> list[Charge]:
    """What is announced, under way, or to be tried again; the oldest first."""
    with opened():
        return _charges(f"state in ({marks(OPEN)})", practice, *OPEN)


def charges_of(practice: int, patient: int) -> list[Charge]:
    """Every charge of a patient, the newest first."""
    with opened():
        return _charges("patient_id = ?", practice, patient)[::-1]


def charge(practice: int, key: int) -> Charge:
    """One charge as it stands.

    Raises:
        NotFound: none of this practice.
    """
    with opened():
        found = _charges("id = ?", practice, key)
    if not found:
        raise NotFound("charge")
    return found[0]


def statements_to_charge(practice: int, statements: Sequence[int]) -> set[int]:
    """Those of the statements that autopay is about to pay."""
    found: set[int] = set()
    with opened():
        for part in in_parts(statements):
            sql = (
                "select c.statement_id from autopay_charge c join autopay a on a.id = c.autopay_id where c.practice_id = ?"
                f" and a.plan_id is null and c.state in ({marks(OPEN)}) and c.statement_id in ({marks(part)})"
            )
            found.update(row[0] for row in run(sql, (practice, *OPEN, *part)).fetchall())
    return found


def _charges(where: str, *values: object) -> list[Charge]:
    sql = f"select {_CHARGE} from autopay_charge where practice_id = ? and {where} order by id"
    return [_charge(*row) for row in run(sql, values).fetchall()]


def _charge(*row: Any) -> Charge:
    key, consent, patient, statement, form, cents, on, state, tries, payment, why = row
    return Charge(key, consent, patient, statement, form, cents, day_of(on), state, tries, payment, why)


def move(
    practice: int, charge: Charge, state: str, *, payment: int | None = None, on: date | None = None, why: str = ""
) -> bool:
    """To the next state, from the one it was seen in; False when somebody moved it meanwhile. Inside write()."""
    sql = (
        "update autopay_charge set state = ?, payment_id = ?, charge_on = ?, why = ?, tries = ?"
        " where practice_id = ? and id = ? and state = ? and tries = ?"
    )
    tries = charge.tries + (payment is not None)
    values = (state, payment or charge.payment, on or charge.charge_on, why, tries)
    return bool(run(sql, (*values, practice, charge.id, charge.state, charge.tries)).rowcount)
