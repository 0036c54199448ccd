"""What stops a bill, what a patient agreed to, and which steps of each statement left."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from claims_service.domain.errors import NotFound
from claims_service.domain.patient.reminder import TEXT, Contact, Policy, Step
from claims_service.store import tables
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run, write

SENDING, SENT, FAILED, TO_PRINT, PRINTED = "sending", "sent", "failed", "to_print", "printed"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a patient's bills rest, since when, and by whom."""

    id: int
    patient: int
    kind: str
    note: str
    since: date
    by: str


@dataclass(frozen=True, slots=True)
class IssuedStatement:
    """A statement that may still be reminded of, with the steps that left. newest: of its patient and kind."""

    id: int
    patient: int
    number: str
    issued_on: date
    due_on: date
    owed_cents: int
    newest: bool
    sent: tuple[str, ...]


def policy(practice: int) -> Policy:
    """The practice's newest policy, else the one the service comes with."""
    sql = "select steps, small_balance_cents, quiet_from, quiet_until from billing_policy where practice_id = ? order by id desc limit 1"
    with opened():
        row = run(sql, (practice,)).fetchone()
    if row is None:
        return Policy()
    steps = tuple(Step(letter, int(days)) for letter, _, days in (one.partition(":") for one in row[0].split()))
    return Policy(steps, row[1], time.fromisoformat(row[2]), time.fromisoformat(row[3]))


def add_policy(practice: int, new: Policy, *, by: str, at: datetime) -> None:
    """The policy from now on."""
    columns = ("practice", "steps", "small_balance_cents", "quiet_from", "quiet_until", "by", "at")
    steps = " ".join(f"{step.letter}:{step.days}" for step in new.steps)
    row = (practice, steps, new.small_balance_cents, f"{new.quiet_from:%H:%M}", f"{new.quiet_until:%H:%M}", by, at)
    with write():
        insert_rows(tables.BillingPolicy, columns, [row])


def holds(practice: int, patients: Sequence[int]) -> dict[int, tuple[Hold, ...]]:
    """What holds now, by patient; those without are left out."""
    found: dict[int, list[Hold]] = defaultdict(list)
    with opened():
        for part in in_parts(patients):
            sql = (
                "select id, patient_id, kind, note, since, by from billing_hold"
                f" where practice_id = ? and lifted_at is null and patient_id in ({marks(part)}) order by id"
            )
            for key, patient, kind, note, since, by in run(sql, (practice, *part)).fetchall():
                found[patient].append(Hold(key, patient, kind, note, day_of(since), by))
    return {patient: tuple(listed) for patient, listed in found.items()}


def add_holds(practice: int, new: Iterable[tuple[int, str, str]], *, since: date, by: str, at: datetime) -> list[int]:
    """(patient, kind, note) for each; ids in order."""
    columns = ("practice", "patient", "kind", "note", "since", "by", "at")
    with write():
        return insert_rows(tables.BillingHold, columns, [(practice, *one, since, by, at) for one in new])


def lift_hold(practice: int, patient: int, hold: int, *, by: str, at: datetime) -> bool:
    """False when it was lifted before.

    Raises:
        NotFound: no such hold of this patient.
    """
    with write():
        row = run(
            "select lifted_at from billing_hold where practice_id = ? and patient_id = ? and id = ?",
            (practice, patient, hold),
        ).fetchone()
        if row is None:
            raise NotFound("hold")
        if row[0] is None:
            sql = "update billing_hold set lifted_at = ?, lifted_by = ? where practice_id = ? and id = ?"
            run(sql, (at, by, practice, hold))
        return row[0] is None


def contacts(practice: int, patients: Sequence[int]) -> dict[int, Contact]:
    """How each patient may be reached now."""
    agreed: dict[int, set[str]] = defaultdict(set)
    found: dict[int, Contact] = {}
    with opened():
        for part in in_parts(patients):
            where = f"where practice_id = ? and {{}} in ({marks(part)}) order by id"
            sql = f"select patient_id, channel, answer from contact_choice {where.format('patient_id')}"
            for patient, channel, answer in run(sql, (practice, *part)).fetchall():
                (agreed[patient].add if answer == "yes" else agreed[patient].discard)(channel)
            sql = f"select id, email, phone, language from patient {where.format('id')}"
            for patient, email, phone, language in run(sql, (practice, *part)).fetchall():
                found[patient] = Contact(email, phone, language, frozenset(agreed[patient]))
    return found


def phones(practice: int) -> list[tuple[int, str]]:
    """(patient, number) of everyone who ever said a word about text messages."""
    sql = (
        "select id, phone from patient where practice_id = ? and phone <> '' and id in (select patient_id from contact_choice"
        " where practice_id = ? and channel = ?) order by id"
    )
    with opened():
        return [(int(patient), phone) for patient, phone in run(sql, (practice, practice, TEXT)).fetchall()]


def add_choices(
    practice: int, patient: int, answers: Iterable[tuple[str, str]], *, via: str, by: str, at: datetime
) -> None:
    """(channel, yes or stop) for one patient."""
    columns = ("practice", "patient", "channel", "answer", "via", "by", "at")
    with write():
        rows = [(practice, patient, channel, answer, via, by, at) for channel, answer in answers]
        insert_rows(tables.ContactChoice, columns, rows)


def issued_since(practice: int, day: date) -> list[int]:
    """Statements issued on or after a day, each patient's newest of its kind alone; oldest first."""
    sql = (
        "select s.id from statement s where s.practice_id = ? and s.issued_on >= ? and not exists"
        " (select 1 from statement n where n.patient_id = s.patient_id and n.confidential = s.confidential and n.id > s.id) order by s.id"
    )
    with opened():
        return [row[0] for row in run(sql, (practice, day)).fetchall()]


def issued(practice: int, statements: Sequence[int]) -> list[IssuedStatement]:
    """Statements with the steps that left, in the order asked for; those of other practices left out."""
    steps: dict[int, list[str]] = defaultdict(list)
    found: dict[int, IssuedStatement] = {}
    with opened():
        for part in in_parts(statements):
            asked = marks(part)
            sql = f"select statement_id, letter from reminder where practice_id = ? and statement_id in ({asked}) order by id"
            for statement, letter in run(sql, (practice, *part)).fetchall():
                steps[statement].append(letter)
            sql = (
                "select s.id, s.patient_id, s.number, s.issued_on, s.due_on, s.owed_cents, not exists"
                " (select 1 from statement n where n.patient_id = s.patient_id and n.confidential = s.confidential and n.id > s.id) from statement s"
                f" where +s.practice_id = ? and s.id in ({asked})"
            )
            for key, patient, number, on, due, owed, newest in run(sql, (practice, *part)).fetchall():
                sent = tuple(steps[key])
                found[key] = IssuedStatement(key, patient, number, day_of(on), day_of(due), owed, bool(newest), sent)
    return [found[key] for key in statements if key in found]


def add(practice: int, rows: Iterable[tuple[int, int, str, str, str, int]], *, at: datetime) -> list[int]:
    """(statement, patient, letter, channel, state, open cents) for each; ids in order. Inside write()."""
    columns = ("practice", "statement", "patient", "letter", "channel", "state", "open_cents", "at")
    return insert_rows(tables.Reminder, columns, [(practice, *row, at) for row in rows])


def set_state(practice: int, reminder: int, state: str, reason: str = "") -> None:
    """How it left, or why it did not."""
    with write():
        sql = "update reminder set state = ?, reason = ? where practice_id = ? and id = ?"
        run(sql, (state, reason, practice, reminder))


def take_back(practice: int, patients: Sequence[int], reason: str) -> None:
    """Letters about bills that others than these patients may read are not mailed any more. Inside write()."""
    for part in in_parts(patients):
        run(
            "update reminder set state = ?, reason = ? where practice_id = ? and state = ? and statement_id in"
            f" (select id from statement where patient_id in ({marks(part)}) and not confidential)",
            (FAILED, reason, practice, TO_PRINT, *part),
        )


def printed(practice: int, reminder: int) -> int | None:
    """The letter is in the mail; gives its patient, None where that was said before.

    Raises:
        NotFound: no letter of this practice that was to be printed.
    """
    with write():
        sql = "select patient_id, state from reminder where practice_id = ? and id = ? and state in (?, ?)"
        row = run(sql, (practice, reminder, TO_PRINT, PRINTED)).fetchone()
        if row is None:
            raise NotFound("letter")
        if row[1] == PRINTED:
            return None
        set_state(practice, reminder, PRINTED)
        return int(row[0])
