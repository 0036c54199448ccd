"""Bank lines, what they are matched to, and the money that is still on its way."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from claims_service.domain.deposits.matching import Expected, Kind, OpenLine, Part
from claims_service.domain.deposits.returned import Receipt
from claims_service.domain.deposits.statement import BankLine as StatementLine
from claims_service.domain.deposits.trace import Trace, trace_of
from claims_service.domain.errors import NotFound
from claims_service.store.connection import (
    in_parts,
    insert_rows,
    instant_of,
    marks,
    on_postgresql,
    opened,
    run,
    run_many,
)
from claims_service.store.tables import BankLine, DepositMatch

RETURN = "return"
_KINDS: tuple[Kind, ...] = get_args(Kind)
_LINE = (
    "practice", "file", "key", "account", "booked_on", "cents", "description", "trace", "originator", "counterparty", "reference",
    "position", "state", "at",
)  # fmt: skip
_MATCH = ("practice", "bank_line", "kind", "subject", "cents", "at", "basis", "by")
_PAID = "select subject, sum(cents) as cents from deposit_match where practice_id = ? and kind = ? and undone_at is null group by subject"


@dataclass(frozen=True, slots=True)
class Match:
    """One living match. kind: remittance, card_payout, desk, refund or return."""

    id: int
    line: int
    kind: str
    subject: int
    cents: int


@dataclass(frozen=True, slots=True)
class Payout:
    """What the card company sends for a batch of payments; net = gross less fee."""

    reference: str
    paid_on: date
    gross_cents: int
    fee_cents: int
    net_cents: int


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def add_lines(
    practice: int, file: int, account: str, lines: Iterable[tuple[str, StatementLine]], *, at: datetime
) -> list[tuple[int, str, StatementLine]]:
    """Keep the (key, line) that were never seen before; gives those with their ids. Inside write()."""
    listed = list(lines)
    seen = known(practice, [key for key, _ in listed])
    fresh = [(key, line) for key, line in listed if key not in seen]
    rows = [
        (practice, file, key, account, line.booked_on, line.cents, line.description, line.trace.number, line.trace.originator,
         line.counterparty, line.bank_reference, line.position, "open" if line.cents else "matched", at)
        for key, line in fresh
    ]  # fmt: skip
    ids = insert_rows(BankLine, _LINE, rows)
    return [(key_id, key, line) for key_id, (key, line) in zip(ids, fresh, strict=True)]


def known(practice: int, keys: Sequence[str]) -> set[str]:
    """Those of the keys that were taken in before."""
    found: set[str] = set()
    for part in in_parts(keys):
        rows = run(f"select key from bank_line where practice_id = ? and key in ({marks(part)})", (practice, *part))
        found.update(row[0] for row in rows.fetchall())
    return found


def hold_lines(practice: int) -> None:
    """Make a second matcher wait until this one is done. Inside write(); SQLite has one writer anyway."""
    if on_postgresql():
        run(
            "select id from bank_line where practice_id = ? and state <> 'matched' order by id for update", (practice,)
        ).fetchall()


def open_lines(practice: int, only: Sequence[int] | None = None) -> list[OpenLine]:
    """Bank lines with the cents that nothing explains yet, oldest first; only: these ids, whatever their state."""
    chosen, values = "l.state <> 'matched'", [practice]
    if only is not None:
        chosen, values = f"l.id in ({marks(only) or 'null'})", [practice, *only]
    sql = f"""
        select l.id, l.booked_on, l.cents - coalesce(sum(m.cents), 0), l.trace, l.originator, l.counterparty, l.description
        from bank_line l left join deposit_match m on m.bank_line_id = l.id and m.undone_at is null
        where l.practice_id = ? and {chosen}
        group by l.id, l.booked_on, l.cents, l.trace, l.originator, l.counterparty, l.description order by l.booked_on, l.id"""
    with opened():
        rows = run(sql, values).fetchall()
    return [
        OpenLine(key, _day(on), int(cents), Trace(number, originator), payer, text)
        for key, on, cents, number, originator, payer, text in rows
    ]


def expected(practice: int) -> list[Expected]:
    """Money on its way: posted remittances, announced payouts, what the desk took and checks to insurers, less what the bank showed."""
    with opened():
        return [*_remittances(practice), *_payouts(practice), *_desk(practice), *_refunds(practice)]


def _remittances(practice: int) -> list[Expected]:
    sql = f"""
        select r.id, r.paid_cents - coalesce(m.cents, 0), r.paid_on, r.trace, r.originator, coalesce(p.name, r.payer_name)
        from remittance r left join payer p on p.id = r.payer_id left join ({_PAID}) m on m.subject = r.id
        where r.practice_id = ? and r.state = 'posted' and r.paid_cents <> coalesce(m.cents, 0) order by r.paid_on, r.id"""
    rows = run(sql, (practice, "remittance", practice)).fetchall()
    return [
        Expected("remittance", key, int(cents), _day(on), trace_of(trace, originator), payer or "")
        for key, cents, on, trace, originator, payer in rows
    ]


def _payouts(practice: int) -> list[Expected]:
    sql = f"""
        select c.id, c.net_cents - coalesce(m.cents, 0), c.paid_on, c.reference
        from card_payout c left join ({_PAID}) m on m.subject = c.id
        where c.practice_id = ? and c.net_cents <> coalesce(m.cents, 0) order by c.paid_on, c.id"""
    rows = run(sql, (practice, "card_payout", practice)).fetchall()
    return [
        Expected("card_payout", k, int(cents), _day(on), trace_of(ref), "Card company") for k, cents, on, ref in rows
    ]


def _desk(practice: int) -> list[Expected]:
    zone = ZoneInfo(str(run("select zone from practice where id = ?", (practice,)).fetchone()[0]))
    sql = f"""
        select p.id, p.cents - p.refunded_cents - coalesce(m.cents, 0), p.settled_at, p.check_number
        from payment p left join ({_PAID}) m on m.subject = p.id
        where p.practice_id = ? and p.method in ('cash', 'check') and p.state in ('paid', 'refunded')
            and p.cents - p.refunded_cents <> coalesce(m.cents, 0) order by p.id"""
    rows = run(sql, (practice, "desk", practice)).fetchall()
    return [Expected("desk", key, int(cents), _local_day(at, zone), trace_of(check)) for key, cents, at, check in rows]


def _refunds(practice: int) -> list[Expected]:
    """What came back after the bank had paid it is awaited from the bank again."""
    sql = f"""
        select r.id, case when b.id is null then -r.cents else 0 end - coalesce(m.cents, 0), coalesce(b.posted_on, e.posted_on),
            r.check_number, coalesce(p.name, r.payee)
        from insurer_refund r left join payer p on p.id = r.payer_id
        join journal_entry e on e.practice_id = r.practice_id and e.source = 'insurer_refund' and e.source_id = r.id
            and e.reverses is null
        left join journal_entry b on b.reverses = e.id
        left join ({_PAID}) m on m.subject = r.id
        where r.practice_id = ? and case when b.id is null then -r.cents else 0 end <> coalesce(m.cents, 0) order by r.id"""
    rows = run(sql, (practice, "refund", practice)).fetchall()
    return [
        Expected("refund", key, int(cents), _day(on), trace_of(check), payer) for key, cents, on, check, payer in rows
    ]


def _local_day(instant: str, zone: ZoneInfo) -> date:
    return instant_of(instant).astimezone(zone).date()


def payers_of(practice: int, remittances: Collection[int]) -> dict[int, int | None]:
    """The insurer behind each remittance."""
    found: dict[int, int | None] = {}
    for part in in_parts(sorted(remittances)):
        rows = run(
            f"select id, payer_id from remittance where +practice_id = ? and id in ({marks(part)})", (practice, *part)
        )
        found.update(rows.fetchall())
    return found


def payouts(practice: int, ids: Collection[int]) -> dict[int, Payout]:
    """Card payouts by id."""
    found: dict[int, Payout] = {}
    for part in in_parts(sorted(ids)):
        sql = f"select id, reference, paid_on, gross_cents, fee_cents, net_cents from card_payout where +practice_id = ? and id in ({marks(part)})"
        for key, reference, on, gross, fee, net in run(sql, (practice, *part)).fetchall():
            found[key] = Payout(reference, _day(on), int(gross), int(fee), int(net))
    return found


def add_matches(practice: int, parts: Sequence[tuple[Part, str]], *, by: str, at: datetime) -> list[int]:
    """Keep (part, what told it); gives an id each and brings the lines' states up to date. Inside write()."""
    rows = [(practice, p.line, p.kind, p.subject, p.cents, at, basis, by) for p, basis in parts]
    ids = insert_rows(DepositMatch, _MATCH, rows)
    set_states(practice, {p.line for p, _ in parts})
    return ids


def add_returns(practice: int, pairs: Sequence[tuple[int, int, int]], *, by: str, at: datetime) -> None:
    """Tie (receipt line, line that took it back, cents > 0) to each other, each way round. Inside write()."""
    rows = [
        row
        for receipt, debit, cents in pairs
        for row in (
            (practice, receipt, RETURN, debit, cents, at, "returned by the bank", by),
            (practice, debit, RETURN, receipt, -cents, at, "returned by the bank", by),
        )
    ]
    insert_rows(DepositMatch, _MATCH, rows)
    set_states(practice, {line for receipt, debit, _ in pairs for line in (receipt, debit)})


def undo(practice: int, matches: Sequence[Match], *, by: str, at: datetime) -> None:
    """Mark matches as undone; they stay on record. Inside write()."""
    run_many(
        "update deposit_match set undone_at = ?, undone_by = ? where practice_id = ? and id = ? and undone_at is null",
        [(at, by, practice, match.id) for match in matches],
    )
    set_states(practice, {match.line for match in matches})


def set_states(practice: int, lines: Collection[int]) -> None:
    """A line is matched when its living matches add up to it, open when there are none."""
    told = "(select {} from deposit_match m where m.bank_line_id = bank_line.id and m.undone_at is null)"
    run_many(
        f"update bank_line set state = case when cents = {told.format('coalesce(sum(m.cents), 0)')} then 'matched'"
        f" when {told.format('count(*)')} > 0 then 'partly' else 'open' end where practice_id = ? and id = ?",
        [(practice, line) for line in sorted(lines)],
    )


def matches_of(practice: int, line: int) -> list[Match]:
    """Living matches of one bank line.

    Raises:
        NotFound: no such line of this practice.
    """
    with opened():
        if run("select 1 from bank_line where practice_id = ? and id = ?", (practice, line)).fetchone() is None:
            raise NotFound("bank line")
    return _living(practice, "bank_line_id = ?", [line])


def _living(practice: int, condition: str, values: Sequence[Any]) -> list[Match]:
    sql = f"""
        select id, bank_line_id, kind, subject, cents from deposit_match
        where practice_id = ? and undone_at is null and {condition} order by id"""
    with opened():
        rows = run(sql, (practice, *values)).fetchall()
    return [Match(key, line, kind, subject, int(cents)) for key, line, kind, subject, cents in rows]


def whole_payouts(practice: int, some: Sequence[Match]) -> list[Match]:
    """These matches, and the other living ones of the card payouts among them: a payout and its fee stay whole."""
    found = {match.id: match for match in some}
    for subject in {match.subject for match in some if match.kind == "card_payout"}:
        found |= {m.id: m for m in _living(practice, "kind = 'card_payout' and subject = ?", [subject])}
    return list(found.values())


def apart(practice: int) -> set[tuple[int, str, int]]:
    """(line, kind, subject) of matches that were undone: never to be made again without a person."""
    sql = "select bank_line_id, kind, subject from deposit_match where practice_id = ? and undone_at is not null"
    with opened():
        return {(line, kind, subject) for line, kind, subject in run(sql, (practice,)).fetchall()}


_NUMBERED = {
    "remittance": ("remittance", "r.trace", "r.originator"),
    "card_payout": ("card_payout", "r.reference", "''"),
    "desk": ("payment", "r.check_number", "''"),
}


def receipts(practice: int, debits: Sequence[OpenLine]) -> list[Receipt]:
    """What these debits may take back: money of the same amount, matched already or still open."""
    amounts = sorted({-line.cents for line in debits})
    found: list[Receipt] = []
    with opened():
        for part in in_parts(amounts):
            for kind, (table, number, originator) in _NUMBERED.items():
                sql = f"""
                    select l.id, m.cents, l.booked_on, {number}, {originator}, m.id from deposit_match m
                    join bank_line l on l.id = m.bank_line_id join {table} r on r.id = m.subject
                    where m.practice_id = ? and m.kind = ? and m.undone_at is null and m.cents in ({marks(part)})"""
                rows = run(sql, (practice, kind, *part)).fetchall()
                found += [Receipt(k, int(c), _day(on), trace_of(n or "", o or ""), m) for k, c, on, n, o, m in rows]
    return found + [
        Receipt(line.id, line.cents, line.booked_on, line.trace) for line in open_lines(practice) if line.cents > 0
    ]


def living_match(practice: int, match: int) -> list[Match]:
    """The match of this id, none when it was undone."""
    return _living(practice, "id = ?", [match])
