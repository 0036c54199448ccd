"""NCCI: what may stand on one day's claims together, and how much of it."""

from datetime import date
from decimal import Decimal

import pytest

from claims_service.domain.code_sets import Span
from claims_service.domain.ncci import AddOnRule, AddOns, Mue, MueLimit, Ptp, PtpEdit

START, DAY = date(2026, 1, 1), date(2026, 11, 10)


def ptp(indicator: str, first: date = START, until: date | None = None) -> Ptp:
    return Ptp({("11102", "36415"): [Span(first, until, PtpEdit("11102", "36415", indicator, "Misuse"))]})


def test_a_pair_is_denied_whichever_line_comes_first() -> None:
    """A biopsy for $140.00 and a blood draw for $15.00 on one day: the draw, column 2, is the line that is not paid."""
    edits = ptp("0")

    for pair in (("11102", "36415"), ("36415", "11102")):
        edit = edits.edit(pair, DAY)
        assert edit is not None
        assert edit.column2 == "36415"
        assert not edits.allows(pair, [], DAY)
    assert edits.allows(("11102", "85025"), [], DAY)


@pytest.mark.parametrize(
    ("indicator", "modifiers", "allowed"),
    [
        ("1", ["59"], True), ("1", ["XS"], True), ("1", ["LT"], True), ("1", [], False), ("1", ["GT"], False),
        ("0", ["59"], False), ("9", [], True),
    ],
)  # fmt: skip
def test_a_modifier_releases_a_pair_only_where_the_pair_lets_it(
    indicator: str, modifiers: list[str], *, allowed: bool
) -> None:
    assert ptp(indicator).allows(("11102", "36415"), modifiers, DAY) is allowed


def test_a_pair_that_came_back_counts_on_its_own_days() -> None:
    """Strict until 2022, nothing in 2023, from 2024 a modifier may release it."""
    old = Span(date(2019, 1, 1), date(2022, 12, 31), PtpEdit("11102", "36415", "0", ""))
    new = Span(date(2024, 1, 1), None, PtpEdit("11102", "36415", "1", ""))
    edits, pair = Ptp({("11102", "36415"): [new, old]}), ("11102", "36415")

    assert [edits.allows(pair, ["59"], date(year, 6, 1)) for year in (2018, 2020, 2023, 2025)] == [
        True,
        False,
        True,
        True,
    ]
    assert not edits.allows(pair, ["59"], date(2022, 12, 31)), "the last day is still bound"
    assert edits.allows(pair, [], date(2023, 1, 1))


def mue(units: int, adjudication: str) -> Mue:
    return Mue({"36415": [Span(START, None, MueLimit(units, adjudication, "Clinical: Data"))]})


def test_units_are_counted_by_line_or_by_day() -> None:
    """Two lines of 2 units each, where 3 are allowed: fine line by line, too much in a day."""
    lines = [("36415", Decimal(2)), ("99213", Decimal(1)), ("36415", Decimal(2))]

    assert mue(3, "1").exceeded(lines, DAY) == []
    (excess,) = mue(3, "2").exceeded(lines, DAY)
    assert (excess.lines, excess.units, excess.limit.units) == ((0, 2), Decimal(4), 3)
    assert [found.lines for found in mue(1, "1").exceeded(lines, DAY)] == [(0,), (2,)]


def test_a_limit_of_nothing_is_never_payable_and_no_limit_is_no_limit() -> None:
    assert mue(0, "2").exceeded([("36415", Decimal(1))], DAY)
    assert mue(1, "3").exceeded([("36415", Decimal(9))], date(2025, 12, 31)) == []
    assert mue(1, "3").limit("99213", DAY) is None


def add_ons(edit_type: str, primary: str) -> AddOns:
    return AddOns({"99417": {primary: [Span(START, None, AddOnRule(edit_type))]}})


@pytest.mark.parametrize(
    ("edit_type", "primary", "others", "lacks"),
    [
        ("1", "99215", ["99215"], False),
        ("1", "99215", ["99213"], True),
        ("1", "99215", [], True),
        ("2", "CCCCC", ["99213"], False),
        ("2", "CCCCC", [], True),
        ("2", "CCCCC", ["99417"], True),
        ("3", "99215", ["99213"], False),
        ("3", "99215", [], True),
    ],
)
def test_an_add_on_code_needs_a_code_it_comes_on_top_of(
    edit_type: str, primary: str, others: list[str], *, lacks: bool
) -> None:
    assert add_ons(edit_type, primary).lacks_primary("99417", others, DAY) is lacks


def test_a_code_that_is_no_add_on_lacks_nothing() -> None:
    assert not add_ons("1", "99215").lacks_primary("99213", [], DAY)
    assert not add_ons("1", "99215").lacks_primary("99417", [], date(2025, 12, 31))
