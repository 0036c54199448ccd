"""Estimates as the staff and their patient see them: what is due, what was issued, and bills that wait since they are far above."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.estimate.paper import Estimate
from claims_service.domain.estimate.wish import DROPPED, DUE, ISSUED, Wish
from claims_service.domain.estimate.working_out import worked_out
from claims_service.formats.tables import codes
from claims_service.queries.rows import Record, day, known_day, rows
from claims_service.store import bills, estimate_facts, estimates
from claims_service.store.connection import opened
from claims_service.store.estimates import Head

MOST = 200
_BRIEF = (
    "select e.id, e.patient_id, p.first, p.last, e.number, e.reason, e.state, e.asked_on, e.planned_on, e.due_on, e.words,"
    " coalesce(x.kind, ''), x.issued_on, x.charge_cents, x.low_cents, x.high_cents from estimate e"
    " join patient p on p.id = e.patient_id left join estimate_paper x on x.estimate_id = e.id where e.practice_id = ?"
)


@dataclass(frozen=True, slots=True)
class Brief:
    """An estimate in a list. late: it should have been given. cents: as on the paper, None before it is issued."""

    id: int
    patient: int
    patient_name: str
    number: str
    reason: str
    state: str
    asked_on: date
    planned_on: date | None
    due_on: date | None
    words: str
    kind: str
    issued_on: date | None
    charge_cents: int | None
    low_cents: int | None
    high_cents: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bill that waits for a person, since it is far above its estimate."""

    id: int
    estimate: int
    number: str
    patient: int
    patient_name: str
    served_on: date
    expected_cents: int
    billed_cents: int
    held_on: date


@dataclass(frozen=True, slots=True)
class Found:
    """One estimate. paper: None before it is issued. served_on: the days of the visits it spoke of."""

    head: Head
    patient_name: str
    language: str
    paper: Estimate | None
    served_on: tuple[date, ...]
    late: bool


def queue(practice: int, *, today: date, view: str = DUE) -> list[Brief]:
    """What is due by its day, those without a day last; or the newest that were issued or dropped; in one SELECT."""
    order = "case when e.due_on is null then 1 else 0 end, e.due_on, e.id" if view == DUE else "e.id desc"
    with opened():
        found = rows(f"{_BRIEF} and e.state = ? order by {order} limit {MOST}", practice, view)
    return [_brief(record, today) for record in found]


def of_patient(practice: int, patient: int, *, today: date) -> list[Brief]:
    """Everything of one patient, the newest first; in one SELECT."""
    with opened():
        found = rows(f"{_BRIEF} and e.patient_id = ? order by e.id desc limit {MOST}", practice, patient)
    return [_brief(record, today) for record in found]


def _brief(record: Record, today: date) -> Brief:
    key, patient, first, last, number, reason, state, asked, planned, due, words, kind, issued, charge, low, high = (
        record
    )
    due_on = day(due)
    late = state == DUE and due_on is not None and due_on < today
    return Brief(
        key, patient, f"{first} {last}".strip(), number, reason, state, known_day(asked), day(planned), due_on, words, kind,
        day(issued), charge, low, high, late,
    )  # fmt: skip


def estimate(practice: int, key: int, *, today: date, patient: int | None = None) -> Found:
    """One estimate. patient: who asks, None for staff.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    sql = (
        "select c.served_on from estimate_visit v join encounter c on c.id = v.encounter_id where v.practice_id = ?"
        " and v.estimate_id = ? order by c.served_on"
    )
    with opened():
        head = estimates.head(practice, key, patient=patient)
        paper = estimates.paper(practice, key) if head.state == ISSUED else None
        name, _, language = bills.addressees(practice, [head.patient])[head.patient]
        days = tuple(known_day(on) for (on,) in rows(sql, practice, key))
    late = head.state == DUE and head.due_on is not None and head.due_on < today
    return Found(head, name, language, paper, days, late)


def waiting_bills(practice: int) -> list[Waiting]:
    """Bills that wait for a person, the oldest first; in one SELECT."""
    sql = (
        "select h.id, e.id, e.number, p.id, p.first, p.last, c.served_on, h.expected_cents, h.billed_cents, h.held_on"
        " from estimate_hold h join estimate e on e.id = h.estimate_id join encounter c on c.id = h.encounter_id"
        " join patient p on p.id = e.patient_id where h.practice_id = ? and h.released_by = '' order by h.id limit 200"
    )
    with opened():
        found = rows(sql, practice)
    return [
        Waiting(key, e, number, patient, f"{first} {last}".strip(), known_day(on), expected, billed, known_day(held))
        for key, e, number, patient, first, last, on, expected, billed, held in found
    ]


def preview(practice: int, patient: int, wish: Wish, *, asked_on: date, today: date) -> Estimate:
    """What the estimate would say if it were issued now; nothing is written.

    Raises:
        NotFound: no such patient or provider of this practice.
    """
    place = codes.label("place_of_service", wish.place)
    facts = estimate_facts.facts(practice, patient, wish, today=today, place_name=place)
    return worked_out(wish, facts, number="", asked_on=asked_on, today=today)


VIEWS = {DUE: "Due", ISSUED: "Given", DROPPED: "Not needed"}
