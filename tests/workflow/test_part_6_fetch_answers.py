"""Answers are taken out of a receiver's folder when they are whole, and once, whatever they are called."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.claim.acknowledgement import GroupAnswer, TransactionAnswer
from claims_service.domain.receiver import FOLDER, Receiver
from claims_service.formats.x12.acknowledgements import write_999
from claims_service.formats.x12.interchange import Interchange
from claims_service.gateways.folder import Folder
from claims_service.gateways.place import Place, PlaceError, Refused
from claims_service.gateways.sftp import Sftp, SignIn
from claims_service.interfaces.jobs.exchange import JOB, reading
from claims_service.queries import deliveries
from claims_service.store import receivers
from claims_service.store.connection import run
from claims_service.workflow.fetch_answers import MOST_BYTES, Fetched, fetch_answers, is_whole_x12
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from tests.clinic import NOW, TODAY, Clinic
from tests.gateways.sftp_server import PASSWORD, line_to, running
from tests.workflow.billed_clinic import billed, remittance


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    """A watched folder of Quillhaven."""
    for name in ("in", "out", "read"):
        (tmp_path / name).mkdir()
    return Receiver("QH001", "Quillhaven Health", FOLDER, outbound=f"{tmp_path}/in", inbound=f"{tmp_path}/out")


def open_place(receiver: Receiver) -> AbstractContextManager[Place]:
    return Folder(receiver) if receiver.route == FOLDER else Sftp(receiver, SignIn(PASSWORD, inside=True))


def look(clinic: Clinic) -> Fetched:
    """One round over the one receiver."""
    take = reading(clinic.practice, NOW, TODAY, by=JOB)
    (found,) = fetch_answers(clinic.practice, open_place=open_place, take=take, by=JOB, now=NOW)
    return found


def posted_cents() -> int:
    return int(run("select coalesce(sum(paid_cents), 0) from remittance where state = 'posted'").fetchone()[0])


def era(clinic: Clinic, receiver: Receiver) -> bytes:
    """Quillhaven pays $92.50 for a visit of $150.00, and $5.00 interest."""
    receivers.put(clinic.practice, receiver, at=NOW)
    return remittance(clinic, billed(clinic, 1, answered=False).claims)


@pytest.mark.check(49)
def test_an_answer_that_still_grows_is_never_read(clinic: Clinic, receiver: Receiver) -> None:
    """An 835 over $97.50 arrives a tenth at a time, the poller looking each time: posted when its last byte is there, once."""
    whole = era(clinic, receiver)
    there = Path(receiver.inbound) / "era.835"

    for tenth in range(1, 10):
        there.write_bytes(whole[: len(whole) * tenth // 10])
        for _ in range(2):
            assert look(clinic).counts == {"partial": 1}
        assert run("select count(*) from exchange_file where direction = 'in'").fetchone()[0] == 0
    there.write_bytes(whole)
    first, second = look(clinic), look(clinic)

    assert first.counts == {"read": 1}
    assert second.counts == {}
    assert posted_cents() == 97_50


@pytest.mark.check(49)
def test_the_same_answer_under_two_names_posts_once(clinic: Clinic, receiver: Receiver) -> None:
    """The insurer lays the 835 down again as era-copy.835 and with line ends: $97.50 is posted, not $292.50."""
    whole = era(clinic, receiver)
    (Path(receiver.inbound) / "era.835").write_bytes(whole)
    assert look(clinic).counts == {"read": 1}

    (Path(receiver.inbound) / "era-copy.835").write_bytes(whole)
    (Path(receiver.inbound) / "era-lines.835").write_bytes(whole.replace(b"~", b"~\r\n"))

    assert look(clinic).counts == {"duplicate": 2}
    assert look(clinic).counts == {}
    assert posted_cents() == 97_50
    assert run("select count(*) from exchange_file where direction = 'in'").fetchone()[0] == 1


def test_a_poller_killed_after_posting_posts_nothing_again(clinic: Clinic, receiver: Receiver) -> None:
    """The 835 is in the books, and the program dies before it notes so."""
    (Path(receiver.inbound) / "era.835").write_bytes(era(clinic, receiver))
    take = reading(clinic.practice, NOW, TODAY, by=JOB)

    def dying(file: IncomingFile) -> FileOutcome:
        take(file)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_answers(clinic.practice, open_place=open_place, take=dying, by=JOB, now=NOW)

    assert look(clinic).counts == {"duplicate": 1}
    assert posted_cents() == 97_50


def test_a_read_answer_is_moved_to_the_archive(clinic: Clinic, receiver: Receiver, tmp_path: Path) -> None:
    receiver = replace(receiver, archive=f"{tmp_path}/read")
    whole = era(clinic, receiver)
    (Path(receiver.inbound) / "era.835").write_bytes(whole)
    (Path(receiver.inbound) / "half.835").write_bytes(whole[:200])

    look(clinic)

    assert [file.name for file in Path(receiver.inbound).iterdir()] == ["half.835"]
    assert (tmp_path / "read" / "era.835").read_bytes() == whole


def test_a_name_that_is_used_again_for_new_content_is_read_again(clinic: Clinic, receiver: Receiver) -> None:
    """Some insurers call every receipt 999.txt."""
    receivers.put(clinic.practice, receiver, at=NOW)
    there = Path(receiver.inbound) / "999.txt"

    for control in (1, 2):
        there.write_bytes(receipt(control))
        os.utime(there, (control, control))
        assert look(clinic).counts == {"read": 1}


def receipt(control: int) -> bytes:
    answer = GroupAnswer("1", "HC", "005010X222A1", "A", (TransactionAnswer("0001", "A"),), 1, 1, 1)
    return write_999(Interchange("QH001", "LAKESIDE", control, control, NOW), [answer])


def test_what_is_no_x12_has_to_lie_still_before_it_is_looked_at(
    clinic: Clinic, receiver: Receiver, tmp_path: Path
) -> None:
    """A letter of the insurer as text: nothing in it proves its end, so it counts when it has not changed for a round.

    We can't read it, so it is not put away: a person will look for it where it lies.
    """
    receivers.put(clinic.practice, replace(receiver, archive=f"{tmp_path}/read"), at=NOW)
    there = Path(receiver.inbound) / "notice.txt"

    there.write_text("We move our")
    first = look(clinic)
    there.write_text("We move our offices.")
    second, third, fourth = look(clinic), look(clinic), look(clinic)

    assert [found.counts for found in (first, second, third, fourth)] == [
        {"growing": 1}, {"growing": 1}, {"refused": 1}, {},
    ]  # fmt: skip
    (trouble,) = deliveries.troubles(clinic.practice, now=NOW)
    assert trouble.name == "notice.txt"
    assert there.exists()


def test_an_answer_that_stays_half_is_told_after_half_a_day(clinic: Clinic, receiver: Receiver) -> None:
    whole = era(clinic, receiver)
    (Path(receiver.inbound) / "era.835").write_bytes(whole[:300])
    look(clinic)

    assert deliveries.troubles(clinic.practice, now=NOW + timedelta(hours=1)) == []
    (trouble,) = deliveries.troubles(clinic.practice, now=NOW + timedelta(hours=13))
    assert (trouble.receiver, trouble.name) == ("Quillhaven Health", "era.835")
    assert "ask for it again" in trouble.message


def test_unfinished_names_folders_and_links_are_passed_over(clinic: Clinic, receiver: Receiver, tmp_path: Path) -> None:
    whole = era(clinic, receiver)
    inbound = Path(receiver.inbound)
    for name in ("era.835.filepart", "era.835.part", ".era.835", "era.835.tmp"):
        (inbound / name).write_bytes(whole)
    (inbound / "folder.835").mkdir()
    (tmp_path / "elsewhere.835").write_bytes(whole)
    (inbound / "link.835").symlink_to(tmp_path / "elsewhere.835")

    assert look(clinic).counts == {}


def test_a_folder_that_is_gone_is_told_in_words(clinic: Clinic, receiver: Receiver) -> None:
    receivers.put(clinic.practice, receiver, at=NOW)
    shutil.rmtree(receiver.inbound)

    assert "No such file or directory" in look(clinic).problem


def test_an_archive_that_is_not_there_keeps_no_answer_from_being_read(clinic: Clinic, receiver: Receiver) -> None:
    """Four receipts lie there and none can be moved: all are read, once, and the trouble is told."""
    receivers.put(clinic.practice, replace(receiver, archive="/nowhere/read"), at=NOW)
    for control in range(1, 5):
        (Path(receiver.inbound) / f"{control}.999").write_bytes(receipt(control))

    first, second = look(clinic), look(clinic)

    assert (first.counts, second.counts) == ({"read": 4}, {})
    assert "Can't move to the folder /nowhere/read" in first.problem
    assert first.problem == second.problem


def test_one_file_that_cannot_be_opened_does_not_keep_the_others(clinic: Clinic, receiver: Receiver) -> None:
    receivers.put(clinic.practice, receiver, at=NOW)
    for control in (1, 2):
        (Path(receiver.inbound) / f"{control}.999").write_bytes(receipt(control))

    class Stubborn(Folder):
        def read_answer(self, name: str) -> bytes:
            if name == "1.999":
                raise PlaceError("It is not allowed there.")
            return super().read_answer(name)

    take = reading(clinic.practice, NOW, TODAY, by=JOB)
    (found,) = fetch_answers(clinic.practice, open_place=Stubborn, take=take, by=JOB, now=NOW)

    assert (found.counts, found.problem) == ({"read": 1}, "It is not allowed there.")


def test_a_file_too_large_for_an_answer_is_not_opened(clinic: Clinic, receiver: Receiver) -> None:
    """Somebody filled the folder with 300 MB of nothing; it is told, and memory stays free."""
    receivers.put(clinic.practice, receiver, at=NOW)
    with (Path(receiver.inbound) / "era.835").open("wb") as sparse:
        sparse.truncate(MOST_BYTES + 1)

    assert look(clinic).counts == {"refused": 1}
    assert look(clinic).counts == {}
    assert [t.name for t in deliveries.troubles(clinic.practice, now=NOW)] == ["era.835"]


def test_a_server_that_refused_us_is_left_alone_for_an_hour(clinic: Clinic, receiver: Receiver) -> None:
    """A wrong password tried every two minutes would lock the clinic's account; new settings end the wait."""
    receivers.put(clinic.practice, receiver, at=NOW)
    asked = []

    def refusing(_receiver: Receiver) -> AbstractContextManager[Place]:
        asked.append(1)
        raise Refused("It refuses to let us in.")

    def knock(after: timedelta) -> tuple[Fetched, ...]:
        take = reading(clinic.practice, NOW, TODAY, by=JOB)
        return fetch_answers(clinic.practice, open_place=refusing, take=take, by=JOB, now=NOW + after)

    knock(timedelta())
    assert knock(timedelta(minutes=59)) == ()
    knock(timedelta(minutes=60))
    assert knock(timedelta(minutes=119)) == ()
    assert len(asked) == 2
    receivers.put(clinic.practice, receiver, at=NOW)
    knock(timedelta(minutes=119))
    assert len(asked) == 3


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Receiver, Path]]:
    """The same folder, behind SFTP."""
    with running(tmp_path / "insurer") as server:
        yield server.receiver(archive="/archive"), server.folder


@pytest.mark.check(49)
def test_answers_come_by_sftp_too(clinic: Clinic, served: tuple[Receiver, Path]) -> None:
    """A half 835 and a whole 999: the 999 is read and put away, the 835 waits until it is whole."""
    receiver, folder = served
    whole = era(clinic, receiver)
    (folder / "out" / "era.835").write_bytes(whole[:-12])
    (folder / "out" / "999.txt").write_bytes(receipt(1))

    assert look(clinic).counts == {"partial": 1, "read": 1}
    assert [file.name for file in (folder / "archive").iterdir()] == ["999.txt"]
    (folder / "out" / "era.835").write_bytes(whole)
    assert look(clinic).counts == {"read": 1}
    assert posted_cents() == 97_50


@pytest.mark.thorough
@pytest.mark.check(49)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_line_cut_at_each_tenth_of_an_answer_reads_nothing_of_it(clinic: Clinic, tmp_path: Path) -> None:
    """An 835 over forty claims. The line breaks after each tenth of what the server says; then it holds, and it posts once."""
    whole = remittance(clinic, billed(clinic, 40, answered=False).claims)
    with running(tmp_path / "insurer") as server:
        with line_to(server.port, answers=True) as line:
            receivers.put(clinic.practice, server.receiver(port=line.port), at=NOW)
            assert look(clinic).counts == {}
            greeting = line.passed
        (server.folder / "out" / "era.835").write_bytes(whole)
        for tenth in range(1, 10):
            with line_to(server.port, greeting + len(whole) * tenth // 10, answers=True) as line:
                receivers.put(clinic.practice, server.receiver(port=line.port), at=NOW)
                found = look(clinic)
            assert found.problem
            assert run("select count(*) from exchange_file where direction = 'in'").fetchone()[0] == 0
        receivers.put(clinic.practice, server.receiver(), at=NOW)

        assert [look(clinic).counts, look(clinic).counts] == [{"read": 1}, {}]
    assert posted_cents() == 40 * 92_50 + 5_00


WHOLE = receipt(1)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_cut_at_any_byte_is_not_whole(length: int) -> None:
    """Only the last terminator may be missing: the control number before it proves the end."""
    assert is_whole_x12(WHOLE[:length]) == (length == len(WHOLE.rstrip(b"~\r\n")))


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (WHOLE, True),
        (WHOLE + b"\r\n\r\n", True),
        (b"\xef\xbb\xbf" + WHOLE, True),
        (WHOLE.replace(b"~", b"~\r\n"), True),
        (WHOLE.replace(b"~", b"\n"), True),
        (b"\r\n".join(WHOLE[n : n + 80] for n in range(0, len(WHOLE), 80)), True),
        (WHOLE + receipt(2), True),
        (WHOLE + receipt(2)[:-8], False),
        (WHOLE.replace(b"IEA*1*000000001", b"IEA*1*000000002"), False),
        (WHOLE + b"GARBAGE", False),
        (b"", False),
        (b"ISA", False),
        (b"IEA*1*000000001~", False),
    ],
)
def test_what_counts_as_a_whole_interchange(content: bytes, whole: bool) -> None:
    assert is_whole_x12(content) is whole
