"""A bank's CSV download, by the column names in mappings/imports/bank_csv.toml; its running balance proves it complete."""

import csv
import functools
import io
import re
import tomllib
from datetime import date
from itertools import pairwise

from claims_service.config import data_folder
from claims_service.domain import dates, money
from claims_service.domain.deposits.statement import BankLine, BankStatement
from claims_service.domain.deposits.trace import trace_of, traces_in
from claims_service.domain.errors import Problem, Rejected

_REQUIRED = ("booked_on", "balance")
_MEND = "Download it again with date, amount and running balance, or ask the bank for camt.053 or BAI2."

_Row = tuple[int, dict[str, str]]


def read_csv(text: str) -> tuple[BankStatement, ...]:
    """One statement for each account in the file, oldest line first whichever way the bank sorts.

    Raises:
        Rejected: columns are missing, a cell can't be read, or the running balance breaks, with line and cents.
    """
    rows = _rows(text)
    accounts: dict[str, list[BankLine]] = {}
    balances: dict[str, list[int]] = {}
    for line_number, row in rows:
        account = row.get("account", "").strip() or "account"
        lines = accounts.setdefault(account, [])
        lines.append(_line(line_number, row))
        balances.setdefault(account, []).append(_cents(line_number, "balance", row["balance"]))
    return tuple(_statement(account, lines, balances[account]) for account, lines in accounts.items())


def _rows(text: str) -> list[_Row]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        table = []
    if not table or delimiter not in head:
        raise _wrong("file", "is neither camt.053, BAI2 nor a CSV table")
    names = _names(table[0])
    missing = [name for name in _REQUIRED if name not in names]
    if missing or not ({"amount"} <= names.keys() or {"money_in", "money_out"} <= names.keys()):
        wanted = ", ".join([*missing] or ["amount"]).replace("_", " ")
        raise _wrong("line 1", f"has no column for: {wanted}")
    rows = []
    for number, cells in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(table[0]):
            raise _wrong(
                f"line {number}", f"has {len(cells)} cells, the first line has {len(table[0])}: the file is cut"
            )
        rows.append((number, {name: cells[at].strip() for name, at in names.items()}))
    return rows


def _names(header: list[str]) -> dict[str, int]:
    places = {_plain(cell): at for at, cell in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for name, words in _columns().items():
        at = next((places[_plain(word)] for word in words if _plain(word) in places), None)
        if at is not None:
            found[name] = at
    return found


@functools.cache
def _columns() -> dict[str, list[str]]:
    with (data_folder("mappings") / "imports" / "bank_csv.toml").open("rb") as file:
        columns: dict[str, list[str]] = tomllib.load(file)["columns"]
    return columns


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _line(number: int, row: dict[str, str]) -> BankLine:
    text = row.get("description", "")
    found = traces_in(text)
    trace = found[0] if found else trace_of(row.get("number", ""))
    cents = _amount(number, row)
    return BankLine(
        number,
        _day(number, row["booked_on"]),
        cents,
        text,
        trace,
        row.get("counterparty", ""),
        row.get("reference", ""),
    )


def _amount(number: int, row: dict[str, str]) -> int:
    if "amount" in row:
        return _cents(number, "amount", row["amount"])
    came, went = row["money_in"], row["money_out"]
    if bool(came) == bool(went):
        raise _wrong(f"line {number}", "fills both or neither of money in and money out")
    return abs(_cents(number, "money in", came)) if came else -abs(_cents(number, "money out", went))


def _cents(number: int, column: str, text: str) -> int:
    """Dollars as banks print them: "$1,234.50", "(12.00)" for minus."""
    plain = text.replace("$", "").replace(",", "").replace("\N{MINUS SIGN}", "-").strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    try:
        return money.cents(plain.removeprefix("+"))
    except ValueError as error:
        raise _wrong(f"line {number}, {column}", str(error)) from None


def _day(number: int, text: str) -> date:
    try:
        return dates.day(text)
    except ValueError as error:
        raise _wrong(f"line {number}, date", str(error)) from None


def _statement(account: str, lines: list[BankLine], balances: list[int]) -> BankStatement:
    """Banks print the newest line first or last: the order in which every balance follows is the right one."""
    rows = list(zip(lines, balances, strict=True))
    newest_first = rows[0][0].booked_on > rows[-1][0].booked_on
    orders = [rows[::-1], rows] if newest_first else [rows, rows[::-1]]
    ordered = next((order for order in orders if _break(order) is None), None)
    if ordered is None:
        place, off = _break(orders[0]) or (0, 0)
        message = f"the running balance does not follow from the line before: off by {money.spoken(off)}"
        raise _wrong(f"line {place}", message)
    first, closing = ordered[0], ordered[-1][1]
    return BankStatement(account, first[1] - first[0].cents, closing, tuple(line for line, _ in ordered))


def _break(rows: list[tuple[BankLine, int]]) -> tuple[int, int] | None:
    """Line number and cents where a balance does not follow."""
    for (_, before), (line, after) in pairwise(rows):
        if before + line.cents != after:
            return line.position, after - before - line.cents
    return None


def _wrong(where: str, message: str) -> Rejected:
    return Rejected([Problem(where, message, "bank CSV", _MEND)])
