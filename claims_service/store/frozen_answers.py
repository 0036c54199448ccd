"""Insurers' answers as the JSON text they are kept as, and back, by the shape of their dataclasses."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import orjson

Kind = TypeVar("Kind")


def freeze(answer: object) -> str:
    """A dataclass with all it holds; days and quantities as text."""
    return orjson.dumps(answer, default=str).decode()


def thaw(kind: type[Kind], text: str) -> Kind:
    """What freeze() wrote of such a dataclass."""
    found: Kind = _value(kind, orjson.loads(text))
    return found


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, UnionType):
        return _value(next(part for part in get_args(hint) if part is not NoneType), value)
    if get_origin(hint) is tuple:
        kinds = get_args(hint)
        each = kinds[0] if len(kinds) == 2 and kinds[1] is Ellipsis else None
        return tuple(_value(each or kinds[n], one) for n, one in enumerate(value))
    if is_dataclass(hint) and isinstance(hint, type):
        names = {one.name for one in fields(hint)}
        return hint(**{name: _value(_hints(hint)[name], one) for name, one in value.items() if name in names})
    if hint is date:
        return date.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value
