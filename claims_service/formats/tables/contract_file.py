"""A contract with an insurer as a CSV file: a row a term, columns by name in any order."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain import dates, money
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.pricing.contract import (
    CHARGE,
    FACILITY,
    FLAT,
    MEDICARE,
    OFFICE,
    PER_DIEM,
    Term,
    undecided,
)
from claims_service.domain.pricing.medicare import MPFS, QPP, QUARTERS
from claims_service.domain.pricing.provider_class import CLASSES
from claims_service.formats.tables.text_lines import MOST_PROBLEMS, numbered

MOST_BYTES = 20_000_000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "contract": ("contract", "contract_id", "name"),
    "payer": ("payer", "payer_id"),
    "plan": ("plan",),
    "from": ("effective_from", "valid_from"),
    "until": ("effective_to", "valid_until"),
    "basis": ("basis", "method"),
    "year": ("basis_year",),
    "quarter": ("basis_quarter",),
    "qpp": ("qpp",),
    "locality": ("locality",),
    "code": ("code_from", "code"),
    "code_until": ("code_to", "code_until"),
    "modifier": ("modifier",),
    "place": ("pos", "place"),
    "class": ("provider_class",),
    "percent": ("percent",),
    "amount": ("amount", "carve_out_amount"),
    "lesser": ("lesser_of_charge",),
    "reductions": ("multiple_procedure_rule",),
    "note": ("note",),
}
_BASES = {
    "FLAT": FLAT,
    "MPFS": MEDICARE,
    "MEDICARE": MEDICARE,
    "CHARGE": CHARGE,
    "PER_DIEM": PER_DIEM,
    "PER DIEM": PER_DIEM,
}
_YES_NO = {"Y": True, "YES": True, "N": False, "NO": False, "": False}
_CODE = re.compile(r"[0-9A-Z]{5}", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?", re.ASCII)
_PLACES = {"": "", "F": FACILITY, "FACILITY": FACILITY, "N": OFFICE, "NF": OFFICE, "NON-FACILITY": OFFICE}
_HEAD = ("contract", "payer", "plan", "from", "until")


class _Faulty(ValueError):
    """A cell that can't be read. args: what is wrong, and how to mend it."""


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A contract as its file says it. payer: the insurer's id, empty where the file does not name one. digest: SHA-256."""

    name: str
    payer: str
    plan: str
    valid_from: date
    valid_until: date | None
    terms: tuple[Term, ...]
    digest: str


def read(content: bytes) -> ContractFile:
    """The contract in a file.

    Raises:
        Rejected: with every bad row; two terms of which none is the more exact one are bad rows too.
    """
    if len(content) > MOST_BYTES:
        raise Rejected(
            [Problem("the file", "It is larger than 20 MB.", "", "Write ranges of codes instead of single ones.")]
        )
    rows = list(_rows(content))
    faults: list[Problem] = []
    terms: list[Term] = []
    for line, row in rows:
        if changed := next((name for name in _HEAD if row[name] != rows[0][1][name]), None):
            told = f"'{row[changed][:40]}' here and '{rows[0][1][changed][:40]}' on line {rows[0][0]}: a file holds one contract."
            faults.append(Problem(f"line {line}", told, "", "Put each contract into a file of its own."))
        try:
            terms.append(_term(line, row))
        except _Faulty as fault:
            told, mend = fault.args
            faults.append(Problem(f"line {line}", told, "", mend))
    head = _head(*rows[0], faults) if rows else None
    faults += [_undecided(one, other) for one, other in undecided(terms)]
    if not rows:
        faults.append(
            Problem(
                "the file", "There is not a single term in it.", "", "One row a term, below the names of the columns."
            )
        )
    if faults or head is None:
        raise Rejected(sorted(faults, key=_line_of)[:MOST_PROBLEMS])
    first, until = head
    named = rows[0][1]
    digest = hashlib.sha256(content).hexdigest()
    return ContractFile(named["contract"], named["payer"], named["plan"], first, until, tuple(terms), digest)


def _line_of(fault: Problem) -> int:
    return int(fault.where.rpartition(" ")[2]) if fault.where.startswith("line ") else 0


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    lines = list(numbered(io.BytesIO(content)))
    reader = csv.reader((text + "\n" for _, text in lines), strict=True)
    try:
        places = _places(next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
                yield reader.line_num, {name: found.get(name, "") for name in COLUMNS}
    except csv.Error as broken:
        problem = Problem(f"line {reader.line_num}", "Quotes or line ends are broken.", "", "Save it as CSV once more.")
        raise Rejected([problem]) from broken


def _places(header: Sequence[str]) -> dict[str, int]:
    names = ["_".join(name.strip().casefold().split()) for name in header]
    found: dict[str, int] = {}
    faults = []
    for place, name in enumerate(names):
        use = next((use for use, known in COLUMNS.items() if name in known), None)
        if use is None and name:
            known = ", ".join(sorted(one[0] for one in COLUMNS.values()))
            faults.append(Problem("line 1", f"'{name[:30]}' is no column of a contract.", "", f"Columns are: {known}."))
        elif use in found:
            faults.append(
                Problem("line 1", f"'{name}' says the same as another column.", "", "Leave one of the two out.")
            )
        elif use:
            found[use] = place
    faults += [
        Problem("line 1", f"There is no column '{COLUMNS[use][0]}'.", "", "Line 1 names the columns.")
        for use in ("from", "basis")
        if use not in found
    ]
    if faults:
        raise Rejected(faults)
    return found


def _head(line: int, row: Mapping[str, str], faults: list[Problem]) -> tuple[date, date | None] | None:
    try:
        first = dates.day(row["from"])
        until = dates.day(row["until"]) if row["until"] else None
    except ValueError:
        faults.append(
            Problem(f"line {line}", "A day of the contract is none.", "", "Write it like 2026-01-01 or 01/01/2026.")
        )
        return None
    if until and until < first:
        faults.append(Problem(f"line {line}", "It ends before it begins.", "", "Mend effective_from or effective_to."))
    return first, until


def _term(line: int, row: Mapping[str, str]) -> Term:
    method = _BASES.get(row["basis"].upper())
    if method is None:
        raise _Faulty(f"'{row['basis'][:20]}' is no basis.", "Write FLAT, MPFS, CHARGE or PER_DIEM.")
    first, until = _codes(row)
    return Term(
        line, method, first, until, _modifier(row), _place(row), _class(row), _amount(method, row), _percent(method, row),
        _release(method, row), QPP if _yes(row, "qpp") else MPFS, _locality(method, row), _yes(row, "lesser"), _reductions(row),
        row["note"][:400],
    )  # fmt: skip


def _codes(row: Mapping[str, str]) -> tuple[str, str]:
    first, until = row["code"].upper(), (row["code_until"] or row["code"]).upper()
    if not first and until:
        raise _Faulty("The last code stands without a first one.", "Fill in code_from.")
    for code in (first, until) if first else ():
        if not _CODE.fullmatch(code):
            raise _Faulty(
                f"'{code[:12]}' is no procedure code.", "Five characters like 99213 or J0696; keep leading zeros."
            )
    if first > until:
        raise _Faulty(f"{first} comes after {until}.", "Swap code_from and code_to.")
    if first and _letter(first) != _letter(until):
        raise _Faulty(
            f"{first} and {until} are codes of different kinds.", "Write a row for each kind, like 0001T to 0999T."
        )
    return first, until


def _letter(code: str) -> str:
    return code[-1] if code[-1].isalpha() else ""


def _modifier(row: Mapping[str, str]) -> str:
    modifier = row["modifier"].upper()
    if modifier and not re.fullmatch(r"[0-9A-Z]{2}", modifier, re.ASCII):
        raise _Faulty(f"'{modifier[:12]}' is no modifier.", "Two characters like 26; a row for each modifier.")
    return modifier


def _place(row: Mapping[str, str]) -> str:
    place = row["place"].upper()
    if place in _PLACES:
        return _PLACES[place]
    if not re.fullmatch(r"[0-9]{1,2}", place, re.ASCII):
        raise _Faulty(f"'{place[:12]}' is no place.", "F facility, N not a facility, or a place of service like 22.")
    return place.zfill(2)


def _class(row: Mapping[str, str]) -> str:
    name = row["class"].upper()
    if name and name not in CLASSES:
        raise _Faulty(f"'{name[:12]}' is no provider class.", f"One of {', '.join(CLASSES)}, or nothing for all.")
    return name


def _amount(method: str, row: Mapping[str, str]) -> int | None:
    if method not in (FLAT, PER_DIEM):
        if row["amount"]:
            raise _Faulty("An amount stands beside a percent.", "Write FLAT for an amount, or leave it out.")
        return None
    if row["percent"]:
        raise _Faulty("A percent stands beside a flat amount.", "Leave the percent out, or write MPFS or CHARGE.")
    try:
        cents = money.cents(row["amount"])
    except ValueError as wrong:
        raise _Faulty(f"The amount can't be read: {wrong}.", "Write dollars and cents like 92.00.") from wrong
    if cents < 0:
        raise _Faulty("The amount is below zero.", "Write what the insurer pays for one unit or day.")
    return cents


def _percent(method: str, row: Mapping[str, str]) -> Decimal | None:
    if method not in (MEDICARE, CHARGE):
        return None
    if not _PERCENT.fullmatch(row["percent"]) or not 0 < Decimal(row["percent"]) <= 999:
        raise _Faulty(f"'{row['percent'][:12]}' is no percent.", "Write 120 for 120%.")
    return Decimal(row["percent"])


def _release(method: str, row: Mapping[str, str]) -> str:
    year, quarter = row["year"], row["quarter"].upper()
    if method != MEDICARE or not (year or quarter):
        return ""
    if not re.fullmatch(r"(?:19|20)[0-9]{2}", year, re.ASCII) or (quarter or "A") not in QUARTERS:
        raise _Faulty(
            f"'{year[:6]} {quarter[:3]}' is no quarter of Medicare.",
            "Year like 2026 and A, B, C or D; or nothing: as of the day of service.",
        )
    return year + (quarter or "A")


def _locality(method: str, row: Mapping[str, str]) -> str:
    locality = row["locality"].replace(" ", "").replace("-", "")
    if method != MEDICARE:
        return ""
    if not re.fullmatch(r"[0-9]{7}", locality, re.ASCII):
        raise _Faulty(
            f"'{locality[:12]}' is no locality.",
            "Contractor and locality in seven digits, like 0210201, from the GPCI file.",
        )
    return locality


def _reductions(row: Mapping[str, str]) -> tuple[Decimal, ...]:
    steps = row["reductions"].split("/") if row["reductions"] else []
    if not all(_PERCENT.fullmatch(step.strip()) and Decimal(step.strip()) <= 100 for step in steps):
        raise _Faulty(
            "The rule for several procedures can't be read.", "Percents of the first, second ... like 100/50/50."
        )
    return tuple(Decimal(step.strip()) for step in steps)


def _yes(row: Mapping[str, str], name: str) -> bool:
    found = _YES_NO.get(row[name].upper())
    if found is None:
        raise _Faulty(f"'{row[name][:12]}' is neither yes nor no.", f"Write Y or N into {COLUMNS[name][0]}.")
    return found


def _undecided(one: Term, other: Term) -> Problem:
    if one.key == other.key:
        told = f"It is about the same as line {one.line}."
    else:
        told = f"Its codes and those of line {one.line} overlap, and neither range lies in the other."
    return Problem(
        f"line {other.line}", told, "", "Leave one out, or tell them apart by codes, modifier, place or provider class."
    )
