"""The drawings say the same as the numbers."""

from hypothesis import assume, given
from hypothesis import strategies as st

from claims_service.interfaces.ui.pictures import bar_parts, share_of, spark_path, stair_steps

cents = st.integers(0, 10**9)


@given(st.lists(cents, min_size=1, max_size=6))
def test_a_bar_is_full_without_gap_or_overlap(amounts: list[int]) -> None:
    assume(any(amounts))
    pieces = bar_parts((str(number), amount) for number, amount in enumerate(amounts))
    assert len(pieces) == sum(amount > 0 for amount in amounts)
    end = 0.0
    for piece in pieces:
        assert abs(piece.start - end) < 0.05
        assert piece.width > 0.9
        end = piece.start + piece.width
    assert abs(end - 100) < 0.05


def test_nothing_charged_draws_nothing() -> None:
    assert bar_parts([("off", 0), ("plan", None), ("you", -500)]) == []


@given(charge=st.integers(1, 10**9), data=st.data())
def test_each_stair_starts_where_the_one_before_ended(charge: int, data: st.DataObject) -> None:
    """$515.00 charged, $234.00 discount, $180.40 from the plan: the share's stair ends where the plan's begins."""
    discount = data.draw(st.integers(1, charge))
    plan = data.draw(st.integers(0, charge - discount))
    drawn = stair_steps(
        [
            {"what": "Price", "cents": charge, "kind": "whole"},
            {"what": "Discount", "cents": -discount, "kind": "off"},
            {"what": "Plan paid", "cents": -plan, "kind": "plan"},
            {"what": "Your share", "cents": charge - discount - plan, "kind": "you"},
        ]
    )
    price, off, paid, share = drawn
    assert (price["start"], price["width"]) == (0, 100)
    assert abs(off["start"] + off["width"] - 100) < 0.02
    if plan:
        assert abs(paid["start"] + paid["width"] - off["start"]) < 0.02
        assert abs(share["width"] - paid["start"]) < 0.02
    assert all(0 <= step["start"] <= 100 and step["start"] + step["width"] <= 100.01 for step in drawn)


def test_a_share_stays_within_the_whole() -> None:
    assert share_of(34, 100) == 34
    assert share_of(200, 100) == 100
    assert share_of(-5, 100) == 0
    assert share_of(5, 0) == 0


def test_a_trend_rises_with_its_numbers() -> None:
    assert spark_path([1, 2]) == "M3.0 25.0 L117.0 4.0"
    assert spark_path([7]) == "M3.0 25.0"
