"""Institutional claims to 837I and back; pyx12 is the outside judge."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.formats.x12.read_837i import read_837i
from claims_service.formats.x12.write_837i import write_837i
from tests.formats.x12.claim_strategies import institutional
from tests.formats.x12.examples import ENVELOPE
from tests.formats.x12.pyx12_judge import judge


@pytest.mark.check(47)
@settings(max_examples=25, deadline=None)
@given(st.lists(institutional(), min_size=1, max_size=3))
def test_any_stay_reads_back_field_for_field(made: list[InstitutionalClaim]) -> None:
    """Up to twenty diagnoses, fifteen procedures and occurrences, values, other payers with what they decided on each line."""
    file = read_837i(write_837i(ENVELOPE, made))

    assert sorted(file, key=repr) == sorted(made, key=repr)
    assert file.findings == []


@pytest.mark.check(47)
@settings(max_examples=4, deadline=None, phases=(Phase.generate,))
@given(st.lists(institutional(), min_size=1, max_size=2))
def test_pyx12_accepts_any_stay(made: list[InstitutionalClaim]) -> None:
    assert judge(write_837i(ENVELOPE, made)) == (True, [])
