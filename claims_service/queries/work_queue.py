"""What waits for a person, queue by queue. Membership follows from the state alone: what is answered leaves by itself."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from claims_service.queries import keyset, people, waiting_days
from claims_service.queries.rows import Record, day, instant, known_day, known_instant, marks, row, rows
from claims_service.store.connection import opened
from claims_service.store.users import WORKERS

PAGE = 50
MOST = 1000  # counted; beyond that a page says "1,000+"
TO_CODE = "to_code"
# name -> SQL condition on the claim c, or None where it follows from the insurers' own days
QUEUES: dict[str, str | None] = {
    TO_CODE: None,
    "held": "c.state = 'needs_mending'",
    "rejected": "c.state = 'sent_back'",
    "no_answer": None,
    "near_limit": None,
    "authorization": (
        "(c.state = 'needs_mending' and exists (select 1 from claim_problem q where q.claim_id = c.id and q.settled_at is null"
        " and q.severity = 'must' and q.rule like 'authorization%%'))"
    ),
}
SHOWN = ("awake", "asleep")
WHOSE = ("everyone", "mine", "nobody")

# Something new wakes what sleeps: a snooze is about the state in which it was given.
_ASLEEP = "(t.snoozed_until > ? and t.at >= {changed})"
_CLAIMS = (
    "select c.id, c.control_number, c.patient_id, p.first, p.last, coalesce(y.name, ''), coalesce(y.identifier, ''), c.served_on, c.state,"
    " c.frequency, c.charge_cents, c.changed_at, c.sent_at, t.assignee_id, u.name, t.snoozed_until"
)
_CLAIM_JOINS = (
    " from claim c join patient p on p.id = c.patient_id left join payer y on y.id = c.payer_id"
    " left join work_task t on t.claim_id = c.id left join app_user u on u.id = t.assignee_id"
)
_VISITS = (
    "select c.id, c.reference, c.patient_id, p.first, p.last, '', '', c.served_on, c.state, '', 0, c.recorded_at, null, t.assignee_id,"
    " u.name, t.snoozed_until"
)
_VISIT_JOINS = (
    " from encounter c join patient p on p.id = c.patient_id left join work_task t on t.encounter_id = c.id"
    " left join app_user u on u.id = t.assignee_id"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """queue: a name of QUEUES; whose: of WHOSE; shown: of SHOWN; after, before: cursors of an earlier page."""

    queue: str = "held"
    whose: str = "everyone"
    shown: str = "awake"
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim, or in TO_CODE a visit. why: what stops it. last_on: the last day its insurer takes it. note: the newest, notes: how many."""

    id: int
    number: str
    patient: int
    patient_name: str
    payer: str
    served_on: date
    state: str
    charge_cents: int
    since: datetime
    sent_at: datetime | None
    assignee: int | None
    assignee_name: str
    snoozed_until: date | None
    last_on: date | None
    why: str = ""
    note: str = ""
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """before, after: cursors of the pages beside it, "" where there is none."""

    waiting: tuple[Waiting, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted about a claim."""

    text: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Task:
    """To whom a claim is given and until when it sleeps, with its notes, the newest first."""

    assignee: int | None
    assignee_name: str
    snoozed_until: date | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """That an insurer had a claim in time: its acceptance (277CA), kept with its file."""

    at: datetime
    file: int | None


def counts(practice: int, *, today: date, now: datetime) -> dict[str, int]:
    """How much is awake in each queue, in four SELECTs; MOST + 1 stands for more than MOST."""
    parts, values = [], list[Any]()
    with opened():
        for queue in QUEUES:
            source, condition, own = _source(practice, queue, today=today, now=now)
            asleep = _ASLEEP.format(changed=_changed(queue))
            parts.append(
                f"(select count(*) from (select 1 as one{source} where c.practice_id = ? and {condition}"
                f" and (t.snoozed_until is null or not {asleep}) limit {MOST + 1}) v)"
            )
            values += [practice, *own, today]
        found = row(f"select {', '.join(parts)}", *values)
    assert found is not None, "a count always gives a row"
    return {name: int(number) for name, number in zip(QUEUES, found, strict=True)}


def page_of(practice: int, wanted: Wanted, *, user: int, today: date, now: datetime) -> Page:
    """One page, the oldest visit first, in four SELECTs and one for each insurers' rule. user: who "mine" is."""
    with opened():
        source, condition, values = _source(practice, wanted.queue, today=today, now=now)
        asleep = _ASLEEP.format(changed=_changed(wanted.queue))
        parts = [condition, asleep if wanted.shown == "asleep" else f"(t.snoozed_until is null or not {asleep})"]
        values += [today]
        if wanted.whose == "mine":
            parts.append("t.assignee_id = ?")
            values.append(user)
        elif wanted.whose == "nobody":
            parts.append("t.assignee_id is null")
        walk = keyset.walk("c.served_on", "c.id", wanted.after, wanted.before, descending=False)
        select = _VISITS if wanted.queue == TO_CODE else _CLAIMS
        found = rows(
            f"{select}{source} where c.practice_id = ? and {' and '.join(parts)}{walk.condition} order by {walk.order} limit ?",
            practice, *values, *walk.values, PAGE + 1,
        )  # fmt: skip
        kept, before, after = walk.page(found, PAGE, lambda record: (record[7], record[0]))
        listed = _with_words(practice, wanted.queue, [_waiting(record) for record in kept])
    return Page(tuple(listed), before, after)


def _source(practice: int, queue: str, *, today: date, now: datetime) -> tuple[str, str, list[Any]]:
    """From where, on what condition and with which values a queue is asked; c is a claim, or in TO_CODE a visit."""
    if queue == TO_CODE:
        return _VISIT_JOINS, "c.state = 'recorded'", []
    if queue == "no_answer":
        return _CLAIM_JOINS, *waiting_days.silent(practice, now=now)
    if queue == "near_limit":
        return _CLAIM_JOINS, *waiting_days.near_limit(practice, today=today)
    return _CLAIM_JOINS, str(QUEUES[queue]), []


def _changed(queue: str) -> str:
    return "c.recorded_at" if queue == TO_CODE else "c.changed_at"


def _waiting(record: Record) -> Waiting:
    (
        key, number, patient, first, last, payer, identifier, on, state, frequency, charge, since, sent, assignee, name, until,
    ) = record  # fmt: skip
    served_on = known_day(on)
    return Waiting(
        int(key), number, patient, f"{first} {last}".strip(), payer, served_on, state, int(charge), known_instant(since), instant(sent),
        assignee, name or "", day(until), waiting_days.last_day(identifier, served_on, frequency) if identifier else None,
    )  # fmt: skip


def _with_words(practice: int, queue: str, listed: list[Waiting]) -> list[Waiting]:
    """What stops each claim, and the newest note about it."""
    if not listed:
        return []
    ids, column = [one.id for one in listed], "encounter_id" if queue == TO_CODE else "claim_id"
    notes = {
        key: (text, int(many))
        for key, text, many in rows(
            f"select n.{column}, n.text, m.many from work_note n join (select {column} as about, max(id) as newest, count(*) as many"
            f" from work_note where practice_id = ? and {column} in ({marks(ids)}) group by {column}) m on m.newest = n.id",
            practice, *ids,
        )
    }  # fmt: skip
    why: dict[int, str] = {}
    if queue != TO_CODE:
        sql = (
            "select claim_id, message from claim_problem where practice_id = ? and settled_at is null and severity = 'must'"
            f" and claim_id in ({marks(ids)}) order by id desc"
        )
        why = {int(claim): str(message) for claim, message in rows(sql, practice, *ids)}
    return [
        replace(one, why=why.get(one.id, ""), note=notes.get(one.id, ("", 0))[0], notes=notes.get(one.id, ("", 0))[1])
        for one in listed
    ]


def task_of(practice: int, claim: int) -> Task:
    """The task of one claim with its notes, in three SELECTs."""
    with opened():
        found = row(
            "select t.assignee_id, u.name, t.snoozed_until from work_task t left join app_user u on u.id = t.assignee_id"
            " where t.practice_id = ? and t.claim_id = ?",
            practice, claim,
        )  # fmt: skip
        listed = rows(
            "select text, at, by from work_note where practice_id = ? and claim_id = ? order by id desc",
            practice,
            claim,
        )
        named = people.names(practice, [by for _, _, by in listed])
    assignee, name, until = found or (None, "", None)
    notes = tuple(Note(text, known_instant(at), named[by]) for text, at, by in listed)
    return Task(assignee, name or "", day(until), notes)


def workers(practice: int) -> list[tuple[int, str]]:
    """(id, name) of everybody work may be given to."""
    sql = f"select id, name from app_user where practice_id = ? and active and role in ({marks(WORKERS)}) order by name"
    with opened():
        return [(int(key), str(name)) for key, name in rows(sql, practice, *WORKERS)]


def proof_of(practice: int, claim: int) -> Proof | None:
    """The first acceptance of a claim by its insurer (277CA): what proves that it was filed in time."""
    sql = "select at, file from claim_event where practice_id = ? and claim_id = ? and kind = 'accepted' order by at, id limit 1"
    with opened():
        found = row(sql, practice, claim)
    return Proof(known_instant(found[0]), found[1]) if found else None
