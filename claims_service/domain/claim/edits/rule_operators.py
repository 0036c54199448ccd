"""How the clinic's own rules compare a field with what was typed: operators by kind of field, and code lists."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from claims_service.domain import dates, money
from claims_service.domain.claim.edits.rule_fields import CHOICE, CODES, DATE, MONEY, NUMBER, TEXT, Field, Value

Test = Callable[[Any], bool]
_EITHER = re.compile(r"\s+to\s+")
_ITEM = re.compile(r"[0-9A-Z]{1,15}\*?|[0-9A-Z]{2,15}-[0-9A-Z]{2,15}", re.ASCII)
MOST_CODES = 500


@dataclass(frozen=True, slots=True)
class Operator:
    """name: as stored. words: within a sentence. asks: whether something is typed beside it."""

    name: str
    words: str
    asks: bool = True


_EMPTY = (Operator("empty", "is empty", asks=False), Operator("filled", "is not empty", asks=False))
_LISTED = (Operator("in", "is one of"), Operator("not_in", "is none of"), *_EMPTY)
_AMOUNTS = (
    Operator("eq", "is"), Operator("gt", "is more than"), Operator("ge", "is at least"), Operator("lt", "is less than"),
    Operator("le", "is at most"), Operator("between", "is between"),
)  # fmt: skip
OPERATORS: Mapping[str, tuple[Operator, ...]] = {
    CODES: _LISTED,
    CHOICE: (Operator("in", "is"), Operator("not_in", "is not")),
    TEXT: (Operator("is", "is"), Operator("begins", "begins with"), Operator("contains", "contains"), *_EMPTY),
    NUMBER: _AMOUNTS,
    MONEY: _AMOUNTS,
    DATE: (Operator("lt", "is before"), Operator("ge", "is on or after"), Operator("between", "is between")),
}
HINTS: Mapping[str, str] = {
    CODES: "Codes with commas: 99213, 17000-17004, J06*",
    TEXT: "Capitals and small letters count alike",
    NUMBER: "18, or for between: 18 to 64",
    MONEY: "150.00, or for between: 100 to 200",
    DATE: "01/31/2026, or for between: 01/01/2026 to 12/31/2026",
    CHOICE: "",
}
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip


def operator_of(field: Field, name: str) -> Operator | None:
    """The operator of that name which a field of this kind knows."""
    return next((one for one in OPERATORS[field.kind] if one.name == name), None)


def comparison(field: Field, name: str, typed: str) -> Test:
    """What a value of the field must pass.

    Raises:
        ValueError: what was typed can't be read; says how to write it.
    """
    if name in ("empty", "filled"):
        return (lambda value: not value) if name == "empty" else bool
    if not typed.strip():
        raise ValueError("type what to compare it with")
    if field.kind in (CODES, CHOICE):
        return _listed(typed, negated=name == "not_in")
    if field.kind == TEXT:
        return _worded(name, typed.strip().casefold())
    if name == "between":
        first, until = _bounds(field.kind, typed)
        return lambda value: value is not None and first <= value <= until
    compared, limit = _COMPARED[name], _read(field.kind, typed)
    return lambda value: value is not None and compared(value, limit)


def shown(field: Field, name: str, typed: str, names: Mapping[str, str]) -> str:
    """What was typed, for a sentence. names: words for values of the field that has choices."""
    one = operator_of(field, name)
    if one is None or not one.asks:
        return ""
    if field.kind == CHOICE:
        return " or ".join(names.get(code, code) for code in typed.split(","))
    if field.kind == MONEY:
        return " and ".join(money.spoken(_cents(part)) for part in _EITHER.split(typed.strip()))
    if field.kind == DATE:
        days = [dates.day(part) for part in _EITHER.split(typed.strip())]
        return " and ".join(f"{day:%B} {day.day}, {day.year}" for day in days)
    if field.kind == CODES:
        return ", ".join(_items(typed))
    return f"“{typed.strip()}”" if field.kind == TEXT else " and ".join(_EITHER.split(typed.strip()))


def _items(typed: str) -> list[str]:
    items = list(dict.fromkeys(typed.upper().replace(".", "").replace("–", "-").replace(",", " ").split()))
    if len(items) > MOST_CODES:
        raise ValueError(f"at most {MOST_CODES} codes")
    for item in items:
        first, dash, last = item.partition("-")
        if not _ITEM.fullmatch(item) or (dash and (len(first) != len(last) or first > last)):
            raise ValueError(f"{item[:20]} is no code, range like 17000-17004 or beginning like J06*")
    return items


def _listed(typed: str, *, negated: bool) -> Test:
    items = _items(typed)
    exact = frozenset(item for item in items if "-" not in item and not item.endswith("*"))
    beginnings = tuple(item[:-1] for item in items if item.endswith("*"))
    ranges = [(first, last) for first, dash, last in (item.partition("-") for item in items) if dash]

    def holds(code: str) -> bool:
        return (
            code in exact or code.startswith(beginnings) or any(lo <= code[: len(lo)] <= hi for lo, hi in ranges)
        )  # J00-J06 holds J06.9 as well

    def test(value: Value) -> bool:
        codes = value if isinstance(value, tuple) else (str(value),)
        return any(map(holds, codes)) is not negated

    return test


def _worded(name: str, words: str) -> Test:
    def test(value: str) -> bool:
        text = value.casefold().strip()
        if name == "is":
            return text == words
        return text.startswith(words) if name == "begins" else words in text

    return test


def _bounds(kind: str, typed: str) -> tuple[Any, Any]:
    parts = _EITHER.split(typed.strip())
    if len(parts) != 2:
        raise ValueError(f"write both ends, like {HINTS[kind].rpartition(': ')[2]}")
    first, until = (_read(kind, part) for part in parts)
    if first > until:
        raise ValueError("the first end is above the second")
    return first, until


def _read(kind: str, typed: str) -> Any:
    if kind == DATE:
        return dates.day(typed)
    if kind == MONEY:
        return _cents(typed)
    try:
        number = Decimal(typed.strip())
    except InvalidOperation:
        raise ValueError("not a number: write it like 18") from None
    if not number.is_finite() or abs(number) > 1_000_000:
        raise ValueError("a number up to 1000000")
    return number


def _cents(typed: str) -> int:
    return money.typed_cents(typed)
