"""A list of who comes on which day, as schedulers export it: a CSV with the columns `record` and `date`."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from claims_service.domain.errors import Problem, Rejected

COLUMNS = ("record", "date")


def read_appointments(content: bytes) -> list[tuple[str, date]]:
    """(record number, day) of each row. The date is written 2026-11-23 or 11/23/2026.

    Raises:
        Rejected: with the row of everything that can't be read; record numbers are not repeated.
    """
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        columns = [name.strip().lower() for name in table.fieldnames or ()]
    except (UnicodeDecodeError, csv.Error):
        raise Rejected([Problem("file", "This is not a CSV file in UTF-8.", "", "Export the list as CSV.")]) from None
    if not set(COLUMNS) <= set(columns):
        raise Rejected(
            [Problem("row 1", "The first row names the columns; record and date are needed.", "", "Add them.")]
        )
    table.fieldnames = columns
    problems: list[Problem] = []
    found = list(_rows(table, problems))
    if problems:
        raise Rejected(problems)
    return found


def _rows(table: "csv.DictReader[str]", problems: list[Problem]) -> Iterator[tuple[str, date]]:
    for number, row in enumerate(table, 2):
        record, day = (row["record"] or "").strip(), _day((row["date"] or "").strip())
        if not record:
            problems.append(
                Problem(f"row {number}", "The record number is missing.", "", "Fill it in or remove the row.")
            )
        elif day is None:
            problems.append(
                Problem(f"row {number}", "The date can't be read.", "", "Write it like 2026-11-23 or 11/23/2026.")
            )
        else:
            yield record, day


def _day(text: str) -> date | None:
    try:
        if "/" in text:
            month, day, year = map(int, text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None
