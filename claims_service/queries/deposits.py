"""The deposits page: what the bank has, what explains it, and what a person must look at, both sides beside each other."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from claims_service.domain.dates import add_months, period
from claims_service.domain.deposits.matching import Expected, Matching, OpenLine, Pairing, Unmatched, match
from claims_service.domain.errors import NotFound
from claims_service.domain.money import spoken
from claims_service.queries.rows import Record, known_day, known_instant, marks, row, rows
from claims_service.store import deposits
from claims_service.store.connection import opened

MOST = 200
_LINE = "l.id, l.booked_on, l.cents, l.counterparty, l.description, l.trace, l.state, l.file_id, l.account"


@dataclass(frozen=True, slots=True)
class BankLine:
    """One booked line. open_cents: what nothing explains yet; account: the last four digits."""

    id: int
    booked_on: date
    cents: int
    counterparty: str
    description: str
    trace: str
    state: str
    file: int
    account: str
    open_cents: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Money announced. kind: remittance, card_payout, desk, refund, return. cents: still to come, or explained where matched."""

    kind: str
    subject: int
    cents: int
    whole_cents: int
    on: date
    name: str
    number: str
    note: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Case:
    """Something to look at. kind: differ, money (no answer), answer (no money). off_cents: bank less answer."""

    kind: Literal["differ", "money", "answer"]
    lines: tuple[BankLine, ...]
    answers: tuple[Answer, ...]
    reason: str
    since: date
    off_cents: int = 0


@dataclass(frozen=True, slots=True)
class Matched:
    """A bank line with what explains it: bank, answer and books must be one number. basis: what told it."""

    line: BankLine
    answers: tuple[Answer, ...]
    answer_cents: int
    books_cents: int
    basis: str

    @property
    def agree(self) -> bool:
        return self.line.cents == self.answer_cents == self.books_cents

    @property
    def returned(self) -> bool:
        return any(answer.kind == deposits.RETURN for answer in self.answers)


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file that was taken in."""

    id: int
    name: str
    at: datetime
    cents: int
    lines: int
    accounts: tuple[str, ...]
    opening_cents: int
    closing_cents: int


@dataclass(frozen=True, slots=True)
class Board:
    """A month of the bank. open and announced cents are of the month and of all times; later, earlier: months with lines."""

    month: str
    earlier: str
    later: str
    bank_cents: int
    matched_cents: int
    lines: int
    matched_lines: int
    all_open_cents: int
    announced_cents: int
    cases: tuple[Case, ...]
    matched: tuple[Matched, ...]
    files: tuple[BankFile, ...]

    @property
    def open_cents(self) -> int:
        return self.bank_cents - self.matched_cents


def board(practice: int, month: str, *, today: date) -> Board:
    """month: "2026-11", or "" for the last one with lines.

    Raises:
        NotFound: not a month.
    """
    with opened():
        last = row("select max(booked_on) from bank_line where practice_id = ?", practice)
        newest = known_day(last[0]) if last and last[0] else today
        first, end = _span(month or period(newest))
        where = "l.practice_id = ? and l.booked_on >= ? and l.booked_on < ?"
        seen = _lines(where, practice, first, end)
        cases, announced = _cases(practice)
        earlier = row("select max(booked_on) from bank_line where practice_id = ? and booked_on < ?", practice, first)
        later = row("select min(booked_on) from bank_line where practice_id = ? and booked_on >= ?", practice, end)
        explained = [line for line in seen if line.state != "open"]
        return Board(
            month=period(first),
            earlier=_month_in(earlier), later=_month_in(later),
            bank_cents=sum(line.cents for line in seen), matched_cents=sum(line.cents - line.open_cents for line in seen),
            lines=len(seen), matched_lines=sum(line.state == "matched" for line in seen),
            all_open_cents=sum(line.cents for line in deposits.open_lines(practice)), announced_cents=announced,
            cases=cases, matched=_matched(practice, explained[:MOST]), files=_files(practice, "order by id desc limit 6"),
        )  # fmt: skip


def lines_of(practice: int, month: str, *, today: date) -> tuple[str, list[BankLine]]:
    """The month, "" for the last one with lines, and all its bank lines, the newest first.

    Raises:
        NotFound: not a month.
    """
    with opened():
        last = row("select max(booked_on) from bank_line where practice_id = ?", practice)
        first, end = _span(month or period(known_day(last[0]) if last and last[0] else today))
        where = "l.practice_id = ? and l.booked_on >= ? and l.booked_on < ?"
        return period(first), _lines(where, practice, first, end)


def _span(month: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound("month") from None
    return first, add_months(first, 1)


def _month_in(found: Sequence[object] | None) -> str:
    return period(known_day(found[0])) if found and found[0] else ""


def _lines(where: str, *values: object) -> list[BankLine]:
    """Newest first, with what is open."""
    told = rows(
        f"select {_LINE}, l.cents - coalesce((select sum(m.cents) from deposit_match m where m.bank_line_id = l.id"
        f" and m.undone_at is null), 0) from bank_line l where {where} order by l.booked_on desc, l.id desc",
        *values,
    )
    return [
        BankLine(key, known_day(on), int(cents), who, text, trace, state, file, account[-4:], int(left))
        for key, on, cents, who, text, trace, state, file, account, left in told
    ]


def _cases(practice: int) -> tuple[tuple[Case, ...], int]:
    """What waits, oldest first in each kind, and all the money announced."""
    open_lines, expected = deposits.open_lines(practice), deposits.expected(practice)
    found = match(open_lines, expected, deposits.apart(practice))
    lines = {line.id: line for line in _lines("l.practice_id = ? and l.state <> 'matched'", practice)}
    shown = [*(e for p in (*found.matched, *found.differing) for e in p.expected)]
    shown += [e for u in found.lines_left for e in u.candidates] + [
        u.expected for u in found.expected_left if u.expected
    ]
    answers = _answers(practice, shown)
    cases = _told_apart(found, lines, answers)
    return cases, sum(e.cents for e in expected)


def _told_apart(
    found: Matching, lines: dict[int, BankLine], answers: dict[tuple[str, int], Answer]
) -> tuple[Case, ...]:
    pairings = [_differing(pairing, lines, answers) for pairing in (*found.differing, *found.matched)]
    money = [_without_answer(u, u.line, lines, answers) for u in found.lines_left if u.line]
    waiting = [
        Case("answer", (), (answers[u.expected.key],), u.reason, u.expected.due_on)
        for u in found.expected_left
        if u.expected
    ]
    return tuple(case for pile in (pairings, money, waiting) for case in sorted(pile, key=lambda c: c.since))


def _differing(pairing: Pairing, lines: dict[int, BankLine], answers: dict[tuple[str, int], Answer]) -> Case:
    bank = tuple(lines[line.id] for line in pairing.lines)
    told = tuple(answers[e.key] for e in pairing.expected)
    return Case("differ", bank, told, pairing.basis, bank[0].booked_on, pairing.off_cents)


def _without_answer(
    left: Unmatched, line: OpenLine, lines: dict[int, BankLine], answers: dict[tuple[str, int], Answer]
) -> Case:
    candidates = tuple(answers[e.key] for e in left.candidates)
    return Case("money", (lines[line.id],), candidates, left.reason, line.booked_on)


def _answers(practice: int, shown: Iterable[Expected]) -> dict[tuple[str, int], Answer]:
    listed = list({e.key: e for e in shown}.values())
    facts = _facts(practice, [e.key for e in listed])
    return {e.key: _answer(e.key, e.cents, facts[e.key]) for e in listed}


_Facts = tuple[int, date, str, str, str]


def _answer(key: tuple[str, int], cents: int, facts: _Facts) -> Answer:
    whole_cents, on, name, number, note = facts
    return Answer(*key, cents, whole_cents, on, name, number, note)


def _facts(practice: int, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], _Facts]:
    """(whole cents, day, name, number, note) of announced money; one SELECT a kind."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, subject in keys:
        wanted[kind].append(subject)
    found: dict[tuple[str, int], _Facts] = {}
    for key, cents, on, name, trace, count in _of(
        practice, wanted["remittance"],
        "select r.id, r.paid_cents, r.paid_on, coalesce(p.name, r.payer_name), r.trace, r.claim_count"
        " from remittance r left join payer p on p.id = r.payer_id where r.practice_id = ? and r.id in",
    ):  # fmt: skip
        found["remittance", key] = (
            int(cents),
            known_day(on),
            name,
            trace,
            f"{count} claims" if count != 1 else "1 claim",
        )
    sql = "select id, net_cents, paid_on, reference, gross_cents, fee_cents from card_payout where practice_id = ? and id in"
    for key, net, on, reference, gross, fee in _of(practice, wanted["card_payout"], sql):
        found["card_payout", key] = (
            int(net),
            known_day(on),
            "Card company",
            reference,
            f"{spoken(gross)} less fees {spoken(fee)}",
        )
    sql = "select id, cents, settled_at, method, receipt_number, check_number from payment where practice_id = ? and id in"
    for key, cents, at, method, receipt, check in _of(practice, wanted["desk"], sql):
        paid = f"Check {check}" if method == "check" and check else method.capitalize()
        found["desk", key] = int(cents), known_instant(at).date(), "Taken at the desk", receipt or "", paid
    sql = (
        "select r.id, r.cents, r.identified_on, coalesce(p.name, r.payee), r.check_number, r.number from insurer_refund r"
        " left join payer p on p.id = r.payer_id"
        " where r.practice_id = ? and r.id in"
    )
    for key, cents, on, name, check, number in _of(practice, wanted["refund"], sql):
        found["refund", key] = -int(cents), known_day(on), name, number, f"Our refund {check}"
    for line in _of_lines(practice, wanted[deposits.RETURN]):
        found[deposits.RETURN, line.id] = (
            line.cents,
            line.booked_on,
            "Returned by the bank",
            line.trace,
            line.description,
        )
    return found


def _of(practice: int, ids: list[int], sql: str) -> list[Record]:
    return rows(f"{sql} ({marks(ids)})", practice, *ids) if ids else []


def _of_lines(practice: int, ids: list[int]) -> list[BankLine]:
    return _lines(f"l.practice_id = ? and l.id in ({marks(ids)})", practice, *ids) if ids else []


def _matched(practice: int, lines: Sequence[BankLine]) -> tuple[Matched, ...]:
    """Answer: what the matches say; books: what their journal entries took off the deposits not explained."""
    if not lines:
        return ()
    told = rows(
        "select m.bank_line_id, m.kind, m.subject, m.cents, m.basis, (select coalesce(sum(case when t.debit ="
        " 'unexplained_deposit' then t.cents when t.credit = 'unexplained_deposit' then -t.cents else 0 end), 0)"
        " from journal_entry e join journal_transfer t on t.entry_id = e.id"
        " where e.practice_id = m.practice_id and e.source = 'deposit_match' and e.source_id = m.id)"
        f" from deposit_match m where m.practice_id = ? and m.undone_at is null and m.bank_line_id in ({marks(lines)})"
        " order by m.id",
        practice, *(line.id for line in lines),
    )  # fmt: skip
    facts = _facts(practice, [(kind, subject) for _, kind, subject, *_ in told])
    by_line: dict[int, list[tuple[Answer, int, str]]] = defaultdict(list)
    for line, kind, subject, cents, basis, books in told:
        booked = int(cents) if kind == deposits.RETURN else int(books)
        by_line[line].append((_answer((kind, subject), int(cents), facts[kind, subject]), booked, basis))
    return tuple(
        Matched(
            line, tuple(answer for answer, _, _ in parts), sum(answer.cents for answer, _, _ in parts),
            sum(books for _, books, _ in parts), parts[0][2] if parts else "",
        )
        for line in lines for parts in [by_line[line.id]]
    )  # fmt: skip


def line_page(practice: int, line: int) -> tuple[Matched, tuple[Answer, ...]]:
    """One bank line with what explains it, and all announced money it may be, the closest day first.

    Raises:
        NotFound: no such line of this practice.
    """
    with opened():
        found = _lines("l.practice_id = ? and l.id = ?", practice, line)
        if not found:
            raise NotFound("bank line")
        chosen = found[0]
        near = sorted(deposits.expected(practice), key=lambda e: (abs((e.due_on - chosen.booked_on).days), e.subject))
        listed = near[:MOST] if chosen.open_cents > 0 else []
        answers = _answers(practice, listed)
        return _matched(practice, found)[0], tuple(answers[e.key] for e in listed)


def file_page(practice: int, file: int) -> tuple[BankFile, tuple[BankLine, ...]]:
    """One bank file and the lines that came with it first.

    Raises:
        NotFound: no such bank file of this practice.
    """
    with opened():
        found = _files(practice, "and id = ?", file)
        if not found:
            raise NotFound("bank file")
        return found[0], tuple(_lines("l.practice_id = ? and l.file_id = ?", practice, file))


def _files(practice: int, more: str, *values: object) -> tuple[BankFile, ...]:
    sql = f"select id, name, at, total_cents, outcome from exchange_file where practice_id = ? and kind = 'bank' {more}"
    found = []
    for key, name, at, cents, outcome in rows(sql, practice, *values):
        told = json.loads(outcome)
        accounts = tuple(told["accounts"])
        found.append(
            BankFile(
                key,
                name,
                known_instant(at),
                int(cents),
                told["lines"],
                accounts,
                told["opening_cents"],
                told["closing_cents"],
            )
        )
    return tuple(found)
