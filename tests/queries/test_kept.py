"""What is kept in memory is bounded in bytes and stands for nothing but its own key."""

import sys

from claims_service.queries.kept import Kept


def test_a_thing_is_made_once_and_another_key_makes_its_own() -> None:
    kept: Kept[str] = Kept(100_000)
    made: list[str] = []

    def make(text: str) -> str:
        made.append(text)
        return text

    for words in ("Alma", "Bruno", "Alma", "Bruno"):
        assert kept.made(("bill", words), lambda words=words: make(words)) == words  # type: ignore[misc]
    assert made == ["Alma", "Bruno"]


def test_what_was_not_asked_for_the_longest_goes_first_and_the_bytes_stay_below_the_limit() -> None:
    kept: Kept[str] = Kept(10_000)
    made: list[int] = []

    def draw(number: int) -> str:
        made.append(number)
        return str(number) * 1000

    for number in range(100):
        kept.made((number % 10,), lambda number=number % 10: draw(number))  # type: ignore[misc]
        kept.made((0,), lambda: draw(0))
        assert kept.bytes <= 10_000
    assert made.count(0) == 1, "it was asked for all the time"
    assert made.count(5) == 10, "ten do not fit"


def test_what_is_larger_than_all_room_is_made_and_not_kept() -> None:
    kept: Kept[str] = Kept(1_000)
    assert kept.made(("page",), lambda: "x" * sys.getsizeof("x") * 1000).startswith("x")
    assert kept.bytes == 0
