"""The sums that must agree: receivables and their open items, the bank and what explains it, and what waits for people."""

from collections.abc import Mapping
from dataclasses import dataclass

from claims_service.domain.ledger.accounts import BANK, CHART, IN_REVIEW, RECEIVABLES, UNEXPLAINED
from claims_service.queries.rows import marks, row, rows
from claims_service.store.connection import opened


@dataclass(frozen=True, slots=True)
class Totals:
    """Cents. accounts: balance by account, debit-positive. receivable: by the journal; open_items: claim by claim.

    bank_lines: all booked lines; explained: tied to remittances, payouts and the desk; unexplained: open, as the journal has it.
    """

    accounts: Mapping[str, int]
    receivable: int
    open_items: int
    items_without_claim: int
    bank: int
    bank_lines: int
    explained: int
    unexplained: int

    @property
    def trial_difference(self) -> int:
        """Debits less credits over all accounts."""
        return sum(self.accounts.values())

    @property
    def receivable_difference(self) -> int:
        return self.receivable - self.open_items + self.items_without_claim

    @property
    def bank_difference(self) -> int:
        """Cents of the bank file that are neither tied to something nor known to be open; and bank account against bank lines."""
        return abs(self.bank_lines - self.explained - self.unexplained) + abs(self.bank - self.bank_lines)


def totals(practice: int) -> Totals:
    """Every sum from its own rows: journal transfers, running balances, bank lines, matches."""
    with opened():
        accounts = _accounts(practice)
        held = marks(RECEIVABLES)
        open_items = _sum(
            f"select sum(cents) from balance where practice_id = ? and claim <> 0 and account in ({held})",
            practice,
            *RECEIVABLES,
        )
        stray = _sum(
            f"select sum(abs(cents)) from balance where practice_id = ? and claim = 0 and account in ({held})",
            practice,
            *RECEIVABLES,
        )
        bank_lines = _sum("select sum(cents) from bank_line where practice_id = ?", practice)
        matched = _sum(
            "select sum(cents) from deposit_match where practice_id = ? and undone_at is null and kind <> 'return'",
            practice,
        )
    receivable = sum(accounts.get(name, 0) for name in RECEIVABLES)
    return Totals(
        accounts,
        receivable,
        open_items,
        stray,
        accounts.get(BANK, 0),
        bank_lines,
        matched,
        -accounts.get(UNEXPLAINED, 0),
    )


def _accounts(practice: int) -> dict[str, int]:
    """Balances from the transfers themselves, in the order of the chart."""
    found: dict[str, int] = {account.name: 0 for account in CHART}
    sql = "select {side}, sum(cents) from journal_transfer where practice_id = ? group by {side}"
    for side, sign in (("debit", 1), ("credit", -1)):
        for name, cents in rows(sql.format(side=side), practice):
            found[name] += sign * int(cents)
    return found


def _sum(sql: str, *values: object) -> int:
    found = row(sql, *values)
    return int(found[0] or 0) if found else 0


@dataclass(frozen=True, slots=True)
class Answers:
    """What insurers decided: claim payments, of them reversals and whole or partial denials, and adjustments outside of claims."""

    payments: int
    reversals: int
    denied: int
    adjustments: int


def answers(practice: int) -> Answers:
    """Counted over all posted remittances."""
    with opened():
        posted = "from claim_payment where practice_id = ? and state = 'posted'"
        return Answers(
            _sum(f"select count(*) {posted}", practice),
            _sum(f"select count(*) {posted} and status = '22'", practice),
            _sum(
                "select count(distinct claim) from journal_transfer where practice_id = ? and debit = ? and reason <> 'WO'",
                practice, IN_REVIEW,
            ),
            _sum("select count(*) from provider_adjustment where practice_id = ?", practice),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that needs a person: how many, and the cents in it where it is about money."""

    what: str
    count: int
    cents: int


def waiting(practice: int) -> list[Waiting]:
    """What the day's work holds, without what is empty."""
    with opened():
        found = [
            _claims(practice, "needs_mending", "Claims stopped by our checks"),
            _claims(practice, "sent_back", "Claims sent back by insurers"),
            _claims(practice, "ready", "Claims ready to send"),
            _counted(
                "Denied, in review",
                "select count(*), sum(cents) from (select claim, sum(cents) as cents from balance where practice_id = ? and account = ?"
                " group by claim) as denied where cents <> 0",
                practice, IN_REVIEW,
            ),
            _counted("Held payments", "select count(*), sum(cents) from held_item where practice_id = ? and closed_at is null", practice),
            _counted(
                "Deposits not explained",
                "select count(*), sum(cents) from bank_line where practice_id = ? and state in ('open', 'partly')",
                practice,
            ),
        ]  # fmt: skip
    return [item for item in found if item.count]


def _claims(practice: int, state: str, what: str) -> Waiting:
    return _counted(
        what, "select count(*), sum(charge_cents) from claim where practice_id = ? and state = ?", practice, state
    )


def _counted(what: str, sql: str, *values: object) -> Waiting:
    count, cents = row(sql, *values) or (0, 0)
    return Waiting(what, int(count), int(cents or 0))
