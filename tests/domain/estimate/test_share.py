"""What a patient with a plan is told: exact where the plan says enough, a range where it does not, nothing where it says nothing."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.eligibility.summary import COVERED, NOT_COVERED, Amount, Summary
from claims_service.domain.estimate.share import NOT_ACTIVE, NOT_ASKED, SAYS_NOTHING, share_of
from claims_service.words import both

DAY, TOLD_FOR = date(2026, 12, 4), date(2026, 11, 20)
CENTS = st.integers(0, 500_00)
AMOUNTS = st.lists(st.builds(Amount, CENTS), max_size=2).map(tuple)
PARTS = st.lists(st.sampled_from(["0", "0.1", "0.2", "0.5"]).map(lambda part: Amount(share=Decimal(part))), max_size=2)


def share(
    allowed: int, told: Summary | None, *, more_plans: bool = False, day: date = DAY
) -> tuple[int | None, int | None]:
    found = share_of(allowed, told, told_for=TOLD_FOR if told else None, day=day, more_plans=more_plans)
    return found.low_cents, found.high_cents


def test_deductible_first_then_a_part_of_the_rest() -> None:
    """$200.00 allowed, $50.00 of the deductible left, 20 percent after it: $50.00 and $30.00."""
    told = Summary(COVERED, deductible_left=(Amount(50_00),), coinsurance=(Amount(share=Decimal("0.2")),))

    assert share(200_00, told) == (80_00, 80_00)


def test_a_copay_with_the_deductible_met_is_exact() -> None:
    told = Summary(COVERED, copay=(Amount(30_00),), deductible_left=(Amount(0),))

    assert share(200_00, told) == (30_00, 30_00)


def test_whether_the_deductible_comes_on_top_of_the_copay_is_not_guessed() -> None:
    """A copay of $30.00 and $50.00 of the deductible left: $30.00 or $80.00, so both are shown."""
    told = Summary(COVERED, copay=(Amount(30_00),), deductible_left=(Amount(50_00),))

    assert share(200_00, told) == (30_00, 80_00)


def test_next_year_begins_with_a_whole_deductible_nobody_knows_the_rest_of() -> None:
    """Told in November that $0.00 is left; the visit is in January: from nothing to the whole deductible of $500.00."""
    told = Summary(
        COVERED, deductible=(Amount(500_00),), deductible_left=(Amount(0),), coinsurance=(Amount(share=Decimal(0)),)
    )

    assert share(200_00, told) == (0, 0)
    assert share(200_00, told, day=date(2027, 1, 8)) == (0, 200_00)


def test_the_year_s_limit_ends_it() -> None:
    told = Summary(COVERED, deductible_left=(Amount(150_00),), coinsurance=(Amount(share=Decimal("0.5")),),
                   out_of_pocket_left=(Amount(100_00),))  # fmt: skip

    assert share(200_00, told) == (100_00, 100_00)


def test_a_second_plan_may_pay_it_all() -> None:
    told = Summary(COVERED, copay=(Amount(30_00),), deductible_left=(Amount(0),))

    assert share(200_00, told, more_plans=True) == (0, 30_00)


def test_without_an_answer_nothing_is_named() -> None:
    assert share_of(1, None, told_for=None, day=DAY, more_plans=False).why == (both(NOT_ASKED),)
    assert share_of(1, Summary(NOT_COVERED), told_for=TOLD_FOR, day=DAY, more_plans=False).why == (both(NOT_ACTIVE),)
    assert share_of(1, Summary(COVERED), told_for=TOLD_FOR, day=DAY, more_plans=False).why == (both(SAYS_NOTHING),)


@given(st.integers(0, 1000_00), AMOUNTS, PARTS, AMOUNTS, AMOUNTS, st.booleans())
def test_the_share_never_leaves_the_price(
    allowed: int,
    copay: tuple[Amount, ...],
    parts: list[Amount],
    left: tuple[Amount, ...],
    most: tuple[Amount, ...],
    more: bool,
) -> None:
    told = Summary(COVERED, copay=copay, coinsurance=tuple(parts), deductible_left=left, out_of_pocket_left=most)

    low, high = share(allowed, told, more_plans=more)

    if low is not None and high is not None:
        assert 0 <= low <= high <= allowed
