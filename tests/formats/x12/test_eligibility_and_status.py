"""Eligibility (270, 271) and claim status (276, 277): questions and answers to bytes and back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from claims_service.domain.claim.acknowledgement import StatusReason
from claims_service.domain.claim.status import LineStatus, StatusAnswer, StatusQuestion, StatusStep
from claims_service.domain.eligibility.answer import Benefit, CoverDate, EligibilityAnswer, OtherParty, Refusal
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.party import Address, BillingProvider, Payer, Person, Provider
from claims_service.formats.x12.read_eligibility import read_270, read_271
from claims_service.formats.x12.read_status import read_276, read_277
from claims_service.formats.x12.write_eligibility import write_270, write_271
from claims_service.formats.x12.write_status import write_276, write_277
from tests.formats.x12.claim_strategies import (
    ADDRESSES,
    CENTS,
    DAYS,
    MAYBE_DAY,
    MAYBE_WORD,
    NAME,
    TEXT,
    WORD,
    sometimes,
)
from tests.formats.x12.examples import ENVELOPE

PAYER = Payer("ACME1", "ACME HEALTH PLAN")
CLINIC = Provider("1234567893", "LAKESIDE CLINIC")
BILLING = BillingProvider("LAKESIDE CLINIC", "1234567893", "", "", Address(), "", "", "LAKESIDE")
PEOPLE = st.builds(
    Person, NAME, NAME, st.just("") | NAME, MAYBE_DAY, st.sampled_from("FMU"), st.just(Address()) | ADDRESSES
)
MEMBERS = st.builds(Person, NAME, NAME, birth_on=DAYS, sex=st.sampled_from("FM"))
NAMES = st.builds(Person, NAME, NAME)
SERVICES = st.sampled_from([("30",), ("30", "98"), ("35",)])
DATES = st.lists(st.builds(CoverDate, st.sampled_from(["291", "346"]), DAYS, MAYBE_DAY), max_size=2).map(tuple)
SHARES = st.none() | st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
OTHERS = st.lists(
    st.builds(OtherParty, st.sampled_from(["PRP", "P3"]), NAME, st.just("") | NAME, st.just("PI"), WORD), max_size=2
)
BENEFITS = st.builds(
    Benefit, st.sampled_from(["1", "6", "A", "B", "C", "G", "R"]), st.sampled_from(["", "IND", "FAM"]), st.just(()) | SERVICES,
    st.sampled_from(["", "HM"]), st.just("") | WORD, st.sampled_from(["", "23", "29"]), st.none() | CENTS, SHARES,
    authorization=st.sampled_from(["", "Y"]), network=st.sampled_from(["", "Y", "W"]),
    numbers=st.sampled_from([(), (("18", "DMM1"),)]), dates=st.lists(st.builds(CoverDate, st.just("292"), DAYS, MAYBE_DAY), max_size=2).map(tuple),
    refusals=st.sampled_from([(), (Refusal("benefit", "70", "C"),)]), messages=st.lists(TEXT, max_size=2).map(tuple), others=OTHERS.map(tuple),
)  # fmt: skip


@st.composite
def questions(draw: st.DrawFn) -> EligibilityQuestion:
    dependent, asked = draw(sometimes(PEOPLE)), draw(MAYBE_DAY)
    return EligibilityQuestion(
        PAYER, CLINIC, draw(NAMES if dependent else PEOPLE), draw(WORD), draw(WORD), "9LAKESIDE1", asked,
        asked.replace(day=28) if asked and asked.day < 28 and draw(st.booleans()) else None, draw(SERVICES), dependent,
        draw(st.sampled_from(["", "19"])) if dependent else "", draw(MAYBE_WORD),
    )  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> EligibilityAnswer:
    dependent = draw(sometimes(PEOPLE))
    refusals = draw(st.sampled_from([(), (Refusal("subscriber", "75", "C"),)]))
    return EligibilityAnswer(
        PAYER, CLINIC, draw(NAMES if dependent else PEOPLE), draw(WORD), draw(WORD), "9LAKESIDE1", dependent,
        draw(st.sampled_from(["", "19"])) if dependent else "", draw(MAYBE_WORD), draw(DATES),
        tuple(draw(st.lists(BENEFITS, max_size=5))), refusals,
    )  # fmt: skip


@pytest.mark.wrong_x12("days of any kind: somebody may be born after the day that is asked about")
@settings(max_examples=25, deadline=None, phases=(Phase.generate,))
@given(st.lists(questions(), min_size=1, max_size=3))
def test_any_eligibility_question_reads_back_field_for_field(asked: list[EligibilityQuestion]) -> None:
    file = read_270(write_270(ENVELOPE, asked))

    assert list(file) == asked
    assert file.findings == []


@pytest.mark.wrong_x12("answers that contradict themselves, as an insurer may send them: refused, and periods reversed")
@settings(max_examples=25, deadline=None, phases=(Phase.generate,))
@given(st.lists(answers(), min_size=1, max_size=3))
def test_any_eligibility_answer_reads_back_field_for_field(given_back: list[EligibilityAnswer]) -> None:
    """Copays, deductibles and what remains of them, other payers, refusals, messages; for a member or for a child."""
    file = read_271(write_271(ENVELOPE, given_back))

    assert list(file) == given_back
    assert file.findings == []


def test_a_payer_that_cannot_answer_at_all_is_heard() -> None:
    """The payer's system is down: no member comes back, only reason 42, respond later."""
    down = EligibilityAnswer(PAYER, CLINIC, Person("", ""), refusals=(Refusal("payer", "42", "R"),))

    file = read_271(write_271(ENVELOPE, [down]))

    assert list(file) == [down]
    assert not down.is_active


REASONS = st.lists(
    st.builds(StatusReason, st.sampled_from(["F1", "P1", "A4"]), st.sampled_from(["65", "35"]), st.sampled_from(["", "PR"])),
    min_size=1, max_size=3,
).map(tuple)  # fmt: skip
STEPS = st.builds(StatusStep, REASONS, DAYS, st.none() | CENTS, st.none() | CENTS, MAYBE_DAY, MAYBE_DAY, MAYBE_WORD)
LINE_STEPS = st.builds(StatusStep, REASONS, DAYS)
LINES = st.builds(
    LineStatus, st.just("99213"), CENTS, CENTS, DAYS, st.lists(LINE_STEPS, min_size=1, max_size=2).map(tuple), MAYBE_WORD,
    st.sampled_from([(), ("25", "59")]), st.none() | st.just(Decimal(2)),
)  # fmt: skip


@st.composite
def status_questions(draw: st.DrawFn) -> StatusQuestion:
    dependent = draw(sometimes(MEMBERS))
    return StatusQuestion(
        PAYER, BILLING, draw(NAMES if dependent else MEMBERS), draw(WORD), draw(WORD), draw(MAYBE_WORD), draw(MAYBE_WORD),
        draw(st.none() | CENTS), draw(MAYBE_DAY), None, dependent,
    )  # fmt: skip


@st.composite
def status_answers(draw: st.DrawFn) -> StatusAnswer:
    return StatusAnswer(
        PAYER, BILLING, draw(NAMES), draw(WORD), draw(WORD), tuple(draw(st.lists(STEPS, min_size=1, max_size=3))),
        draw(MAYBE_WORD), draw(MAYBE_WORD), draw(MAYBE_DAY), None, draw(sometimes(NAMES)), tuple(draw(st.lists(LINES, max_size=3))),
    )  # fmt: skip


@pytest.mark.wrong_x12("days of any kind: somebody may be born after the day that is asked about")
@settings(max_examples=25, deadline=None, phases=(Phase.generate,))
@given(st.lists(status_questions(), min_size=1, max_size=3))
def test_any_status_question_reads_back_field_for_field(asked: list[StatusQuestion]) -> None:
    file = read_276(write_276(ENVELOPE, asked))

    assert list(file) == asked
    assert file.findings == []


@settings(max_examples=25, deadline=None, phases=(Phase.generate,))
@given(st.lists(status_answers(), min_size=1, max_size=3))
def test_any_status_answer_reads_back_field_for_field(given_back: list[StatusAnswer]) -> None:
    file = read_277(write_277(ENVELOPE, given_back))

    assert list(file) == given_back
    assert file.findings == []


def test_a_claim_is_finished_when_its_latest_step_says_so() -> None:
    """Pending on the 1st, paid on the 4th: the answer is final, whichever the payer lists first."""
    pending = StatusStep((StatusReason("P1", "20"),), date(2026, 11, 1))
    paid = StatusStep((StatusReason("F1", "65"),), date(2026, 11, 4), 15000, 9200)
    answer = StatusAnswer(PAYER, BILLING, Person("EXAMPLE", "ANN"), "MEM1", "T1", (paid, pending))

    assert answer.is_finished
    assert not replace(answer, steps=(pending,)).is_finished
