"""Medicare's relative value file and its localities: both layouts read alike, and a file with moved columns is refused."""

import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from claims_service.domain.errors import Rejected
from claims_service.domain.pricing.medicare import Gpci, Rvu
from claims_service.formats.tables import release_names
from claims_service.formats.tables.medicare_fee_files import read_localities, read_values
from tests.contract_files import GPCI, RVU, RVU_HEADING


def stream(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())


def said(reading: Iterable[object]) -> str:
    with pytest.raises(Rejected) as refused:
        list(reading)
    return str(refused.value)


def test_values_are_found_under_labels_that_are_stacked_over_two_rows() -> None:
    found = {value.code: value.meaning for value in read_values(stream(RVU))}

    assert found["99213"] == Rvu("A", "1.30", "1.46", "0.57", "0.10", False, False, "0", "33.4009", "XXX")
    assert found["9300026"] == Rvu("A", "0.17", "0.07", "0.07", "0.01", False, True, "0", "33.4009", "XXX")
    assert list(found) == ["99213", "85025", "11102", "9300026"]


def test_a_file_of_the_year_before_has_a_column_less_and_reads_the_same() -> None:
    """The pricing indicator came in 2026 and moved the conversion factor by one."""
    lines = RVU.splitlines()
    cut = [",".join(c for n, c in enumerate(line.replace(", b", " b").split(",")) if n != 23) for line in lines]

    assert [v.meaning for v in read_values(stream("\n".join(cut)))] == [v.meaning for v in read_values(stream(RVU))]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (
            "99213,,x,A,,1.30,1.46,,0.57,,0.10,2.99,1.97,0,XXX,0,0,0,0,0,0,0,0,9,,33.4009",
            "line 5: .*make 2.86, not the total of 2.99",
        ),
        ("9921,,x,A,,1.30,1.46,,0.57,,0.10,2.86,1.97,0,XXX,0,0,0,0,0,0,0,0,9,,33.4009", "no procedure code"),
        ("99213,,x,A,,much,1.46,,0.57,,0.10,2.86,1.97,0,XXX,0,0,0,0,0,0,0,0,9,,33.4009", "'much' is no number"),
        ("", "not a single code"),
    ],
)
def test_a_bad_line_is_told_with_its_number(row: str, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        list(read_values(stream(RVU_HEADING + row + "\n")))


def test_one_conversion_factor_holds_for_the_whole_file() -> None:
    assert "line 7: The conversion factor is 30.0000 here and 33.4009 above" in said(
        read_values(stream(RVU.replace("0,0,9,,33.4009\n93000", "0,0,9,,30.0000\n93000")))
    )


def test_a_list_of_something_else_is_no_relative_value_file() -> None:
    assert "no heading 'HCPCS, MOD'" in said(read_values(stream("code,description\n99213,Visit\n")))
    assert "no heading of contractors" in said(read_localities(stream("code,description\n99213,Visit\n")))


def test_a_locality_takes_the_work_index_with_the_floor_and_its_leading_zeros_back() -> None:
    (found,) = read_localities(stream(GPCI))

    assert (found.code, found.meaning) == ("0210201", Gpci("CITY OF TESTS", "1.040", "1.120", "0.900"))


def test_a_locality_file_without_the_unfloored_column_reads_the_same() -> None:
    lines = [line.split(",") for line in GPCI.splitlines()]
    cut = "\n".join(",".join(cells[:4] + cells[5:]) for cells in lines)

    assert [g.meaning for g in read_localities(stream(cut))] == [g.meaning for g in read_localities(stream(GPCI))]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("RVU26A.zip.csv", "2026-01-01"),
        ("PPRRVU2026_Apr_nonQPP.csv", "2026-04-01"),
        ("PPRRVU25_JUL.csv", "2025-07-01"),
        ("GPCI2026_OCT.csv", "2026-10-01"),
        ("GPCI2026.csv", "None"),
    ],
)
def test_the_name_says_the_quarter(name: str, day: str) -> None:
    assert str(release_names.effective_on("rvu", name)) == day


def test_the_file_of_qualifying_participants_is_told_by_its_name() -> None:
    assert release_names.is_for_qualifying("PPRRVU2026_Jan_QPP.csv")
    assert not release_names.is_for_qualifying("PPRRVU2026_Jan_nonQPP.csv")
    assert not release_names.is_for_qualifying("RVU26A.csv")


@pytest.mark.corpus
def test_the_csv_and_the_text_file_say_the_same(shared_data: Path) -> None:
    folder = shared_data / "layouts" / "fees"
    with (folder / "PPRRVU_SYN.csv").open("rb") as table, (folder / "PPRRVU_SYN.txt").open("rb") as text:
        assert [(v.code, v.meaning) for v in read_values(table)] == [(v.code, v.meaning) for v in read_values(text)]
