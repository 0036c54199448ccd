"""A form as mappings/paper knows it: which boxes it has, where they lie, and how our own drawing of it shows them.

NAME.csv holds the positions in columns of a tenth and lines of a sixth of an inch, NAME.toml everything else.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from claims_service.config import data_folder

Sheet = Mapping[str, str]
FORM_FEED = "\f"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a value is printed. line and column count from 1.

    align: left, right, or cents: right, dollars and cents without a blank, a count left of where cents would stand.
    """

    name: str
    line: int
    column: int
    length: int
    align: str

    def printed(self, text: str) -> str:
        """The text as wide as the box, cut where it is longer."""
        text = self.squeezed(text)[: self.length]
        return text.ljust(self.length) if self.align == "left" else text.rjust(self.length)

    def squeezed(self, text: str) -> str:
        """The text as it is printed, before it is cut."""
        if self.align != "cents":
            return text
        whole, _, cents = text.partition(" ")
        return f"{whole}{cents:2}"


@dataclass(frozen=True, slots=True)
class Form:
    """lines and columns: how many a sheet has. left and top: thousandths of an inch from the paper's edge to the first.

    cell_height and row_inset (tenths): points, so that a sheet of our drawing fits on a page. sections: how it shows the
    boxes, as mappings/paper/README.md describes.
    """

    name: str
    title: str
    kind: str
    lines: int
    columns: int
    left: int
    top: int
    cell_height: int
    row_inset: int
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
            Box(row["box"], int(row["line"]), int(row["column"]), int(row["length"]), row["align"])
            for row in csv.DictReader(file)
        ]
    return Form(
        name, found["title"], found["kind"], found["lines"], found["columns"], found["left"], found["top"],
        found["cell_height"], found["row_inset"], {box.name: box for box in rows}, found["section"],
    )  # fmt: skip


def print_image(wanted: Form, sheets: Iterable[Sheet]) -> bytes:
    """Plain text for preprinted paper, ten characters and six lines an inch; a form feed ends each sheet."""
    return "".join(_page(wanted, sheet) + FORM_FEED for sheet in sheets).encode("ascii", "replace")


def _page(wanted: Form, sheet: Sheet) -> str:
    grid = [[" "] * wanted.columns for _ in range(wanted.lines)]
    for box, text in placed(wanted, sheet):
        grid[box.line - 1][box.column - 1 : box.column - 1 + box.length] = box.printed(text)
    return "".join("".join(row).rstrip() + "\n" for row in grid)


def placed(wanted: Form, sheet: Sheet) -> Iterator[tuple[Box, str]]:
    """What a sheet has room for, each with its box."""
    return ((wanted.boxes[name], text) for name, text in sheet.items() if name in wanted.boxes)


def left_out(wanted: Form, sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """The boxes whose text is cut, and the names of what the form has no box for at all ("67R", an 18th diagnosis)."""
    found = {
        name: None
        for sheet in sheets
        for name, text in sheet.items()
        if name not in wanted.boxes or len(wanted.boxes[name].squeezed(text)) > wanted.boxes[name].length
    }
    return tuple(found)
