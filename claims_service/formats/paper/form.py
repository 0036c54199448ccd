"""A form as mappings/paper knows it: which boxes it has, where they lie, and how our own drawing of it shows them.

NAME.csv holds the positions in columns of a tenth and lines of a sixth of an inch, NAME.toml everything else.
"""

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from claims_service.config import data_folder

Sheet = Mapping[str, str]
FORM_FEED = "\f"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a value is printed. line and column count from 1; right: numbers end at the last column."""

    name: str
    line: int
    column: int
    length: int
    right: bool

    def printed(self, text: str) -> str:
        """The text as wide as the box, cut where it is longer."""
        return text[: self.length].rjust(self.length) if self.right else text[: self.length].ljust(self.length)


@dataclass(frozen=True, slots=True)
class Form:
    """lines and columns: how many a sheet has. left and top: thousandths of an inch from the paper's edge to the first.

    sections: how our drawing shows the boxes; described in mappings/paper/README.md.
    """

    name: str
    title: str
    kind: str
    lines: int
    columns: int
    left: int
    top: int
    boxes: Mapping[str, Box]
    sections: Sequence[Mapping[str, Any]]


@cache
def form(name: str) -> Form:
    """The form mappings/paper/{name}."""
    return read_form(data_folder("mappings") / "paper", name)


def form_names() -> tuple[str, ...]:
    """The forms there are."""
    return tuple(sorted(file.stem for file in (data_folder("mappings") / "paper").glob("*.toml")))


def read_form(folder: Path, name: str) -> Form:
    """A form from its two files."""
    found = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Box(row["box"], int(row["line"]), int(row["column"]), int(row["length"]), row["align"] == "right")
            for row in csv.DictReader(file)
        ]
    return Form(
        name, found["title"], found["kind"], found["lines"], found["columns"], found["left"], found["top"],
        {box.name: box for box in rows}, found["section"],
    )  # fmt: skip


def print_image(wanted: Form, sheets: Iterable[Sheet]) -> bytes:
    """Plain text for preprinted paper, ten characters and six lines an inch; a form feed ends each sheet."""
    return "".join(_page(wanted, sheet) + FORM_FEED for sheet in sheets).encode("ascii", "replace")


def _page(wanted: Form, sheet: Sheet) -> str:
    grid = [[" "] * wanted.columns for _ in range(wanted.lines)]
    for name, text in sheet.items():
        box = wanted.boxes[name]
        grid[box.line - 1][box.column - 1 : box.column - 1 + box.length] = box.printed(text)
    return "".join("".join(row).rstrip() + "\n" for row in grid)


def cut(wanted: Form, sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """The boxes whose text is longer than the form has room for."""
    found = {name for sheet in sheets for name, text in sheet.items() if len(text) > wanted.boxes[name].length}
    return tuple(name for name in wanted.boxes if name in found)
