"""Part 7, answers: tomorrow's patients with what their insurers said the night before, who needs something first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from claims_service.domain.eligibility.answer import Benefit, EligibilityAnswer
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.formats.x12.read_eligibility import read_270
from claims_service.formats.x12.write_eligibility import write_271
from claims_service.queries.coming_visits import Coming, coming, counts
from claims_service.store import files
from claims_service.store.connection import run
from claims_service.workflow.ask_eligibility import CoverQuestion, ask_eligibility
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.inquiring import Asked
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.record_encounter import record_encounters
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, Clinic
from tests.workflow.insurer_line import TOMORROW, covered, envelope

MIDNIGHT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
Say = Callable[[EligibilityQuestion], EligibilityAnswer]


def ended(asked: EligibilityQuestion) -> EligibilityAnswer:
    return replace(covered(asked), benefits=(Benefit("6", "IND", ("30",)),))


def renamed(asked: EligibilityQuestion) -> EligibilityAnswer:
    return replace(covered(asked), subscriber=replace(asked.subscriber, last="MARRIEDNAME"))


def ask(clinic: Clinic, *people: int, at: datetime = NOW, day: date = TOMORROW) -> Asked:
    return ask_eligibility(clinic.practice, [CoverQuestion(p, day) for p in people], by=BILLER, now=at)


def answer(clinic: Clinic, asked: Asked, say: Say = covered) -> None:
    for n, sent in enumerate(asked.files):
        content = write_271(envelope(20 + n), [say(q) for q in read_270(files.content_of(clinic.practice, sent.file))])
        read_eligibility_answer(clinic.practice, [IncomingFile("a.271", content, sent.payer)], by=BILLER, now=NOW)


def expected(clinic: Clinic) -> tuple[Coming, ...]:
    return coming(clinic.practice, TOMORROW, begins_at=MIDNIGHT)


@pytest.mark.parametrize(
    ("say", "standing"), [(covered, "active"), (ended, "not_active"), (renamed, "otherwise"), (None, "asked")]
)
def test_part_7_who_comes_tomorrow_stands_with_what_the_insurer_said(
    say: Say | None, standing: str, clinic: Clinic
) -> None:
    asked = ask(clinic, clinic.alma)
    if say:
        answer(clinic, asked, say)

    (one,) = expected(clinic)

    assert (one.patient, one.name, one.standing) == (clinic.alma, "Alma Testpatient", standing)
    if say is covered:
        told = one.covers[0].told
        assert told is not None
        assert [amount.cents for amount in (*told.copay, *told.deductible_left)] == [30_00, 60_00]


def test_part_7_visits_recorded_ahead_are_expected_before_anyone_asked(clinic: Clinic) -> None:
    """Bruno's visit is recorded, Alma's insurer was asked: both come, Bruno's insurer has yet to be asked."""
    record_encounters(clinic.practice, [clinic.visit(clinic.bruno, served_on=TOMORROW)], by=BILLER, now=NOW)
    answer(clinic, ask(clinic, clinic.alma))

    listed = expected(clinic)

    assert [(one.patient, one.standing) for one in listed] == [(clinic.bruno, "never"), (clinic.alma, "active")]
    assert counts(listed) == {"never": 1, "active": 1}


def test_part_7_the_first_plan_decides_and_who_has_none_on_the_day_is_told(clinic: Clinic) -> None:
    """Bruno's first plan is active, his second not: he comes covered. Alma's plan ends today."""
    record_encounters(clinic.practice, [clinic.visit(served_on=TOMORROW)], by=BILLER, now=NOW)
    run("update coverage set valid_until = ? where patient_id = ?", (TOMORROW, clinic.alma))
    second = run("select member_id from coverage where patient_id = ? and rank = 2", (clinic.bruno,)).fetchone()[0]
    answer(clinic, ask(clinic, clinic.bruno), lambda q: ended(q) if q.member_id == second else covered(q))

    assert [(one.patient, one.standing) for one in expected(clinic)] == [
        (clinic.alma, "no_plan"),
        (clinic.bruno, "active"),
    ]


def test_part_7_who_was_asked_about_at_the_desk_on_the_day_is_not_listed_as_expected(clinic: Clinic) -> None:
    """The card is about the night before: a question of the day itself was asked for somebody at the desk."""
    ask(clinic, clinic.alma, at=MIDNIGHT + timedelta(hours=10))

    assert expected(clinic) == ()


def test_part_7_another_practice_expects_nobody(clinic: Clinic) -> None:
    ask(clinic, clinic.alma)
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B")

    assert expected(other) == ()
