"""Questions about claims that are with their insurers, and what these said: an answer stands once and stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.claim.status import StatusAnswer
from claims_service.store.connection import in_parts, insert_rows, instant_text, marks, opened, run, write
from claims_service.store.frozen_answers import freeze
from claims_service.store.tables import StatusInquiry

_NAMES = ("practice", "claim", "payer", "trace", "route", "state", "asked_at", "asked_by", "file")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question that was asked about a claim of ours."""

    id: int
    claim: int
    payer: int
    trace: str
    state: str
    problem: str
    control_number: str
    patient: int
    payer_claim_number: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer says in columns, so that lists need not open it."""

    category: str
    status: str
    entity: str
    words: str
    is_finished: bool
    as_of_on: date
    payer_claim_number: str
    paid_cents: int | None
    paid_on: date | None
    payment: str


def add(
    practice: int, new: Sequence[tuple[int, int, str]], *, route: str, file: int, by: str, at: datetime
) -> list[int]:
    """(claim, payer, trace) of questions that go out now; ids in order."""
    rows = [(practice, claim, payer, trace, route, "asked", at, by, file) for claim, payer, trace in new]
    with write():
        return insert_rows(StatusInquiry, _NAMES, rows)


def standing(practice: int, claims: Iterable[int], *, since: datetime, live_since: datetime) -> dict[int, int]:
    """Questions that need not be asked again, by claim; times as in store.eligibility."""
    found: dict[int, int] = {}
    listed = list(claims)
    with opened():
        for part in in_parts(listed):
            sql = (
                "select claim_id, id from status_inquiry where practice_id = ?"
                f" and claim_id in ({marks(part)}) and asked_at >= ?"
                " and (state = 'answered' or (state = 'asked' and (route = 'file' or asked_at >= ?))) order by id"
            )
            values = (practice, *part, instant_text(since), instant_text(live_since))
            found.update(run(sql, values).fetchall())
    return found


def by_trace(practice: int, traces: Sequence[str]) -> dict[str, Inquiry]:
    """Questions by the number that an answer repeats."""
    return {one.trace: one for one in _inquiries(practice, "s.trace", [trace for trace in traces if trace])}


def open_about(practice: int, control_number: str) -> list[Inquiry]:
    """Questions without an answer about a claim, by its number."""
    found = _inquiries(practice, "c.control_number", [control_number] if control_number else [])
    return [one for one in found if one.state != "answered"]


def of_ids(practice: int, inquiries: Sequence[int]) -> list[Inquiry]:
    """Questions by their ids."""
    return _inquiries(practice, "s.id", inquiries)


def _inquiries(practice: int, column: str, values: Sequence[object]) -> list[Inquiry]:
    found: list[Inquiry] = []
    listed = list(dict.fromkeys(values))
    with opened():
        for part in in_parts(listed):
            sql = (
                "select s.id, s.claim_id, s.payer_id, s.trace, s.state, s.problem, c.control_number, c.patient_id,"
                " c.payer_claim_number from status_inquiry s join claim c on c.id = s.claim_id"
                f" where s.practice_id = ? and {column} in ({marks(part)}) order by s.id"
            )
            found += [Inquiry(*row) for row in run(sql, (practice, *part)).fetchall()]
    return found


def keep_answer(practice: int, inquiry: int, answer: StatusAnswer, told: Told, *, file: int, at: datetime) -> None:
    """What the insurer said; from now on it stays as it is."""
    sql = (
        "update status_inquiry set state = 'answered', problem = '', answered_at = ?, answer_file_id = ?, category = ?, status = ?,"
        " entity = ?, words = ?, is_finished = ?, as_of_on = ?, payer_claim_number = ?, paid_cents = ?, paid_on = ?, payment = ?,"
        " answer = ? where practice_id = ? and id = ? and state <> 'answered'"
    )
    with write():
        run(
            sql,
            (
                at, file, told.category, told.status, told.entity, told.words, told.is_finished, told.as_of_on,
                told.payer_claim_number, told.paid_cents, told.paid_on, told.payment, freeze(answer), practice, inquiry,
            ),
        )  # fmt: skip


def fail(practice: int, problems: Mapping[int, str]) -> None:
    """Why questions got no answer, by question."""
    sql = "update status_inquiry set state = 'failed', problem = ? where practice_id = ? and id = ? and state <> 'answered'"
    with write():
        for inquiry, problem in problems.items():
            run(sql, (problem, practice, inquiry))
