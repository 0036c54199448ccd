"""Codes by date of service: a release changes the days it speaks of, and no other."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.code_sets import CodeSet, ListedCode, Meaning, Span, Standing, listed, paint, procedure_set

OCTOBER = date(2026, 10, 1)
DIABETES = Meaning("Type 2 diabetes w/o complications", "Type 2 diabetes mellitus without complications")
HEADING = Meaning("Type 2 diabetes mellitus", "Type 2 diabetes mellitus", billable=False)
START = date(2026, 1, 1)
DAYS = [START + timedelta(days=number) for number in range(30)]

days = st.sampled_from(DAYS)
releases = st.lists(
    st.tuples(days, st.none() | st.integers(0, 10), st.sampled_from(["", "old words", "new words"])), max_size=8
)


@given(releases)
def test_painting_changes_the_days_of_the_release_and_no_other(painted: list[tuple[date, int | None, str]]) -> None:
    """Day by day, the spans say what the last release that speaks of the day said."""
    spans: list[Span[str]] = []
    calendar = dict.fromkeys(DAYS, "")
    for first, length, words in painted:
        until = None if length is None else first + timedelta(days=length)
        spans = paint(spans, first, until, words or None)
        calendar |= {day: words for day in DAYS if first <= day and (until is None or day <= until)}

        assert {day: next((s.meaning for s in spans if s.holds(day)), "") for day in DAYS} == calendar
        assert all(sum(span.holds(day) for span in spans) <= 1 for day in DAYS)
        assert spans == sorted(spans, key=lambda span: span.first)
        assert all(
            one.meaning != two.meaning or one.until != two.first - timedelta(days=1)
            for one, two in itertools.pairwise(spans)
        )


def test_a_code_retired_on_october_1_is_still_valid_for_a_visit_of_september_30() -> None:
    since = date(2025, 10, 1)
    icd = CodeSet("icd10cm", since, {"E119": [Span(since, date(2026, 9, 30), DIABETES)]})

    assert icd.valid_on("E119", date(2026, 9, 30))
    assert icd.standing("E119", date(2026, 9, 30)) is Standing.VALID
    assert not icd.valid_on("E119", OCTOBER)
    assert icd.standing("E119", OCTOBER) is Standing.RETIRED
    assert icd.last_day("E119") == date(2026, 9, 30)


def test_a_heading_is_valid_and_can_t_be_billed() -> None:
    """E11 is a real heading; a claim needs E11.9 or another code under it."""
    icd = CodeSet("icd10cm", OCTOBER, {"E11": [Span(OCTOBER, None, HEADING)], "E119": [Span(OCTOBER, None, DIABETES)]})

    assert icd.valid_on("E11", OCTOBER)
    assert not icd.billable("E11", OCTOBER)
    assert icd.standing("E11", OCTOBER) is Standing.HEADING
    assert icd.billable("E119", OCTOBER)
    assert icd.last_day("E119") is None


def test_a_day_before_the_first_release_proves_nothing() -> None:
    """A visit of June with only the October file loaded: the code is neither good nor bad, so no claim is stopped for it."""
    icd = CodeSet("icd10cm", OCTOBER, {"E119": [Span(OCTOBER, None, DIABETES)], "E11X": []})

    assert icd.standing("E119", date(2026, 6, 1)) is Standing.NOT_COVERED
    assert icd.standing("E11X", date(2026, 6, 1)) is Standing.NOT_COVERED
    assert icd.standing("E11X", OCTOBER) is Standing.UNKNOWN
    assert CodeSet("cpt", None, {"99213": []}).standing("99213", OCTOBER) is Standing.NOT_COVERED


def test_a_code_that_was_not_loaded_is_not_taken_for_unknown() -> None:
    with pytest.raises(KeyError):
        CodeSet("icd10cm", OCTOBER, {}).standing("E119", OCTOBER)


def test_a_code_s_own_first_day_reaches_back_only_where_nothing_was_known() -> None:
    """HCPCS says since when a code exists: since 1996, if it is new to us; with a history of ours, the release speaks from its day."""
    code = ListedCode("A0425", DIABETES, date(1996, 1, 1))

    assert listed([], code, OCTOBER, None) == [Span(date(1996, 1, 1), None, DIABETES)]
    before = [Span(date(2020, 1, 1), None, HEADING)]
    assert listed(before, code, OCTOBER, None) == [
        Span(date(2020, 1, 1), date(2026, 9, 30), HEADING), Span(OCTOBER, None, DIABETES),
    ]  # fmt: skip


def test_a_code_s_own_last_day_counts_even_when_the_release_comes_later() -> None:
    """The October file says that a code ended on August 15: no visit of September may have it."""
    ended = ListedCode("A0425", DIABETES, date(1996, 1, 1), date(2026, 8, 15))

    assert listed([Span(date(1996, 1, 1), None, DIABETES)], ended, OCTOBER, None) == [
        Span(date(1996, 1, 1), date(2026, 8, 15), DIABETES)
    ]


@pytest.mark.parametrize(
    ("code", "kind"), [("99213", "cpt"), ("0001F", "cpt"), ("0075T", "cpt"), ("G0008", "hcpcs"), ("J0696", "hcpcs")]
)
def test_a_procedure_belongs_to_one_of_two_sets(code: str, kind: str) -> None:
    assert procedure_set(code) == kind


def test_a_code_that_starts_or_ends_inside_its_release_holds_for_those_days_alone() -> None:
    starting = ListedCode("A0425", DIABETES, date(2026, 11, 1), date(2026, 12, 31))

    assert listed([], starting, OCTOBER, None) == [Span(date(2026, 11, 1), date(2026, 12, 31), DIABETES)]
    ended = ListedCode("A0425", DIABETES, date(1996, 1, 1), date(2026, 9, 30))
    assert listed([Span(date(1996, 1, 1), None, DIABETES)], ended, OCTOBER, None) == [
        Span(date(1996, 1, 1), date(2026, 9, 30), DIABETES)
    ]
