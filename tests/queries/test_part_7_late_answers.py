"""Part 7, answers: a file of questions that its insurer leaves unanswered is told, like a file of claims."""

from datetime import timedelta
from pathlib import Path

import pytest

from claims_service.domain.receiver import Receiver
from claims_service.formats.x12.read_eligibility import read_270
from claims_service.formats.x12.write_eligibility import write_271
from claims_service.gateways.folder import Folder
from claims_service.queries.deliveries import queue, silent_files
from claims_service.store import files, receivers
from claims_service.workflow.deliver_files import deliver_files
from claims_service.workflow.hand_over_files import hand_over_files
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.inquiring import SentQuestions
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, Clinic
from tests.workflow.courier import watched_folder
from tests.workflow.cycle import sent
from tests.workflow.insurer_line import ask, ask_claims, covered, envelope

HOUR = timedelta(hours=1)


@pytest.fixture
def quillhaven(clinic: Clinic, tmp_path: Path) -> Receiver:
    """Takes its files from a folder and answers within 48 hours."""
    receiver = watched_folder(tmp_path)
    receivers.put(clinic.practice, receiver, at=NOW)
    return receiver


def bring(clinic: Clinic, after: timedelta = timedelta(0)) -> None:
    deliver_files(clinic.practice, open_place=Folder, by=BILLER, now=NOW + after)


def told(clinic: Clinic, hours: int) -> list[tuple[int, str, str, int]]:
    late = silent_files(clinic.practice, now=NOW + hours * HOUR)
    return [(one.file, one.kind, one.awaited, one.waiting) for one in late if one.kind in ("270", "276")]


def answer(clinic: Clinic, asked: SentQuestions) -> None:
    questions = read_270(files.content_of(clinic.practice, asked.file))
    content = write_271(envelope(9), [covered(question) for question in questions])
    read_eligibility_answer(clinic.practice, [IncomingFile("a.271", content)], by=BILLER, now=NOW + 50 * HOUR)


@pytest.mark.usefixtures("quillhaven")
def test_part_7_a_question_file_without_an_answer_is_told_after_the_insurers_own_limit(clinic: Clinic) -> None:
    """Alma was asked about by file. At 47 hours nothing, at 48 the answer is missed, and when it comes that is over."""
    (asked,) = ask(clinic, None, clinic.alma).files
    bring(clinic)

    assert told(clinic, 47) == []
    assert told(clinic, 48) == [(asked.file, "270", "271", 1)]
    assert queue(clinic.practice, now=NOW + 48 * HOUR)["files"].count == 1
    answer(clinic, asked)
    assert told(clinic, 60) == []
    assert queue(clinic.practice, now=NOW + 60 * HOUR) == {}


@pytest.mark.usefixtures("quillhaven")
def test_part_7_a_file_of_status_questions_is_told_too(clinic: Clinic) -> None:
    claims = sent(clinic, 3)
    (asked,) = ask_claims(clinic, None, *(claim.id for claim in claims)).files
    bring(clinic)

    assert told(clinic, 48) == [(asked.file, "276", "277", 3)]


def test_part_7_questions_that_nobody_fetches_are_told_by_their_download(clinic: Clinic) -> None:
    """They lie in the mailbox; once fetched, the answer is awaited from then on."""
    (asked,) = ask(clinic, None, clinic.alma).files

    assert told(clinic, 48) == [(asked.file, "270", "download", 1)]
    hand_over_files(clinic.practice, clinic.quillhaven, [asked.file], by=BILLER, now=NOW + 48 * HOUR)
    assert told(clinic, 95) == []
    assert told(clinic, 96) == [(asked.file, "270", "271", 1)]


@pytest.mark.usefixtures("quillhaven")
def test_part_7_a_question_that_was_asked_again_is_missed_once(clinic: Clinic) -> None:
    """Asked on two mornings: only the newer file is waited for; after two weeks neither."""
    ask(clinic, None, clinic.alma)
    (again,) = ask(clinic, None, clinic.alma, now=NOW + HOUR, force=True).files
    bring(clinic, HOUR)

    assert [one[0] for one in told(clinic, 60)] == [again.file]
    assert told(clinic, 24 * 15) == []


def test_part_7_another_practice_is_told_nothing_of_it(clinic: Clinic) -> None:
    ask(clinic, None, clinic.alma)
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B").practice

    assert silent_files(other, now=NOW + 60 * HOUR) == []
