"""HCPCS level II as CMS publishes it each quarter: 320 columns, long texts over several lines, codes and modifiers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from claims_service.domain import dates
from claims_service.domain.code_sets import ListedCode, Meaning
from claims_service.formats.tables.text_lines import Faults, each_once, numbered

_HEAD = re.compile(r"(?:([A-Z]\d{4})\d{5}([34])|(?=.{5}\d{5}[78]) {0,3}([A-Z0-9]{2}) {0,3}\d{5}([78]))")
_LAYOUT = "Code in columns 1 to 5, sequence in 6 to 10, then 3 or 4 (code) or 7 or 8 (modifier), texts from 12 and 92."
_NEXT = "48"


def read(stream: BinaryIO) -> Iterator[ListedCode[Meaning]]:
    """HCPCyyyy_MMM_ANWEB.txt: five-character codes and two-character modifiers, with the day each was added and ended.

    Raises:
        Rejected: at the end, with every bad line.
    """
    faults = Faults()
    yield from each_once(_codes(stream, faults), faults)


def _codes(stream: BinaryIO, faults: Faults) -> Iterator[ListedCode[Meaning]]:
    waiting: ListedCode[Meaning] | None = None
    for number, line in numbered(stream):
        if not line.strip():
            continue
        head = _HEAD.match(line) or _HEAD.match(line := line.removeprefix("   "))
        if head is None:
            faults.add(number, "This is no line of the HCPCS file.", _LAYOUT)
            continue
        code, words = head[1] or head[3], line[11:91].strip()
        if (head[2] or head[4]) in _NEXT:
            if waiting and waiting.code == code and waiting.meaning:
                waiting = replace(waiting, meaning=replace(waiting.meaning, long=f"{waiting.meaning.long} {words}"))
            else:
                faults.add(
                    number, f"{code} goes on here and began nowhere.", "Its first line has a 3 or 7 in column 11."
                )
            continue
        if waiting:
            yield waiting
        waiting = _first_line(code, words, line, number, faults)
    if waiting:
        yield waiting


def _first_line(code: str, words: str, line: str, number: int, faults: Faults) -> ListedCode[Meaning] | None:
    if not words:
        faults.add(number, f"{code} has no description.", "Its long text stands in columns 12 to 91.")
        return None
    try:
        added, ended = _day(line[268:276]), _day(line[284:292])
    except ValueError:
        faults.add(
            number, f"A date of {code} is none.", "Added in columns 269 to 276, ended in 285 to 292, as CCYYMMDD."
        )
        return None
    return ListedCode(code, Meaning(line[91:119].strip(), words), added, ended, number)


def _day(text: str) -> date | None:
    return dates.day(text) if text.strip() else None
