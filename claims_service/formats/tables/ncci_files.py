"""Medicare's NCCI files: procedure-to-procedure pairs, medically unlikely units and add-on codes; read as a stream."""

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import BinaryIO

from claims_service.domain import dates
from claims_service.domain.code_sets import ListedCode, Span
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.ncci import ANY_PRIMARY, AddOnEntry, AddOnRule, MueLimit, PtpEdit
from claims_service.formats.tables.text_lines import Faults, each_once, numbered

_PREAMBLE = 15
_CODE = re.compile(r"[0-9A-Z]{5}", re.ASCII)
_MUE_SETTINGS = {"practitioner": "P", "outpatient": "O", "supplier": "S"}


def read_ptp(stream: BinaryIO) -> Iterator[Span[PtpEdit]]:
    """ccipra-… or ccioph-… as text: tab between columns, some rows of headings, then millions of pairs.

    Raises:
        Rejected: at the end, with every bad line.
    """
    faults = Faults()
    rows = _after_heading(stream, "Column 1", "Save the text file of the zip, not the spreadsheet.")
    found = False
    known: dict[str, date] = {}
    for number, cells in rows:
        if not cells[0] and not (found and any(cells)):
            continue
        try:
            made = _pair(cells, known)
        except (ValueError, IndexError) as fault:
            told = str(fault) if isinstance(fault, ValueError) else "columns are missing"
            mend = "Column 1, column 2, * or nothing, first day, last day or *, indicator, reason, with tabs between."
            faults.add(number, f"This is no pair of the NCCI file: {told}.", mend)
            continue
        found = True
        yield made
    if not found and not faults:
        faults.add(0, "There is not a single pair in it.", "Was it downloaded whole, and is it the file meant?")
    faults.tell()


def _pair(cells: Sequence[str], known: dict[str, date]) -> Span[PtpEdit]:
    one, two, indicator = _procedure(cells[0]), _procedure(cells[1]), cells[5]
    if indicator not in ("0", "1", "9"):
        raise ValueError("the modifier indicator is 0, 1 or 9")
    until = None if cells[4] in ("*", "") else _cached(cells[4], known)
    edit = PtpEdit(one, two, indicator, cells[6] if len(cells) > 6 else "")
    return Span(_cached(cells[3], known), until, edit)


def _procedure(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(f"'{text[:12]}' is no procedure code")
    return text


def _cached(text: str, known: dict[str, date]) -> date:
    """A day by its text; a file of a million pairs has a few hundred different ones."""
    if text not in known:
        known[text] = dates.day(text)
    return known[text]


def read_mue(stream: BinaryIO) -> tuple[str, Iterator[ListedCode[MueLimit]]]:
    """(setting, limits) of an MUE file as CSV; the heading says whom it is for: P practitioners, O outpatient, S suppliers.

    Raises:
        Rejected: no heading at once; every bad line at the end.
    """
    rows = _after_heading(stream, "HCPCS/CPT Code", "Save the CSV file of the zip.", delimiter=",", with_heading=True)
    number, heading = next(rows)
    words = " ".join(heading).casefold()
    setting = next((letter for word, letter in _MUE_SETTINGS.items() if word in words), "")
    if not setting:
        message = "The heading does not say whom the units are for."
        mend = "Its second column is named like 'Practitioner Services MUE Values'."
        raise Rejected([Problem(f"line {number}", message, "", mend)])
    faults = Faults()
    return setting, each_once(_limits(rows, faults), faults)


def _limits(rows: Iterator[tuple[int, list[str]]], faults: Faults) -> Iterator[ListedCode[MueLimit]]:
    for number, cells in rows:
        if not any(cells):
            continue
        try:
            made = _limit(cells, number)
        except (ValueError, IndexError) as fault:
            told = "columns are missing" if isinstance(fault, IndexError) else str(fault)
            mend = "Code, units, indicator like '2 Date of Service Edit: Policy', reason."
            faults.add(number, f"This is no line of the MUE file: {told}.", mend)
            continue
        yield made


def _limit(cells: Sequence[str], number: int) -> ListedCode[MueLimit]:
    code, units, adjudication = _procedure(cells[0]), cells[1], cells[2][:1]
    if adjudication not in ("1", "2", "3") or not (units.isascii() and units.isdigit()):
        raise ValueError("the units are a number, and the indicator begins with 1, 2 or 3")
    return ListedCode(code, MueLimit(int(units), adjudication, cells[3] if len(cells) > 3 else ""), line=number)


def read_add_ons(stream: BinaryIO) -> Iterator[AddOnEntry]:
    """AOC_… as text: tab between columns, days as year and day of the year.

    Raises:
        Rejected: at the end, with every bad line.
    """
    faults = Faults()
    found = False
    for number, cells in _after_heading(stream, "AOC_Edit_Type", "Save the text file of the zip."):
        if not any(cells):
            continue
        try:
            made = _add_on(cells)
        except (ValueError, IndexError) as fault:
            told = "columns are missing" if isinstance(fault, IndexError) else str(fault)
            mend = "Type, add-on code, its last day, primary code, its last day, first day, last day, note; days as CCYYDDD."
            faults.add(number, f"This is no line of the add-on file: {told}.", mend)
            continue
        found = True
        yield made
    if not found and not faults:
        faults.add(0, "There is not a single add-on code in it.", "Was it downloaded whole, and is it the file meant?")
    faults.tell()


def _add_on(cells: Sequence[str]) -> AddOnEntry:
    edit_type, add_on = cells[0], _procedure(cells[1])
    primary = cells[3] if cells[3] == ANY_PRIMARY else _procedure(cells[3])
    if edit_type not in ("1", "2", "3"):
        raise ValueError("the type is 1, 2 or 3")
    ends = [_day_of_year(cells[place]) for place in (2, 4, 6) if len(cells) > place and cells[place]]
    rule = AddOnRule(edit_type, cells[7] if len(cells) > 7 else "")
    return AddOnEntry(add_on, primary, Span(_day_of_year(cells[5]), min(ends, default=None), rule))


def _day_of_year(text: str) -> date:
    if not (text.isascii() and text.isdigit() and len(text) == 7) or not 1 <= int(text[4:]) <= 366:
        raise ValueError(f"'{text[:12]}' is no day like 2026001")
    return date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)


def _after_heading(
    stream: BinaryIO, first: str, mend: str, *, delimiter: str = "\t", with_heading: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """The rows below the one whose first column is named so; above it stand notes of the publisher."""
    lines = numbered(stream)
    for number, line in itertools.islice(lines, _PREAMBLE):
        cells = _cells(line, delimiter)
        if cells and cells[0].casefold() == first.casefold():
            if with_heading:
                yield number, cells
            break
    else:
        raise Rejected([Problem("the file", f"It has no heading '{first}' in its first lines.", "", mend)])
    for number, line in lines:
        yield number, _cells(line, delimiter)


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == "\t":
        return [cell.strip() for cell in line.split("\t")]
    try:
        return [cell.strip() for cell in next(csv.reader([line]), [])]
    except csv.Error:
        return [line]
