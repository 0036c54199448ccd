"""ISO 20022 camt.053, the booked statement, in the versions .001.02 to .001.08."""

from collections.abc import Iterator
from datetime import date

from lxml import etree

from claims_service.domain import dates, money
from claims_service.domain.deposits.statement import BankLine, BankStatement
from claims_service.domain.deposits.trace import Trace, trace_of, traces_in
from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.xml import read_xml

_SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
_VERSIONS = [f"{_SPACE}{version:02}" for version in range(2, 9)]
ROOTS = frozenset(f"{{{space}}}Document" for space in _VERSIONS)
_NOT_GIVEN = {"", "NOTPROVIDED", "NONREF"}
# Where banks put the remittance text, the best place first.
_TEXTS = ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf", "RtrInf/AddtlInf")
_NUMBERS = ("Refs/ChqNb", "Refs/EndToEndId", "Refs/Prtry/Ref", "Refs/ClrSysRef")


def read_camt053(content: bytes) -> tuple[BankStatement, ...]:
    """The statements of a camt.053; lines that are not booked yet are left out.

    Raises:
        Rejected: not a camt.053, another currency than USD, or a value that is missing or malformed, with its place.
    """
    root = read_xml(content)
    if root.tag not in ROOTS:
        mend = "Ask the bank for camt.053, the statement of the booked day; 052 and 054 have no balances to check."
        raise Rejected([Problem("first element", "is not a camt.053 document", "camt.053.001.02 to .08", mend)])
    statements: list[BankStatement] = []
    position = 0
    for number, node in enumerate(_all(root, "BkToCstmrStmt/Stmt"), 1):
        lines = []
        for line in _lines(node, f"statement {number}", position):
            lines.append(line)
            position = line.position
        where = f"statement {number}"
        account = _text(node, "Acct/Id/IBAN") or _text(node, "Acct/Id/Othr/Id") or _missing(where, "Acct/Id")
        opening, closing = _balance(node, where, "OPBD", "PRCD"), _balance(node, where, "CLBD")
        statements.append(BankStatement(account, opening, closing, tuple(lines)))
    return tuple(statements)


def _lines(statement: etree._Element, where: str, position: int) -> Iterator[BankLine]:
    for number, entry in enumerate(_all(statement, "Ntry"), 1):
        if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) != "BOOK":
            continue
        place = f"{where}, entry {number}"
        cents, booked_on = _signed(entry, place), _booked_on(entry, place)
        for part, part_cents in _parts(entry, cents, place):
            position += 1
            yield _line(entry, part, position, booked_on, part_cents)


def _parts(entry: etree._Element, cents: int, place: str) -> list[tuple[etree._Element | None, int]]:
    """An entry with several payments is as many lines when the bank tells each amount, else one line."""
    details = _all(entry, "NtryDtls/TxDtls")
    if len(details) < 2:
        return [(details[0] if details else None, cents)]
    amounts = [_part_cents(detail, cents, place) for detail in details]
    if None in amounts:
        return [(None, cents)]
    told = [amount for amount in amounts if amount is not None]
    if sum(told) != cents:
        off = money.spoken(sum(told) - cents)
        raise Rejected(
            [Problem(place, f"its payments do not add up to the entry: off by {off}", "camt.053 Ntry/NtryDtls")]
        )
    return list(zip(details, told, strict=True))


def _part_cents(detail: etree._Element, whole_cents: int, place: str) -> int | None:
    """.08 has Amt and CdtDbtInd in TxDtls, .02 only AmtDtls/TxAmt/Amt and the sign of the entry."""
    direct = _all(detail, "Amt")
    found = direct or _all(detail, "AmtDtls/TxAmt/Amt")
    if not found:
        return None
    cents = _amount(found[0], place)
    sign = _text(detail, "CdtDbtInd") or ("DBIT" if whole_cents < 0 else "CRDT")
    return -cents if sign == "DBIT" else cents


def _line(entry: etree._Element, part: etree._Element | None, position: int, booked_on: date, cents: int) -> BankLine:
    sources = [part] if part is not None else _all(entry, "NtryDtls/TxDtls")
    texts = [text for source in sources for path in _TEXTS for text in _texts(source, path)]
    texts += _texts(entry, "AddtlNtryInf")
    side = "Cdtr" if cents < 0 and _text(entry, "RvslInd") not in ("true", "1") else "Dbtr"
    names = [_text(s, f"RltdPties/{side}/Pty/Nm") or _text(s, f"RltdPties/{side}/Nm") for s in sources]
    reference = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    return BankLine(
        position, booked_on, cents, " ".join(texts), _trace(texts, sources), next(filter(None, names), ""), reference
    )


def _trace(texts: list[str], sources: list[etree._Element]) -> Trace:
    if found := traces_in(*texts):
        return found[0]
    numbers = (_text(source, path) for source in sources for path in _NUMBERS)
    return trace_of(next((n for n in numbers if n.upper() not in _NOT_GIVEN), ""))


def _balance(statement: etree._Element, where: str, *kinds: str) -> int:
    for kind in kinds:
        for balance in _all(statement, "Bal"):
            if _text(balance, "Tp/CdOrPrtry/Cd") == kind:
                return _signed(balance, f"{where}, balance {kind}")
    return int(_missing(where, f"Bal {kinds[0]}"))


def _signed(node: etree._Element, place: str) -> int:
    amounts = _all(node, "Amt")
    cents = _amount(amounts[0], place) if amounts else int(_missing(place, "Amt"))
    sign = _text(node, "CdtDbtInd")
    if sign not in ("CRDT", "DBIT"):
        _missing(place, "CdtDbtInd")
    return -cents if sign == "DBIT" else cents


def _amount(node: etree._Element, place: str) -> int:
    if (currency := node.get("Ccy", "USD")) != "USD":
        raise Rejected([Problem(place, f"is in {currency[:3]}; only USD accounts are kept", "camt.053 Amt/@Ccy")])
    try:
        cents = money.cents(node.text or "")
    except ValueError as error:
        raise Rejected([Problem(place, str(error), "camt.053 Amt")]) from None
    if cents < 0:
        raise Rejected([Problem(place, "an amount has no sign here; CdtDbtInd says the side", "camt.053 Amt")])
    return cents


def _booked_on(entry: etree._Element, place: str) -> date:
    text = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm")[:10] or _missing(place, "BookgDt")
    try:
        return dates.day(text)
    except ValueError:
        raise Rejected([Problem(place, "the booking date is not a date", "camt.053 BookgDt")]) from None


def _missing(where: str, element: str) -> str:
    raise Rejected([Problem(where, f"has no usable {element}", "camt.053", "Get the file from the bank again.")])


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    return node.findall("/".join(f"{{*}}{name}" for name in path.split("/")))


def _texts(node: etree._Element, path: str) -> list[str]:
    return [found.text.strip() for found in _all(node, path) if found.text and found.text.strip()]


def _text(node: etree._Element, path: str) -> str:
    return next(iter(_texts(node, path)), "")
