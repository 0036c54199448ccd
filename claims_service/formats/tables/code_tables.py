"""Code lists as CSV or TSV with a first row of column names: CPT, reasons, remarks, places, taxonomies, revenue codes."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from claims_service.domain import dates
from claims_service.domain.code_sets import ListedCode, Meaning
from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.tables.text_lines import Faults, each_once, numbered

_FROM = ("valid_from", "effective_from", "effective date", "effective_date", "start", "start_date")
_UNTIL = ("valid_until", "effective_to", "deactivation date", "deactivation_date", "stop", "stop_date", "end_date")
_WORDS = ("description", "label_en", "name", "label", "long_description")
_DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a set's codes look like. example: one of them; long, short: the columns its words may stand in, the best first."""

    pattern: re.Pattern[str]
    example: str
    code: tuple[str, ...] = ("code",)
    long: tuple[str, ...] = _WORDS
    short: tuple[str, ...] = ("short_description", "short", "display name")


SHAPES: Mapping[str, Shape] = {
    "cpt": Shape(re.compile(r"[0-9]{4}[0-9A-Z]|[0-9A-Z]{2}", re.ASCII), "99213, or 25 for a modifier"),
    "carc": Shape(re.compile(r"[A-Z]?[0-9]{1,3}", re.ASCII), "45"),
    "rarc": Shape(re.compile(r"(?:M|MA|N)[0-9]{1,4}", re.ASCII), "N130"),
    "place_of_service": Shape(re.compile(r"[0-9]{2}", re.ASCII), "11"),
    "taxonomy": Shape(
        re.compile(r"[0-9]{3}[0-9A-Z]{6}X", re.ASCII), "207Q00000X", long=("display name", *_WORDS, "classification")
    ),
    "revenue_code": Shape(re.compile(r"[0-9]{3,4}", re.ASCII), "0450, or 045 for a group", code=("code", "prefix")),
}


def read(kind: str, stream: BinaryIO) -> Iterator[ListedCode[Meaning]]:
    """A list with a row of column names: code, description, and where known valid_from and valid_until (the last day).

    Notes begin with "# ". A row with "deactivated" yes and no day is left out: when it ended nobody knows.

    Raises:
        Rejected: at the end, with every bad line.
    """
    faults = Faults()
    yield from each_once(_codes(SHAPES[kind], stream, faults), faults)


def _codes(shape: Shape, stream: BinaryIO, faults: Faults) -> Iterator[ListedCode[Meaning]]:
    kept = ((number, line) for number, line in numbered(stream) if not line.startswith("# "))
    start, header = next(((number, line) for number, line in kept if line.strip()), (0, ""))
    delimiter = max("\t;,", key=header.count)
    names = [
        name.strip().casefold() for _, cells in _rows(iter([(start, header)]), delimiter, faults) for name in cells
    ]
    columns = _columns(shape, names, start)
    for number, cells in _rows(kept, delimiter, faults):
        if any(cell.strip() for cell in cells):
            if len(cells) != len(names):
                told = f"{len(cells)} columns where the first row names {len(names)}."
                faults.add(number, told, "Put texts with commas into quotes.")
            elif found := _code(shape, columns, cells, number, faults):
                yield found


def _rows(lines: Iterator[tuple[int, str]], delimiter: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row begins, cells); a text in quotes may go over several lines."""
    if delimiter == "\t":
        yield from ((number, line.split("\t")) for number, line in lines)
        return
    read: list[int] = []

    def texts() -> Iterator[str]:
        for number, line in lines:
            read.append(number)
            yield line + "\n"

    reader = csv.reader(texts(), delimiter=delimiter, strict=True)
    while True:
        read.clear()
        try:
            cells = next(reader, None)
        except csv.Error:
            faults.add(
                read[0] if read else 0,
                "Quotes or line ends are broken from here on.",
                "Save the list as CSV once more.",
            )
            faults.tell()
        if cells is None:
            return
        yield read[0], cells


def _columns(shape: Shape, names: Sequence[str], line: int) -> dict[str, list[int]]:
    wanted = {
        "code": shape.code,
        "long": shape.long,
        "short": shape.short,
        "from": _FROM,
        "until": _UNTIL,
        "off": (_DEACTIVATED,),
    }
    found = {use: [names.index(name) for name in listed if name in names] for use, listed in wanted.items()}
    if missing := [wanted[use][0] for use in ("code", "long") if not found[use]]:
        mend = "The first row names the columns: code, description, valid_from, valid_until."
        raise Rejected([Problem(f"line {line}", f"There is no column '{missing[0]}'.", "", mend)])
    return found


def _code(
    shape: Shape, columns: Mapping[str, Sequence[int]], cells: Sequence[str], line: int, faults: Faults
) -> ListedCode[Meaning] | None:
    def cell(use: str) -> str:
        return next((text for place in columns[use] if (text := cells[place].strip())), "")

    code, words = cell("code").upper(), " ".join(cell("long").split())
    if cell("off").casefold() in ("yes", "y", "true", "1") and not cell("until"):
        return None
    if not shape.pattern.fullmatch(code):
        faults.add(
            line, f"'{code[:20]}' is no code of this list.", f"It looks like {shape.example}; keep leading zeros."
        )
    elif not words:
        faults.add(line, f"{code} has no description.", "Fill the description in.")
    else:
        try:
            first, until = _day(cell("from")), _day(cell("until"))
        except ValueError:
            faults.add(line, f"A date of {code} is none.", "Write it like 2026-10-01 or 10/01/2026.")
            return None
        if first and until and until < first:
            faults.add(line, f"{code} ends before it begins.", "Mend valid_from or valid_until.")
            return None
        return ListedCode(code, Meaning(cell("short"), words), first, until, line)
    return None


def _day(text: str) -> date | None:
    return dates.day(text) if text else None
