"""Questions about patients' cover, and what the insurers said: an answer stands once and stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.eligibility.answer import EligibilityAnswer
from claims_service.store.connection import day_of, in_parts, insert_rows, instant_text, marks, opened, run, write
from claims_service.store.frozen_answers import freeze, thaw
from claims_service.store.tables import EligibilityCheck

ASKED, ANSWERED, FAILED = "asked", "answered", "failed"
LIVE, BY_FILE = "live", "file"
_COLUMNS = (
    "id, patient_id, coverage_id, payer_id, served_on, trace, member_id, route, state, asked_at, answered_at, problem"
)


@dataclass(frozen=True, slots=True)
class NewCheck:
    """A question to be asked. trace: unique in the practice."""

    patient: int
    coverage: int
    payer: int
    served_on: date
    trace: str
    member_id: str
    route: str


@dataclass(frozen=True, slots=True)
class Check:
    """A question that was asked. state: asked, answered, failed; problem: why there is no answer."""

    id: int
    patient: int
    coverage: int
    payer: int
    served_on: date
    trace: str
    member_id: str
    route: str
    state: str
    asked_at: str
    answered_at: str | None
    problem: str


def add(practice: int, new: Sequence[NewCheck], *, file: int | None, by: str, at: datetime) -> list[int]:
    """Questions that go out now; ids in order."""
    names = ("practice", "patient", "coverage", "payer", "served_on", "trace", "member_id", "route", "state", "asked_at",
             "asked_by", "file")  # fmt: skip
    rows = [
        (practice, n.patient, n.coverage, n.payer, n.served_on, n.trace, n.member_id, n.route, ASKED, at, by, file)
        for n in new
    ]
    with write():
        return insert_rows(EligibilityCheck, names, rows)


def standing(
    practice: int, wanted: Iterable[tuple[int, date]], *, since: datetime, live_since: datetime
) -> dict[tuple[int, date], int]:
    """Questions that need not be asked again: answered, or on their way, by (coverage, day).

    since: what is older counts no more. live_since: a question on the line that is older than this got lost.
    """
    days: dict[int, set[date]] = {}
    for coverage, day in wanted:
        days.setdefault(coverage, set()).add(day)
    found: dict[tuple[int, date], int] = {}
    listed = list(days)
    with opened():
        for part in in_parts(listed):
            sql = (
                f"select id, coverage_id, served_on from eligibility_check where practice_id = ?"
                f" and coverage_id in ({marks(part)}) and asked_at >= ?"
                " and (state = 'answered' or (state = 'asked' and (route = 'file' or asked_at >= ?))) order by id"
            )
            values = (practice, *part, instant_text(since), instant_text(live_since))
            for key, coverage, on in run(sql, values).fetchall():
                day = day_of(on)
                if day in days[coverage]:
                    found[(coverage, day)] = key
    return found


def by_trace(practice: int, traces: Sequence[str]) -> dict[str, Check]:
    """Questions by the number that an answer repeats."""
    return {check.trace: check for check in _checks(practice, "trace", [trace for trace in traces if trace])}


def open_about(practice: int, member_id: str, day: date | None) -> list[Check]:
    """Questions without an answer about a member number, on a day where one is told."""
    found = [check for check in _checks(practice, "member_id", [member_id]) if check.state != ANSWERED]
    return [check for check in found if day is None or check.served_on == day]


def of_ids(practice: int, checks: Sequence[int]) -> list[Check]:
    """Questions by their ids."""
    return _checks(practice, "id", checks)


def _checks(practice: int, column: str, values: Sequence[object]) -> list[Check]:
    found = []
    listed = list(dict.fromkeys(values))
    with opened():
        for part in in_parts(listed):
            sql = f"select {_COLUMNS} from eligibility_check where practice_id = ? and {column} in ({marks(part)})"
            found += [_check(row) for row in run(f"{sql} order by id", (practice, *part)).fetchall()]
    return found


def _check(row: Sequence[Any]) -> Check:
    key, patient, coverage, payer, on, *rest = row
    return Check(key, patient, coverage, payer, day_of(on), *rest)


def keep_answer(
    practice: int, check: int, answer: EligibilityAnswer, *, is_active: bool | None, file: int, at: datetime
) -> None:
    """What the insurer said; from now on it stays as it is."""
    sql = (
        "update eligibility_check set state = 'answered', problem = '', answered_at = ?, answer_file_id = ?, is_active = ?, answer = ?"
        " where practice_id = ? and id = ? and state <> 'answered'"
    )
    with write():
        run(sql, (at, file, is_active, freeze(answer), practice, check))


def fail(practice: int, problems: Mapping[int, str]) -> None:
    """Why questions got no answer, by question."""
    sql = "update eligibility_check set state = 'failed', problem = ? where practice_id = ? and id = ? and state <> 'answered'"
    with write():
        for check, problem in problems.items():
            run(sql, (problem, practice, check))


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest question about a plan, and the newest answer, which may belong to an earlier one.

    answered_at: of the answer; answer_file: the 271 it stood in; answered_for: the day it is about.
    """

    last: Check
    answer: EligibilityAnswer | None
    answered_at: str | None
    answered_for: date | None
    answer_file: int | None


def of_patient(practice: int, patient: int) -> dict[int, Kept]:
    """By plan."""
    last = f"select {_COLUMNS} from eligibility_check where practice_id = ? and patient_id = ? order by id"
    told = (
        "select coverage_id, answer, answered_at, served_on, answer_file_id from eligibility_check"
        " where practice_id = ? and patient_id = ? and state = 'answered' order by id"
    )
    with opened():
        checks = {check.coverage: check for check in map(_check, run(last, (practice, patient)).fetchall())}
        answers = {row[0]: row[1:] for row in run(told, (practice, patient)).fetchall()}
    found = {}
    for coverage, check in checks.items():
        text, at, on, file = answers.get(coverage, (None, None, None, None))
        found[coverage] = Kept(check, thaw(EligibilityAnswer, text) if text else None, at, day_of(on), file)
    return found


def of_day(practice: int, day: date, patients: Sequence[int]) -> dict[int, Kept]:
    """The newest question about each plan of these patients on a day, by plan, with its answer, in one SELECT per 500."""
    found = {}
    with opened():
        for part in in_parts(patients):
            sql = (
                f"select {_COLUMNS}, answer, answer_file_id from eligibility_check where practice_id = ? and served_on = ?"
                f" and patient_id in ({marks(part)}) order by id"
            )
            for *columns, answer, file in run(sql, (practice, day, *part)).fetchall():
                check = _check(columns)
                told = thaw(EligibilityAnswer, answer) if answer else None
                found[check.coverage] = Kept(check, told, check.answered_at, check.served_on if told else None, file)
    return found
