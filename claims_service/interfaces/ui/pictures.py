"""Geometry of the bars, stairs and trends, in percent of the width, so that the pages need no inline styles."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

SLIVER = 1.0  # percent: the least that can still be seen


class Piece(NamedTuple):
    """One coloured piece of a bar."""

    kind: str
    start: float
    width: float


def bar_parts(amounts: Iterable[tuple[str, int | None]]) -> list[Piece]:
    """(kind, cents) as pieces side by side that fill 100 percent.

    Nothing and less than nothing draw nothing; a tiny amount still shows as a sliver, taken from the others.
    """
    present = [(kind, cents) for kind, cents in amounts if cents is not None and cents > 0]
    whole = sum(cents for _, cents in present)
    widths = [max(cents * 100 / whole, SLIVER) for _, cents in present]
    scale = 100 / sum(widths) if widths else 0
    pieces, start = [], 0.0
    for (kind, _), width in zip(present, widths, strict=True):
        pieces.append(Piece(kind, round(start, 2), round(width * scale, 2)))
        start += width * scale
    return pieces


def stair_steps(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each step with `start` and `width`: what is taken away lies where it was, what is left starts at zero.

    The first step is the whole. A step with `cents` below zero is taken from what was left before it.
    """
    whole = max((step["cents"] for step in steps), default=0)
    left, drawn = 0, []
    for step in steps:
        cents = step["cents"]
        left = left + cents if cents < 0 else cents
        start = max(left, 0) if cents < 0 else 0
        offset = share_of(start, whole)
        width = min(share_of(abs(cents), whole), round(100 - offset, 2))
        drawn.append({"why": "", "total": False, **step, "start": offset, "width": width})
    return drawn


def share_of(value: float, whole: float) -> float:
    """What part of `whole` the value is, 0 to 100 percent."""
    return round(min(max(value / whole, 0), 1) * 100, 2) if whole else 0.0


def spark_path(values: Sequence[float]) -> str:
    """The `d` of a trend line in a box of 120 by 28, oldest value first."""
    lowest, highest = min(values), max(values)
    spread = (highest - lowest) or 1
    across = 114 / max(len(values) - 1, 1)
    points = (
        f"{3 + index * across:.1f} {25 - (value - lowest) / spread * 21:.1f}" for index, value in enumerate(values)
    )
    return "M" + " L".join(points)
