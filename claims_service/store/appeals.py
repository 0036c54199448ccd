"""Appeals of denied claims: letters as they were made, what happened to them, and the clinic's own texts. Rows are only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.appeal import OUTCOMES, Letter, letter_from, letter_text
from claims_service.store.connection import day_of, insert_rows, marks, opened, run, write
from claims_service.store.tables import AppealEvent, AppealRow, AppealTemplate

_COLUMNS = 'a.id, a.claim_id, a.level, a.cents, a.denied_on, a.due_on, a."by", a.at'


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an appeal: sent, won, partly, lost, withdrawn."""

    appeal: int
    kind: str
    happened_on: date
    cents: int | None = None
    remittance: int | None = None
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal with its events, the oldest first."""

    id: int
    claim: int
    level: int
    cents: int
    denied_on: date
    due_on: date
    by: str
    at: str
    events: tuple[Event, ...] = ()

    @property
    def sent_on(self) -> date | None:
        return next((event.happened_on for event in self.events if event.kind == "sent"), None)

    @property
    def outcome(self) -> Event | None:
        """How it ended: the last outcome that was written."""
        return next((event for event in reversed(self.events) if event.kind in OUTCOMES), None)

    @property
    def is_open(self) -> bool:
        return self.outcome is None


def of_claims(practice: int, claims: Sequence[int]) -> dict[int, list[Appeal]]:
    """Appeals by claim, the oldest first, in two SELECTs."""
    if not claims:
        return {}
    with opened():
        rows = run(
            f"select {_COLUMNS} from appeal a where a.practice_id = ? and a.claim_id in ({marks(claims)}) order by a.id",
            (practice, *claims),
        ).fetchall()
        events = _events(practice, [row[0] for row in rows])
    found: dict[int, list[Appeal]] = {}
    for key, claim, level, cents, denied_on, due_on, by, at in rows:
        appeal = Appeal(key, claim, level, cents, day_of(denied_on), day_of(due_on), by, at, tuple(events.get(key, ())))
        found.setdefault(claim, []).append(appeal)
    return found


def _events(practice: int, appeals: Sequence[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    if appeals:
        sql = (
            'select appeal_id, kind, happened_on, cents, remittance_id, note, "by" from appeal_event'
            f" where practice_id = ? and appeal_id in ({marks(appeals)}) order by id"
        )
        for appeal, kind, on, *rest in run(sql, (practice, *appeals)).fetchall():
            found.setdefault(appeal, []).append(Event(appeal, kind, day_of(on), *rest))
    return found


def claim_of(practice: int, appeal: int) -> int | None:
    """The claim an appeal is about."""
    with opened():
        row = run("select claim_id from appeal where practice_id = ? and id = ?", (practice, appeal)).fetchone()
    return int(row[0]) if row else None


def letter(practice: int, appeal: int) -> Letter | None:
    """The letter as it was made."""
    with opened():
        row = run("select content from appeal where practice_id = ? and id = ?", (practice, appeal)).fetchone()
    return letter_from(row[0]) if row else None


def add(practice: int, made: Appeal, letter: Letter, template: int | None, *, by: str, at: datetime) -> int:
    """Keep a letter; gives its id."""
    columns = ("practice", "claim", "level", "cents", "denied_on", "due_on", "template", "content", "by", "at")
    row = (
        practice,
        made.claim,
        made.level,
        made.cents,
        made.denied_on,
        made.due_on,
        template,
        letter_text(letter),
        by,
        at,
    )
    with write():
        return insert_rows(AppealRow, columns, [row])[0]


def add_events(practice: int, events: Sequence[Event], *, by: str, at: datetime) -> None:
    """What happened, for many."""
    columns = ("practice", "appeal", "kind", "happened_on", "cents", "remittance", "note", "by", "at")
    with write():
        rows = [(practice, e.appeal, e.kind, e.happened_on, e.cents, e.remittance, e.note, by, at) for e in events]
        insert_rows(AppealEvent, columns, rows)


def template(practice: int, family: str) -> tuple[int, int, str] | None:
    """(id, version, text) of the newest text for a family of denials."""
    sql = "select id, version, text from appeal_template where practice_id = ? and family = ? order by version desc limit 1"
    with opened():
        row = run(sql, (practice, family)).fetchone()
    return (row[0], row[1], row[2]) if row else None


def add_template(practice: int, family: str, text: str, *, by: str, at: datetime) -> int:
    """A new version; gives its number."""
    with write():
        last = template(practice, family)
        version = last[1] + 1 if last else 1
        insert_rows(
            AppealTemplate,
            ("practice", "family", "version", "text", "by", "at"),
            [(practice, family, version, text, by, at)],
        )
    return version
