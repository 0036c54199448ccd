"""A bank that runs on this machine: books deposits and writes the statement files a US bank would. Knows no billing code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from lxml import etree

_CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money that reaches the account. text: the addenda or memo ("TRN*1*...~"); number: of a check, slip or payout."""

    booked_on: date
    cents: int
    text: str
    counterparty: str
    number: str = ""


UNKNOWN = Deposit(date(2026, 1, 1), 78_000, "TRANSFER", "Old Mill Trust", "OMT-771204")


def with_surprises(deposits: Sequence[Deposit], *, short_by_cents: int, unknown: Deposit = UNKNOWN) -> list[Deposit]:
    """What really arrives: the largest deposit with a TRN is short, and money nobody announced comes on the last day."""
    if not deposits:
        return []
    traced = [at for at, deposit in enumerate(deposits) if "TRN*" in deposit.text and deposit.cents > short_by_cents]
    largest = max(traced, key=lambda at: deposits[at].cents, default=None)
    booked = [replace(d, cents=d.cents - short_by_cents) if at == largest else d for at, d in enumerate(deposits)]
    return [*booked, replace(unknown, booked_on=max(d.booked_on for d in deposits))]


def camt053(account: str, opening_cents: int, deposits: Sequence[Deposit], *, written_at: datetime) -> bytes:
    """A camt.053.001.08 statement of all deposits, the oldest first. account: the account number."""
    ordered = sorted(deposits, key=lambda d: d.booked_on)
    first, last = _span(ordered, written_at)
    root = etree.Element(f"{{{_CAMT}}}Document", nsmap={None: _CAMT})  # type: ignore[dict-item]
    stamp = f"{written_at:%Y-%m-%dT%H:%M:%S}"
    message = _under(root, "BkToCstmrStmt")
    _fill(_under(message, "GrpHdr"), {"MsgId": f"SBX{written_at:%Y%m%d%H%M%S}", "CreDtTm": stamp})
    statement = _under(message, "Stmt")
    _fill(statement, {"Id": f"SBX-{last:%Y%m%d}", "ElctrncSeqNb": "1", "CreDtTm": stamp})
    _fill(statement, {"Acct/Id/Othr/Id": account, "Acct/Ccy": "USD"})
    _balance(statement, "OPBD", opening_cents, first)
    _balance(statement, "CLBD", opening_cents + sum(d.cents for d in ordered), last)
    for number, deposit in enumerate(ordered, 1):
        _entry(statement, number, deposit)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _entry(statement: etree._Element, number: int, deposit: Deposit) -> None:
    entry = _under(statement, "Ntry")
    _fill(entry, {"NtryRef": str(number)})
    _money(entry, deposit.cents)
    _fill(
        entry,
        {"Sts/Cd": "BOOK", "BookgDt/Dt": deposit.booked_on.isoformat(), "ValDt/Dt": deposit.booked_on.isoformat()},
    )
    _fill(entry, {"AcctSvcrRef": f"SBX{deposit.booked_on:%Y%m%d}{number:05}"})
    _fill(entry, {"BkTxCd/Domn/Cd": "PMNT", "BkTxCd/Domn/Fmly/Cd": "RCDT", "BkTxCd/Domn/Fmly/SubFmlyCd": "ACDT"})
    details = _under(_under(entry, "NtryDtls"), "TxDtls")
    _fill(details, {"Refs/EndToEndId": deposit.number or "NOTPROVIDED"})
    side = "Dbtr" if deposit.cents > 0 else "Cdtr"
    _fill(details, {f"RltdPties/{side}/Pty/Nm": deposit.counterparty, "RmtInf/Ustrd": deposit.text})


def _balance(statement: etree._Element, kind: str, cents: int, on: date) -> None:
    balance = _under(statement, "Bal")
    _fill(balance, {"Tp/CdOrPrtry/Cd": kind})
    _money(balance, cents)
    _fill(balance, {"Dt/Dt": on.isoformat()})


def _money(node: etree._Element, cents: int) -> None:
    amount = _under(node, "Amt")
    amount.set("Ccy", "USD")
    amount.text = f"{abs(cents) // 100}.{abs(cents) % 100:02}"
    _under(node, "CdtDbtInd").text = "DBIT" if cents < 0 else "CRDT"


def _fill(node: etree._Element, values: dict[str, str]) -> None:
    """Text at paths below the node; an element made last is used again while its path goes on."""
    for path, text in values.items():
        at = node
        for name in path.split("/")[:-1]:
            last = at[-1] if len(at) else None
            at = last if last is not None and last.tag == f"{{{_CAMT}}}{name}" else _under(at, name)
        _under(at, path.rpartition("/")[2]).text = text


def _under(node: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(node, f"{{{_CAMT}}}{name}")


def bai2(account: str, opening_cents: int, deposits: Sequence[Deposit], *, written_at: datetime) -> bytes:
    """A BAI2 file with a group a day, addenda in 88 records, and all control totals."""
    groups: list[str] = []
    total = count = records = 0
    balance = opening_cents
    for day, listed in groupby(sorted(deposits, key=lambda d: d.booked_on), key=lambda d: d.booked_on):
        lines, group_total, balance = _bai2_group(account, balance, day, list(listed), records)
        groups += lines
        total, count, records = total + group_total, count + 1, records + sum(_deposit_count(lines))
    head = f"01,SANDBOXBANK,CLINIC,{written_at:%y%m%d},{written_at:%H%M},1,80,,2/"
    return "\r\n".join([head, *groups, f"99,{total},{count},{len(groups) + 2}/", ""]).encode("ascii", "replace")


def _deposit_count(lines: Sequence[str]) -> list[bool]:
    return [line.startswith("16,") for line in lines]


def _bai2_group(
    account: str, opening_cents: int, day: date, deposits: Sequence[Deposit], before: int
) -> tuple[list[str], int, int]:
    closing = opening_cents + sum(d.cents for d in deposits)
    total = opening_cents + closing + sum(abs(d.cents) for d in deposits)
    inner = [f"03,{account},USD,010,{opening_cents},,,015,{closing},,/"]
    for number, deposit in enumerate(deposits, before + 1):
        reference = f"SBX{day:%Y%m%d}{number:05}"
        name = deposit.counterparty.replace(",", " ")
        inner.append(
            f"16,{142 if deposit.cents > 0 else 555},{abs(deposit.cents)},Z,{reference},{deposit.number},{name}"
        )
        inner.append(f"88,ADDENDA {deposit.text}")
    inner.append(f"49,{total},{len(inner) + 1}/")
    head = f"02,CLINIC,SANDBOXBANK,1,{day:%y%m%d},2359,USD,2/"
    return [head, *inner, f"98,{total},1,{len(inner) + 2}/"], total, closing


def _span(ordered: Sequence[Deposit], written_at: datetime) -> tuple[date, date]:
    return (ordered[0].booked_on, ordered[-1].booked_on) if ordered else (written_at.date(), written_at.date())
