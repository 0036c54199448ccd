"""835s: read, written, cut, miscounted, with any delimiters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.party import Address
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment, LinePayment, ProviderAdjustment
from claims_service.formats.x12.findings import Finding, broken
from claims_service.formats.x12.read_835 import read_835
from claims_service.formats.x12.write_835 import PayerDetails, Remittance, write_835
from tests.formats.x12.examples import ENVELOPE
from tests.formats.x12.pyx12_judge import judge

PAYER = PayerDetails(Address("1 PAYER WAY", "", "DALLAS", "TX", "752011234"), "EDI HELP DESK", "8005550100")
HEAD = Advice(
    "000000001", "1", "0001", "EFT1", "1990000002", 8945, "ACH", date(2026, 11, 4), "ACME HEALTH PLAN", "ACME1",
    "LAKESIDE CLINIC", "1234567893", "123456789", date(2026, 11, 3), test=True,
)  # fmt: skip
VISIT = LinePayment(
    1, "99213", 12000, 7000, "C1L1", ("25",), Decimal(1), date(2026, 10, 15),
    (Adjustment("CO", "45", 3000), Adjustment("PR", "3", 2000)), ("N54",), 9000,
)  # fmt: skip
PAID = ClaimPayment(
    1, "C1", "1", 12000, 7000, "ICN1", 2000, "12", "11", "1", "EXAMPLE", "ANN", "MEM1", date(2026, 10, 15),
    received_on=date(2026, 11, 2), lines=(VISIT,), remarks=("MA01",), interest_cents=45,
)  # fmt: skip
BACK = replace(VISIT, charge_cents=-12000, paid_cents=-7000, adjustments=(Adjustment("CO", "45", -5000),))
TAKEN_BACK = replace(PAID, position=2, status="22", charge_cents=-12000, paid_cents=-7000, lines=(BACK,))
END = AdviceEnd(
    2, (ProviderAdjustment("1234567893", date(2026, 12, 31), "WO", "ICN77", 1500),
        ProviderAdjustment("1234567893", date(2026, 12, 31), "L6", "", -45)),
)  # fmt: skip
WHOLE = write_835(ENVELOPE, [(HEAD, (PAID, TAKEN_BACK), END)], PAYER)


def read(content: bytes) -> tuple[list[object], list[Finding]]:
    file = read_835(content)
    found = [replace(one, segment=0) if isinstance(one, ClaimPayment) else one for one in file]
    return list(found), file.findings


def test_a_payment_a_reversal_and_plbs_read_back_as_they_were() -> None:
    """$70 paid, $70 taken back, $15 kept for an old overpayment, 45 cents of interest."""
    assert read(WHOLE) == ([HEAD, PAID, TAKEN_BACK, END], [])
    assert judge(WHOLE) == (True, [])


def remittance_of(found: Sequence[object]) -> Remittance:
    claims = [one for one in found if isinstance(one, ClaimPayment)]
    head, end = found[0], found[-1]
    assert isinstance(head, Advice)
    assert isinstance(end, AdviceEnd)
    return head, claims, end


def test_what_is_read_is_written_again_byte_for_byte() -> None:
    assert write_835(ENVELOPE, [remittance_of(read(WHOLE)[0])], PAYER) == WHOLE


MONEY = st.integers(-9_999_999, 9_999_999)
WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=2, max_size=20)
DAYS = st.none() | st.dates(date(2016, 1, 1), date(2026, 12, 31))
ADJUSTMENTS = st.lists(
    st.builds(Adjustment, st.sampled_from(["CO", "PR", "OA", "PI"]), WORD.map(lambda text: text[:5]), MONEY),
    max_size=20,
).map(tuple)
LINES = st.builds(
    LinePayment, st.just(1), WORD, MONEY, MONEY, st.just("") | WORD, st.just(()) | st.just(("25", "59")),
    st.integers(-999, 999).map(Decimal), DAYS, ADJUSTMENTS, st.just(()) | st.just(("N54", "M80")), st.none() | MONEY,
    st.just("") | WORD, st.sampled_from(["HC", "NU", "N4"]),
)  # fmt: skip
CLAIMS = st.builds(
    ClaimPayment, st.just(1), WORD, st.sampled_from(["1", "2", "4", "22"]), MONEY, MONEY, WORD, MONEY,
    st.sampled_from(["12", "MB"]), st.sampled_from(["11", "22"]), st.sampled_from(["1", "7"]), WORD, WORD, WORD,
    DAYS, DAYS, DAYS, ADJUSTMENTS, st.lists(LINES, max_size=3).map(tuple), st.just(()) | st.just(("MA01", "N781")),
    MONEY, st.none() | MONEY, st.just("") | WORD, st.just("") | WORD,
)  # fmt: skip
PLBS = st.lists(
    st.builds(ProviderAdjustment, st.just("1234567893"), st.just(date(2026, 12, 31)), st.sampled_from(["WO", "FB"]),
              st.just("") | WORD, MONEY), max_size=9,
).map(tuple)  # fmt: skip


@pytest.mark.wrong_x12("sums and reasons of any kind, as an insurer may send them: they are told apart, not paid")
@settings(max_examples=80, deadline=None)
@given(st.lists(CLAIMS, max_size=3), PLBS, MONEY)
def test_any_remittance_reads_back_field_for_field(
    made: list[ClaimPayment], plbs: tuple[ProviderAdjustment, ...], paid: int
) -> None:
    head = replace(HEAD, paid_cents=paid)
    numbered = [
        replace(one, position=at, lines=tuple(replace(inner, position=i) for i, inner in enumerate(one.lines, 1)))
        for at, one in enumerate(made, 1)
    ]
    end = AdviceEnd(len(numbered), plbs)

    found, findings = read(write_835(ENVELOPE, [(head, numbered, end)], PAYER))

    assert found == [head, *numbered, end]
    assert broken(findings) == []


@pytest.mark.check(39)
def test_a_file_cut_anywhere_is_broken_and_the_first_missing_trailer_is_named() -> None:
    """Cut at each byte; only the whole file is free of errors."""
    trailers = {name: WHOLE.index(name.encode() + b"*") for name in ("SE", "GE", "IEA")}
    for cut in range(len(WHOLE)):
        found = broken(read(WHOLE[:cut])[1])

        assert found, cut
        if cut > WHOLE.index(b"ST*") and WHOLE[cut - 1 : cut] == b"~":
            missing = next(name for name, at in trailers.items() if at >= cut)
            assert next(one.segment for one in found if one.segment in trailers) == missing, cut
    assert broken(read(WHOLE)[1]) == []
    assert broken(read(WHOLE + b"\r\n")[1]) == []


@pytest.mark.check(40)
@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        (b"~SE*33*0001~", b"~SE*32*0001~", "SE01"),
        (b"*0001~GE", b"*0002~GE", "SE02"),
        (b"GE*1*1~", b"GE*2*1~", "GE01"),
        (b"GE*1*1~", b"GE*1*7~", "GE02"),
        (b"IEA*1*000000001", b"IEA*3*000000001", "IEA01"),
        (b"IEA*1*000000001", b"IEA*1*000000009", "IEA02"),
    ],
)
def test_a_wrong_count_or_control_number_is_named(right: bytes, wrong: bytes, named: str) -> None:
    segments = WHOLE.split(b"~")
    count = next(int(one.split(b"*")[1]) for one in segments if one.startswith(b"SE*"))
    right, wrong = right.replace(b"SE*33*", b"SE*%d*" % count), wrong.replace(b"SE*32*", b"SE*%d*" % (count - 1))
    assert right in WHOLE

    found = broken(read(WHOLE.replace(right, wrong))[1])

    assert [one.element for one in found] == [named]


DELIMITERS = "*|\x1d!;", ":>\x1f\\", "~\n\x1c`", "^{\x1e"


@pytest.mark.check(45)
@pytest.mark.parametrize("breaks", [b"", b"\r\n", b"\n"])
def test_the_delimiters_and_line_breaks_of_a_file_make_no_difference(breaks: bytes) -> None:
    """Every combination of 5 element, 4 component, 4 terminator and 3 repetition marks says the same."""
    for element, component, terminator, repetition in product(*DELIMITERS):
        if terminator == "\n" and breaks:
            continue
        table = bytes.maketrans(b"*:~^", f"{element}{component}{terminator}{repetition}".encode())
        other = WHOLE.translate(table).replace(terminator.encode(), terminator.encode() + breaks)

        assert read(other) == read(WHOLE), (element, component, terminator, repetition)


@pytest.mark.check(45)
def test_a_file_wrapped_at_80_columns_is_read() -> None:
    wrapped = b"\r\n".join(WHOLE[at : at + 80] for at in range(0, len(WHOLE), 80))

    assert read(wrapped)[0] == read(WHOLE)[0]


def test_blanks_and_a_byte_order_mark_before_the_isa_are_passed_over() -> None:
    assert read(b"\xef\xbb\xbf\r\n  " + WHOLE + b"\r\n\x1a") == read(WHOLE)


def test_two_interchanges_in_one_file_are_both_read() -> None:
    found, findings = read(WHOLE + b"\n" + WHOLE.translate(bytes.maketrans(b"*", b"|")))

    assert found == read(WHOLE)[0] * 2
    assert findings == []


@pytest.mark.parametrize(
    ("right", "wrong", "element"),
    [(b"CLP*C1*1*120*70*", b"CLP*C1*1*1E9*70*", "CLP03"), (b"DTM*232*20261015", b"DTM*232*20261315", "DTM02")],
)
def test_an_amount_or_date_that_is_none_is_found_and_its_value_not_repeated(
    right: bytes, wrong: bytes, element: str
) -> None:
    found, findings = read(WHOLE.replace(right, wrong, 1))

    assert [one.element for one in broken(findings)] == [element]
    assert not any(value in str(findings) for value in ("1E9", "20261315", "EXAMPLE", "MEM1"))
    assert PAID not in found


def test_money_outside_of_claims_alone_goes_without_a_group_of_claims() -> None:
    """A capitation with nothing else in it: LX opens claims, and there are none."""
    written = write_835(ENVELOPE, [(HEAD, (), END)], PAYER)

    assert b"~LX*" not in written
    assert judge(written) == (True, [])


def test_a_claim_without_its_lx_is_still_read() -> None:
    content = WHOLE.replace(b"LX*1~", b"")

    found, findings = read(content)

    assert [one for one in found if isinstance(one, ClaimPayment)] == [PAID, TAKEN_BACK]
    assert "LX" in {one.segment for one in findings}
