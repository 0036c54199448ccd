"""Text becomes cents exactly, or it is refused by name."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_service.domain.money import MOST_CENTS, cents, dollars, dollars_text, plain_text, split, spoken, typed_cents

AMOUNTS = st.integers(-MOST_CENTS, MOST_CENTS)


@pytest.mark.check(5)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("-0", 0), ("-0.00", 0), ("0.1", 10), ("0.2", 20), (".45", 45), ("-.45", -45), ("12.", 1200), ("12.5", 1250),
        ("12.50", 1250), ("12.500", 1250), ("00012.34", 1234), (" 7.01 ", 701), ("99999999.99", MOST_CENTS),
        (12, 1200), (-3, -300), (Decimal("12.50"), 1250), (Decimal("1E+2"), 10000), (Decimal("-0.01"), -1),
    ],
)  # fmt: skip
def test_an_amount_is_read_to_the_cent(text: str | int | Decimal, expected: int) -> None:
    assert cents(text) == expected


@pytest.mark.check(5)
@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", "-", "-.", "+5", "1e3", "1E-2", "NaN", "nan", "Infinity", "-Infinity", "inf", "1,000.00", "1.000,00", "$5",
        "5 USD", "12.345", "0.001", "1000000000000000000", "100000000.00", "９９.００", "１２", "٣", "12,5", "0x10", "1_000", "1 000",
        "--5", "5-", "(5)", "12.3.4", "²", "\u22125", "5\x00", Decimal("NaN"), Decimal("Infinity"), Decimal("0.001"),
        Decimal("1E+18"), 10**18, True, 0.1 + 0.2, 12.5, None, b"12",
    ],
)  # fmt: skip
def test_what_is_not_plain_money_is_refused(text: object) -> None:
    """1e3, 1,000.00, 0.1 + 0.2, full-width digits: never guessed, never rounded."""
    with pytest.raises(ValueError):
        cents(text)  # type: ignore[arg-type]


@pytest.mark.check(5)
@given(AMOUNTS)
def test_every_amount_comes_back_from_all_its_forms(amount: int) -> None:
    """Form, X12, FHIR: the same cents again."""
    assert cents(plain_text(amount)) == amount
    assert cents(dollars_text(amount)) == amount
    assert cents(dollars(amount)) == amount


@pytest.mark.check(5)
@given(st.text(alphabet="0123456789.-+eE,_ $NaInf٣１", max_size=14))
def test_text_is_read_as_exactly_what_it_says_or_refused(text: str) -> None:
    """A second reader, the decimal module, agrees on everything that is taken."""
    try:
        found = cents(text)
    except ValueError:
        return
    assert Decimal(found) == Decimal(text.strip()) * 100


@given(AMOUNTS)
def test_x12_money_has_no_trailing_zeros(amount: int) -> None:
    text = dollars_text(amount)

    assert not text.endswith(".")
    assert not (("." in text) and text.endswith("0"))
    assert not text.lstrip("-").startswith("0.")


@pytest.mark.parametrize(("amount", "words"), [(0, "$0.00"), (12_345_50, "$12,345.50"), (-5, "−$0.05")])
def test_people_read_dollars(amount: int, words: str) -> None:
    assert spoken(amount) == words


@pytest.mark.check(9)
@settings(max_examples=1000)
@given(AMOUNTS, st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any))
def test_shares_add_up_to_the_whole_and_none_is_a_cent_too_far(total: int, weights: list[int]) -> None:
    """$100.00 in thirds is 33.34, 33.33 and 33.33."""
    parts = split(total, weights)

    assert sum(parts) == total
    assert all(
        abs(part - Decimal(total) * weight / sum(weights)) < 1 for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.check(9)
@settings(max_examples=1000)
@given(AMOUNTS, st.lists(st.integers(0, 10_000), min_size=2, max_size=6, unique=True).filter(any))
def test_shares_do_not_depend_on_the_order_of_the_shareholders(total: int, weights: list[int]) -> None:
    """Whoever comes first, each gets the same to within the one cent that equal remainders leave to the earlier."""
    turned = list(reversed(weights))
    straight = dict(zip(weights, split(total, weights), strict=True))
    back = dict(zip(turned, split(total, turned), strict=True))

    assert all(abs(straight[weight] - back[weight]) <= 1 for weight in weights)
    assert sum(straight.values()) == sum(back.values()) == total


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_shares_need_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError):
        split(100, weights)


def test_an_amount_is_read_as_people_type_it() -> None:
    assert [typed_cents(text) for text in ("$1,234.50", "1234.5", "-3")] == [1_234_50, 1_234_50, -3_00]
    with pytest.raises(ValueError, match="amount"):
        typed_cents("a lot")
