"""An 835 that was cut on the way is known to be cut, at whichever byte it was."""

from collections.abc import Iterable

import pytest

from claims_service.formats.x12.findings import broken
from claims_service.formats.x12.read_835 import read_835
from tests.factories835 import file_835, payment, remittance


def paying(claims: int) -> bytes:
    return file_835(remittance([payment(f"C{number}") for number in range(claims)]))


def taken_for_whole(whole: bytes, cuts: Iterable[int]) -> list[int]:
    """The cuts after which nothing is said against the file: these would be posted."""
    wrong = []
    for cut in cuts:
        file = read_835(whole[:cut])
        for _ in file:
            pass
        if not broken(file.findings):
            wrong.append(cut)
    return wrong


@pytest.mark.check(39)
def test_a_payment_of_two_claims_cut_at_any_byte_is_never_taken_for_whole() -> None:
    """Every byte of the file for $174.00; the whole of it has nothing wrong."""
    whole = paying(2)

    assert taken_for_whole(whole, range(len(whole))) == []
    assert taken_for_whole(whole, [len(whole)]) == [len(whole)]


@pytest.mark.check(39)
def test_a_file_of_twenty_thousand_bytes_is_never_taken_for_whole() -> None:
    """A hundred claims, cut at every 101st byte and at each of the last 120."""
    whole = paying(100)
    assert len(whole) > 20_000

    assert taken_for_whole(whole, [*range(0, len(whole) - 120, 101), *range(len(whole) - 120, len(whole))]) == []


@pytest.mark.slow
@pytest.mark.check(39)
def test_a_file_of_twenty_thousand_bytes_cut_at_any_byte_is_never_taken_for_whole() -> None:
    """The same at every single byte."""
    whole = paying(100)

    assert taken_for_whole(whole, range(len(whole))) == []
