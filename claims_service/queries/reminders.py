"""What staff see of reminders: what is to be printed, what did not leave, what was sent lately, and what rests."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.patient.reminder import Contact, Policy
from claims_service.queries.rows import known_instant, rows
from claims_service.store import reminders
from claims_service.store.connection import marks, opened
from claims_service.store.reminders import FAILED, PRINTED, SENDING, SENT, TO_PRINT, Hold

MOST = 100


@dataclass(frozen=True, slots=True)
class ReminderShown:
    """One step of a statement. state: sending (cut off: nobody knows whether it left), sent, failed, to_print, printed."""

    id: int
    statement: int
    number: str
    patient: int
    patient_name: str
    letter: str
    channel: str
    state: str
    reason: str
    cents: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """to_print, failed: what waits for a person, the oldest first. lately: what left, the newest first."""

    to_print: tuple[ReminderShown, ...]
    failed: tuple[ReminderShown, ...]
    lately: tuple[ReminderShown, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A patient's ways to be reached, and why bills rest."""

    contact: Contact
    holds: tuple[Hold, ...]


def board(practice: int) -> Board:
    """Everything on the page of reminders."""
    with opened():
        return Board(
            _shown(practice, (TO_PRINT,), "r.id", _STILL_OPEN),
            _shown(practice, (FAILED, SENDING), "r.id"),
            _shown(practice, (SENT, PRINTED), "r.id desc"),
        )


def standing(practice: int, patient: int) -> Standing:
    """What stands on a patient's page."""
    with opened():
        return Standing(
            reminders.contacts(practice, [patient])[patient], reminders.holds(practice, [patient]).get(patient, ())
        )


def policy(practice: int) -> Policy:
    """How the practice bills now."""
    return reminders.policy(practice)


# A letter that waited while the bill was paid, or a newer one went out, is not mailed any more.
_STILL_OPEN = (
    " and not exists (select 1 from statement n where n.patient_id = s.patient_id and n.confidential = s.confidential and n.id > s.id)"
    " and exists (select 1 from balance b"
    " where b.practice_id = r.practice_id and b.account = 'patient_owes' and b.patient = r.patient_id group by b.patient"
    " having sum(b.cents) > 0)"
)


def _shown(practice: int, states: tuple[str, ...], order: str, only: str = "") -> tuple[ReminderShown, ...]:
    found = rows(
        "select r.id, r.statement_id, s.number, r.patient_id, p.first || ' ' || p.last, r.letter, r.channel, r.state, r.reason,"
        " r.open_cents, r.at from reminder r join statement s on s.id = r.statement_id join patient p on p.id = r.patient_id"
        f" where r.practice_id = ? and r.state in ({marks(states)}){only} order by {order} limit {MOST}",
        practice, *states,
    )  # fmt: skip
    return tuple(
        ReminderShown(key, statement, number, patient, name, letter, channel, state, reason, cents, known_instant(at))
        for key, statement, number, patient, name, letter, channel, state, reason, cents, at in found
    )
