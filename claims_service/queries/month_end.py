"""A month before it is closed: what the bank, the journal and the remittances say of it, and what still waits."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.dates import last_of
from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import (
    BANK,
    CARD_CLEARING,
    CARD_FEES,
    DESK_CLEARING,
    INSURER_CLEARING,
    INSURER_REFUNDS,
    UNEXPLAINED,
)
from claims_service.queries.rows import marks, row, rows
from claims_service.store import journal, periods
from claims_service.store.connection import opened

CLEARING = (INSURER_CLEARING, CARD_CLEARING, DESK_CLEARING, INSURER_REFUNDS)
_FROM_SOURCES = ("remittance", "payment", "deposit_match")


@dataclass(frozen=True, slots=True)
class Sums:
    """Cents from the first day to the month's end, each from its own rows.

    bank: lines of the bank's files. journal: the bank account. remittances: as insurers announced them; clearing: what the
    books took for them; payments: cards and desk; other: what else moved money on its way; fees: of card payouts; on_its_way:
    not in the bank yet; unexplained: in the bank and matched to nothing; late: bank lines of these days booked after them.
    """

    bank: int
    journal: int
    remittances: int
    clearing: int
    payments: int
    other: int
    fees: int
    on_its_way: int
    unexplained: int
    late: int

    @property
    def answered_for(self) -> int:
        """What remittances and payments say must be in the bank."""
        return self.remittances + self.payments + self.other - self.fees - self.on_its_way + self.unexplained

    @property
    def bank_difference(self) -> int:
        """Cents between bank and journal that late lines do not explain."""
        return self.bank - self.late - self.journal

    @property
    def difference(self) -> int:
        """Cents between the journal and what answers for it."""
        return self.journal - self.answered_for

    @property
    def agree(self) -> bool:
        return not self.bank_difference and not self.difference


@dataclass(frozen=True, slots=True)
class Waits:
    """Something to look at before closing. endpoint, query: the page where it is done."""

    what: str
    count: int
    cents: int
    page: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """state: closed, open or running. next: the month that may be closed now."""

    month: str
    state: str
    digest: str = ""
    closed_at: str = ""
    closed_by: str = ""
    is_next: bool = False


def months(practice: int, today: date) -> list[Month]:
    """The running month, each before it that has entries, and each that was closed; the newest first."""
    closed = {one.month: one for one in periods.closed(practice)}
    running = f"{today:%Y-%m}"
    latest = max(closed, default="")
    listed = {m for m in periods.months_with_entries(practice, running) if m > latest} | {running, *closed}
    waiting = sorted(m for m in listed if m not in closed and m < running)
    found = []
    for month in sorted(listed, reverse=True):
        if one := closed.get(month):
            found.append(Month(month, "closed", one.digest, one.closed_at, one.closed_by))
        else:
            is_next = waiting[:1] == [month]
            found.append(Month(month, "running" if month == running else "open", is_next=is_next))
    return found


def month(practice: int, name: str, today: date) -> Month:
    """One of them.

    Raises:
        NotFound: nothing was posted in it.
    """
    for one in months(practice, today):
        if one.month == name:
            return one
    raise NotFound("month")


def sums(practice: int, name: str) -> Sums:
    """The three sums at the end of a month ("2026-10")."""
    until = last_of(name)
    with opened():
        accounts = journal.trial_balance(practice, until)
        bank = _sum("select sum(cents) from bank_line where practice_id = ? and booked_on <= ?", practice, until)
        late = _sum(
            "select sum(l.cents) from bank_line l join journal_entry e on e.practice_id = l.practice_id and e.source = 'bank_line'"
            " and e.source_id = l.id where l.practice_id = ? and l.booked_on <= ? and e.posted_on > ?",
            practice, until, until,
        )  # fmt: skip
        remittances = _sum(
            "select sum(paid_cents) from remittance where practice_id = ? and state = 'posted' and id in (select source_id"
            " from journal_entry where practice_id = ? and source = 'remittance' and posted_on <= ?)",
            practice, practice, until,
        )  # fmt: skip
        moved = _clearing(practice, until)
    return Sums(
        bank=bank,
        journal=accounts[BANK],
        remittances=remittances,
        clearing=moved.get("remittance", 0),
        payments=moved.get("payment", 0),
        other=sum(cents for source, cents in moved.items() if source not in _FROM_SOURCES),
        fees=accounts[CARD_FEES],
        on_its_way=sum(accounts[name] for name in CLEARING),
        unexplained=-accounts[UNEXPLAINED],
        late=late,
    )


def _clearing(practice: int, until: date) -> dict[str, int]:
    """Debit-positive cents that each kind of record put on the accounts of money on its way."""
    found: dict[str, int] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        sql = (
            "select e.source, sum(t.cents) from journal_transfer t join journal_entry e on e.id = t.entry_id"
            f" where t.practice_id = ? and e.posted_on <= ? and t.{side} in ({marks(CLEARING)}) group by e.source"
        )
        for source, cents in rows(sql, practice, until, *CLEARING):
            found[source] = found.get(source, 0) + sign * int(cents)
    return found


def waiting(practice: int, name: str) -> list[Waits]:
    """What belongs to the month and was not dealt with, as it stands now; what is empty stays, with a zero."""
    until = last_of(name)
    with opened():
        return [
            _waits("Held payments", "held", "", "held_item where practice_id = ? and closed_at is null", "cents", practice),
            _waits(
                "Remittances not posted", "remittances", "", "remittance where practice_id = ? and state = 'held' and paid_on <= ?",
                "paid_cents", practice, until,
            ),
            _waits(
                "Bank lines not explained", "deposits", "",
                "bank_line where practice_id = ? and state in ('open', 'partly') and booked_on <= ?", "cents", practice, until,
            ),
            _waits(
                "Waiting for a second person", "approvals", "", "money_request r where r.practice_id = ? and not exists"
                " (select 1 from money_answer a where a.request_id = r.id)", "cents", practice,
            ),
            _waits(
                "Claims ready and not sent", "claims", "ready", "claim where practice_id = ? and state = 'ready' and served_on <= ?",
                "charge_cents", practice, until,
            ),
            _waits(
                "Claims to mend", "claims", "needs",
                "claim where practice_id = ? and state in ('needs_mending', 'sent_back') and served_on <= ?", "charge_cents",
                practice, until,
            ),
        ]  # fmt: skip


def _waits(what: str, page: str, query: str, rest: str, column: str, *values: object) -> Waits:
    count, cents = row(f"select count(*), sum({column}) from {rest}", *values) or (0, 0)
    return Waits(what, int(count), int(cents or 0), page, query)


def _sum(sql: str, *values: object) -> int:
    found = row(sql, *values)
    return int(found[0] or 0) if found else 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A month's trial balance. digest: of it as it stands in the journal now; frozen: as kept when it was closed, "" before."""

    accounts: dict[str, int]
    digest: str
    frozen: str

    @property
    def holds(self) -> bool:
        """Whether a closed month still says what it said."""
        return not self.frozen or self.frozen == self.digest


def trial_balance(practice: int, name: str) -> Kept:
    """Recomputed from the transfers; a closed month over the accounts it was closed with and every other that moved since."""
    now = journal.trial_balance(practice, last_of(name))
    closed = next((one for one in periods.closed(practice) if one.month == name), None)
    accounts = {key: cents for key, cents in now.items() if cents or closed is None or key in closed.trial_balance}
    digest = periods.digest(periods.body(name, accounts))
    return Kept(accounts, digest, closed.digest if closed else "")
