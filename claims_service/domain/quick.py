"""Frozen values in bulk: a file or a batch holds many thousands, and a frozen dataclass takes four times as long to make."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields, make_dataclass
from typing import Any, TypeVar, cast

Value = TypeVar("Value")


def quick(kind: type[Value]) -> type[Value]:
    """Called like a frozen, slotted dataclass without a __post_init__, this makes the same value, sooner.

    A frozen class fills each field through object.__setattr__. The twin made here has the same slots and can be written
    to; once filled, the object is handed over to the frozen class, which Python allows between equal layouts.
    """
    if hasattr(kind, "__post_init__"):
        raise TypeError(f"{kind.__name__} checks itself when it is made")

    def hand_over(self: object) -> None:
        self.__class__ = kind

    parts = [(one.name, Any, _again(one)) for one in fields(kind)]  # type: ignore[arg-type]
    twin = make_dataclass(kind.__name__, parts, slots=True, eq=False, namespace={"__post_init__": hand_over})
    return cast("type[Value]", twin)


def completed(value: Value, more: Mapping[str, object]) -> Value:
    """A value that was just made, and is in nobody's hands yet, with further fields filled."""
    for name, content in more.items():
        object.__setattr__(value, name, content)
    return value


def _again(known: "Field[Any]") -> Any:
    """The same default for a field of another class."""
    if known.default is not MISSING:
        return field(default=known.default)
    if known.default_factory is not MISSING:
        return field(default_factory=known.default_factory)
    return field()
