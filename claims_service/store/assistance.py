"""Financial assistance: scales, applications, their papers, and which grants hold."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.patient.assistance import CHARITY, GRANTED, OPEN, Policy
from claims_service.domain.patient.assistance_letter import Letter
from claims_service.domain.patient.invoice import TENDER
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run
from claims_service.store.frozen_answers import freeze, thaw
from claims_service.store.tables import AssistanceFile, AssistancePolicy, AssistanceRow

_NEW = (
    "practice", "patient", "number", "key", "via", "household", "income_cents", "guideline_percent", "words", "asked_on",
    "state", "by", "at",
)  # fmt: skip
_FILE = ("practice", "assistance", "name", "kind", "size", "sha256", "content", "by", "at")
_HEAD = (
    "id, patient_id, number, key, via, household, income_cents, guideline_percent, words, asked_on, state, percent, valid_from,"
    " valid_until, off_cents, decided_on, decided_by, why, letter"
)


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application to write."""

    patient: int
    number: str
    key: str
    via: str
    household: int
    income_cents: int
    guideline_percent: int
    words: str


@dataclass(frozen=True, slots=True)
class Head:
    """An application as it stands. While it is open, percent, why and decided_by are the word of one person where two have to agree."""

    id: int
    patient: int
    number: str
    key: str
    via: str
    household: int
    income_cents: int
    guideline_percent: int
    words: str
    asked_on: date
    state: str
    percent: int
    valid_from: date | None
    valid_until: date | None
    off_cents: int
    decided_on: date | None
    decided_by: str
    why: str
    letter: Letter | None

    @property
    def proposed_by(self) -> str:
        """Whose word waits for another person's; "" where nobody's does."""
        return self.decided_by if self.state == OPEN else ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What comes off the patient's share of visits of some days."""

    id: int
    number: str
    percent: int
    valid_from: date
    valid_until: date

    def holds(self, day: date) -> bool:
        """Whether a visit of this day falls under it; visits before it were settled when it was given."""
        return self.valid_from <= day <= self.valid_until


def add(practice: int, new: NewApplication, *, by: str, on: date, at: datetime) -> int:
    """An application; gives its id. Inside write()."""
    row = (
        practice, new.patient, new.number, new.key, new.via, new.household, new.income_cents, new.guideline_percent, new.words,
        on, OPEN, by, at,
    )  # fmt: skip
    return insert_rows(AssistanceRow, _NEW, [row])[0]


def add_file(practice: int, application: int, name: str, kind: str, content: bytes, *, by: str, at: datetime) -> int:
    """A paper; the same one twice is kept once. Inside write()."""
    mark = hashlib.sha256(content).hexdigest()
    sql = "select id from assistance_file where practice_id = ? and assistance_id = ? and sha256 = ?"
    known = run(sql, (practice, application, mark)).fetchone()
    if known:
        return int(known[0])
    row = (practice, application, name, kind, len(content), mark, content, by, at)
    return insert_rows(AssistanceFile, _FILE, [row])[0]


def files(practice: int, application: int) -> list[tuple[int, str, int]]:
    """(id, name, size) of each paper."""
    sql = "select id, name, size from assistance_file where practice_id = ? and assistance_id = ? order by id"
    with opened():
        return [(int(key), str(name), int(size)) for key, name, size in run(sql, (practice, application)).fetchall()]


def file(practice: int, application: int, paper: int, *, patient: int | None = None) -> tuple[str, str, bytes]:
    """(name, media type, content) of a paper.

    Raises:
        NotFound: none of this application, or of another patient than the one named.
    """
    sql = (
        "select f.name, f.kind, f.content, a.patient_id from assistance_file f join assistance a on a.id = f.assistance_id"
        " where f.practice_id = ? and f.assistance_id = ? and f.id = ?"
    )
    with opened():
        found = run(sql, (practice, application, paper)).fetchone()
    if found is None or (patient is not None and found[3] != patient):
        raise NotFound("file")
    return str(found[0]), str(found[1]), bytes(found[2])


def head(practice: int, application: int, *, patient: int | None = None) -> Head:
    """One application.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        row = run(
            f"select {_HEAD} from assistance where practice_id = ? and id = ?", (practice, application)
        ).fetchone()
    if row is None or (patient is not None and row[1] != patient):
        raise NotFound("assistance")
    return _head(row)


def by_key(practice: int, key: str) -> Head | None:
    """The application a form made before, if it did."""
    with opened():
        row = run(f"select {_HEAD} from assistance where practice_id = ? and key = ?", (practice, key)).fetchone()
    return _head(row) if row else None


def open_of(practice: int, patient: int) -> Head | None:
    """The patient's application that waits for a decision."""
    sql = f"select {_HEAD} from assistance where practice_id = ? and patient_id = ? and state = ? order by id limit 1"
    with opened():
        row = run(sql, (practice, patient, OPEN)).fetchone()
    return _head(row) if row else None


def _head(row: Sequence[Any]) -> Head:
    key, patient, number, form, via, household, income, guideline, words, asked, state, percent, *after = row
    first, until, off, decided, by, why, letter = after
    return Head(
        key, patient, number, form, via, household, int(income), guideline, words, day_of(asked), state, percent, day_of(first),
        day_of(until), int(off), day_of(decided), by, why, thaw(Letter, letter) if letter else None,
    )  # fmt: skip


def settle(practice: int, application: int, state: str, *, on: date, by: str, why: str = "") -> None:
    """It is refused or taken back. Inside write()."""
    sql = "update assistance set state = ?, percent = 0, decided_on = ?, decided_by = ?, why = ? where practice_id = ? and id = ?"
    run(sql, (state, on, by, why, practice, application))


def propose(practice: int, application: int, percent: int, words: str, *, by: str) -> None:
    """What one person would decide; it stays open. Inside write()."""
    sql = "update assistance set percent = ?, why = ?, decided_by = ? where practice_id = ? and id = ?"
    run(sql, (percent, words, by, practice, application))


def decide(practice: int, application: int, letter: Letter, *, by: str) -> None:
    """What was decided, with the letter that says so. Inside write()."""
    state = GRANTED if letter.percent else "refused"
    sql = (
        "update assistance set state = ?, percent = ?, valid_from = ?, valid_until = ?, off_cents = ?, decided_on = ?, decided_by = ?,"
        " why = ?, letter = ? where practice_id = ? and id = ?"
    )
    values = (
        state, letter.percent, letter.valid_from, letter.valid_until, letter.off_cents, letter.made_on, by, letter.words,
        freeze(letter), practice, application,
    )  # fmt: skip
    run(sql, values)


def grants(practice: int, patients: Sequence[int]) -> dict[int, list[Grant]]:
    """Every grant of each patient, those that are over included."""
    found: dict[int, list[Grant]] = {}
    sql = (
        "select patient_id, id, number, percent, valid_from, valid_until from assistance where practice_id = ? and state = ?"
        " and patient_id in ({}) order by id"
    )
    with opened():
        for part in in_parts(patients):
            rows = run(sql.format(marks(part)), (practice, GRANTED, *part)).fetchall()
            for patient, key, number, percent, first, until in rows:
                found.setdefault(patient, []).append(Grant(key, number, percent, day_of(first), day_of(until)))
    return found


def shares(practice: int, claims: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """(line, the patient's share of it now) of each claim, whatever was paid on it."""
    tender = tuple(sorted(TENDER))
    sql = (
        "select claim, coalesce(line, 0), sum(case when debit = ? then cents else -cents end) from journal_transfer"
        f" where practice_id = ? and claim in ({{}}) and ((debit = ? and credit not in ({marks(tender)}))"
        f" or (credit = ? and debit not in ({marks(tender)}))) group by claim, coalesce(line, 0) order by 1, 2"
    )
    found: dict[int, list[tuple[int, int]]] = {}
    with opened():
        for part in in_parts(claims):
            values = (PATIENT_OWES, practice, *part, PATIENT_OWES, *tender, PATIENT_OWES, *tender)
            for claim, line, cents in run(sql.format(marks(part)), values).fetchall():
                found.setdefault(claim, []).append((int(line), int(cents)))
    return found


def given(practice: int, claims: Sequence[int]) -> dict[int, int]:
    """What was taken off each claim out of charity."""
    found: dict[int, int] = {}
    with opened():
        for part in in_parts(claims):
            sql = (
                "select claim, sum(case when credit = ? then cents else -cents end) from journal_transfer where practice_id = ?"
                f" and reason = ? and claim in ({marks(part)}) group by claim"
            )
            for claim, cents in run(sql, (PATIENT_OWES, practice, CHARITY, *part)).fetchall():
                found[claim] = int(cents)
    return found


def policy(practice: int) -> Policy:
    """The practice's scale: its newest, or the one the service comes with."""
    sql = "select steps, months, approve_above_cents from assistance_policy where practice_id = ? order by id desc limit 1"
    with opened():
        row = run(sql, (practice,)).fetchone()
    if row is None:
        return Policy()
    steps = tuple((int(limit), int(off)) for limit, _, off in (one.partition(":") for one in row[0].split()))
    return Policy(steps, int(row[1]), int(row[2]))


def set_policy(practice: int, new: Policy, *, by: str, at: datetime) -> None:
    """From now on. Inside write()."""
    steps = " ".join(f"{limit}:{off}" for limit, off in new.steps)
    columns = ("practice", "steps", "months", "approve_above_cents", "by", "at")
    insert_rows(AssistancePolicy, columns, [(practice, steps, new.months, new.approve_above_cents, by, at)])
