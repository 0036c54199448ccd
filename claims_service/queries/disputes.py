"""Disputes as their patient and the staff see them: where each stands, what is held, and the thread."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient.dispute import Clock, Policy
from claims_service.domain.patient.dispute_letter import Letter, letter_of
from claims_service.queries import people
from claims_service.queries.rows import Record, day, known_day, known_instant, marks, rows
from claims_service.store import bills, disputes
from claims_service.store.connection import opened
from claims_service.store.disputes import Head, Line

INSIDE = (rules.PROPOSE, rules.SEND_BACK)  # between two of the staff; the patient reads the answer
MOST = 200
_BRIEF = (
    "select d.id, d.patient_id, p.first, p.last, d.number, d.kind, d.reason, d.state, d.opened_on, d.answer_by, d.outcome,"
    " d.answered_on, s.number from dispute d join patient p on p.id = d.patient_id join statement s on s.id = d.statement_id"
    " where d.practice_id = ?"
)
_LATE_FIRST = " order by case when d.state = 'waiting' then 1 else 0 end, d.answer_by, d.id"


@dataclass(frozen=True, slots=True)
class Brief:
    """A dispute in a list. share_cents: of its lines when it was opened. late: the promised day is over and the work is ours."""

    id: int
    patient: int
    patient_name: str
    number: str
    kind: str
    reason: str
    state: str
    opened_on: date
    answer_by: date
    outcome: str
    answered_on: date | None
    statement: str
    services: tuple[str, ...]
    share_cents: int
    late: bool

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


@dataclass(frozen=True, slots=True)
class File:
    """A photo or PDF in a thread; its bytes are fetched apart."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """A message or a move. side: patient or staff; who: by name."""

    kind: str
    side: str
    words: str
    who: str
    at: datetime
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class ClaimBeside:
    """A claim of a visit in question."""

    id: int
    control_number: str
    state: str
    payer: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """One dispute with everything on its page. held_cents: not asked for now. now_cents: the share of each line today."""

    head: Head
    patient_name: str
    language: str
    statement: str
    lines: tuple[Line, ...]
    now_cents: tuple[int, ...]
    held_cents: int
    thread: tuple[Said, ...]
    letter: Letter | None
    proposed_by: str
    late: bool
    may_reopen: bool

    @property
    def is_open(self) -> bool:
        return self.head.state in rules.OPEN

    @property
    def clock(self) -> Clock:
        return self.head.clock


def of_patient(practice: int, patient: int, *, today: date) -> list[Brief]:
    """Everything a patient asked, the newest first; in two SELECTs."""
    with opened():
        return _briefs(practice, rows(f"{_BRIEF} and d.patient_id = ? order by d.id desc", practice, patient), today)


def queue(practice: int, *, today: date, view: str = "open") -> list[Brief]:
    """Open ones by promised day, those that wait for the patient last; or the latest answers. view: open, approve, answered."""
    states = {"approve": (rules.TO_APPROVE,), "answered": (rules.ANSWERED, rules.WITHDRAWN)}.get(view, rules.OPEN)
    last = " order by d.answered_on desc, d.id desc" if view == "answered" else _LATE_FIRST
    sql = f"{_BRIEF} and d.state in ({marks(states)}){last} limit {MOST}"
    with opened():
        return _briefs(practice, rows(sql, practice, *states), today)


def _briefs(practice: int, found: list[Record], today: date) -> list[Brief]:
    lines = disputes.lines(practice, [int(record[0]) for record in found])
    listed = []
    for key, patient, first, last, number, kind, reason, state, on, by, outcome, answered, statement in found:
        own = lines[key]
        late = rules.is_late(str(state), known_day(by), today)
        listed.append(
            Brief(
                key, patient, f"{first} {last}".strip(), number, kind, reason, state, known_day(on), known_day(by), outcome,
                day(answered), statement, tuple(line.words for line in own), sum(line.share_cents for line in own), late,
            )
        )  # fmt: skip
    return listed


def dispute(practice: int, key: int, *, today: date, patient: int | None = None) -> Dispute:
    """One dispute. patient: who asks, None for staff.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        head = disputes.head(practice, key, patient=patient)
        lines = disputes.lines(practice, [key])[key]
        shares = disputes.line_shares(practice, [(line.encounter, line.line) for line in lines])
        now = tuple(sum(cents for _, cents in shares[line.encounter, line.line]) for line in lines)
        account = bills.accounts(practice, [head.patient])[head.patient]
        name, _, language = bills.addressees(practice, [head.patient])[head.patient]
        statement = rows("select number from statement where practice_id = ? and id = ?", practice, head.statement)[0][
            0
        ]
        ended = disputes.last_event(practice, key, "answered") if head.state == rules.ANSWERED else None
        proposed = disputes.last_event(practice, key, rules.PROPOSE) if head.state == rules.TO_APPROVE else None
        thread = _thread(practice, key, for_patient=patient is not None)
    holds = head.kind == rules.DISPUTE and head.state in rules.OPEN
    owed = sum(account.held_of(encounter) for encounter in {line.encounter for line in lines})
    return Dispute(
        head, name, language, statement, tuple(lines), now, min(owed, sum(max(c, 0) for c in now)) if holds else 0, thread,
        letter_of(ended[2]) if ended else None, proposed[0] if proposed else "",
        rules.is_late(head.state, head.clock.answer_by, today),
        rules.may_reopen(head.state, reopened=head.reopened, answered_on=head.answered_on, today=today),
    )  # fmt: skip


def _thread(practice: int, key: int, *, for_patient: bool) -> tuple[Said, ...]:
    found = rows(
        "select id, kind, side, words, by, at from dispute_event where practice_id = ? and dispute_id = ? order by id",
        practice, key,
    )  # fmt: skip
    sent = rows(
        "select event_id, id, name, size from dispute_file where practice_id = ? and dispute_id = ? order by id",
        practice, key,
    )  # fmt: skip
    names = people.names(practice, [by for _, _, _, _, by, _ in found])
    return tuple(
        Said(
            kind, side, words, names[by], known_instant(at), tuple(File(*file) for event, *file in sent if event == number)
        )
        for number, kind, side, words, by, at in found
        if not (for_patient and kind in INSIDE)
    )  # fmt: skip


def claims_beside(practice: int, encounters: set[int]) -> list[ClaimBeside]:
    """The claims of the visits in question, for the staff."""
    listed = sorted(encounters)
    sql = (
        "select c.id, c.control_number, c.state, coalesce(y.name, '') from claim c left join payer y on y.id = c.payer_id"
        f" where c.practice_id = ? and c.state <> 'void' and c.encounter_id in ({marks(listed)}) order by c.id"
    )
    with opened():
        return [ClaimBeside(*found) for found in rows(sql, practice, *listed)]


@dataclass(frozen=True, slots=True)
class OnLine:
    """What is open about a line of a bill. late: the promised day is over and the work is ours."""

    dispute: int
    kind: str
    number: str
    answer_by: date
    state: str
    late: bool


def on_lines(practice: int, patient: int, *, today: date) -> dict[tuple[int, int], OnLine]:
    """(visit, line) -> the open dispute or question about it, in one SELECT."""
    sql = (
        "select l.encounter_id, l.line, d.id, d.kind, d.number, d.answer_by, d.state from dispute_line l"
        f" join dispute d on d.id = l.dispute_id where d.practice_id = ? and d.patient_id = ? and d.state in ({marks(rules.OPEN)})"
        " order by d.id"
    )
    with opened():
        return {
            (encounter, line): OnLine(
                key, kind, number, known_day(by), state, rules.is_late(state, known_day(by), today)
            )
            for encounter, line, key, kind, number, by, state in rows(sql, practice, patient, *rules.OPEN)
        }


def proposed_credit(practice: int, key: int) -> int:
    """The cents a second person is asked to agree to."""
    found = disputes.last_event(practice, key, rules.PROPOSE)
    return sum(cents for _, _, cents in json.loads(found[2])) if found else 0


def policy(practice: int) -> Policy:
    """How the clinic answers."""
    return disputes.policy(practice)


def file(practice: int, key: int, attachment: int, *, patient: int | None = None) -> tuple[str, str, bytes]:
    """(name, media type, content) of a file in a thread.

    Raises:
        NotFound: none of this dispute, or of another patient than the one named.
    """
    return disputes.file(practice, key, attachment, patient=patient)


def held_of(practice: int, patient: int) -> int:
    """What open disputes of one patient keep from being asked."""
    with opened():
        return sum(bills.accounts(practice, [patient])[patient].held.values())


def held_cents(practice: int) -> int:
    """What all open disputes keep from being asked."""
    sql = (
        f"select distinct patient_id from dispute where practice_id = ? and kind = ? and state in ({marks(rules.OPEN)})"
    )
    with opened():
        patients = [row[0] for row in rows(sql, practice, rules.DISPUTE, *rules.OPEN)]
        found = bills.accounts(practice, patients)
    return sum(sum(account.held.values()) for account in found.values())
