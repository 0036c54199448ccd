"""Medicare's relative value files: PPRRVU as CSV or 200-character text, and the localities' costs (GPCI) as CSV."""

import csv
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import BinaryIO

from claims_service.domain.code_sets import ListedCode
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.pricing.medicare import PAYABLE, Gpci, Rvu
from claims_service.formats.tables.text_lines import Faults, each_once, numbered

_PREAMBLE = 20
_STACKED = 2
_CODE = re.compile(r"[0-9A-Z]{5}", re.ASCII)
_MODIFIER = re.compile(r"(?:[0-9A-Z]{2})?", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?|\.[0-9]{1,4}", re.ASCII)
_MEND = "Save PPRRVU… of the zip once more, as the CSV or text file that Medicare gives out."
# Columns of the CSV move from year to year; their labels, read downwards over three rows, stay.
_LABELS: Mapping[str, str] = {
    "status": r"STATUS CODE",
    "work": r"WORK RVU",
    "pe": r"NON-?FAC(ILITY)? PE RVU",
    "no_pe": r"(NON-?FAC(ILITY)? )?NA INDICATOR",
    "pe_facility": r"FAC(ILITY)? PE RVU",
    "malpractice": r"(MP|MALPRACTICE) RVU",
    "total": r"NON-?FAC(ILITY)? TOTAL",
    "total_facility": r"FAC(ILITY)? TOTAL",
    "multiple": r"MULT PROC",
    "factor": r"CONV(ERSION)? FACTOR",
    "global_days": r"GLOB(AL)? DAYS",
}
# Columns of the text file, the first counted as 0.
_POSITIONS: Mapping[str, slice] = {
    "code": slice(0, 5), "modifier": slice(5, 7), "status": slice(57, 58), "work": slice(59, 65), "pe": slice(66, 72),
    "no_pe": slice(72, 74), "pe_facility": slice(75, 81), "no_pe_facility": slice(81, 83), "malpractice": slice(84, 89),
    "total": slice(90, 96), "total_facility": slice(96, 102), "multiple": slice(115, 116), "factor": slice(132, 140),
    "global_days": slice(103, 106),
}  # fmt: skip
Cells = Mapping[str, str]


def read_values(stream: BinaryIO) -> Iterator[ListedCode[Rvu]]:
    """Each procedure with its modifier as one code of five or seven characters; descriptions stay in the file.

    Raises:
        Rejected: at the end, with every bad line; columns that have moved are noticed by their sums.
    """
    faults = Faults()
    lines = numbered(stream)
    first = next(lines, (1, ""))
    whole = itertools.chain([first], lines)
    records = _text_records(whole) if first[1].startswith("HDR") else _csv_records(whole)
    return each_once(_values(records, faults), faults)


def _text_records(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Cells]]:
    for number, line in lines:
        if line.strip() and not line.startswith(("HDR", "TRL")):
            yield number, {name: line[place].strip() for name, place in _POSITIONS.items()}


def _csv_records(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Cells]]:
    above: list[list[str]] = []
    for number, line in itertools.islice(lines, _PREAMBLE):
        cells = _cells(line)
        if [cell.upper() for cell in cells[:2]] == ["HCPCS", "MOD"]:
            columns = _columns([*above[-_STACKED:], cells], number)
            break
        above.append(cells)
    else:
        raise Rejected([Problem("the file", "It has no heading 'HCPCS, MOD' in its first lines.", "", _MEND)])
    for number, line in lines:
        cells = _cells(line)
        if any(cells):
            yield number, {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}


def _columns(heading: Sequence[Sequence[str]], line: int) -> dict[str, int]:
    labels = [
        " ".join(" ".join(cell for cell in column if cell).upper().split())
        for column in itertools.zip_longest(*heading, fillvalue="")
    ]
    found = {"code": 0, "modifier": 1}
    for name, pattern in _LABELS.items():
        place = next((i for i, label in enumerate(labels) if re.fullmatch(pattern, label)), None)
        if place is None:
            told = f"There is no column '{_LABELS[name].replace('-?', '-').replace('(ILITY)?', 'ILITY')}'."
            raise Rejected([Problem(f"line {line}", told, "", _MEND)])
        found[name] = place
    found["no_pe_facility"] = found["pe_facility"] + 1
    return found


def _values(records: Iterator[tuple[int, Cells]], faults: Faults) -> Iterator[ListedCode[Rvu]]:
    factor = ""
    for number, cells in records:
        try:
            made = _value(cells)
        except ValueError as fault:
            faults.add(number, f"This is no line of the relative value file: {fault}.", _MEND)
            continue
        factor = factor or made.factor
        if made.factor != factor and made.status in PAYABLE:
            told = f"The conversion factor is {made.factor[:12]} here and {factor} above: are the columns in order?"
            faults.add(number, told, _MEND)
            continue
        yield ListedCode(cells["code"] + cells["modifier"], made, line=number)


def _value(cells: Cells) -> Rvu:
    if not _CODE.fullmatch(cells["code"]) or not _MODIFIER.fullmatch(cells["modifier"]):
        raise ValueError(f"'{cells['code'][:9]}' is no procedure code with a modifier")
    for name in ("work", "pe", "pe_facility", "malpractice", "total", "total_facility", "factor"):
        if not _NUMBER.fullmatch(cells[name]):
            raise ValueError(f"'{cells[name][:12]}' is no number like 1.30")
    if not re.fullmatch(r"[A-Z]", cells["status"]):
        raise ValueError(f"'{cells['status'][:3]}' is no status")
    made = Rvu(
        cells["status"], cells["work"], cells["pe"], cells["pe_facility"], cells["malpractice"], cells["no_pe"] == "NA",
        cells["no_pe_facility"] == "NA", cells["multiple"][:1], cells["factor"], cells["global_days"][:3],
    )  # fmt: skip
    for expense, total in ((made.pe, cells["total"]), (made.pe_facility, cells["total_facility"])):
        parts = Decimal(made.work) + Decimal(expense) + Decimal(made.malpractice)
        if made.status in PAYABLE and parts != Decimal(total):
            raise ValueError(f"work, practice expense and malpractice make {parts}, not the total of {total}")
    return made


def read_localities(stream: BinaryIO) -> Iterator[ListedCode[Gpci]]:
    """Each locality as contractor and number in seven digits; the work index with the floor of 1.0 where both are given.

    Raises:
        Rejected: at the end, with every bad line.
    """
    faults = Faults()
    return each_once(_localities(numbered(stream), faults), faults)


def _localities(lines: Iterator[tuple[int, str]], faults: Faults) -> Iterator[ListedCode[Gpci]]:
    for number, line in itertools.islice(lines, _PREAMBLE):
        names = [" ".join(cell.casefold().split()) for cell in _cells(line)]
        if names and names[0].startswith("medicare admin"):
            columns = _locality_columns(names, number)
            break
    else:
        mend = (
            "Save the GPCI file of the zip as CSV; its heading begins with 'Medicare Administrative Contractor (MAC)'."
        )
        raise Rejected([Problem("the file", "It has no heading of contractors in its first lines.", "", mend)])
    for number, line in lines:
        cells = _cells(line)
        if sum(bool(cell) for cell in cells) < len(columns):
            continue  # notes of the publisher below the table
        found = {name: cells[place] for name, place in columns.items()}
        contractor, locality = found["contractor"].zfill(5), found["number"].zfill(2)
        indexes = [found[name] for name in ("work", "pe", "malpractice")]
        if not (contractor + locality).isdigit() or len(contractor + locality) != 7:
            faults.add(
                number,
                f"'{(contractor + ' ' + locality)[:12]}' is no contractor and locality.",
                "They look like 10112 and 01.",
            )
        elif not all(_NUMBER.fullmatch(index) for index in indexes):
            faults.add(number, "An index is no number.", "It looks like 1.040.")
        else:
            name = found["name"].rstrip("* ")
            yield ListedCode(contractor + locality, Gpci(name, *indexes), line=number)


def _locality_columns(names: Sequence[str], line: int) -> dict[str, int]:
    """By name, since the work index without the floor comes and goes."""
    wanted = {
        "number": r"locality number",
        "name": r"locality name",
        "work": r"\d{4} pw gpci(?!.*without).*",
        "pe": r"\d{4} pe gpci.*",
        "malpractice": r"\d{4} mp gpci.*",
    }
    found = {"contractor": 0}
    for use, pattern in wanted.items():
        place = next((i for i, name in enumerate(names) if re.fullmatch(pattern, name)), None)
        if place is None and use == "work":
            place = next((i for i, name in enumerate(names) if "pw gpci" in name), None)
        if place is None:
            told = f"There is no column for the {use.replace('pe', 'practice expense')} of a locality."
            raise Rejected([Problem(f"line {line}", told, "", "Save the GPCI file of the zip as CSV, whole.")])
        found[use] = place
    return found


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line]), [])]
    except csv.Error:
        return [line]
