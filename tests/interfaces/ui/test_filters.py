"""How amounts, dates and numbers are written."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.form_errors import field_errors

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (123450, "$1,234.50"),
        (-8400, "−$84.00"),
        (0, "$0.00"),
        (None, "—"),
        (5, "$0.05"),
        (100_000_000, "$1,000,000.00"),
    ],
)
def test_an_amount_reads_as_on_the_bill_and_an_unknown_one_is_never_zero(cents: int | None, text: str) -> None:
    assert filters.money(cents) == text


@given(st.integers(-(10**10), 10**10))
def test_every_cent_survives_being_written(cents: int) -> None:
    text = filters.money(cents)
    digits = int(text.translate(str.maketrans("", "", "$,.−")))
    assert (-digits if text.startswith("−") else digits) == cents
    assert text[-3] == "."


def test_staff_see_short_dates_and_the_year_only_where_it_is_another() -> None:
    assert filters.staff_date(date(2026, 11, 7), TODAY) == "Nov 7"
    assert filters.staff_date(date(2025, 11, 7), TODAY) == "Nov 7, 2025"
    assert filters.staff_date(None, TODAY) == "—"
    assert filters.staff_time(datetime(2026, 11, 17, 0, 5), TODAY) == "Nov 17, 12:05 am"  # noqa: DTZ001
    assert filters.staff_time(datetime(2026, 11, 17, 12, 21), TODAY) == "Nov 17, 12:21 pm"  # noqa: DTZ001


def test_patients_see_the_whole_date() -> None:
    assert filters.patient_date(date(2026, 12, 18)) == "Friday, December 18, 2026"


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_date_field_shows_what_would_be_typed_again(on: date) -> None:
    assert datetime.strptime(filters.form_date(on), "%m/%d/%Y").date() == on  # noqa: DTZ007
    assert date.fromisoformat(filters.iso_date(on)) == on


@pytest.mark.parametrize(
    ("days", "words"),
    [(4, "4 days left"), (1, "1 day left"), (0, "last day"), (-1, "1 day late"), (-30, "30 days late")],
)
def test_a_deadline_says_how_many_days_are_left(days: int, words: str) -> None:
    assert filters.days_left(TODAY + timedelta(days=days), TODAY) == words


def test_numbers_have_commas_and_the_right_plural() -> None:
    assert filters.count(1204) == "1,204"
    assert filters.counted(1, "claim") == "1 claim"
    assert filters.counted(1204, "claim") == "1,204 claims"
    assert filters.counted(2, "diagnosis", "diagnoses") == "2 diagnoses"
    assert filters.percent(0.9637) == "96.4%"
    assert filters.percent(None) == "—"


def test_a_code_stands_in_its_own_type_and_markup_in_it_is_only_text() -> None:
    assert filters.code("99214-25") == '<span class="code">99214-25</span>'
    assert filters.code("<b>") == '<span class="code">&lt;b&gt;</span>'


def test_names_and_phones_fit_their_places() -> None:
    assert filters.initials("Priya Castellane") == "PC"
    assert filters.initials("Wren van der Abernathy-Cole") == "WA"
    assert filters.initials("") == ""
    assert filters.dial("(503) 555-0142") == "+15035550142"


def test_each_problem_of_a_form_lands_on_its_field() -> None:
    messages = {"service_on": ["Not a date."], "lines": {2: {"code": ["Unknown.", "Too long."]}}, "_schema": ["Empty."]}
    assert field_errors(messages) == {"service_on": "Not a date.", "lines-2-code": "Unknown. Too long.", "": "Empty."}
