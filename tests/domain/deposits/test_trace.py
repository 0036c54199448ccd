"""The payment number is found however a bank passes it on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.deposits.trace import Trace, trace_of, traces_in


@pytest.mark.check(56)
@pytest.mark.parametrize(
    "text",
    [
        "TRN*1*0012345*1990000002~",
        "TRN*1*0012345*1990000002\\",
        "trn*1*0012345*1990000002\\",
        "HCCLAIMPMT CCD ID 1990000002 ADDENDA TRN*1*0012345*1990000002*000012345~",
        "TRN 1 0012345 1990000002 QUILLHAVEN",
        "TRN*1*12345*1990000002",
        "RMT=TRN*1*12345*1990000002",
    ],
)
def test_a_trn_in_the_addenda_is_the_835s_however_the_bank_writes_it(text: str) -> None:
    assert traces_in(text) == (trace_of("0012345", "1990000002"),) == (Trace("12345", "1990000002"),)


@pytest.mark.check(56)
@given(st.from_regex(r"[A-Z0-9][A-Z0-9.-]{0,29}", fullmatch=True), st.integers(0, 60))
def test_a_trn_cut_over_two_records_is_joined(number: str, cut: int) -> None:
    text = f"QUILLHAVEN HCCLAIMPMT TRN*1*{number}*1990000002\\"

    assert traces_in(text[:cut], text[cut:]) == (trace_of(number, "1990000002"),)


@pytest.mark.parametrize("text", ["", "RETURN ITEM FEE", "TRN*2*123*1990000002", "PATRN*1*2*1990000002", "TRN*1*~"])
def test_other_text_has_no_trace(text: str) -> None:
    assert traces_in(text) == ()


def test_a_number_of_zeros_stays_a_number() -> None:
    assert trace_of("000").number == "0"
