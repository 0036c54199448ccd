"""Brings files to receivers' folders, each once and whole, however often the line breaks or the program dies."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound
from claims_service.domain.receiver import ALARM_AFTER, MAILBOX, PART, Receiver, wait_after
from claims_service.gateways.place import Place, PlaceError, Refused
from claims_service.gateways.receivers import Opener
from claims_service.store import audit, deliveries, files, receivers
from claims_service.store.connection import write
from claims_service.store.deliveries import Waiting

SENT = "Delivered to {receiver} as {name}."
FOUND = "Delivered to {receiver} as {name}; the receipt of it was lost with an earlier attempt."
COLLECTED = "Delivered to {receiver} as {name}, which has collected it since."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one file. problem: why it did not get there, empty when it did. alarm: a person is needed."""

    file: int
    name: str
    receiver: str
    problem: str = ""
    alarm: bool = False


def deliver_files(
    practice: int,
    *,
    open_place: Opener,
    by: Actor,
    now: datetime,
    chance: Callable[[int], int] = secrets.randbelow,
) -> tuple[Attempt, ...]:
    """Try every file that is due. Safe to run again after any end of it, and beside itself: a receiver has one at a time."""
    found: list[Attempt] = []
    for receiver in receivers.every(practice):
        if receiver.route == MAILBOX or receivers.resting(practice, receiver.id, now=now):
            continue
        if deliveries.due(practice, receiver.id, now=now):
            with receivers.turn(receiver.id) as mine:
                if mine:
                    found += _Courier(practice, receiver, open_place, by, now, chance).deliver()
    return tuple(found)


def send_again(practice: int, wanted: Sequence[int], *, by: Actor, now: datetime) -> None:
    """Bring delivered files once more, because the receiver says that it never had them. Same name, same control number.

    Raises:
        NotFound: one of them was not delivered to a server or folder; none is sent again.
    """
    with write(practice):
        for file in wanted:
            if not deliveries.send_again(practice, file, by=by.name, at=now):
                raise NotFound(f"Of file {file} nothing was delivered to a server or folder.")
        events = [audit.Event("claim_file.send_again", None, f"file:{file}") for file in wanted]
        audit.record(practice, events, by=by, at=now)


@dataclass(frozen=True, slots=True)
class _Courier:
    """Speaks with one receiver."""

    practice: int
    receiver: Receiver
    open_place: Opener
    by: Actor
    now: datetime
    chance: Callable[[int], int]

    def deliver(self) -> list[Attempt]:
        """One connection for all that is due; where none comes about, all of it waits."""
        due = deliveries.due(self.practice, self.receiver.id, now=self.now)
        done: list[Attempt] = []
        try:
            with self.open_place(self.receiver) as place:
                receivers.set_alarm(self.practice, self.receiver.id, "", at=self.now)
                for waiting in due:
                    done.append(self._try(place, waiting))
                    if done[-1].problem and not done[-1].alarm:
                        break  # the line may be gone: the rest keeps its turn for the next connection
        except PlaceError as error:
            if isinstance(error, Refused):
                receivers.set_alarm(self.practice, self.receiver.id, str(error), at=self.now)
            for waiting in due[len(done) :]:
                self._begin(waiting)
                done.append(self._failed(waiting, error))
        return done

    def _try(self, place: Place, waiting: Waiting) -> Attempt:
        self._begin(waiting)
        try:
            how = self._bring(place, replace(waiting, stage=waiting.stage.replace("waiting", "sending")))
        except PlaceError as error:
            return self._failed(waiting, error)
        told = how.format(receiver=self.receiver.name, name=waiting.name)
        subject = f"file:{waiting.file}"
        with write():
            deliveries.finish(self.practice, waiting, told, by=self.by.name, at=self.now)
            patients = deliveries.patients_in(self.practice, waiting.file)
            events = [audit.Event("claim_file.deliver", patient, subject) for patient in patients]
            audit.record(self.practice, events, by=self.by, at=self.now)
        return Attempt(waiting.file, waiting.name, self.receiver.name)

    def _bring(self, place: Place, waiting: Waiting) -> str:
        """From wherever an earlier attempt ended: what lies there is looked at before anything is sent."""
        there, content = place.sent(), files.content_of(self.practice, waiting.file)
        part = _part(waiting, waiting.uploaded)
        if waiting.name in there:
            self._same(place, waiting.name, there[waiting.name].size, content)
            self._tidy(place, waiting, there)
            return FOUND
        if waiting.stage == "uploaded":
            if part not in there:
                return COLLECTED  # the first name was whole and is gone: it was renamed, and the receiver took it
            if there[part].size != len(content):
                deliveries.set_stage(self.practice, waiting, "sending", by=self.by.name, at=self.now)
                waiting = replace(waiting, stage="sending")
        if waiting.stage == "sending":
            self._tidy(place, waiting, there)
            part = _part(waiting, waiting.attempts + 1)
            place.write(part, content)
            deliveries.set_stage(self.practice, waiting, "uploaded", by=self.by.name, at=self.now)
        place.rename(part, waiting.name)
        return SENT

    def _tidy(self, place: Place, waiting: Waiting, there: Iterable[str]) -> None:
        """Take away what earlier attempts left half."""
        for name in there:
            if name.startswith(f"{waiting.name}.") and name.endswith(PART):
                place.remove(name)

    def _same(self, place: Place, name: str, size: int, content: bytes) -> None:
        """What lies there under our name must be our file, byte for byte."""
        if size == len(content) and _hash(place.read_sent(name)) == _hash(content):
            return
        raise Refused(
            f"Another file lies at {self.receiver.name} under the name {name}. Nothing was written over it. Ask the receiver what"
            " it is; a restored backup gives numbers again that were used before."
        )

    def _begin(self, waiting: Waiting) -> None:
        deliveries.begin(self.practice, waiting, by=self.by.name, at=self.now)

    def _failed(self, waiting: Waiting, error: PlaceError) -> Attempt:
        failures = waiting.failures + 1
        alarm = str(error) if isinstance(error, Refused) or failures >= ALARM_AFTER else ""
        deliveries.fail(
            self.practice, waiting, str(error), next_at=self.now + wait_after(failures, self.chance), alarm=alarm,
            by=self.by.name, at=self.now,
        )  # fmt: skip
        return Attempt(waiting.file, waiting.name, self.receiver.name, str(error), bool(alarm))


def _part(waiting: Waiting, attempt: int) -> str:
    """The first name, another for each attempt: what a killed one still has under way can't run into this one."""
    return f"{waiting.name}.{attempt}{PART}"


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
