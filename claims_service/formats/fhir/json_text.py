"""JSON from strangers: exact decimals, and one message with the place for everything that is wrong with it."""

import json
import re
from decimal import Decimal
from typing import Any

import orjson

from claims_service.domain.errors import Problem, Rejected

DEEPEST = 100
LONGEST_NUMBER = 40
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


class _Faulty(Exception):
    """A value that JSON allows and FHIR does not; carries the message."""


def tree(body: bytes) -> dict[str, Any]:
    """A JSON object, read as strictly as `value`.

    Raises:
        Rejected: as `value`, and anything but an object.
    """
    found = value(body)
    if not isinstance(found, dict):
        raise _refused("line 1", "A FHIR resource is a JSON object: it starts with {.")
    return found


def value(body: bytes) -> Any:
    """Any JSON, with Decimals for all numbers that are not whole.

    Raises:
        Rejected: not UTF-8, not JSON, cut short, too deep, a key twice, a number out of all proportion.
    """
    text = _text(body)
    try:
        orjson.loads(
            body
        )  # strict and quick: syntax, lone surrogates, NaN and depth are refused before anything is built
    except orjson.JSONDecodeError as wrong:
        raise _refused(f"line {wrong.lineno}, column {wrong.colno}", _in_words(wrong.msg)) from None
    _not_too_deep(text)
    if nul := _NUL.search(text):
        raise _refused(_line(text, nul.start()), "A text holds the character NUL, which no text of FHIR has.")
    try:
        return json.loads(text, parse_float=_decimal, parse_int=_whole, object_pairs_hook=_object)
    except _Faulty as wrong:
        raise _refused(_place(text), str(wrong)) from None


def _text(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _refused("byte 1", "The file is UTF-16. JSON is exchanged as UTF-8.", "Save it as UTF-8.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise _refused(f"byte {wrong.start + 1}", "The file is not UTF-8 text.", "Save it as UTF-8.") from None


def _in_words(message: str) -> str:
    plain = message.partition(": line")[0]
    if "depth" in plain:
        return f"The structure is nested deeper than {DEEPEST} levels."
    if "infinity" in plain:
        return "A number is out of all proportion."
    if "surrogate" in plain:
        return "A character is half of a pair (lone surrogate)."
    return f"This is not JSON: {plain}. The file may be cut short."


def _not_too_deep(text: str) -> None:
    if text.count("{") + text.count("[") <= DEEPEST:
        return
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        if token[0] in "{[":
            depth += 1
            if depth > DEEPEST:
                raise _refused(_line(text, token.start()), f"The structure is nested deeper than {DEEPEST} levels.")
        elif token[0] in "}]":
            depth -= 1


def _decimal(text: str) -> Decimal:
    number = Decimal(text) if len(text) <= LONGEST_NUMBER else None
    if number is None or abs(number.adjusted()) > LONGEST_NUMBER:
        raise _Faulty("A number has more digits than any amount or quantity.")
    return number


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise _Faulty("A number has more digits than any amount or quantity.")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Faulty("The same key stands twice in one object; only one of the two values can be meant.")
    return found


def _place(text: str) -> str:
    """Where the first repeated key or oversized number stands; a slow walk that only a faulty file pays for."""
    seen: list[set[str]] = []
    previous = ""
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in "{[":
            seen.append(set())
        elif word in "}]":
            seen.pop()
        elif word == ":":
            key = json.loads(previous)
            if key in seen[-1]:
                return _line(text, token.start())
            seen[-1].add(key)
        elif word[0] in "-0123456789" and _oversized(word):
            return _line(text, token.start())
        previous = word
    return "line 1"


def _oversized(word: str) -> bool:
    try:
        _decimal(word)
    except _Faulty:
        return True
    return False


def _line(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def _refused(where: str, message: str, mend: str = "") -> Rejected:
    return Rejected([Problem(where, message, "FHIR R4 JSON", mend)])
