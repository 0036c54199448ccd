"""Payment plans: what is offered, what was agreed and its schedules, and what the journal says of their visits since."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import CARD_CLEARING, DESK_CLEARING, PATIENT_OWES
from claims_service.domain.patient.payment_plan import (
    AGREED,
    RUNNING,
    Instalment,
    Money,
    Policy,
    Schedule,
    Standing,
    standing,
    total,
)
from claims_service.store import bills, confidential, tables
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run

_NEW = (
    "practice", "patient", "statement", "number", "key", "total_cents", "from_entry", "agreed_on", "agreed_at",
    "accepted_by", "via", "address", "language", "by", "state",
)  # fmt: skip
_HEAD = "id, patient_id, statement_id, number, key, total_cents, from_entry, agreed_on, accepted_by, via, address, language, state"


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan to write. visits: cents open by encounter; papers: the accepted paper by language."""

    patient: int
    statement: int
    number: str
    key: str
    schedule: Schedule
    visits: Mapping[int, int]
    papers: Mapping[str, bytes]
    accepted_by: str
    via: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Head:
    """A plan as it was agreed, and its state: running, paid, stopped."""

    id: int
    patient: int
    statement: int
    number: str
    key: str
    total_cents: int
    from_entry: int
    agreed_on: date
    accepted_by: str
    via: str
    address: str
    language: str
    state: str


@dataclass(frozen=True, slots=True)
class Running:
    """A running plan with how it stands. open_cents: asked for now, by encounter; version: the newest schedule written down."""

    head: Head
    agreed: Schedule
    version: int
    written: Schedule
    money: Money
    standing: Standing
    open_cents: Mapping[int, int]


def policy(practice: int) -> Policy:
    """What the practice offers now."""
    sql = "select least_cents, most_months, grace_days from payment_plan_policy where practice_id = ? order by id desc limit 1"
    with opened():
        found = run(sql, (practice,)).fetchone()
    return Policy(*found) if found else Policy()


def add_policy(practice: int, new: Policy, *, by: str, at: datetime) -> None:
    """From now on. Inside write()."""
    columns = ("practice", "least_cents", "most_months", "grace_days", "by", "at")
    row = (practice, new.least_cents, new.most_months, new.grace_days, by, at)
    insert_rows(tables.PaymentPlanPolicy, columns, [row])


def add(practice: int, new: NewPlan, *, by: str, on: date, at: datetime) -> int:
    """Write a plan with its first schedule and its papers; gives its id. Inside write()."""
    last = run("select coalesce(max(id), 0) from journal_entry where practice_id = ?", (practice,)).fetchone()[0]
    row = (
        practice, new.patient, new.statement, new.number, new.key, total(new.schedule), last, on, at, new.accepted_by,
        new.via, new.address, new.language, by, RUNNING,
    )  # fmt: skip
    plan = insert_rows(tables.PaymentPlanRow, _NEW, [row])[0]
    visits = [(practice, plan, encounter, cents) for encounter, cents in new.visits.items()]
    insert_rows(tables.PaymentPlanVisit, ("practice", "plan", "encounter", "cents"), visits)
    add_version(practice, plan, 1, new.schedule, AGREED, at=at)
    papers = [
        (practice, plan, language, content, hashlib.sha256(content).hexdigest(), at)
        for language, content in new.papers.items()
    ]
    insert_rows(tables.PaymentPlanAgreement, ("practice", "plan", "language", "content", "sha256", "at"), papers)
    return plan


def add_version(practice: int, plan: int, number: int, schedule: Schedule, why: str, *, at: datetime) -> None:
    """A schedule from now on; the ones before stay. Inside write()."""
    text = " ".join(f"{one.due_on.isoformat()}:{one.cents}" for one in schedule)
    columns = ("practice", "plan", "number", "schedule", "why", "at")
    insert_rows(tables.PaymentPlanVersion, columns, [(practice, plan, number, text, why, at)])


def schedule_of(text: str) -> Schedule:
    """The schedule behind its text."""
    pairs = (one.partition(":") for one in text.split())
    return tuple(Instalment(date.fromisoformat(on), int(cents)) for on, _, cents in pairs)


def add_event(practice: int, plan: int, kind: str, key: str, *, by: str, at: datetime, words: str = "") -> bool:
    """What happened, once a key; False when it is known. Inside write()."""
    if run("select 1 from payment_plan_event where plan_id = ? and key = ?", (plan, key)).fetchone():
        return False
    columns = ("practice", "plan", "kind", "key", "words", "by", "at")
    insert_rows(tables.PaymentPlanEvent, columns, [(practice, plan, kind, key, words, by, at)])
    return True


def last_event(practice: int, plan: int, kinds: Sequence[str]) -> str:
    """The kind of the newest event among some, empty for none."""
    sql = f"select kind from payment_plan_event where practice_id = ? and plan_id = ? and kind in ({marks(kinds)}) order by id desc limit 1"
    with opened():
        found = run(sql, (practice, plan, *kinds)).fetchone()
    return str(found[0]) if found else ""


def set_state(practice: int, plan: int, state: str) -> None:
    """It is paid, or stopped. Inside write()."""
    run("update payment_plan set state = ? where practice_id = ? and id = ?", (state, practice, plan))


def head(practice: int, plan: int, *, patient: int | None = None) -> Head:
    """One plan.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        found = _heads("practice_id = ? and id = ?", practice, plan)
    if not found or (patient is not None and found[0].patient != patient):
        raise NotFound("payment plan")
    return found[0]


def by_key(practice: int, key: str) -> Head | None:
    """The plan a form made before, if it did."""
    with opened():
        found = _heads("practice_id = ? and key = ?", practice, key)
    return found[0] if found else None


def of_patient(practice: int, patient: int) -> list[Head]:
    """Every plan of a patient, the newest first."""
    with opened():
        return _heads("practice_id = ? and patient_id = ?", practice, patient)


def _heads(where: str, *values: object) -> list[Head]:
    rows = run(f"select {_HEAD} from payment_plan where {where} order by id desc", values).fetchall()
    return [_head(*row) for row in rows]


def _head(*row: Any) -> Head:
    key, patient, statement, number, form, cents, last, on, who, via, address, language, state = row
    return Head(key, patient, statement, number, form, cents, last, day_of(on), who, via, address, language, state)


def paper(practice: int, plan: int, language: str) -> bytes:
    """The accepted paper, byte for byte.

    Raises:
        NotFound: no such plan of this practice.
    """
    sql = "select content from payment_plan_agreement where practice_id = ? and plan_id = ? and language = ?"
    with opened():
        found = run(sql, (practice, plan, language)).fetchone()
    if found is None:
        raise NotFound("agreement")
    return bytes(found[0])


def running(practice: int, patients: Sequence[int] | None, *, today: date) -> dict[int, Running]:
    """The running plan of each patient (None = of all) as the journal has it now; who has none is left out."""
    with opened():
        if patients is None:
            heads = _heads("practice_id = ? and state = ?", practice, RUNNING)
        else:
            heads = [
                one
                for part in in_parts(patients)
                for one in _heads(
                    f"+practice_id = ? and state = ? and patient_id in ({marks(part)})", practice, RUNNING, *part
                )
            ]
        return {one.head.patient: one for one in as_of_now(practice, heads, today=today)}


def as_of_now(practice: int, heads: Sequence[Head], *, today: date) -> list[Running]:
    """Plans read against the journal, in a few SELECTs however many."""
    if not heads:
        return []
    ids = [one.id for one in heads]
    days = policy(practice).grace_days
    visits, written, paid = _visits(practice, ids), _schedules(practice, ids), _paid(practice, ids)
    patients = sorted({one.patient for one in heads})
    accounts, private = bills.accounts(practice, patients), confidential.visits_of(practice, patients)
    found = []
    for one in heads:
        account, own = accounts[one.patient], visits[one.id] - private.get(one.patient, frozenset())
        owed: dict[int, int] = defaultdict(int)
        for encounter, _, cents in account.claims.values():
            if encounter in own:
                owed[encounter] += cents
        held = {encounter: account.held_of(encounter) for encounter in owed}
        asked = {encounter: max(cents - held[encounter], 0) for encounter, cents in owed.items()}
        money = Money(paid[one.id], sum(asked.values()), sum(held.values()))
        agreed, number, newest = written[one.id]
        found.append(Running(one, agreed, number, newest, money, standing(agreed, money, days, today), asked))
    return found


def _visits(practice: int, plans: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for part in in_parts(plans):
        sql = (
            f"select plan_id, encounter_id from payment_plan_visit where practice_id = ? and plan_id in ({marks(part)})"
        )
        for plan, encounter in run(sql, (practice, *part)).fetchall():
            found[plan].add(encounter)
    return found


def _schedules(practice: int, plans: Sequence[int]) -> dict[int, tuple[Schedule, int, Schedule]]:
    """plan -> the schedule as agreed, the number of the newest, the newest."""
    found: dict[int, tuple[Schedule, int, Schedule]] = {}
    for part in in_parts(plans):
        sql = (
            "select plan_id, number, schedule from payment_plan_version where practice_id = ?"
            f" and plan_id in ({marks(part)}) order by plan_id, number"
        )
        for plan, number, text in run(sql, (practice, *part)).fetchall():
            now = schedule_of(text)
            found[plan] = (found[plan][0] if plan in found else now, number, now)
    return found


def _paid(practice: int, plans: Sequence[int]) -> dict[int, int]:
    """plan -> tender put to its visits since it was agreed, less what was given back."""
    found: dict[int, int] = defaultdict(int)
    tender = (CARD_CLEARING, DESK_CLEARING)
    for part in in_parts(plans):
        sql = (
            "select p.id, sum(case when t.credit = ? then t.cents else -t.cents end) from payment_plan p"
            " join payment_plan_visit v on v.plan_id = p.id join claim c on c.encounter_id = v.encounter_id"
            " join journal_transfer t on t.claim = c.id and t.practice_id = p.practice_id and t.entry_id > p.from_entry"
            f" where p.practice_id = ? and p.id in ({marks(part)})"
            " and (t.credit = ? and t.debit in (?, ?) or t.debit = ? and t.credit in (?, ?)) group by p.id"
        )
        values = (PATIENT_OWES, practice, *part, PATIENT_OWES, *tender, PATIENT_OWES, *tender)
        for plan, cents in run(sql, values).fetchall():
            found[plan] = int(cents)
    return found


def planned(practice: int, patients: Sequence[int], *, today: date) -> dict[int, Running]:
    """Plans that are kept, by patient: what stands on them is not reminded of."""
    return {patient: one for patient, one in running(practice, patients, today=today).items() if one.standing.is_kept}
