"""Visits as a CSV file: a row a service, columns by name in any order; rows with one reference are one visit."""

import csv
import functools
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from claims_service.config import data_folder
from claims_service.domain import dates, dentition, money, stay_text
from claims_service.domain.encounter import (
    DENTAL,
    INSTITUTIONAL,
    MOST_DIAGNOSES,
    NO_VISIT,
    PROFESSIONAL,
    Encounter,
    ServiceLine,
)
from claims_service.domain.errors import Rejected
from claims_service.domain.line_detail import DAYS, FIRST, MINUTES, NO_DETAIL, REPLACEMENT, UNITS, LineDetail
from claims_service.domain.stay import Stay
from claims_service.domain.visit_import import RowProblem

MOST_BYTES = 50_000_000
NEEDED = ("reference", "patient", "served_on", "provider", "diagnoses", "procedure")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXY"
_VISIT_FIELDS = (
    "kind", "patient", "served_on", "place", "provider", "referring", "diagnoses", "authorization", "note", *stay_text.FIELDS, *dentition.FIELDS,
)  # fmt: skip
_PLACE = re.compile(r"lines\[(\d+)\](?:\.(\w+))?|(?:(?:stay|dentition)\.)?(\w+)")
_COLUMNS = {
    "rendering": "provider", "place_of_service": "place", "prior_authorization": "authorization", "lines": "procedure",
    "stay": "kind", "codes": "conditions", "basis": "days",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileVisit:
    """A visit as its rows say it. patient: record number; provider and referring: NPIs; visit: with ids still to be filled in.

    others: (line of the file, NPI) of each service, "" where it is the visit's provider. operating: NPI of a stay's surgeon.
    """

    reference: str
    line: int
    patient: str
    provider: str
    referring: str
    visit: Encounter
    others: tuple[tuple[int, str], ...] = ()
    operating: str = ""


@dataclass(frozen=True, slots=True)
class VisitFile:
    """Visits that can be read and rows that can't. found: how many visits the file names; unread: columns nobody asked for."""

    visits: tuple[FileVisit, ...]
    problems: tuple[RowProblem, ...]
    found: int
    unread: tuple[str, ...]


class _Faulty(ValueError):
    """A cell that can't be read. args: column, what is wrong, how to mend it."""


def read(content: bytes, *, today: date) -> VisitFile:
    """The visits of a file in UTF-8 or Windows-1252, with commas, semicolons or tabs.

    Problems without a line of their own stand on line 1: no head, a column that is missing, or no rows.
    """
    rows, unread, problems = _rows(content)
    groups: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    for line, row in rows:
        if row["reference"]:
            groups.setdefault(row["reference"], []).append((line, row))
        else:
            problems.append(
                RowProblem(line, "", "reference", "The visit has no reference.", "Give each visit a number of its own.")
            )
    visits = []
    for reference, group in groups.items():
        made, wrong = _visit(reference, group, today)
        problems += wrong
        if made:
            visits.append(made)
    if not groups and not problems:
        problems.append(RowProblem(1, "", "", "The file has no visits.", "Write a row a service below the head."))
    return VisitFile(tuple(visits), tuple(problems), len(groups), unread)


def _rows(content: bytes) -> tuple[list[tuple[int, Mapping[str, str]]], tuple[str, ...], list[RowProblem]]:
    """(line, values by our names) of each row, the columns not read, and what stops the whole file."""
    if len(content) > MOST_BYTES:
        return [], (), [RowProblem(1, "", "", "The file is larger than 50 MB.", "Import it in parts.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        listed = [(reader.line_num, cells) for cells in reader]
    except csv.Error as wrong:
        return [], (), [RowProblem(reader.line_num, "", "", f"The file can't be read as CSV: {wrong}.", "Save it again as CSV.")]  # fmt: skip
    if not listed:
        return [], (), [RowProblem(1, "", "", "The file is empty.")]
    names = [_own_name(cell) for cell in listed[0][1]]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        heads = {name: ", ".join(_columns()[name]) for name in missing}
        return (
            [],
            (),
            [RowProblem(1, "", n, "This column is missing.", f"Its head may read: {heads[n]}.") for n in missing],
        )
    unread = tuple(cell.strip() for cell, name in zip(listed[0][1], names, strict=True) if not name and cell.strip())
    return [(line, _named(names, cells)) for line, cells in listed[1:] if any(map(str.strip, cells))], unread, []


def _named(names: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    row = dict.fromkeys(_columns(), "")
    row.update((name, cell.strip()) for name, cell in zip(names, cells, strict=False) if name)
    return row


@functools.cache
def _columns() -> Mapping[str, tuple[str, ...]]:
    told = tomllib.loads((data_folder("mappings") / "imports" / "visits_csv.toml").read_text("utf-8"))
    return {name: tuple(heads) for name, heads in told["columns"].items()}


def _own_name(head: str) -> str:
    plain = re.sub(r"[\W_]+", "", head.casefold())
    return next((name for name, heads in _columns().items() if plain in (h.replace(" ", "") for h in heads)), "")


def _visit(
    reference: str, group: Sequence[tuple[int, Mapping[str, str]]], today: date
) -> tuple[FileVisit | None, list[RowProblem]]:
    """The visit of these rows, or everything that is wrong with them."""
    first, about = group[0]
    problems = [
        RowProblem(line, reference, name, f"Says something else than line {first} of the same visit.", "Write the same, or leave it empty.")
        for line, row in group[1:]
        for name in _VISIT_FIELDS
        if row[name] and row[name] != about[name]
    ]  # fmt: skip
    problems += [
        RowProblem(first, reference, name, "This is missing.") for name in ("patient", "provider") if not about[name]
    ]
    diagnoses = tuple(
        code.upper().replace(".", "") for code in re.split(r"[\s,;|]+", about["diagnoses"]) if code.strip()
    )
    lines = []
    for line, row in group:
        try:
            lines.append(_service(row, len(diagnoses), today))
        except _Faulty as wrong:
            problems.append(RowProblem(line, reference, *wrong.args))
    try:
        served_on = _day(about["served_on"], "served_on", today)
    except _Faulty as wrong:
        return None, [*problems, RowProblem(first, reference, *wrong.args)]
    stay = _stay(about, served_on, today, lambda name, told: problems.append(RowProblem(first, reference, name, told)))
    mouth = dentition.dentition_of(
        about, today=today, wrong=lambda name, told: problems.append(RowProblem(first, reference, name, told))
    )
    if problems:
        return None, problems
    try:
        made = Encounter(
            0, served_on, (about["place"] or "11").upper().zfill(2), 0, diagnoses, tuple(lines), reference, about["authorization"], None,
            about["note"], kind=_kind(about["kind"]), stay=stay, dentition=mouth,
        )  # fmt: skip
    except Rejected as wrong:
        return None, list(_told(wrong, reference, [line for line, _ in group]))
    others = tuple(
        (line, row["line_provider"] if row["line_provider"] != about["provider"] else "") for line, row in group
    )
    return FileVisit(
        reference, first, about["patient"], about["provider"], about["referring"], made, others, about["operating"]
    ), []


def _kind(typed: str) -> str:
    """P, I a facility's bill, D for dental, N for a charge without a visit."""
    return typed.upper()[:1] if typed.upper()[:1] in (INSTITUTIONAL, DENTAL, NO_VISIT) else PROFESSIONAL


def _stay(about: Mapping[str, str], served_on: date, today: date, wrong: Callable[[str, str], None]) -> Stay | None:
    """The stay of a facility's bill; its surgeon is still to be filled in."""
    if _kind(about["kind"]) != INSTITUTIONAL:
        return None
    return stay_text.stay_of(about, served_on, operating=None, today=today, wrong=wrong)


def _told(wrong: Rejected, reference: str, lines: Sequence[int]) -> Iterator[RowProblem]:
    """A visit's problems at their lines and columns."""
    for problem in wrong.problems:
        found = _PLACE.match(problem.where)
        line = lines[int(found[1])] if found and found[1] and int(found[1]) < len(lines) else lines[0]
        name = (found[2] or found[3] or "procedure") if found else ""
        yield RowProblem(line, reference, _COLUMNS.get(name, name), problem.message, problem.mend)


def _service(row: Mapping[str, str], diagnoses: int, today: date) -> ServiceLine:
    return ServiceLine(
        row["procedure"].upper(),
        _pointers(row["pointers"], diagnoses),
        tuple(re.split(r"[\s,;|-]+", row["modifiers"].upper())) if row["modifiers"] else (),
        _decimal(row["units"], "units"),
        _charge(row["charge"]),
        _day(row["line_on"], "line_on", today) if row["line_on"] else None,
        ndc=row["ndc"].replace("-", ""),
        detail=_detail(row, today),
    )


def _detail(row: Mapping[str, str], today: date) -> LineDetail:
    found = LineDetail(
        None,
        MINUTES if _yes(row["minutes"]) else DAYS if _yes(row["days"]) else UNITS,
        row["tooth"].upper(),
        row["surfaces"].upper(),
        row["area"],
        row["revenue_code"].zfill(4) if row["revenue_code"] else "",
        _decimal(row["ndc_quantity"], "ndc_quantity") if row["ndc_quantity"] else None,
        row["ndc_unit"].upper(),
        _prosthesis(row["prosthesis"]),
        _day(row["replaces_on"], "replaces_on", today) if row["replaces_on"] else None,
    )
    return NO_DETAIL if found == NO_DETAIL else found


def _yes(typed: str) -> bool:
    return typed.upper() in ("Y", "YES", "1", "X", MINUTES, DAYS)


def _prosthesis(typed: str) -> str:
    """I or "first", R or "replacement"; anything else as it came, for the visit to refuse."""
    return {"FIRST": FIRST, "INITIAL": FIRST, "REPLACEMENT": REPLACEMENT}.get(typed.upper(), typed.upper())


def _pointers(typed: str, diagnoses: int) -> tuple[int, ...]:
    """Letters or numbers of the diagnoses; nothing: the first, where there is only one, else the first four."""
    if not typed:
        return tuple(range(1, min(diagnoses, 4) + 1))
    letters = _LETTERS[: max(MOST_DIAGNOSES, diagnoses)]
    marks = (
        re.split(r"[\s,;|]+", typed.upper()) if re.search(r"\d", typed) else list(re.sub(r"[\s,;|]", "", typed.upper()))
    )
    try:
        return tuple(int(mark) if mark.isascii() and mark.isdigit() else letters.index(mark) + 1 for mark in marks)
    except ValueError:
        raise _Faulty("pointers", "Not letters of the diagnoses.", "Write AB for the first and second.") from None


def _decimal(typed: str, column: str) -> Decimal:
    try:
        return Decimal(typed or "1")
    except InvalidOperation:
        raise _Faulty(column, "Not a number.", "Write how many, like 1 or 2.5.") from None


def _charge(typed: str) -> int | None:
    try:
        return money.typed_cents(typed) if typed else None
    except ValueError as wrong:
        raise _Faulty("charge", f"{str(wrong).capitalize()}.", "Leave it empty to take the clinic's price.") from None


def _day(typed: str, column: str, today: date) -> date:
    try:
        found = dates.day(typed, today=today)
    except ValueError as wrong:
        raise _Faulty(column, f"{str(wrong).capitalize()}.", "") from None
    if found > today:
        raise _Faulty(column, "This day is yet to come.", "Correct the date.")
    return found
