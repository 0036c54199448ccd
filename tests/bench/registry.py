"""The rows of `make bench`: register one with @row in a module of this folder whose name begins with row_."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import tests.bench


@dataclass(frozen=True, slots=True)
class Measurement:
    """One timed run: `value` in the row's unit, `digest` of the result it produced, `size` of the work in the row's things."""

    value: float
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Other:
    """A library that does the same work: its rate in the row's unit, or None where it is not installed."""

    name: str
    rate: Callable[[Path], float | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A product's rate beside what the machine can do at best."""

    name: str
    unit: str
    run: Callable[[Path], Measurement]
    floor: Callable[[Path], float]
    others: tuple["Other", ...] = ()
    on_request: bool = False

    def ratio(self, ours: float, floor: float) -> float:
        """Higher is better: our rate over the floor's, or for a time the floor's over ours."""
        return ours / floor if self.unit.endswith("/s") else floor / ours


ROWS: dict[str, Row] = {}


def row(
    name: str, unit: str, *, floor: Callable[[Path], float], others: tuple[Other, ...] = (), on_request: bool = False
) -> Callable[[Callable[[Path], Measurement]], Callable[[Path], Measurement]]:
    """Register a row: @row("835_to_posted", "claims/s", floor=floors.reference_posting).

    The function is given a folder that stays the same over all runs of the row, prepares what it needs there, times only the
    work itself and returns a Measurement; its digest must be the same each time, or the row doesn't count. A unit that ends
    with /s is a rate, any other a time. others: libraries to compare with where they are installed; they are timed once and
    only the factor is printed. on_request: run only when it is named. The floor is given a folder of its own and returns its value in the same unit.
    """

    def register(run: Callable[[Path], Measurement]) -> Callable[[Path], Measurement]:
        if name in ROWS:
            raise ValueError(f"two rows are called {name}")
        ROWS[name] = Row(name, unit, run, floor, others, on_request)
        return run

    return register


def load_rows() -> dict[str, Row]:
    """Import every row_*.py of this folder; row name -> row."""
    for module in pkgutil.iter_modules(tests.bench.__path__):
        if module.name.startswith("row_"):
            importlib.import_module(f"tests.bench.{module.name}")
    return ROWS
