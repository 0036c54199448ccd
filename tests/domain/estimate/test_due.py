"""By when an estimate is given: the days of 45 CFR 149.610(b)(1)(vi)."""

from datetime import date

import pytest

from claims_service.domain.estimate.over import Given, estimate_for, is_far_above
from claims_service.domain.estimate.wish import ASKED, SCHEDULED, due_on

# Friday, November 20, 2026; Thanksgiving is November 26.
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("reason", "planned", "due"),
    [
        pytest.param(ASKED, None, date(2026, 11, 25), id="asked: three business days, the weekend does not count"),
        pytest.param(ASKED, date(2026, 11, 23), date(2026, 11, 25), id="asked for a visit on Monday"),
        pytest.param(SCHEDULED, date(2026, 11, 24), None, id="two business days ahead: nothing is due unless asked"),
        pytest.param(SCHEDULED, date(2026, 11, 25), date(2026, 11, 23), id="three ahead: the next business day"),
        pytest.param(SCHEDULED, date(2026, 12, 4), date(2026, 11, 23), id="nine ahead, as the holiday is none"),
        pytest.param(SCHEDULED, date(2026, 12, 7), date(2026, 11, 25), id="ten ahead: three business days"),
    ],
)
def test_the_day_it_is_due(reason: str, planned: date | None, due: date | None) -> None:
    assert due_on(reason, FRIDAY, planned) == due


def test_four_hundred_dollars_above_is_far() -> None:
    assert is_far_above(650_00, 250_00)
    assert not is_far_above(649_99, 250_00)


def given(
    key: int, *, planned: date | None = None, issued: date = FRIDAY, procedures: str = "99213", provider: int = 1
) -> Given:
    return Given(key, f"E{key}", provider, issued, planned, 100_00, frozenset(procedures.split()))


def test_a_visit_finds_the_estimate_that_spoke_of_it() -> None:
    day = date(2026, 12, 4)

    assert estimate_for(day, 1, ["99213"], [given(1), given(2, planned=day, procedures="85025")]) == given(
        2, planned=day, procedures="85025"
    )
    assert estimate_for(day, 1, ["99213"], [given(1), given(2)]) == given(2)
    assert estimate_for(day, 2, ["99213"], [given(1)]) is None
    assert estimate_for(day, 1, ["85025"], [given(1)]) is None
    assert estimate_for(date(2026, 11, 19), 1, ["99213"], [given(1)]) is None
    assert estimate_for(date(2027, 12, 4), 1, ["99213"], [given(1)]) is None
