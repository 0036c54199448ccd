"""BAI2, the cash management file of US banks: its records, counts and control totals checked, one statement a day and account."""

from dataclasses import dataclass, field
from datetime import date, datetime

from claims_service.domain import money
from claims_service.domain.deposits.statement import BankLine, BankStatement
from claims_service.domain.deposits.trace import trace_of, traces_in
from claims_service.domain.errors import Problem, Rejected

_FUNDS_FIELDS = {"S": 3, "V": 2}  # further fields after these funds types; D tells its own number
_OPENING, _CLOSING = "010", "015"
_NO_MONEY = "890"


@dataclass(slots=True)
class _Record:
    """A record with the 88 records that continue it. line: where it begins in the file; count: records read."""

    code: str
    fields: list[str]
    line: int
    count: int = 1
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Account:
    number: str
    start: int
    balances: dict[str, int]
    total_cents: int
    lines: list[BankLine] = field(default_factory=list)


def read_bai2(text: str) -> tuple[BankStatement, ...]:
    """Statements in the order of the file.

    Raises:
        Rejected: records out of place, totals or counts that do not hold, no balances, another currency, with the line.
    """
    return _Reader(_records(text)).statements()


def _records(text: str) -> list[_Record]:
    records: list[_Record] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        code, _, rest = line.partition(",")
        if code == "88":
            if not records:
                raise _wrong(number, "continues a record, but there is none above it")
            above = records[-1]
            above.count += 1
            above.pieces.append(rest)
        elif code in ("01", "02", "03", "16", "49", "98", "99"):
            records.append(_Record(code, [], number, pieces=[rest]))
        else:
            raise _wrong(number, f"begins with {code[:2]!r}, which is no BAI2 record")
    for record in records:
        record.fields = ",".join(piece.partition("/")[0] for piece in record.pieces).split(",")
    return records


class _Reader:
    """Walks 01 (02 (03 16* 49)* 98)* 99 and keeps what the trailers must confirm."""

    def __init__(self, records: list[_Record]) -> None:
        self._records = records
        self._done: list[BankStatement] = []
        self._closing: dict[str, int] = {}
        self._position = 0
        self._read = 0
        self._next = 0

    def statements(self) -> tuple[BankStatement, ...]:
        self._take("01")
        total, groups = 0, 0
        while self._sees("02"):
            total += self._group()
            groups += 1
        end = self._take("99")
        self._confirm(end, total, groups, "groups", self._read)
        if self._next < len(self._records):
            raise _wrong(self._records[self._next].line, "stands after the end of the file (99)")
        return tuple(self._done)

    def _group(self) -> int:
        start = self._read
        head = self._take("02")
        as_of, currency, status = _day(head), _at(head, 5) or "USD", _at(head, 2)
        if status != "1":
            raise _wrong(head.line, f"group status {status[:1]!r} is a deletion, correction or test", "BAI2 02")
        total, accounts = 0, 0
        while self._sees("03"):
            total += self._account(as_of, currency)
            accounts += 1
        self._confirm(self._take("98"), total, accounts, "accounts", self._read - start)
        return total

    def _account(self, as_of: date, currency: str) -> int:
        start = self._read
        head = self._take("03")
        if (_at(head, 1) or currency) != "USD":
            raise _wrong(head.line, "the account is not in USD", "BAI2 03")
        account = _Account(head.fields[0], head.line, *_summaries(head))
        while self._sees("16"):
            self._detail(account, as_of)
        self._confirm(self._take("49"), account.total_cents, None, "", self._read - start)
        self._done.append(self._statement(account))
        return account.total_cents

    def _detail(self, account: _Account, as_of: date) -> None:
        record = self._take("16")
        code = _at(record, 0)
        if code == _NO_MONEY:
            return
        cents = _cents(record, _at(record, 1))
        account.total_cents += cents
        self._position += 1
        account.lines.append(_line(record, self._position, as_of, cents * _side(record, code)))

    def _statement(self, account: _Account) -> BankStatement:
        opening = account.balances.get(_OPENING, self._closing.get(account.number))
        closing = account.balances.get(_CLOSING)
        if opening is None or closing is None:
            raise _wrong(
                account.start, "the account names no opening (010) and closing (015) ledger balance", "BAI2 03"
            )
        self._closing[account.number] = closing
        return BankStatement(account.number, opening, closing, tuple(account.lines))

    def _confirm(self, end: _Record, total_cents: int, parts: int | None, noun: str, records: int) -> None:
        rule = f"BAI2 {end.code}"
        if (off := _cents(end, _at(end, 0)) - total_cents) != 0:
            raise _wrong(end.line, f"control total and amounts differ by {money.spoken(off)}", rule)
        if parts is not None and _at(end, 1) != str(parts):
            raise _wrong(end.line, f"says {_at(end, 1)[:9]} {noun}, there are {parts}", rule)
        said = _at(end, 1 if parts is None else 2)
        if said.lstrip("0") != str(records):
            raise _wrong(end.line, f"says {said[:9]} records, there are {records}: the file is cut or mixed", rule)

    def _sees(self, code: str) -> bool:
        return self._next < len(self._records) and self._records[self._next].code == code

    def _take(self, code: str) -> _Record:
        if not self._sees(code):
            found = self._records[self._next] if self._next < len(self._records) else None
            line = found.line if found else self._records[-1].line
            what = f"a {found.code} record stands" if found else "the file ends"
            raise _wrong(line, f"{what} where a {code} record is needed")
        record = self._records[self._next]
        self._next += 1
        self._read += record.count
        return record


def _summaries(head: _Record) -> tuple[dict[str, int], int]:
    """Balances and totals of a 03 record by type, and the sum that the 49 record must confirm."""
    found: dict[str, int] = {}
    total, at = 0, 2
    while at < len(head.fields):
        code, amount = head.fields[at], _at(head, at + 1)
        if code and amount:
            found[code] = _cents(head, amount)
            total += found[code]
        at += 4 + _funds_fields(head, at + 3)
    return found, total


def _line(record: _Record, position: int, as_of: date, cents: int) -> BankLine:
    after = 3 + _funds_fields(record, 2)
    bank_reference, customer_reference = _at(record, after), _at(record, after + 1)
    texts = _texts(record, after + 2)
    found = traces_in(*texts)
    trace = found[0] if found else trace_of(customer_reference)
    description = " ".join(" ".join(texts).split())
    return BankLine(position, as_of, cents, description, trace, _counterparty(texts), bank_reference)


def _texts(record: _Record, fields: int) -> list[str]:
    """The text after the fixed fields, which may hold commas and slashes and run over 88 records."""
    skip = fields + 1
    texts: list[str] = []
    for piece in record.pieces:
        parts = piece.split(",", skip)
        skip = max(0, skip - len(parts) + 1) if len(parts) <= skip else 0
        texts.append(parts[-1] if len(parts) > 1 or not texts else piece)
    return [text.removesuffix("/") for text in texts if text.strip("/ ")]


def _counterparty(texts: list[str]) -> str:
    """Who paid, by the words before the kind of ACH entry: "TESTWELL HP HCCLAIMPMT CCD ..." is TESTWELL HP."""
    words: list[str] = []
    for word in " ".join(texts).split():
        if word.upper() in {"HCCLAIMPMT", "CCD", "PPD", "CTX", "ACH", "ADDENDA", "ID", "TRANSFER"}:
            break
        words.append(word)
    return " ".join(words)


def _funds_fields(record: _Record, at: int) -> int:
    funds = _at(record, at).upper()
    if funds == "D":
        count = _at(record, at + 1)
        return 1 + 2 * (int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0)
    return _FUNDS_FIELDS.get(funds, 0)


def _side(record: _Record, code: str) -> int:
    """Amounts have no sign in a 16 record: the type says whether money came or went (X9.121, type code ranges)."""
    if not (code.isascii() and code.isdigit() and len(code) == 3):
        raise _wrong(record.line, "names no transaction type of three digits", "BAI2 16")
    number = int(code)
    if 100 <= number < 400 or 920 <= number < 960:
        return 1
    if 400 <= number < 700 or 960 <= number < 1000:
        return -1
    raise _wrong(record.line, f"transaction type {code} is neither a credit nor a debit", "BAI2 16")


def _day(record: _Record) -> date:
    try:
        return datetime.strptime(_at(record, 3), "%y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        raise _wrong(record.line, "the as-of date is not a date (yymmdd)", "BAI2 02") from None


def _cents(record: _Record, text: str) -> int:
    digits = text.strip().removeprefix("+").removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or int(digits[:20]) > money.MOST_CENTS * 100:
        raise _wrong(record.line, "an amount is not a whole number of cents")
    return -int(digits) if text.strip().startswith("-") else int(digits)


def _at(record: _Record, index: int) -> str:
    return record.fields[index].strip() if index < len(record.fields) else ""


def _wrong(line: int, message: str, rule: str = "BAI2") -> Rejected:
    return Rejected([Problem(f"line {line}", message, rule, "Nothing was taken. Get the file from the bank again.")])
