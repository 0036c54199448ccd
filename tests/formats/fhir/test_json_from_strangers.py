"""JSON that means harm, or was cut short, gets one message with its place and no time to do damage."""

import time
from decimal import Decimal

import pytest

from claims_service.domain.errors import Rejected
from claims_service.formats.fhir import wire

HEAD = '{"resourceType": "Claim", '
BAD = {
    "10,000 levels of lists": (b"[" * 10_000 + b"]" * 10_000, "nested deeper"),
    "10,000 levels of objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested deeper"),
    "101 levels": (b'{"a":' * 101 + b"1" + b"}" * 101, "nested deeper"),
    "the same key twice": (f'{HEAD}\n"use": "claim",\n"use": "preauthorization"}}'.encode(), "twice"),
    "a number of a million digits": (f'{HEAD}"n": {"1" * 1_000_000}}}'.encode(), "number"),
    "an amount of 41 digits": (f'{HEAD}\n"n": {"1" * 41}}}'.encode(), "digits"),
    "an endless exponent": (f'{HEAD}"n": 1e-999999}}'.encode(), "digits"),
    "a lone surrogate": (f'{HEAD}"n": "\\ud800"}}'.encode(), "surrogate"),
    "NaN": (f'{HEAD}"n": NaN}}'.encode(), "not JSON"),
    "Infinity": (f'{HEAD}"n": -Infinity}}'.encode(), "not JSON"),
    "a file cut short": (f'{HEAD}"item": [{{"net": '.encode(), "cut short"),
    "UTF-16": ((HEAD + '"use": "claim"}').encode("utf-16"), "UTF-16"),
    "Latin-1": (f'{HEAD}"n": "Agustín"}}'.encode("latin-1"), "UTF-8"),
    "a list on top": (b'[{"resourceType": "Claim"}]', "object"),
    "no resource type": (b'{"use": "claim"}', "resourceType"),
    "nothing": (b"", "not JSON"),
}


@pytest.mark.check(77)
@pytest.mark.parametrize("case", BAD)
def test_bad_json_is_refused_with_its_place_within_a_fifth_of_a_second(case: str) -> None:
    body, words = BAD[case]

    started = time.perf_counter()
    with pytest.raises(Rejected) as refused:
        wire.read(body)

    assert time.perf_counter() - started < 0.2
    (problem,) = refused.value.problems
    assert words in problem.message
    assert problem.where


@pytest.mark.check(77)
def test_the_place_of_a_repeated_key_is_its_second_line() -> None:
    with pytest.raises(Rejected) as refused:
        wire.read(BAD["the same key twice"][0])

    assert refused.value.problems[0].where == "line 3, column 6"


def test_an_amount_keeps_its_digits_through_reading_and_writing() -> None:
    """$12.50 stays 12.50, not 12.5, and seventeen digits stay seventeen."""
    body = b'{"resourceType":"Claim","total":{"value":12.50},"item":[{"net":{"value":12345678901234567.89}}]}'

    tree = wire.read(body)

    assert tree["total"]["value"] == Decimal("12.50")
    assert wire.write_json(tree) == body


def test_a_line_of_ndjson_that_is_wrong_is_named() -> None:
    body = b'{"resourceType": "Patient"}\n{"resourceType": "Claim", "n": NaN}\n'

    with pytest.raises(Rejected) as refused:
        list(wire.read_each(body))

    assert refused.value.problems[0].where.startswith("line 2, line 1")


def test_another_type_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(Rejected, match="A Bundle was expected"):
        wire.read(b'{"resourceType": "Patient"}', kind="Bundle")


def test_a_float_never_leaves_as_money() -> None:
    with pytest.raises(TypeError):
        wire.write_json({"resourceType": "Claim", "total": {"value": object()}})
