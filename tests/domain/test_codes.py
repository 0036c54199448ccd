"""Codes as a claim carries them, and days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain import codes, dates


@pytest.mark.parametrize("npi", ["1234567893", "1003000126", "1990000014"])
def test_an_npi_ends_with_its_check_digit(npi: str) -> None:
    """45 CFR 162.406: Luhn with 80840 before it. 1234567893 is the example of the standard."""
    assert codes.is_npi(npi)
    assert [digit for digit in "0123456789" if codes.is_npi(npi[:-1] + digit)] == [npi[-1]]


@given(st.integers(0, 8), st.data())
def test_two_digits_swapped_by_mistake_are_no_npi(place: int, data: st.DataObject) -> None:
    """Neighbours that trade places are caught, except 0 and 9, which Luhn can't tell."""
    npi = "1234567893"
    swapped = npi[:place] + npi[place + 1] + npi[place] + npi[place + 2 :]

    assert {npi[place], npi[place + 1]} == {"0", "9"} or swapped == npi or not codes.is_npi(swapped)


@pytest.mark.parametrize("text", ["", "123456789", "12345678930", "3234567893", "１２３４５６７８９３", "123456789X"])
def test_what_is_not_ten_digits_is_no_npi(text: str) -> None:
    assert not codes.is_npi(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("j06.9", "J069"), (" J069 ", "J069"), ("S72.001A", "S72001A"), ("z00", "Z00"), ("qa00.101", "QA00101")],
)
def test_a_diagnosis_is_written_without_its_dot(text: str, code: str) -> None:
    assert codes.diagnosis(text) == code
    assert codes.diagnosis(codes.dotted(code)) == code


@pytest.mark.parametrize("text", ["", "J0", "069", "J06.98765", "Ｊ069", "J0*9", "FEVER"])
def test_what_has_not_the_shape_of_a_diagnosis_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        codes.diagnosis(text)


@given(st.dates(dates.EARLIEST, date(9999, 12, 31)))
def test_a_day_is_read_from_every_form_it_is_written_in(day: date) -> None:
    assert dates.day(day.isoformat()) == day
    assert dates.day(dates.x12_day(day)) == day
    assert dates.day(f"{day.month}/{day.day}/{day.year}") == day


@pytest.mark.parametrize("text", ["", "2026-02-30", "13/01/2026", "20261301", "1/2", "11-18-2026", "1850-01-01", "t"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        dates.day(text)


def test_a_short_year_is_never_in_the_future() -> None:
    """Born 1/2/80 is 1980; 1/2/26, read in 2026, is this year."""
    today = date(2026, 11, 20)

    assert dates.day("1/2/80", today=today) == date(1980, 1, 2)
    assert dates.day("1/2/26", today=today) == date(2026, 1, 2)
    assert dates.day("t-1", today=today) == date(2026, 11, 19)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = dates.add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and dates.x12_day(later)[6:] in {"28", "29", "30"})
