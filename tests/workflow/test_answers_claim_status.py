"""Part 7, answers: what became of a claim (276, 277)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from claims_service.domain.claim.acknowledgement import StatusReason
from claims_service.domain.claim.status import StatusAnswer, StatusQuestion, StatusStep
from claims_service.domain.errors import NotFound
from claims_service.formats.x12.read_status import read_276
from claims_service.formats.x12.write_status import write_277
from claims_service.queries import claim_answers, claim_page
from claims_service.store import connection, files
from claims_service.store.connection import run
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.read_status_answer import read_status_answer
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.cycle import entries, ready, sent
from tests.workflow.insurer_line import Line, ask_claims, envelope, pending

PAID = StatusStep(
    (StatusReason("F1", "65"),), TODAY, 150_00, 92_50, TODAY - timedelta(1), TODAY - timedelta(1), "EFT0001"
)


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    connection.connect(database_url)
    with connection.opened():
        yield clinics.found()


def take(clinic: Clinic, *answers: StatusAnswer, control: int = 9, payer: int | None = None) -> FileOutcome:
    file = IncomingFile("answers.277", write_277(envelope(control), answers), payer)
    return read_status_answer(clinic.practice, [file], by=BILLER, now=NOW)[0]


def asked_by_file(clinic: Clinic, *claims: int) -> list[StatusQuestion]:
    (out,) = ask_claims(clinic, None, *claims).files
    return list(read_276(files.content_of(clinic.practice, out.file)))


def test_the_insurer_says_that_the_claim_is_in_process(clinic: Clinic) -> None:
    """$150.00, asked about: accepted for processing; the plan's own number is kept; no money moves."""
    (head,) = sent(clinic)
    before = entries("remittance")

    asked = ask_claims(clinic, Line(), head.id)

    told = claim_answers.latest(clinic.practice, head.id)
    page = claim_page.claim_page(clinic.practice, head.id)
    assert told is not None
    assert (asked.answered, told.state, told.is_finished) == (1, "answered", False)
    assert "Accepted for processing" in told.words
    assert (page.head.payer_claim_number, told.payer_claim_number) == ("ICN0001", "ICN0001")
    assert [event.kind for event in page.story[:2]] == ["told", "asked"]
    assert entries("remittance") == before


def test_a_decided_claim_is_told_with_its_payment(clinic: Clinic) -> None:
    """Paid $92.50 by EFT0001: where the remittance was lost, this is what to ask for."""
    (head,) = sent(clinic)

    ask_claims(clinic, Line(tell=lambda asked: replace(pending(asked), steps=(PAID,))), head.id)

    told = claim_answers.latest(clinic.practice, head.id)
    assert told is not None
    assert (told.is_finished, told.paid_cents, told.payment) == (True, 92_50, "EFT0001")
    assert told.words.endswith("$92.50 paid, payment EFT0001.")


def test_a_claim_is_asked_about_once_in_four_hours_unless_it_must_be(clinic: Clinic) -> None:
    (head,) = sent(clinic)
    line = Line()
    ask_claims(clinic, line, head.id)

    again = ask_claims(clinic, line, head.id, now=NOW + timedelta(hours=1))
    forced = ask_claims(clinic, line, head.id, now=NOW + timedelta(hours=1), force=True)
    later = ask_claims(clinic, line, head.id, now=NOW + timedelta(hours=6))

    assert (again.asked, len(again.standing), len(line.questions)) == ((), 1, 3)
    assert (forced.answered, later.answered) == (1, 1)


def test_what_the_insurer_does_not_have_is_not_asked_about(clinic: Clinic) -> None:
    (head,) = ready(clinic)

    asked = ask_claims(clinic, Line(), head.id)

    assert asked.asked == ()
    assert "the insurer does not have it" in asked.problems[0].message


def test_many_claims_go_in_one_file_and_each_answer_finds_its_claim(clinic: Clinic) -> None:
    heads = sent(clinic, 3)

    asked = asked_by_file(clinic, *(head.id for head in heads))
    outcome = take(clinic, *(pending(one, StatusReason("P1", str(20 + 18 * (n == 1)))) for n, one in enumerate(asked)))

    words = [claim_answers.latest(clinic.practice, head.id) for head in heads]
    assert [one.control_number for one in asked] == [head.control_number for head in heads]
    assert outcome.counts == {"answered": 3, "again": 0, "held": 0}
    assert ["Waiting for next payment cycle".lower() in (told.words.lower() if told else "") for told in words] == [
        False,
        True,
        False,
    ]


def test_an_answer_counts_once_and_one_about_another_claim_is_held(clinic: Clinic) -> None:
    (head,) = sent(clinic)
    (asked,) = asked_by_file(clinic, head.id)
    wrong = take(clinic, replace(pending(asked), control_number="OTHER1"), control=1)
    first, same = take(clinic, pending(asked), control=2), take(clinic, pending(asked), control=2)
    other_file = take(clinic, pending(asked), control=3)

    assert (wrong.state, first.counts["answered"], same.state, other_file.counts["again"]) == (
        "held",
        1,
        "duplicate",
        1,
    )
    assert run("select count(*) from claim_event where kind = 'told'").fetchone()[0] == 1


def test_an_answer_without_our_number_is_matched_by_the_claim_it_names(clinic: Clinic) -> None:
    (head,) = sent(clinic)
    (asked,) = asked_by_file(clinic, head.id)

    outcome = take(clinic, replace(pending(asked), trace=asked.control_number, control_number=asked.control_number))
    held = take(clinic, replace(pending(asked), trace="T1", control_number="NOBODY"), control=10)

    assert (outcome.counts["held"], outcome.counts["answered"]) == (0, 1)
    assert held.counts["held"] == 1


def test_an_insurer_answers_for_its_own_claims_alone(clinic: Clinic) -> None:
    (head,) = sent(clinic)
    (asked,) = asked_by_file(clinic, head.id)

    assert take(clinic, pending(asked), payer=clinic.northfold).counts["held"] == 1


def test_another_practices_claim_is_nobodys(clinic: Clinic) -> None:
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B")
    (head,) = sent(clinic)

    with pytest.raises(NotFound):
        ask_claims(other, Line(), head.id)
