"""A superbill is written by hand and read back as it was; what is no code is told with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.errors import Rejected
from claims_service.domain.superbill import DIAGNOSIS, PROCEDURE, Entry, Group, superbill, written
from claims_service.formats.tables.superbills import for_taxonomies, published

TITLES = st.text("abcdefgh ", min_size=1, max_size=20).map(lambda text: f"a{text.strip()}")
PROCEDURES = st.builds(
    Entry, st.sampled_from(["99213", "D1110", "G0438"]), TITLES, st.sampled_from([(), ("25",), ("59", "RT")])
)
DIAGNOSES = st.builds(Entry, st.sampled_from(["J069", "I10", "Z00129"]), TITLES)


@given(
    st.lists(st.builds(Group, TITLES, st.just(PROCEDURE), st.lists(PROCEDURES, min_size=1, max_size=4).map(tuple)), min_size=1, max_size=4),
    st.lists(st.builds(Group, TITLES, st.just(DIAGNOSIS), st.lists(DIAGNOSES, min_size=1, max_size=4).map(tuple)), max_size=3),
)  # fmt: skip
def test_what_is_written_out_reads_back_the_same(procedures: list[Group], diagnoses: list[Group]) -> None:
    found = superbill("Ours", written(procedures), written(diagnoses))

    assert list(found.groups) == [*procedures, *diagnoses]


def test_every_line_that_is_no_code_is_told() -> None:
    with pytest.raises(Rejected) as refused:
        superbill("", "# Visits\n99213 Office\nhello\n99213-ABC", "J06.9 Cold\n99213")

    told = [(problem.where, problem.message[:7]) for problem in refused.value.problems]
    assert told == [
        ("name", "Give th"),
        ("procedures", "Line 3:"),
        ("procedures", "Line 4:"),
        ("diagnoses", "Line 2:"),
    ]


def test_a_family_clinic_is_offered_its_own_specialty_and_a_dentist_theirs() -> None:
    assert [bill.name for bill in for_taxonomies(["207Q00000X"])] == ["Family medicine"]
    assert [bill.name for bill in for_taxonomies(["1223G0001X"])] == ["Dental"]
    assert {bill.specialty for bill in published()} == {"behavioral_health", "dental", "family_medicine", "pediatrics"}
    assert for_taxonomies(["999999999X"]) == published()
