"""Each file reaches its receiver once and whole, whatever breaks on the way."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import peewee
import pytest

from claims_service.domain.errors import NotFound
from claims_service.domain.receiver import ALARM_AFTER, Receiver
from claims_service.gateways.folder import Folder
from claims_service.gateways.place import Found, Place, PlaceError
from claims_service.store import connection, receivers
from claims_service.store.connection import run
from claims_service.workflow.deliver_files import Attempt, send_again
from claims_service.workflow.submit_claims import SentFile
from tests.clinic import BILLER, NOW, Clinic
from tests.gateways.sftp_server import SftpServer, line_to, running
from tests.workflow.courier import (
    LATER,
    content,
    deliver,
    folder,
    lying_in,
    name_of,
    sftp,
    state,
    told,
    waiting,
    watched_folder,
)


@pytest.fixture
def insurer(tmp_path: Path) -> Iterator[SftpServer]:
    with running(tmp_path / "insurer") as server:
        yield server


@pytest.fixture
def watched(tmp_path: Path) -> Receiver:
    return watched_folder(tmp_path)


def test_a_file_reaches_an_insurers_server_once(clinic: Clinic, insurer: SftpServer) -> None:
    """$150.00 for Quillhaven: the file lies in its folder under our name; asked again, nothing more is sent."""
    sent = waiting(clinic, insurer.receiver())

    first, second = deliver(clinic, sftp), deliver(clinic, sftp, LATER)

    assert [(a.file, a.problem) for a in first] == [(sent.file, "")]
    assert second == ()
    assert lying_in(insurer.folder / "in") == {name_of(sent): content(clinic, sent)}
    assert state(sent) == "delivered"
    assert told() == ["begun", "uploaded", "delivered"]
    story = run("select text from claim_event where claim_id = ? and kind = 'delivered'", sent.claims).fetchall()
    assert story == [(f"Delivered to Quillhaven Health as {name_of(sent)}.",)]
    trail = run("select patient, subject from audit where action = 'claim_file.deliver'").fetchall()
    assert trail == [(clinic.alma, f"file:{sent.file}")]


def test_a_file_reaches_a_watched_folder_once(clinic: Clinic, watched: Receiver) -> None:
    sent = waiting(clinic, watched)

    deliver(clinic, folder)
    deliver(clinic, folder, LATER)

    assert lying_in(Path(watched.outbound)) == {name_of(sent): content(clinic, sent)}
    assert state(sent) == "delivered"


@pytest.mark.thorough
@pytest.mark.check(50)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_line_cut_at_each_tenth_leaves_one_whole_file(clinic: Clinic, insurer: SftpServer) -> None:
    """Forty claims, $6,000.00. The line breaks after each tenth of all that is said; then it holds: one file, whole."""
    sent = waiting(clinic, insurer.receiver(), 40)
    whole, name = content(clinic, sent), name_of(sent)
    with line_to(insurer.port) as line:
        receivers.put(clinic.practice, insurer.receiver(port=line.port), at=NOW)
        again(sent)
        deliver(clinic, sftp)
        every = line.passed
    assert every > len(whole)
    broke = 0

    for tenth in range(1, 11):
        again(sent)
        (insurer.folder / "in" / name).unlink()
        with line_to(insurer.port, every * tenth // 10 - 40) as line:
            receivers.put(clinic.practice, insurer.receiver(port=line.port), at=NOW)
            (attempt,) = deliver(clinic, sftp)
            broke += bool(attempt.problem)
        assert whole_or_unfinished(lying_in(insurer.folder / "in"), name, whole)

        receivers.put(clinic.practice, insurer.receiver(), at=NOW)
        deliver(clinic, sftp, LATER)

        assert lying_in(insurer.folder / "in") == {name: whole}, f"cut at {tenth} tenths"
        assert state(sent) == "delivered"
    assert broke >= 9


def again(sent: SentFile) -> None:
    """As if the file had just been made."""
    run("update delivery set stage = 'waiting', failures = 0, next_at = ? where file_id = ?", (NOW, sent.file))


def whole_or_unfinished(there: dict[str, bytes], name: str, whole: bytes) -> bool:
    """Whoever looks at the final name alone never sees a part of a file."""
    return there.get(name, whole) == whole and all(one == name or one.endswith(".part") for one in there)


class Breaking:
    """A place whose line breaks at one step: before it is done, or after it, when only the receipt is lost."""

    def __init__(self, place: Place, step: int, *, done: bool) -> None:
        self._place, self._left, self._done = place, step, done

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._place, name)

        def call(*arguments: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._done:
                raise PlaceError("The line broke.")
            answer = real(*arguments)
            if self._left == 0:
                raise PlaceError("The line broke.")
            return answer

        return call


@pytest.mark.check(50)
@pytest.mark.parametrize("collects", [False, True], ids=["it lies there", "it is collected at once"])
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_receipt_that_is_lost_at_any_step_sends_nothing_twice(
    step: int, done: bool, collects: bool, clinic: Clinic, watched: Receiver
) -> None:
    """Listing, writing and renaming break before or after they worked; the insurer may have the file away already."""
    sent = waiting(clinic, watched)
    got: list[bytes] = []

    def collect() -> None:
        for file in list(Path(watched.outbound).glob("*.837")) if collects else []:
            got.append(file.read_bytes())
            file.unlink()

    @contextmanager
    def breaking(receiver: Receiver) -> Iterator[Place]:
        yield Breaking(Folder(receiver), step, done=done)

    (first,) = deliver(clinic, breaking)
    collect()
    deliver(clinic, folder, LATER)
    collect()

    assert first.problem == "The line broke."
    assert [*got, *lying_in(Path(watched.outbound)).values()] == [content(clinic, sent)]
    assert state(sent) == "delivered"


def test_a_half_sent_first_name_is_sent_anew(clinic: Clinic, watched: Receiver) -> None:
    """The receiver's disk lost the end of what was whole when we looked: the part is written again before it is named."""
    sent = waiting(clinic, watched)

    @contextmanager
    def breaking(receiver: Receiver) -> Iterator[Place]:
        yield Breaking(Folder(receiver), 3, done=False)

    deliver(clinic, breaking)
    part = Path(watched.outbound) / f"{name_of(sent)}.1.part"
    part.write_bytes(part.read_bytes()[:500])
    deliver(clinic, folder, LATER)

    assert lying_in(Path(watched.outbound)) == {name_of(sent): content(clinic, sent)}
    assert told() == ["begun", "uploaded", "failed", "begun", "sending", "uploaded", "delivered"]


def test_another_file_under_our_name_is_left_alone_and_told(clinic: Clinic, watched: Receiver) -> None:
    """A restored backup gave a control number twice: nothing is written over, a person is told at once."""
    sent = waiting(clinic, watched)
    there = Path(watched.outbound) / name_of(sent)
    there.write_bytes(b"an older file")

    (attempt,) = deliver(clinic, folder)

    assert attempt.alarm
    assert "Another file lies at Quillhaven Health" in attempt.problem
    assert lying_in(Path(watched.outbound)) == {name_of(sent): b"an older file"}


@pytest.mark.check(50)
def test_a_server_with_another_key_gets_nothing(clinic: Clinic, insurer: SftpServer) -> None:
    """The pinned key is not the one it shows: no name, no byte, and a person is told at the first time."""
    sent = waiting(clinic, insurer.receiver())
    insurer.renew_key()

    (attempt,) = deliver(clinic, sftp)

    assert attempt.alarm
    assert "shows another key" in attempt.problem
    assert insurer.tries == 0
    assert lying_in(insurer.folder / "in") == {}
    assert state(sent) == "sending"
    (alarm,) = run("select alarm from receiver").fetchone()
    assert alarm == attempt.problem
    receivers.put(clinic.practice, insurer.receiver(), at=NOW)
    deliver(clinic, sftp, LATER)
    assert run("select alarm from receiver").fetchone() == ("",)
    assert lying_in(insurer.folder / "in") == {name_of(sent): content(clinic, sent)}


def test_a_server_that_is_down_is_asked_less_and_less_often_and_then_a_person_is_told(
    clinic: Clinic, watched: Receiver
) -> None:
    """1, 2, 4, 8, 16 minutes; the fifth failure is an alarm, and trying goes on."""
    sent = waiting(clinic, watched)

    def down(_receiver: Receiver) -> AbstractContextManager[Place]:
        raise PlaceError("Can't reach it.")

    now, minutes, alarms = NOW, [], []
    for _ in range(ALARM_AFTER):
        (attempt,) = deliver(clinic, down, now)
        alarms.append(attempt.alarm)
        wait = instant(run("select next_at from delivery").fetchone()[0]) - now
        assert deliver(clinic, down, now + wait - timedelta(seconds=1)) == ()
        minutes.append(wait / timedelta(minutes=1))
        now += wait
    deliver(clinic, folder, now)

    assert minutes == [1, 2, 4, 8, 16]
    assert alarms == [False] * (ALARM_AFTER - 1) + [True]
    assert state(sent) == "delivered"
    assert run("select alarm, failures from delivery").fetchone() == ("", 0)


def test_one_refused_file_does_not_keep_the_others(clinic: Clinic, watched: Receiver) -> None:
    first = waiting(clinic, watched)
    second = waiting(clinic, watched)
    (Path(watched.outbound) / name_of(first)).write_bytes(b"an older file")

    found = deliver(clinic, folder)

    assert [(a.file, a.alarm) for a in found] == [(first.file, True), (second.file, False)]
    assert state(second) == "delivered"


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def test_two_who_deliver_at_once_take_turns(clinic: Clinic, watched: Receiver) -> None:
    """The round of the clock and a command meet: while one speaks with the insurer, the other finds nothing to do."""
    waiting(clinic, watched)
    inner: list[tuple[Attempt, ...]] = []

    @contextmanager
    def meeting(receiver: Receiver) -> Iterator[Place]:
        def other() -> None:
            with connection.opened():
                inner.append(deliver(clinic, folder))

        one = threading.Thread(target=other)
        one.start()
        one.join(30)
        yield Folder(receiver)

    (attempt,) = deliver(clinic, meeting)

    assert attempt.problem == ""
    assert inner == [()]


def test_an_error_that_is_no_failure_of_the_place_is_not_hidden(clinic: Clinic, watched: Receiver) -> None:
    """A fault of our own ends the round; what was under way is looked at by the next."""
    sent = waiting(clinic, watched)

    @contextmanager
    def faulty(receiver: Receiver) -> Iterator[Place]:
        class Faulty(Folder):
            def sent(self) -> dict[str, Found]:
                raise ZeroDivisionError

        yield Faulty(receiver)

    with pytest.raises(ZeroDivisionError):
        deliver(clinic, faulty)
    deliver(clinic, folder)

    assert state(sent) == "delivered"


def test_a_file_the_receiver_lost_is_brought_once_more_when_a_person_says_so(clinic: Clinic, watched: Receiver) -> None:
    """The insurer has no trace of control number 1: the same file goes again, under the same name, and the trail says who asked."""
    sent = waiting(clinic, watched)
    with pytest.raises(NotFound):
        send_again(clinic.practice, [sent.file], by=BILLER, now=NOW)
    deliver(clinic, folder)
    (Path(watched.outbound) / name_of(sent)).unlink()
    assert deliver(clinic, folder, LATER) == ()

    send_again(clinic.practice, [sent.file], by=BILLER, now=NOW)
    deliver(clinic, folder, LATER)

    assert lying_in(Path(watched.outbound)) == {name_of(sent): content(clinic, sent)}
    trail = run("select who from audit where action = 'claim_file.send_again'").fetchall()
    assert trail == [(BILLER.name,)]


@pytest.mark.check(2)
@pytest.mark.parametrize("sql", ["update delivery_event set kind = 'delivered'", "delete from delivery_event"])
def test_what_was_written_down_of_an_attempt_stays(sql: str, clinic: Clinic, watched: Receiver) -> None:
    """Nobody can make a failed attempt look like a delivery afterwards."""
    waiting(clinic, watched)
    deliver(clinic, folder)

    with pytest.raises(peewee.IntegrityError, match="never changed or deleted"), connection.write():
        run(sql)
