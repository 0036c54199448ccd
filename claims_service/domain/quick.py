"""Frozen values in bulk: a file or a batch holds many thousands, and a frozen dataclass takes four times as long to make."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, field, fields, make_dataclass
from typing import Any, TypeVar, cast

Value = TypeVar("Value")


def quick(kind: type[Value]) -> type[Value]:
    """Called like a frozen, slotted dataclass, this makes the same value, sooner; a kind that checks itself is checked as ever.

    A frozen class fills each field through object.__setattr__. The twin made here has the same slots and can be written
    to; once filled, the object is handed over to the frozen class, which Python allows between equal layouts.
    """
    check = getattr(kind, "__post_init__", None)

    def hand_over(self: object) -> None:
        self.__class__ = kind

    def hand_over_checked(self: object) -> None:
        self.__class__ = kind
        check(self)  # type: ignore[misc] # there is one, or this is not used

    made = hand_over_checked if check else hand_over
    parts = [(one.name, Any, _again(one)) for one in fields(kind)]  # type: ignore[arg-type]
    twin = make_dataclass(kind.__name__, parts, slots=True, eq=False, namespace={"__post_init__": made})
    return cast("type[Value]", twin)


class Known(dict[Any, Any]):
    """What a function makes of a value, made once: for the length of a batch."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> Any:
        self[value] = made = self._make(value)
        return made


@contextmanager
def bulk() -> Iterator[None]:
    """Within, Python does not look for cycles: thousands of values that hold none come and go, and a look at all of them at each
    step takes a fifth of the time. What nothing refers to is freed at once all the same."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
