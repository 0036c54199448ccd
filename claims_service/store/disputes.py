"""Disputes and questions about bills: what they are about, where they stand, their thread, and what they keep from being asked."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.patient.dispute import DISPUTE, OPEN, Clock, Policy
from claims_service.domain.patient.invoice import TENDER
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run
from claims_service.store.tables import DisputeEvent, DisputeFile, DisputeLine, DisputePolicy, DisputeRow

_NEW = (
    "practice", "patient", "statement", "number", "key", "kind", "reason", "via", "opened_at", "opened_on", "by", "state",
    "answer_by",
)  # fmt: skip
_LINE = ("practice", "dispute", "encounter", "line", "words", "share_cents")
_EVENT = ("practice", "dispute", "kind", "side", "words", "content", "by", "at")
_FILE = ("practice", "dispute", "event", "name", "kind", "size", "sha256", "content", "by", "at")
_HEAD = (
    "id, patient_id, statement_id, number, key, kind, reason, via, opened_on, state, answer_by, days_left, reopened, outcome,"
    " answered_on"
)
_OURS = marks(OPEN)
_TENDER = tuple(sorted(TENDER))
_SHARE = (
    "sum(case when t.debit = ? then t.cents else -t.cents end) from {about} join claim c on c.encounter_id = x.encounter_id"
    " join journal_transfer t on t.claim = c.id and coalesce(t.line, 0) = x.line and t.practice_id = c.practice_id"
    f" where (t.debit = ? and t.credit not in ({marks(_TENDER)})"
    f" or t.credit = ? and t.debit not in ({marks(_TENDER)}))"
)
_SHARE_VALUES = (PATIENT_OWES, PATIENT_OWES, *_TENDER, PATIENT_OWES, *_TENDER)


@dataclass(frozen=True, slots=True)
class Line:
    """A line in question. share_cents: the patient's share of it when it was opened."""

    encounter: int
    line: int
    words: str
    share_cents: int


@dataclass(frozen=True, slots=True)
class NewDispute:
    """A dispute to write, with its first state and promise."""

    patient: int
    statement: int
    number: str
    key: str
    kind: str
    reason: str
    via: str
    state: str
    clock: Clock
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A dispute as it stands."""

    id: int
    patient: int
    statement: int
    number: str
    key: str
    kind: str
    reason: str
    via: str
    opened_on: date
    state: str
    clock: Clock
    reopened: bool
    outcome: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Ending:
    """The answer to a dispute: its last event, which a new statement tells about. content: JSON of the letter."""

    event: int
    patient: int
    dispute: int
    content: str


def add(practice: int, new: NewDispute, *, by: str, on: date, at: datetime) -> int:
    """Write a dispute with its lines; gives its id. Inside write()."""
    row = (
        practice, new.patient, new.statement, new.number, new.key, new.kind, new.reason, new.via, at, on, by, new.state,
        new.clock.answer_by,
    )  # fmt: skip
    key = insert_rows(DisputeRow, _NEW, [row])[0]
    insert_rows(
        DisputeLine, _LINE, [(practice, key, ln.encounter, ln.line, ln.words, ln.share_cents) for ln in new.lines]
    )
    return key


def add_event(
    practice: int, dispute: int, kind: str, side: str, words: str, *, by: str, at: datetime, content: str = ""
) -> int:
    """A message or a move; gives its id. Inside write()."""
    return insert_rows(DisputeEvent, _EVENT, [(practice, dispute, kind, side, words, content, by, at)])[0]


def add_file(
    practice: int, dispute: int, event: int, name: str, kind: str, content: bytes, *, by: str, at: datetime
) -> int:
    """A photo or PDF that came with an event. Inside write()."""
    row = (practice, dispute, event, name, kind, len(content), hashlib.sha256(content).hexdigest(), content, by, at)
    return insert_rows(DisputeFile, _FILE, [row])[0]


def file(practice: int, dispute: int, attachment: int, *, patient: int | None = None) -> tuple[str, str, bytes]:
    """(name, media type, content) of a file.

    Raises:
        NotFound: none of this dispute, or of another patient than the one named.
    """
    sql = (
        "select f.name, f.kind, f.content, d.patient_id from dispute_file f join dispute d on d.id = f.dispute_id"
        " where f.practice_id = ? and f.dispute_id = ? and f.id = ?"
    )
    with opened():
        found = run(sql, (practice, dispute, attachment)).fetchone()
    if found is None or (patient is not None and found[3] != patient):
        raise NotFound("file")
    return str(found[0]), str(found[1]), bytes(found[2])


def head(practice: int, dispute: int, *, patient: int | None = None) -> Head:
    """One dispute.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        row = run(f"select {_HEAD} from dispute where practice_id = ? and id = ?", (practice, dispute)).fetchone()
    if row is None or (patient is not None and row[1] != patient):
        raise NotFound("dispute")
    return _head(*row)


def by_key(practice: int, key: str) -> Head | None:
    """The dispute a form made before, if it did."""
    with opened():
        row = run(f"select {_HEAD} from dispute where practice_id = ? and key = ?", (practice, key)).fetchone()
    return _head(*row) if row else None


def _head(*row: object) -> Head:
    key, patient, statement, number, form, kind, reason, via, on, state, by, left, again, outcome, answered = row
    clock = Clock(day_of(by), left)  # type: ignore[call-overload]
    return Head(
        key, patient, statement, number, form, kind, reason, via, day_of(on), state, clock, bool(again), outcome,  # type: ignore[call-overload]
        day_of(answered),  # type: ignore[call-overload]
    )  # fmt: skip


def lines(practice: int, disputes: Sequence[int]) -> dict[int, list[Line]]:
    """The lines of each dispute, in the order of the bill."""
    found: dict[int, list[Line]] = {dispute: [] for dispute in disputes}
    with opened():
        for part in in_parts(disputes):
            sql = (
                "select dispute_id, encounter_id, line, words, share_cents from dispute_line where practice_id = ?"
                f" and dispute_id in ({marks(part)}) order by id"
            )
            for dispute, *line in run(sql, (practice, *part)).fetchall():
                found[dispute].append(Line(*line))
    return found


def set_state(practice: int, dispute: int, state: str, clock: Clock, *, reopened: bool = False) -> None:
    """Where it stands and what is promised; whoever opens it anew takes its answer back. Inside write()."""
    more = ", reopened = ?, outcome = '', answered_on = null" if reopened else ""
    values = (state, clock.answer_by, clock.days_left, *((True,) if reopened else ()), practice, dispute)
    run(f"update dispute set state = ?, answer_by = ?, days_left = ?{more} where practice_id = ? and id = ?", values)


def set_outcome(practice: int, dispute: int, state: str, outcome: str, *, on: date) -> None:
    """It is answered. Inside write()."""
    sql = (
        "update dispute set state = ?, outcome = ?, answered_on = ?, days_left = null where practice_id = ? and id = ?"
    )
    run(sql, (state, outcome, on, practice, dispute))


def last_event(practice: int, dispute: int, kind: str) -> tuple[str, str, str] | None:
    """(by, words, content) of the newest event of a kind."""
    sql = "select by, words, content from dispute_event where practice_id = ? and dispute_id = ? and kind = ? order by id desc limit 1"
    with opened():
        found = run(sql, (practice, dispute, kind)).fetchone()
    return (str(found[0]), str(found[1]), str(found[2])) if found else None


def open_lines(practice: int, patient: int) -> dict[tuple[int, int], int]:
    """(visit, line) -> the open dispute or question about it."""
    sql = (
        "select l.encounter_id, l.line, d.id from dispute_line l join dispute d on d.id = l.dispute_id"
        f" where d.practice_id = ? and d.patient_id = ? and d.state in ({_OURS}) order by d.id"
    )
    with opened():
        return {(e, line): key for e, line, key in run(sql, (practice, patient, *OPEN)).fetchall()}


def disputed_lines(practice: int, patient: int) -> dict[int, tuple[int, ...]]:
    """visit -> the numbers of its disputed lines; questions are not among them."""
    sql = (
        "select distinct l.encounter_id, l.line from dispute_line l join dispute d on d.id = l.dispute_id"
        f" where d.practice_id = ? and d.patient_id = ? and d.kind = ? and d.state in ({_OURS}) order by 1, 2"
    )
    found: dict[int, tuple[int, ...]] = {}
    with opened():
        for encounter, line in run(sql, (practice, patient, DISPUTE, *OPEN)).fetchall():
            found[encounter] = (*found.get(encounter, ()), int(line))
    return found


def disputed(practice: int, patients: Sequence[int]) -> dict[int, int]:
    """claim -> the patient's share of its disputed lines now, as the journal has it, whatever was paid on it."""
    found: dict[int, int] = defaultdict(int)
    about = (
        "(select distinct l.encounter_id, l.line from dispute d join dispute_line l on l.dispute_id = d.id"
        f" where +d.practice_id = ? and d.kind = ? and d.state in ({_OURS}) and d.patient_id in ({{}})) x"
    )
    with opened():
        for part in in_parts(patients):
            sql = f"select t.claim, x.line, {_SHARE.format(about=about.format(marks(part)))} group by t.claim, x.line"
            values = (PATIENT_OWES, practice, DISPUTE, *OPEN, *part, *_SHARE_VALUES[1:])
            for claim, _, cents in run(sql, values).fetchall():
                found[claim] += max(int(cents), 0)
    return dict(found)


def line_shares(practice: int, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """(visit, line) -> (claim, the patient's share on it now) of each claim that has one."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    sql = f"select t.claim, {_SHARE.format(about='(select ? as encounter_id, ? as line) x')} and c.practice_id = ? group by t.claim"
    with opened():
        for encounter, line in wanted:
            values = (PATIENT_OWES, encounter, line, *_SHARE_VALUES[1:], practice)
            rows = run(sql, values).fetchall()
            found[encounter, line] = sorted((int(claim), int(cents)) for claim, cents in rows if cents)
    return found


def endings(practice: int, patients: Sequence[int] | None) -> list[Ending]:
    """Answers to disputes of these patients (None = of all), the oldest first."""
    sql = (
        "select e.id, d.patient_id, d.id, e.content from dispute_event e join dispute d on d.id = e.dispute_id"
        " where d.practice_id = ? and d.kind = ? and d.state = 'answered' and e.kind = 'answered'"
    )
    found: list[Ending] = []
    with opened():
        if patients is None:
            found = [Ending(*row) for row in run(f"{sql} order by e.id", (practice, DISPUTE)).fetchall()]
        else:
            for part in in_parts(patients):
                rows = run(f"{sql} and d.patient_id in ({marks(part)}) order by e.id", (practice, DISPUTE, *part))
                found += [Ending(*row) for row in rows.fetchall()]
    return found


def policy(practice: int) -> Policy:
    """How the clinic answers: its newest setting, or the default."""
    sql = "select answer_days, approve_above_cents from dispute_policy where practice_id = ? order by id desc limit 1"
    with opened():
        found = run(sql, (practice,)).fetchone()
    return Policy(*found) if found else Policy()


def set_policy(practice: int, new: Policy, *, by: str, at: datetime) -> None:
    """From now on. Inside write()."""
    columns = ("practice", "answer_days", "approve_above_cents", "by", "at")
    insert_rows(DisputePolicy, columns, [(practice, new.answer_days, new.approve_above_cents, by, at)])
