"""The journal in the database: append-only entries, running balances beside them, and the check that compares the two."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from claims_service.domain import dates
from claims_service.domain.ledger.accounts import BETWEEN_PLANS, BY_NAME, PAYER_OWES, RECEIVABLES
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.store import owed
from claims_service.store.connection import (
    day_of,
    in_parts,
    insert_rows,
    instant_text,
    marks,
    new_ids,
    opened,
    run,
    run_many,
    write,
)
from claims_service.store.tables import JournalEntry, JournalTransfer

_ENTRY = (
    "practice", "posted_on", "period", "kind", "key", "source", "source_id", "memo", "total_cents", "reverses", "by", "at",
)  # fmt: skip
_OF_TRANSFER = ("debit", "credit", "cents", "claim", "line", "patient", "payer", "reason")
_TRANSFER = ("practice", "entry", *_OF_TRANSFER)
_columns = attrgetter(*_OF_TRANSFER)


@dataclass(frozen=True, slots=True)
class Fault:
    """A difference the check found, with its place and cents."""

    place: str
    message: str
    cents: int = 0


def post(practice: int, entries: Sequence[Entry], *, by: str, at: datetime) -> list[int | None]:
    """Write entries and their balances; gives an id each, None for a key that was posted before or an empty entry.

    Raises:
        peewee.IntegrityError: the month is closed; nothing of the batch is written.
    """
    with write():
        known = _known_keys(practice, [entry.key for entry in entries])
        fresh: dict[str, Entry] = {}
        for entry in entries:
            if entry.transfers and entry.key not in known and entry.key not in fresh:
                fresh[entry.key] = entry
        ids = dict(zip(fresh, new_ids(JournalEntry, len(fresh)), strict=True)) if fresh else {}
        transfers = [(practice, ids[key], *_columns(t)) for key, entry in fresh.items() for t in entry.transfers]
        # The head is written after its transfers: the database checks the sum then, and seals the entry.
        insert_rows(JournalTransfer, _TRANSFER, transfers)
        stamp = instant_text(at)
        heads = [_head(practice, entry, by, stamp) for entry in fresh.values()]
        insert_rows(JournalEntry, _ENTRY, heads, list(ids.values()))
        _add_to_balances(practice, fresh.values())
        return [ids.get(entry.key) if fresh.get(entry.key) is entry else None for entry in entries]


def _head(practice: int, e: Entry, by: str, at: str) -> tuple[object, ...]:
    month = dates.period(e.posted_on)
    return (
        practice,
        e.posted_on,
        month,
        e.kind,
        e.key,
        e.source,
        e.source_id,
        e.memo,
        e.total_cents,
        e.reverses,
        by,
        at,
    )


def _known_keys(practice: int, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in in_parts(keys):
        rows = run(f"select key from journal_entry where practice_id = ? and key in ({marks(part)})", (practice, *part))
        found.update(row[0] for row in rows.fetchall())
    return found


def _add_to_balances(practice: int, entries: Iterable[Entry]) -> None:
    by_subject: defaultdict[tuple[int, int, int, date], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        for t in entry.transfers:
            accounts = by_subject[(t.claim or 0, t.patient or 0, t.payer or 0, entry.posted_on)]
            accounts[t.debit] += t.cents
            accounts[t.credit] -= t.cents
    sums = {(account, *about): cents for about, accounts in by_subject.items() for account, cents in accounts.items()}
    # One order for all writers, so that two of them never wait for each other in a ring.
    run_many(
        "insert into balance (practice_id, account, claim, patient, payer, cents) values (?, ?, ?, ?, ?, ?)"
        " on conflict (practice_id, account, claim, patient, payer) do update set cents = balance.cents + excluded.cents",
        [(practice, *key[:-1], cents) for key, cents in sorted(sums.items())],
    )
    owed.add(practice, sums)


def entry(practice: int, entry_id: int) -> Entry | None:
    """One entry as it was posted."""
    with opened():
        columns = "posted_on, kind, key, source, source_id, memo, reverses"
        head = run(
            f"select {columns} from journal_entry where practice_id = ? and id = ?", (practice, entry_id)
        ).fetchone()
        if head is None:
            return None
        rows = run(
            "select debit, credit, cents, claim, line, patient, payer, reason from journal_transfer where entry_id = ? order by id",
            (entry_id,),
        ).fetchall()
    on, kind, key, source, source_id, memo, reverses = head
    posted_on = day_of(on)
    return Entry(posted_on, kind, key, source, source_id, tuple(Transfer(*row) for row in rows), memo, reverses)


def entries_of(practice: int, source: str, source_id: int) -> list[tuple[int, Entry]]:
    """The entries behind one record ("remittance", 12), oldest first."""
    sql = "select id from journal_entry where practice_id = ? and source = ? and source_id = ? order by id"
    with opened():
        ids = [row[0] for row in run(sql, (practice, source, source_id)).fetchall()]
        return [(key, found) for key in ids if (found := entry(practice, key))]


def balance(
    practice: int, account: str, *, claim: int | None = None, patient: int | None = None, payer: int | None = None
) -> int:
    """Debit-positive cents of an account, narrowed to a claim, patient or payer."""
    sql, values = (
        "select coalesce(sum(cents), 0) from balance where practice_id = ? and account = ?",
        [practice, account],
    )
    for column, value in (("claim", claim), ("patient", patient), ("payer", payer)):
        if value is not None:
            sql += f" and {column} = ?"
            values.append(value)
    with opened():
        return int(run(sql, values).fetchone()[0])


def claim_balances(practice: int, claims: Sequence[int]) -> dict[int, dict[str, int]]:
    """Debit-positive cents by account for each claim."""
    found: dict[int, dict[str, int]] = {claim: {} for claim in claims}
    with opened():
        for part in in_parts(claims):
            sql = f"select claim, account, sum(cents) from balance where +practice_id = ? and claim in ({marks(part)}) group by claim, account"
            for claim, account, cents in run(sql, (practice, *part)).fetchall():
                found[claim][account] = int(cents)
    return found


def settled(practice: int, claims: Sequence[int]) -> dict[int, int]:
    """Cents that insurers' decisions took off PAYER_OWES of each claim so far."""
    found: dict[int, int] = {}
    with opened():
        for part in in_parts(claims):
            sql = (
                "select t.claim, sum(case when t.credit = ? then t.cents else -t.cents end) from journal_transfer t"
                " join journal_entry e on e.id = t.entry_id where t.practice_id = ? and e.source = 'remittance'"
                f" and (t.credit = ? or t.debit = ?) and t.claim in ({marks(part)}) group by t.claim"
            )
            rows = run(sql, (PAYER_OWES, practice, PAYER_OWES, PAYER_OWES, *part)).fetchall()
            found |= {claim: int(cents) for claim, cents in rows}
    return found


def open_claims(practice: int, account: str) -> dict[int, int]:
    """Claims with more than zero on an account, with the cents, oldest claim first."""
    sql = (
        "select claim, sum(cents) from balance where practice_id = ? and account = ? and claim <> 0"
        " group by claim having sum(cents) > 0 order by claim"
    )
    with opened():
        return {claim: int(cents) for claim, cents in run(sql, (practice, account)).fetchall()}


def by_line_and_reason(practice: int, claim: int, account: str) -> dict[int | None, dict[str, int]]:
    """Debit-positive cents of a claim's account by claim line (None: the claim as a whole) and reason."""
    sql = (
        "select line, reason, sum(case when debit = ? then cents else -cents end) from journal_transfer"
        " where practice_id = ? and claim = ? and (debit = ? or credit = ?) group by line, reason order by line, reason"
    )
    found: dict[int | None, dict[str, int]] = defaultdict(dict)
    with opened():
        for line, reason, cents in run(sql, (account, practice, claim, account, account)).fetchall():
            found[line][reason] = int(cents)
    return found


def memos(practice: int, claims: Sequence[int]) -> dict[int, set[str]]:
    """What the entries of each claim carry as memo; claims without any are left out."""
    found: dict[int, set[str]] = {}
    with opened():
        for part in in_parts(claims):
            sql = (
                "select distinct t.claim, e.memo from journal_entry e join journal_transfer t on t.entry_id = e.id"
                f" where t.practice_id = ? and t.claim in ({marks(part)}) and e.memo <> ''"
            )
            for claim, memo in run(sql, (practice, *part)).fetchall():
                found.setdefault(claim, set()).add(memo)
    return found


def line_balances(practice: int, claim: int, account: str) -> list[tuple[int | None, int]]:
    """(claim line, cents) with more than zero on an account; None = the claim as a whole.

    Where lines are below zero, what they lack comes off the others, so that the parts add up to the claim's balance.
    """
    sql = (
        "select line, sum(case when debit = ? then cents else -cents end) from journal_transfer"
        " where practice_id = ? and claim = ? and (debit = ? or credit = ?) group by line order by line"
    )
    with opened():
        rows = [(line, int(cents)) for line, cents in run(sql, (account, practice, claim, account, account)).fetchall()]
    lacking = -sum(cents for _, cents in rows if cents < 0)
    found = []
    for line, cents in rows:
        taken = min(lacking, max(cents, 0))
        lacking -= taken
        if cents - taken > 0:
            found.append((line, cents - taken))
    return found


def line_shares(practice: int, claim: int, accounts: Sequence[str]) -> list[tuple[str, int | None, int]]:
    """(account, claim line, debit-positive cents) of what a claim has on these accounts, line by line; zeros left out."""
    found: dict[tuple[str, int | None], int] = {}
    sql = "select line, debit, credit, sum(cents) from journal_transfer where practice_id = ? and claim = ? group by line, debit, credit"
    with opened():
        for line, debit, credit, cents in run(sql, (practice, claim)).fetchall():
            for account, sign in ((debit, 1), (credit, -1)):
                if account in accounts:
                    found[(account, line)] = found.get((account, line), 0) + sign * int(cents)
    return [(account, line, cents) for (account, line), cents in found.items() if cents]


def reason_cents(practice: int, claim: int, account: str, group: str) -> int:
    """Debit-positive cents that came to a claim's account for reasons of one group ("PR"), less what left for them."""
    sql = (
        "select coalesce(sum(case when debit = ? then cents else -cents end), 0) from journal_transfer"
        " where practice_id = ? and claim = ? and (debit = ? or credit = ?) and substr(reason, 1, 2) = ?"
    )
    with opened():
        return int(run(sql, (account, practice, claim, account, account, group)).fetchone()[0])


def trial_balance(practice: int, until: date | None = None) -> dict[str, int]:
    """Debit-positive cents of every account, from the journal itself; until: last day included."""
    bound = " and e.posted_on <= ?" if until else ""
    values = (practice, until) if until else (practice,)
    totals = dict.fromkeys(BY_NAME, 0)
    with opened():
        for side, sign in (("debit", 1), ("credit", -1)):
            sql = (
                f"select t.{side}, sum(t.cents) from journal_transfer t join journal_entry e on e.id = t.entry_id"
                f" where t.practice_id = ?{bound} group by t.{side}"
            )
            for account, cents in run(sql, values).fetchall():
                totals[account] = totals.get(account, 0) + sign * int(cents)
    return totals


def check(practice: int | None = None) -> list[Fault]:
    """Everything the books promise, recomputed from the transfers; an empty list means it holds. None: of all practices.

    Each entry's transfers add up to its head; running balances and what is owed since when equal the journal; receivables name a claim;
    accounts are in the chart; all accounts together are zero.
    """
    own = "practice_id > 0" if practice is None else f"practice_id = {int(practice)}"
    with opened():
        return [*_check_entries(own), *_check_balances(own), *_check_owed(own), *_check_accounts(own)]


def _check_entries(own: str) -> list[Fault]:
    rows = run(
        "select e.id, e.practice_id, e.total_cents, coalesce(sum(t.cents), 0) from journal_entry e"
        f" left join journal_transfer t on t.entry_id = e.id where e.{own}"
        " group by e.id, e.practice_id, e.total_cents having e.total_cents <> coalesce(sum(t.cents), 0)"
    ).fetchall()
    faults = [
        Fault(f"practice {owner}, entry {key}", "transfers do not add up to the entry", int(found) - int(total))
        for key, owner, total, found in rows
    ]
    rows = run(
        "select t.id, t.practice_id, t.cents from journal_transfer t left join journal_entry e on e.id = t.entry_id"
        f" where t.{own} and (e.id is null or e.practice_id <> t.practice_id or t.cents <= 0 or t.debit = t.credit)"
    ).fetchall()
    return faults + [
        Fault(f"practice {owner}, transfer {key}", "has no entry of its practice, or moves nothing", int(cents))
        for key, owner, cents in rows
    ]


def _check_balances(own: str) -> list[Fault]:
    about = "coalesce(claim, 0), coalesce(patient, 0), coalesce(payer, 0)"
    # One sum over both, as SQLite joins two such tables row by row; by claim first, which tells most rows apart at once.
    sql = f"""
        select practice_id, account, claim, patient, sum(cents) from (
            select practice_id, account, claim, patient, payer, cents from balance where {own}
            union all select practice_id, debit, {about}, -cents from journal_transfer where {own}
            union all select practice_id, credit, {about}, cents from journal_transfer where {own}
        ) as sides group by claim, account, patient, payer, practice_id having sum(cents) <> 0"""
    return [
        Fault(
            f"practice {practice}, {account}, claim {claim}, patient {patient}",
            "running balance differs from the journal",
            int(cents),
        )
        for practice, account, claim, patient, cents in run(sql).fetchall()
    ]


def _check_owed(own: str) -> list[Fault]:
    return [
        Fault(
            f"practice {one.practice}, owed on claim {one.claim}",
            "what is kept for aging differs from the journal",
            one.cents,
        )
        for one in owed.differences(own)
    ]


def _check_accounts(own: str) -> list[Fault]:
    faults = []
    sql = f"select practice_id, account, sum(cents), sum(case when claim = 0 then cents else 0 end) from balance where {own}"
    totals: dict[int, int] = defaultdict(int)
    for practice, account, cents, without_claim in run(f"{sql} group by practice_id, account").fetchall():
        place = f"practice {practice}, account {account}"
        totals[practice] += int(cents)
        if account not in BY_NAME:
            faults.append(Fault(place, "is not in the chart of accounts", int(cents)))
        if account in RECEIVABLES and without_claim:
            faults.append(Fault(place, "holds money that no claim explains", int(without_claim)))
        if account == BETWEEN_PLANS and cents:
            faults.append(Fault(place, "is not zero", int(cents)))
    return faults + [
        Fault(f"practice {practice}, all accounts", "do not add up to zero", cents)
        for practice, cents in totals.items()
        if cents
    ]
