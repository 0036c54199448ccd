"""A contract as a file: every bad row is told with its place and how to mend it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.errors import Rejected
from claims_service.domain.pricing.contract import Service, Term
from claims_service.formats.tables.contract_file import read
from tests.contract_files import COLUMNS, LOCALITY, contract


def test_every_method_reads_as_it_is_meant() -> None:
    found = read(
        contract(
            f"MPFS,99202,99499,,F,NP,85,,{LOCALITY},Y",
            "FLAT,J0696,,25,11,,,12.50,,N",
            "CHARGE,,,,,,55.5,,,",
            "PER_DIEM,,,,21,,,900,,",
            until="2026-12-31",
        )
    )

    assert (found.name, found.valid_from, found.valid_until) == ("PPO 2026", date(2026, 1, 1), date(2026, 12, 31))
    assert found.terms == (
        Term(
            2, "medicare", "99202", "99499", "", "F", "NP", None, Decimal(85), locality=LOCALITY, lesser_of_charge=True
        ),
        Term(3, "flat", "J0696", "J0696", "25", "11", cents=12_50),
        Term(4, "charge", percent=Decimal("55.5")),
        Term(5, "per_diem", place="21", cents=900_00),
    )


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("FLAT,9921,,,,,,12,,", "'9921' is no procedure code"),
        ("FLAT,99215,99213,,,,,12,,", "99215 comes after 99213"),
        ("FLAT,0001T,0999U,,,,,12,,", "codes of different kinds"),
        ("FLAT,99213,,,,,,,,", "amount can't be read"),
        ("FLAT,99213,,,,,,-1,,", "below zero"),
        ("FLAT,99213,,,,,80,12,,", "percent stands beside a flat amount"),
        ("CHARGE,99213,,,,,55,12,,", "amount stands beside a percent"),
        ("CHARGE,99213,,,,,1200,,,", "'1200' is no percent"),
        ("MPFS,99213,,,,,100,,,", "'' is no locality"),
        ("FLAT,99213,,2,,,,12,,", "no modifier"),
        ("FLAT,99213,,,office,,,12,,", "no place"),
        ("FLAT,99213,,,,GP,,12,,", "no provider class"),
        ("FLAT,99213,,,,,,12,,maybe", "neither yes nor no"),
        ("RBRVS,99213,,,,,100,,,", "no basis"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_how_to_mend_it(row: str, why: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(contract("FLAT,99499,,,,,,1,,", row))
    (problem,) = refused.value.problems

    assert problem.where == "line 3"
    assert why in problem.message
    assert problem.mend


def test_two_terms_of_which_neither_is_more_exact_are_refused() -> None:
    """99202 to 99213 and 99211 to 99215: which of them is 99212? A range within a range is fine."""
    fine = contract("FLAT,99202,99215,,,,,1,,", "FLAT,99211,99213,,,,,2,,", "FLAT,99213,,,,,,3,,")
    assert len(read(fine).terms) == 3
    with pytest.raises(Rejected, match="line 3: Its codes and those of line 2 overlap"):
        read(contract("FLAT,99202,99213,,,,,1,,", "FLAT,99211,99215,,,,,2,,"))
    with pytest.raises(Rejected, match="line 4: It is about the same as line 2"):
        read(contract("FLAT,99213,,25,,,,1,,", "FLAT,99213,,,,,,1,,", "FLAT,99213,,25,,,,2,,"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no column 'effective_from'"),
        (COLUMNS.encode(), "not a single term"),
        (b"effective_from,basis,price\n2026-01-01,FLAT,1\n", "'price' is no column"),
        (contract("FLAT,,,,,,,1,,", until="2025-12-31"), "ends before it begins"),
        (contract("FLAT,,,,,,,1,,", first="soon"), "day of the contract"),
        (contract("FLAT,,,,,,,1,,") + b"PPO,2026-02-01,,FLAT,99213,,,,,,2,,\n", "a file holds one contract"),
        (b"\xff\xfe\0P\0P", "no line of a text file"),
        (b'basis,effective_from\n"FLAT,2026-01-01', "Quotes or line ends"),
    ],
)
def test_a_file_that_is_no_contract_says_what_is_missing(content: bytes, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        read(content)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"{COLUMNS}\n{text}".encode()))
def test_whatever_comes_is_read_or_refused_in_words(content: bytes) -> None:
    told: object
    try:
        told = read(content).terms
    except Rejected as refused:
        told = refused.problems and all(problem.message and problem.where for problem in refused.problems)
    assert told


@pytest.mark.corpus
def test_a_percent_of_medicare_contract_of_the_documented_layout_is_read(shared_data: Path) -> None:
    found = read((shared_data / "layouts" / "fees" / "contract_percent_of_medicare.csv").read_bytes())
    medicare, flat, rest = found.terms

    assert (found.name, found.payer, medicare.release, medicare.locality) == ("SYNC1", "TW001", "2026A", "9990101")
    assert (medicare.percent, flat.cents, rest.percent) == (Decimal(120), 250_00, Decimal(55))
    assert not medicare.fits(Service("99213", date(2026, 2, 1)))
