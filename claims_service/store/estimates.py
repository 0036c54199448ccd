"""Estimates: which are due, the papers issued, the visits they spoke of, and bills that wait since they are far above one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.errors import NotFound
from claims_service.domain.estimate.over import Given
from claims_service.domain.estimate.paper import SELF_PAY, Estimate
from claims_service.domain.estimate.wish import DUE, ISSUED, Wish
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run
from claims_service.store.frozen_answers import freeze, thaw
from claims_service.store.tables import EstimateHold, EstimatePaper, EstimateRow, EstimateVisit

_NEW = (
    "practice", "patient", "number", "key", "reason", "asked_on", "planned_on", "due_on", "state", "wish", "words", "by",
    "at",
)  # fmt: skip
_PAPER = (
    "practice", "estimate", "kind", "provider", "issued_on", "charge_cents", "low_cents", "high_cents", "content", "by", "at",
)  # fmt: skip
_HOLD = ("practice", "estimate", "encounter", "expected_cents", "billed_cents", "held_on", "at")
_HEAD = "id, patient_id, number, key, reason, asked_on, planned_on, due_on, state, wish, words, why"


@dataclass(frozen=True, slots=True)
class NewEstimate:
    """An estimate to be given. wish None: only the patient's words are known."""

    patient: int
    number: str
    key: str
    reason: str
    asked_on: date
    planned_on: date | None
    due_on: date | None
    wish: Wish | None
    words: str


@dataclass(frozen=True, slots=True)
class Head:
    """An estimate as it stands. why: it was dropped."""

    id: int
    patient: int
    number: str
    key: str
    reason: str
    asked_on: date
    planned_on: date | None
    due_on: date | None
    state: str
    wish: Wish | None
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A visit whose bill waits, or waited. why empty: still."""

    id: int
    estimate: int
    encounter: int
    expected_cents: int
    billed_cents: int
    why: str


def add(practice: int, new: NewEstimate, *, by: str, at: datetime) -> int:
    """An estimate that is due; gives its id. Inside write()."""
    row = (
        practice, new.patient, new.number, new.key, new.reason, new.asked_on, new.planned_on, new.due_on, DUE,
        freeze(new.wish) if new.wish else "", new.words, by, at,
    )  # fmt: skip
    return insert_rows(EstimateRow, _NEW, [row])[0]


def head(practice: int, estimate: int, *, patient: int | None = None) -> Head:
    """One estimate.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        row = run(f"select {_HEAD} from estimate where practice_id = ? and id = ?", (practice, estimate)).fetchone()
    if row is None or (patient is not None and row[1] != patient):
        raise NotFound("estimate")
    return _head(row)


def by_key(practice: int, key: str) -> Head | None:
    """The estimate a form asked for before, if it did."""
    with opened():
        row = run(f"select {_HEAD} from estimate where practice_id = ? and key = ?", (practice, key)).fetchone()
    return _head(row) if row else None


def _head(row: Sequence[Any]) -> Head:
    key, patient, number, form, reason, asked, planned, due, state, wish, words, why = row
    return Head(
        key, patient, number, form, reason, day_of(asked), day_of(planned), day_of(due), state,
        thaw(Wish, wish) if wish else None, words, why,
    )  # fmt: skip


def set_wish(practice: int, estimate: int, wish: Wish, due_on: date | None) -> None:
    """What is planned now, and by when it is due then. Inside write()."""
    sql = "update estimate set wish = ?, planned_on = ?, due_on = ? where practice_id = ? and id = ?"
    run(sql, (freeze(wish), wish.planned_on, due_on, practice, estimate))


def settle(practice: int, estimate: int, state: str, *, why: str = "") -> None:
    """It is issued or dropped, and stays. Inside write()."""
    run("update estimate set state = ?, why = ? where practice_id = ? and id = ?", (state, why, practice, estimate))


def add_paper(practice: int, estimate: int, provider: int, paper: Estimate, *, by: str, at: datetime) -> int:
    """The estimate as it is issued. Inside write()."""
    row = (
        practice, estimate, paper.kind, provider, paper.issued_on, paper.charge_cents, paper.low_cents, paper.high_cents,
        freeze(paper), by, at,
    )  # fmt: skip
    return insert_rows(EstimatePaper, _PAPER, [row])[0]


def paper(practice: int, estimate: int) -> Estimate:
    """What was issued.

    Raises:
        NotFound: it is none of this practice, or was not issued.
    """
    sql = "select content from estimate_paper where practice_id = ? and estimate_id = ?"
    with opened():
        row = run(sql, (practice, estimate)).fetchone()
    if row is None:
        raise NotFound("estimate")
    return thaw(Estimate, row[0])


def given(practice: int, patients: Sequence[int]) -> dict[int, list[Given]]:
    """Estimates issued to self-payers, by patient."""
    found: dict[int, list[Given]] = {}
    sql = (
        "select e.patient_id, e.id, e.number, p.provider_id, p.issued_on, e.planned_on, p.charge_cents, p.content"
        " from estimate e join estimate_paper p on p.estimate_id = e.id"
        " where e.practice_id = ? and e.state = ? and p.kind = ? and e.patient_id in ({}) order by e.id"
    )
    with opened():
        for part in in_parts(patients):
            rows = run(sql.format(marks(part)), (practice, ISSUED, SELF_PAY, *part)).fetchall()
            for patient, key, number, provider, issued, planned, cents, content in rows:
                listed = thaw(Estimate, content).procedures
                one = Given(key, number, provider, day_of(issued), day_of(planned), int(cents), listed)
                found.setdefault(patient, []).append(one)
    return found


def by_ids(practice: int, estimates: Sequence[int]) -> dict[int, tuple[str, int]]:
    """(number, expected cents) of issued estimates."""
    sql = (
        "select e.id, e.number, p.charge_cents from estimate e join estimate_paper p on p.estimate_id = e.id"
        " where +e.practice_id = ? and e.id in ({})"
    )
    found: dict[int, tuple[str, int]] = {}
    with opened():
        for part in in_parts(estimates):
            for key, number, cents in run(sql.format(marks(part)), (practice, *part)).fetchall():
                found[key] = (number, int(cents))
    return found


def renderings(practice: int, encounters: Sequence[int]) -> dict[int, int]:
    """Who gave the care, by visit."""
    found: dict[int, int] = {}
    with opened():
        for part in in_parts(encounters):
            sql = f"select id, rendering_id from encounter where +practice_id = ? and id in ({marks(part)})"
            found.update((key, provider) for key, provider in run(sql, (practice, *part)).fetchall())
    return found


def first_billed(practice: int, encounters: Sequence[int]) -> dict[int, date]:
    """The day of the first invoice of each visit that has one."""
    found: dict[int, date] = {}
    sql = "select encounter_id, min(issued_on) from invoice where practice_id = ? and encounter_id in ({}) group by encounter_id"
    with opened():
        for part in in_parts(encounters):
            rows = run(sql.format(marks(part)), (practice, *part)).fetchall()
            found.update((encounter, day_of(on)) for encounter, on in rows)
    return found


def linked(practice: int, encounters: Sequence[int]) -> dict[int, int]:
    """visit -> the estimate that spoke of it."""
    return _pairs(practice, "encounter_id", encounters)


def visits_of(practice: int, estimates: Sequence[int]) -> dict[int, int]:
    """visit -> estimate, of every visit of these estimates."""
    return _pairs(practice, "estimate_id", estimates)


def _pairs(practice: int, column: str, values: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    with opened():
        for part in in_parts(values):
            sql = f"select encounter_id, estimate_id from estimate_visit where practice_id = ? and {column} in ({marks(part)})"
            found.update((encounter, estimate) for encounter, estimate in run(sql, (practice, *part)).fetchall())
    return found


def link(practice: int, pairs: Iterable[tuple[int, int]], *, by: str, at: datetime) -> None:
    """(estimate, visit). Inside write()."""
    rows = [(practice, estimate, encounter, by, at) for estimate, encounter in pairs]
    insert_rows(EstimateVisit, ("practice", "estimate", "encounter", "by", "at"), rows)


def holds(practice: int, encounters: Sequence[int]) -> dict[int, list[Hold]]:
    """Every hold of each visit, the oldest first."""
    found: dict[int, list[Hold]] = {}
    sql = (
        "select id, estimate_id, encounter_id, expected_cents, billed_cents, why from estimate_hold where practice_id = ?"
        " and encounter_id in ({}) order by id"
    )
    with opened():
        for part in in_parts(encounters):
            for row in run(sql.format(marks(part)), (practice, *part)).fetchall():
                found.setdefault(row[2], []).append(Hold(*row))
    return found


def hold(practice: int, key: int) -> tuple[Hold, int]:
    """One hold, and whose visit it is.

    Raises:
        NotFound: none of this practice.
    """
    sql = (
        "select h.id, h.estimate_id, h.encounter_id, h.expected_cents, h.billed_cents, h.why, e.patient_id from estimate_hold h"
        " join estimate e on e.id = h.estimate_id where h.practice_id = ? and h.id = ?"
    )
    with opened():
        row = run(sql, (practice, key)).fetchone()
    if row is None:
        raise NotFound("hold")
    return Hold(*row[:-1]), int(row[-1])


def add_holds(practice: int, new: Iterable[Hold], *, on: date, at: datetime) -> None:
    """Bills that wait from now on; ids are given here. Inside write()."""
    rows = [(practice, h.estimate, h.encounter, h.expected_cents, h.billed_cents, on, at) for h in new]
    insert_rows(EstimateHold, _HOLD, rows)


def release(practice: int, key: int, *, why: str, by: str, at: datetime) -> None:
    """The bill may go. Inside write()."""
    sql = "update estimate_hold set released_by = ?, released_at = ?, why = ? where practice_id = ? and id = ? and released_by = ''"
    run(sql, (by, at, why, practice, key))
