"""A clinic's master data and visits as the plain tables of fixtures/: TSV with notes above the header, and one TOML."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from claims_service.domain.encounter import ServiceLine
from claims_service.domain.money import cents

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with the names the tables use: patient's record number, provider's key."""

    reference: str
    patient: str
    served_on: date
    place_of_service: str
    provider: str
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    prior_authorization: str
    note: str


def rows(file: Path) -> Iterator[Row]:
    """Every row by column name."""
    with file.open(encoding="utf-8", newline="") as lines:
        kept = (line for line in lines if not line.startswith("# "))
        yield from csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE)


def practice(folder: Path) -> Row:
    """clinic/practice.toml."""
    with (folder / "clinic" / "practice.toml").open("rb") as file:
        return {name: str(value) for name, value in tomllib.load(file).items()}


def fees(folder: Path) -> dict[str, list[tuple[str, str, int]]]:
    """(procedure, modifier, cents) rows by column of clinic/fees.tsv: "charge", then one key an insurer."""
    listed = list(rows(folder / "clinic" / "fees.tsv"))
    columns = [name for name in listed[0] if name not in {"procedure", "label"}]
    return {name: [(row["procedure"], "", cents(row[name])) for row in listed if row[name]] for name in columns}


def visits(folder: Path, *, today: date) -> list[VisitRow]:
    """visits.tsv with its days counted back from today, oldest first."""
    return [_visit(row, today) for row in rows(folder / "visits.tsv")]


def day(text: str, today: date) -> date | None:
    """ "2026-01-31", or "-30" for thirty days before today; empty gives None."""
    if not text:
        return None
    return today + timedelta(days=int(text)) if text.startswith("-") else date.fromisoformat(text)


def workdays_before(today: date, count: int) -> date:
    """The count-th Monday to Friday before a day."""
    found = today
    while count:
        found -= timedelta(days=1)
        count -= found.weekday() < 5
    return found


def _visit(row: Row, today: date) -> VisitRow:
    return VisitRow(
        row["reference"],
        row["patient"],
        workdays_before(today, int(row["workdays_ago"])),
        row["place_of_service"],
        row["provider"],
        tuple(row["diagnoses"].split()),
        tuple(_line(text) for text in row["lines"].split()),
        row["prior_authorization"],
        row["note"],
    )


def _line(text: str) -> ServiceLine:
    """ "99214-25:1,2" or "J0696x2:1": procedure, -modifiers, x units, : pointers."""
    service, _, pointers = text.partition(":")
    service, _, units = service.partition("x")
    procedure, *modifiers = service.split("-")
    return ServiceLine(procedure, tuple(map(int, pointers.split(","))), tuple(modifiers), Decimal(units or 1))
