"""Takes receivers' answers out of their folders: only what is whole, and each content once."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.receiver import MAILBOX, PART, Receiver
from claims_service.gateways.place import Found, Place, PlaceError, Refused
from claims_service.gateways.receivers import Opener
from claims_service.store import audit, fetched, files, parties, receivers
from claims_service.store.connection import write
from claims_service.store.fetched import Known
from claims_service.workflow.incoming import FileOutcome, IncomingFile

Take = Callable[[IncomingFile], FileOutcome]
LONGEST_NAME = 120
NOBODY = frozenset((0,))  # no insurer has this id: a receiver that none is reached through speaks for none
MOST_BYTES = 256 * 1024 * 1024  # of one answer; a clearinghouse's largest 835 is a tenth of it
GIVE_UP_AFTER = 3  # failures in a row: then it is the line, not the file
_UNFINISHED = (PART, ".filepart", ".partial", ".tmp", ".temp", ".crdownload")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found at one receiver. counts: files by what became of them; growing and partial ones wait."""

    receiver: str
    counts: dict[str, int]
    outcomes: tuple[FileOutcome, ...] = ()
    problem: str = ""


def fetch_answers(practice: int, *, open_place: Opener, take: Take, by: Actor, now: datetime) -> tuple[Fetched, ...]:
    """Look into every receiver's folder. take: the reading step for one file, which knows what it read before."""
    found = []
    for receiver in receivers.every(practice):
        if receiver.route == MAILBOX or receivers.resting(practice, receiver.id, now=now):
            continue
        if receiver.inbound:
            with receivers.turn(receiver.id) as mine:
                if mine:
                    found.append(_look(_Collector(practice, receiver, take, by, now), open_place))
    return tuple(found)


def _look(collector: "_Collector", open_place: Opener) -> Fetched:
    receiver, problem = collector.receiver, ""
    try:
        with open_place(receiver) as place:
            receivers.set_alarm(collector.practice, receiver.id, "", at=collector.now)
            collector.collect(place)
            problem = " ".join(dict.fromkeys(collector.problems))
    except PlaceError as error:
        problem = str(error)
        if isinstance(error, Refused):
            receivers.set_alarm(collector.practice, receiver.id, problem, at=collector.now)
    return Fetched(receiver.name, dict(collector.counts), tuple(collector.outcomes), problem)


class _Collector:
    """Goes through one receiver's folder."""

    def __init__(self, practice: int, receiver: Receiver, take: Take, by: Actor, now: datetime) -> None:
        self.practice, self.receiver, self.now = practice, receiver, now
        self._take, self._by = take, by
        self._payers = parties.payers_behind(practice, receiver.identifier)
        self.counts: Counter[str] = Counter()
        self.outcomes: list[FileOutcome] = []
        self.problems: list[str] = []
        self._archives = bool(receiver.archive)

    def collect(self, place: Place) -> None:
        """Every file of the folder, the oldest first, so that a receipt is read before the payment."""
        known, in_a_row = fetched.by_name(self.practice, self.receiver.id), 0
        for found in place.answers():
            if _unfinished(found.name):
                continue
            try:
                self._one(place, found, known.get(found.name))
            except PlaceError as error:  # one file that can't be read or moved does not keep the others
                self.problems.append(str(error))
                in_a_row += 1
                if in_a_row == GIVE_UP_AFTER:
                    raise
            else:
                in_a_row = 0

    def _one(self, place: Place, found: Found, known: Known | None) -> None:
        if known and known.settled and (known.size, known.modified) == (found.size, found.modified):
            if known.state != "refused":
                self._put_away(place, found.name)
            return
        if found.size > MOST_BYTES:
            self._note(found.name, Known(found.size, found.modified, "", "refused"), None, "refused")
            return
        content = place.read_answer(found.name)
        now = Known(len(content), found.modified, files.digest(content), "seen")
        again = known is not None and (known.size, known.sha256) == (now.size, now.sha256)
        if len(content) != found.size or not content:
            self._wait(found.name, replace(now, state="partial"), "growing")
        elif looks_like_x12(content) and not is_whole_x12(content):
            self._wait(found.name, replace(now, state="partial"), "partial")
        elif not looks_like_x12(content) and not again:
            self._wait(found.name, now, "growing")
        else:
            self._settle(place, found.name, now, content)

    def _wait(self, name: str, known: Known, why: str) -> None:
        """Looked at again the next time; nothing of it was read."""
        self.counts[why] += 1
        fetched.put(self.practice, self.receiver.id, name, known, file=None, at=self.now)

    def _settle(self, place: Place, name: str, known: Known, content: bytes) -> None:
        earlier = fetched.taken(self.practice, self.receiver.id, known.sha256)
        if earlier is None:
            only = next(iter(self._payers)) if len(self._payers) == 1 else None
            outcome = self._take(IncomingFile(_plain(name), content, only, self._payers or NOBODY))
            self.outcomes.append(outcome)
            state, file = outcome.state, outcome.file
        else:
            state, file = "duplicate", earlier or None
        self._note(name, replace(known, state=state), file, state)
        if state != "refused":  # it stays for a person to look at; and it may not be whole after all
            self._put_away(place, name)

    def _put_away(self, place: Place, name: str) -> None:
        """What was read stays read where it can't be moved; the next round tries again."""
        if self._archives:
            try:
                place.archive(name)
            except PlaceError as error:
                self._archives = False
                self.problems.append(str(error))

    def _note(self, name: str, known: Known, file: int | None, state: str) -> None:
        subject = f"file:{file}" if file else f"receiver:{self.receiver.id}"
        with write():
            fetched.put(self.practice, self.receiver.id, name, known, file=file, at=self.now)
            audit.record(self.practice, [audit.Event(f"answer.fetch_{state}", None, subject)], by=self._by, at=self.now)
        self.counts[state] += 1


def _unfinished(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(_UNFINISHED)


def _plain(name: str) -> str:
    """Printable and short; nothing is stored by it."""
    return "".join(mark for mark in name if mark.isprintable() and mark not in "/\\")[:LONGEST_NAME] or "file"


def looks_like_x12(content: bytes) -> bool:
    """It begins as an interchange does, or with as much of that as has arrived."""
    head = content[:16].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"ISA") or (len(content) < 16 and b"ISA".startswith(head[:3]))


def is_whole_x12(content: bytes) -> bool:
    """From ISA to the IEA that repeats its control number, and nothing but space behind: a file cut anywhere is not whole."""
    text = content.lstrip(b"\xef\xbb\xbf \r\n\t")
    if b"\n" in text[:105]:
        text = _flat(text)
    if len(text) < 106 or not text.startswith(b"ISA"):
        return False
    element, terminator = text[3:4], text[105:106]
    segments = _segments(text, terminator)
    opened = [segment for segment in segments if segment.startswith(b"ISA" + element)]
    closed = [segment for segment in segments if segment.startswith(b"IEA" + element)]
    if not opened or len(opened) != len(closed) or segments[-1] is not closed[-1]:
        return False
    pairs = zip(opened, closed, strict=True)
    return all(_part(first, element, 13) == _part(last, element, 2) for first, last in pairs)


def _segments(content: bytes, terminator: bytes) -> Sequence[bytes]:
    """Without line ends around and inside of them, which some mailers add."""
    parts = (_flat(part).strip() for part in content.split(terminator))
    return [part for part in parts if part]


def _flat(content: bytes) -> bytes:
    return content.replace(b"\r", b"").replace(b"\n", b"") if b"\n" in content or b"\r" in content else content


def _part(segment: bytes, element: bytes, number: int) -> bytes | None:
    parts = segment.split(element)
    return parts[number] if len(parts) > number else None
