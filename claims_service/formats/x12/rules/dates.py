"""Days in their order: periods, birth, service, accident, and the day a file was written (SNIP level 4)."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from claims_service.formats.x12.rules.rule import Closed, Fault, days, element

ICD_10_BEGINS = "20151001"
LENGTHS = {"D8": 8, "RD8": 17, "DT": 12, "TM": 4}
PLACES = {"DTP": 3, "DTM": 2, "DMG": 2, "BPR": 16}


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return True


def real_days(closed: Closed) -> Iterator[Fault]:
    """Every day stands in the calendar (no 30 February), in the format that the segment names."""
    for item in closed.own:
        position = PLACES.get(item[0])
        if position is None:
            continue
        text = element(item, position)
        if item[0] == "DTP" and text and len(text) != LENGTHS.get(element(item, 2), len(text)):
            yield Fault("date-format", item, f"{position:02}")
        elif len(text) >= 8 and not all(_is_day(day) for day in text.split("-")):
            yield Fault("no-such-day", item, f"{position:02}")


def periods(closed: Closed) -> Iterator[Fault]:
    """An RD8 period does not end before it begins."""
    for dated in closed.node.segments("DTP"):
        first, last = days(dated)
        if element(dated, 2) == "RD8" and last < first:
            yield Fault("period-reversed", dated, "03")


def birth(closed: Closed) -> Iterator[Fault]:
    """Nobody is born after the file was written."""
    born = closed.node.first("DMG")
    if born is not None and element(born, 2) > closed.written_on > "19000101":
        yield Fault("born-later", born, "02")


def services(closed: Closed) -> Iterator[Fault]:
    """Services lie between birth and the day of the file, and in an institution's statement period."""
    person = next((found for above in closed.parents for loop in ("2010BA", "2010CA")
                   if (found := above.child(loop)) is not None and found.first("DMG") is not None
                   and (loop == "2010CA" or not closed.parent("2000C"))), None)  # fmt: skip
    born = person.value("DMG", "D8", 2) if person else ""
    statement = days(closed.node.first("DTP", "434"))
    accident, _ = days(closed.node.first("DTP", "439"))
    for line in closed.node.loops("2400"):
        dated = line.first("DTP", "472")
        first, last = days(dated)
        if not first:
            continue
        if closed.written_on and last > closed.written_on:
            yield Fault("service-later", dated, "03")
        if first < born:
            yield Fault("service-before-birth", dated, "03")
        if statement[0] and not statement[0] <= first <= last <= statement[1]:
            yield Fault("service-outside-statement", dated, "03")
        if accident > first:
            yield Fault("accident-after-service", closed.node.first("DTP", "439"), "03")
            return


def code_set_of_the_day(closed: Closed) -> Iterator[Fault]:
    """ICD-10 holds for services from 1 October 2015 on, ICD-9 before."""
    dated = [line.first("DTP", "472") for line in closed.node.loops("2400")]
    last = max((days(one)[1] for one in (*dated, closed.node.first("DTP", "434"))), default="")
    diagnosis = closed.node.first("HI")
    if diagnosis is None or not last:
        return
    qualifier = closed.parts(diagnosis, 1)[0]
    if (qualifier == "BK" and last >= ICD_10_BEGINS) or (qualifier == "ABK" and last < ICD_10_BEGINS):
        yield Fault("code-set-of-the-day", diagnosis, "01-1")
