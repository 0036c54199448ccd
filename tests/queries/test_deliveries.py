"""Who has not answered in time, and what is stuck."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from claims_service.domain.claim.acknowledgement import GroupAnswer, TransactionAnswer
from claims_service.domain.receiver import FOLDER, MAILBOX, Receiver
from claims_service.formats.x12.acknowledgements import write_999
from claims_service.formats.x12.interchange import Interchange
from claims_service.gateways.folder import Folder
from claims_service.queries.deliveries import SilentFile, silent_files, standings, steps, troubles
from claims_service.store import receivers
from claims_service.store.connection import run
from claims_service.workflow.deliver_files import deliver_files
from claims_service.workflow.hand_over_files import hand_over_files
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from claims_service.workflow.submit_claims import SentFile, submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, Clinic
from tests.workflow.cycle import ready

DAY = timedelta(days=1)


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    (tmp_path / "in").mkdir()
    return Receiver("QH001", "Quillhaven Health", FOLDER, outbound=f"{tmp_path}/in")


def sent_to(clinic: Clinic, receiver: Receiver, claims: int = 2) -> SentFile:
    receivers.put(clinic.practice, receiver, at=NOW)
    ready(clinic, claims)
    (sent,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
    return sent


def delivered(clinic: Clinic, receiver: Receiver) -> SentFile:
    sent = sent_to(clinic, receiver)
    deliver_files(clinic.practice, open_place=Folder, by=BILLER, now=NOW)
    return sent


def receipt(clinic: Clinic, code: str = "A") -> None:
    """A 999 about the first file."""
    answer = GroupAnswer("1", "HC", "005010X222A1", code, (TransactionAnswer("0001", code),), 1, 1, 1)
    content = write_999(Interchange("QH001", "LAKESIDE", 1, 1, NOW), [answer])
    read_acknowledgement(clinic.practice, [IncomingFile("999", content)], by=BILLER, now=NOW)


def silent(clinic: Clinic, after: timedelta) -> list[SilentFile]:
    return silent_files(clinic.practice, now=NOW + after)


@pytest.mark.check(54)
def test_a_delivered_file_without_a_receipt_is_told_after_the_limit(clinic: Clinic, receiver: Receiver) -> None:
    """Two claims went to Quillhaven; its limit is 48 hours. Nothing at 47, at 48 the 999 is missed for both."""
    sent = delivered(clinic, receiver)

    assert silent(clinic, 2 * DAY - timedelta(hours=1)) == []
    assert silent(clinic, 2 * DAY) == [SilentFile(sent.file, sent.name, "Quillhaven Health", NOW, "999", 2, 48, "837P")]


def test_after_the_999_the_277ca_is_awaited_and_after_that_nothing(clinic: Clinic, receiver: Receiver) -> None:
    delivered(clinic, receiver)
    receipt(clinic)

    assert [(s.awaited, s.waiting) for s in silent(clinic, 2 * DAY)] == [("277CA", 2)]
    run("update claim set state = 'accepted'")
    assert silent(clinic, 30 * DAY) == []


def test_a_receivers_own_limit_counts(clinic: Clinic, receiver: Receiver) -> None:
    delivered(clinic, replace(receiver, answer_hours=6))

    assert silent(clinic, timedelta(hours=5)) == []
    assert [s.hours for s in silent(clinic, timedelta(hours=6))] == [6]


def test_a_file_that_nobody_fetches_from_the_mailbox_is_told_too(clinic: Clinic) -> None:
    """First its download is awaited, then, from the download on, the 999."""
    sent = sent_to(clinic, Receiver("QH001", "Quillhaven Health", MAILBOX, answer_hours=24))

    assert [(s.awaited, s.to) for s in silent(clinic, DAY)] == [("download", "Quillhaven Health")]
    hand_over_files(clinic.practice, clinic.quillhaven, [sent.file], by=BILLER, now=NOW + DAY)
    assert silent(clinic, DAY + timedelta(hours=23)) == []
    assert [s.awaited for s in silent(clinic, 2 * DAY)] == ["999"]


def test_a_claim_that_went_out_again_is_awaited_for_its_last_file(clinic: Clinic, receiver: Receiver) -> None:
    """The 999 refused the first file; its claims are mended and sent anew: only the second file is missed."""
    delivered(clinic, receiver)
    receipt(clinic, "R")
    run("update claim set state = 'ready'")
    (second,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
    deliver_files(clinic.practice, open_place=Folder, by=BILLER, now=NOW)

    assert [s.file for s in silent(clinic, 2 * DAY)] == [second.file]


def test_a_file_that_cannot_get_there_is_told_with_its_attempts(clinic: Clinic, receiver: Receiver) -> None:
    """The folder is gone. It is no late answer, since the receiver has nothing to answer to."""
    sent = sent_to(clinic, receiver)
    Path(receiver.outbound).rmdir()
    now = NOW
    for _ in range(5):
        deliver_files(clinic.practice, open_place=Folder, by=BILLER, now=now)
        now += timedelta(hours=1)

    (trouble,) = troubles(clinic.practice, now=now)
    (standing,) = standings(clinic.practice)

    assert (trouble.file, trouble.attempts, trouble.receiver) == (sent.file, 5, "Quillhaven Health")
    assert trouble.tried_again_at is not None
    assert "No such file or directory" in trouble.message
    assert standing.waiting == 1
    assert [(step.attempt, step.kind) for step in steps(clinic.practice, sent.file)] == [
        (attempt, kind) for attempt in range(1, 6) for kind in ("begun", "failed")
    ]
    assert silent(clinic, 10 * DAY) == []


def test_another_practice_sees_nothing_of_it(clinic: Clinic, receiver: Receiver) -> None:
    sent = delivered(clinic, receiver)
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B").practice

    assert (standings(other), troubles(other, now=NOW + 9 * DAY), silent_files(other, now=NOW + 9 * DAY)) == (
        [],
        [],
        [],
    )
    assert steps(other, sent.file) == []
