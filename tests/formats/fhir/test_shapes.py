"""What is written at once says, byte for byte, what the tree of the same table says."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from claims_service.formats.fhir import wire
from claims_service.formats.fhir.shapes import writer
from claims_service.formats.fhir.table import compiled

FIELDS = {
    "id": "id as id Claim",
    "status": "state as code status",
    "active": True,
    "name[0].use": "=100% sure",
    "name[0].family": "last",
    "name[0].given[0]": "first",
    "name[0].given[1]": "middle",
    "telecom[0].system": "=phone",
    "telecom[0].value": "phone",
    "total": "cents as money",
    "period.start": "day as date",
    "quantity.value": "units as number",
    "alone": "first | last",
    "item[lines].sequence": "number",
    "item[lines].focal": "focal",
    "item[lines].net": "cents as money",
    "item[lines].modifier[modifiers].code": ".",
    "note[0].text": "note",
    "note[lines].text": "words",
}


@dataclass(frozen=True)
class Line:
    number: int = 1
    focal: bool = False
    cents: int = 1250
    modifiers: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Source:
    id: int = 7
    state: str = "void"
    last: str = "O'\"Hara\\\n\u2028é%s"
    first: str = ""
    middle: str = ""
    phone: str = ""
    cents: int = 0
    day: Any = "2026-11-10"
    units: Any = "1"
    note: str = ""
    lines: tuple[Line, ...] = ()


TOLD = compiled(
    "told", {"resource": "Claim", "fields": FIELDS, "codes": {"status": {"void": "cancelled", "*": "active"}}}
)
WRITE = writer(TOLD.tree)


@pytest.mark.parametrize(
    "source",
    [
        Source(),
        Source(first="Ann", phone="%d 503"),
        Source(last="", middle="M"),
        Source(id=1, cents=-5, state="sent", day=date(2026, 11, 10)),
        Source(
            units=Decimal("1.50"), lines=(Line(), Line(2, focal=True, modifiers=("25", "59")), Line(3, words="seen"))
        ),
        Source(units=Decimal("1.5"), note="first", lines=(Line(0, words="a"), Line(cents=0))),
        Source(units="abc", day=None),
    ],
)
def test_writing_at_once_gives_the_bytes_of_the_tree(source: Source) -> None:
    for _ in range(2):  # made, and remembered
        assert WRITE(source).encode() == wire.write_json(TOLD.of(source))


def test_equal_numbers_keep_the_digits_they_came_with() -> None:
    """1.0 and 1.00 milligrams are equal and not the same statement."""
    written = [WRITE(Source(units=Decimal(units))) for units in ("1.0", "1.00", "1")]

    assert ['"value":1.0}' in written[0], '"value":1.00}' in written[1], '"value":1}' in written[2]] == [True] * 3


def test_more_values_than_are_remembered_are_written_all_the_same() -> None:
    assert [WRITE(Source(id=n)) for n in (1, 5000)] == [
        wire.write_json(TOLD.of(Source(id=n))).decode() for n in (1, 5000)
    ]
    assert all(f'"claim-{n}"' in WRITE(Source(id=n)) for n in range(9000))
