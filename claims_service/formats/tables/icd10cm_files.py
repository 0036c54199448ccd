"""ICD-10-CM as CMS publishes it: the order file (complete, each October and sometimes April) and its addenda (changes)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from claims_service.domain.code_sets import ListedCode, Meaning
from claims_service.domain.codes import diagnosis
from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.tables.text_lines import Faults, each_once, numbered

_CHANGE = re.compile(r"(Add|Delete|Revise from|Revise to|No change): *(?=\d{5} )", re.IGNORECASE)
_LAYOUT = "Order number in columns 1 to 5, code in 7 to 13, 0 or 1 in 15, short text from 17, long text from 78."


def read_order(stream: BinaryIO) -> Iterator[ListedCode[Meaning]]:
    """icd10cm-order-YYYY.txt: all codes with their headings.

    Raises:
        Rejected: at the end, with every bad line.
    """
    faults = Faults()
    yield from each_once(_order(stream, faults), faults)


def _order(stream: BinaryIO, faults: Faults) -> Iterator[ListedCode[Meaning]]:
    for number, line in numbered(stream):
        if _CHANGE.match(line):
            mend = "Import it as icd10cm-addenda, or give the complete order file."
            raise Rejected([Problem(f"line {number}", "This is the list of changes (addenda).", "", mend)])
        if line.strip() and (found := _entry(line, number, faults)):
            yield found


def read_addenda(stream: BinaryIO) -> Iterator[ListedCode[Meaning]]:
    """icd10cm-order-addenda-YYYY.txt: codes that are added, deleted (meaning None) or get other words.

    Raises:
        Rejected: at the end, with every bad line.
    """
    faults = Faults()
    yield from each_once(_addenda(stream, faults), faults)


def _addenda(stream: BinaryIO, faults: Faults) -> Iterator[ListedCode[Meaning]]:
    for number, line in numbered(stream):
        if not line.strip():
            continue
        if not (change := _CHANGE.match(line)):
            mend = "Each line begins with Add:, Delete:, Revise from: or Revise to:."
            faults.add(number, "This is no line of the addenda.", mend)
            continue
        found = _entry(line[change.end() :], number, faults)
        verb = change[1].lower()
        if found and verb in ("add", "revise to"):
            yield found
        elif found and verb == "delete":
            yield ListedCode(found.code, None, line=number)


def _entry(line: str, number: int, faults: Faults) -> ListedCode[Meaning] | None:
    order, code, flag, short, long = line[:5], line[6:13], line[14:15], line[16:76].strip(), line[77:].strip()
    if not order.isdigit() or flag not in ("0", "1") or not long:
        faults.add(number, "This is no line of the ICD-10-CM order file.", _LAYOUT)
        return None
    try:
        return ListedCode(diagnosis(code), Meaning(short, long, flag == "1"), line=number)
    except ValueError:
        faults.add(number, f"'{code.strip()}' is no ICD-10-CM code.", "A code has 3 to 7 characters, like J069.")
        return None
