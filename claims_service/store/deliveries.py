"""Outgoing files on their way to receivers: each attempt is written down before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims_service.domain.receiver import MAILBOX
from claims_service.store.connection import insert_rows, instant_text, opened, run, write
from claims_service.store.files import set_state
from claims_service.store.tables import ClaimEvent, Delivery, DeliveryEvent, ReceiverRow

_EVENT = ("practice", "delivery", "attempt", "kind", "text", "by", "at")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that has to get to its receiver. stage: waiting, sending or uploaded; failures: in a row.

    uploaded: the attempt that laid it there whole under its first name.
    """

    id: int
    file: int
    name: str
    stage: str
    attempts: int
    failures: int
    uploaded: int = 0


def add(practice: int, file: int, receiver: int, name: str, *, at: datetime) -> int:
    """A file is to be delivered; gives the delivery's id."""
    columns = ("practice", "file", "receiver", "name", "next_at")
    with write():
        return insert_rows(Delivery, columns, [(practice, file, receiver, name, at)])[0]


def due(practice: int, receiver: int, *, now: datetime) -> list[Waiting]:
    """What can be tried now, in the order it was made."""
    with opened():
        rows = (
            Delivery.select()
            .where(
                Delivery.practice == practice,
                Delivery.receiver == receiver,
                Delivery.stage.in_(("waiting", "sending", "uploaded")),
                Delivery.next_at <= instant_text(now),
            )
            .order_by(Delivery.file)
        )
        return [
            Waiting(row.id, row.file_id, row.name, row.stage, row.attempts, row.failures, _uploaded(row.id))
            for row in rows
        ]


def _uploaded(delivery: int) -> int:
    sql = "select max(attempt) from delivery_event where delivery_id = ? and kind = 'uploaded'"
    return int(run(sql, (delivery,)).fetchone()[0] or 0)


def begin(practice: int, waiting: Waiting, *, by: str, at: datetime) -> None:
    """Before anything is sent: from here on nobody may take the file for untouched."""
    stage = "sending" if waiting.stage == "waiting" else waiting.stage
    with write():
        _change(practice, waiting, "stage = ?, attempts = attempts + 1", stage)
        set_state(practice, waiting.file, "sending")
        _tell(practice, waiting, "begun", "", by=by, at=at)


def set_stage(practice: int, waiting: Waiting, stage: str, *, by: str, at: datetime) -> None:
    """The file lies whole under its first name (uploaded), or has to be laid there anew (sending)."""
    with write():
        _change(practice, waiting, "stage = ?", stage)
        _tell(practice, waiting, stage, "", by=by, at=at)


def finish(practice: int, waiting: Waiting, how: str, *, by: str, at: datetime) -> None:
    """The receiver has the file; each claim in it tells so."""
    with write():
        _change(practice, waiting, "stage = 'delivered', failures = 0, alarm = '', delivered_at = ?", at)
        set_state(practice, waiting.file, "delivered")
        _tell(practice, waiting, "delivered", how, by=by, at=at)
        claims = run("select claim_id from file_claim where practice_id = ? and file_id = ?", (practice, waiting.file))
        rows = [(practice, claim, at, "delivered", how, by, waiting.file) for (claim,) in claims.fetchall()]
        insert_rows(ClaimEvent, ("practice", "claim", "at", "kind", "text", "by", "file"), rows)


def fail(practice: int, waiting: Waiting, why: str, *, next_at: datetime, alarm: str, by: str, at: datetime) -> None:
    """It did not work; when it is tried again, and what a person is told if one is needed."""
    with write():
        _change(practice, waiting, "failures = failures + 1, next_at = ?, alarm = ?", next_at, alarm)
        _tell(practice, waiting, "failed", why, by=by, at=at)


def send_again(practice: int, file: int, *, by: str, at: datetime) -> bool:
    """A person says that the receiver never had it; False where it was not delivered by this route."""
    done = (Delivery.practice == practice, Delivery.file == file, Delivery.stage == "delivered")
    with write():
        row = Delivery.get_or_none(*done)
        if row is None:
            return False
        waiting = Waiting(row.id, file, row.name, row.stage, row.attempts, row.failures)
        _change(practice, waiting, "stage = 'waiting', delivered_at = null, next_at = ?", at)
        set_state(practice, file, "made")
        _tell(practice, waiting, "again", "", by=by, at=at)
        return True


def try_now(practice: int, receiver: int, *, at: datetime) -> None:
    """Settings were mended: what waits for this receiver waits no longer."""
    sql = "update delivery set next_at = ?, failures = 0, alarm = '' where practice_id = ? and receiver_id = ? and stage <> 'delivered'"
    with write():
        run(sql, (at, practice, receiver))


def elsewhere(practice: int) -> Any:
    """Files that are no mailbox's: brought to a server or folder, or on their way to one. A part of other questions."""
    brought = (Delivery.stage == "delivered") | (ReceiverRow.route != MAILBOX)
    return Delivery.select(Delivery.file).join(ReceiverRow).where(Delivery.practice == practice, brought)


def give_up(practice: int, receiver: int) -> int:
    """What waits for this receiver shall lie in the mailbox instead; how many files can't, since several insurers share them."""
    sql = (
        "select d.file_id, f.payer_id from delivery d join exchange_file f on f.id = d.file_id where d.practice_id = ?"
        " and d.receiver_id = ? and d.stage <> 'delivered'"
    )
    with write():
        waiting = run(sql, (practice, receiver)).fetchall()
        shared = sum(1 for _, payer in waiting if payer is None)
        for file, _ in [] if shared else waiting:
            set_state(practice, file, "made")
    return shared


def fetched(practice: int, file: int, *, at: datetime) -> None:
    """The insurer took it out of the mailbox after all: nothing is left to bring."""
    sql = "update delivery set stage = 'delivered', delivered_at = ? where practice_id = ? and file_id = ? and stage <> 'delivered'"
    with write():
        run(sql, (at, practice, file))


def patients_in(practice: int, file: int) -> Sequence[int]:
    """Whose claims, or questions about cover and claims, a file holds."""
    sql = (
        "select c.patient_id from file_claim fc join claim c on c.id = fc.claim_id where fc.practice_id = ? and fc.file_id = ?"
        " union select patient_id from eligibility_check where practice_id = ? and file_id = ?"
        " union select c.patient_id from status_inquiry s join claim c on c.id = s.claim_id where s.practice_id = ? and s.file_id = ?"
        " order by 1"
    )
    with opened():
        return [patient for (patient,) in run(sql, (practice, file) * 3).fetchall()]


def _change(practice: int, waiting: Waiting, changes: str, *values: object) -> None:
    run(f"update delivery set {changes} where practice_id = ? and id = ?", (*values, practice, waiting.id))


def _tell(practice: int, waiting: Waiting, kind: str, text: str, *, by: str, at: datetime) -> None:
    attempt = run("select attempts from delivery where id = ?", (waiting.id,)).fetchone()[0]
    insert_rows(DeliveryEvent, _EVENT, [(practice, waiting.id, attempt, kind, text, by, at)])
