"""Cash and checks at the desk: what is there, counts of it, and slips that brought it to the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.errors import NotFound
from claims_service.store.connection import day_of, insert_rows, on_postgresql, opened, run
from claims_service.store.tables import DepositSlip, DepositSlipPayment, TillCount

CASH, CHECK = "cash", "check"
_COUNT = (
    "practice", "counted_on", "cash_cents", "cash_journal_cents", "check_cents", "check_journal_cents", "why", "by", "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A payment whose money is still at the desk: what was paid less what was given back."""

    payment: int
    method: str
    cents: int
    receipt_number: str
    check_number: str


@dataclass(frozen=True, slots=True)
class Count:
    """counted beside what the journal says, in cents."""

    counted_on: date
    cash_cents: int
    cash_journal_cents: int
    check_cents: int
    check_journal_cents: int
    why: str = ""
    by: str = ""

    @property
    def difference_cents(self) -> int:
        """Counted less what the journal says: negative when money is missing."""
        return self.cash_cents + self.check_cents - self.cash_journal_cents - self.check_journal_cents


@dataclass(frozen=True, slots=True)
class Slip:
    """What was brought to the bank together."""

    id: int
    number: str
    made_on: date
    cash_cents: int
    check_cents: int
    by: str

    @property
    def cents(self) -> int:
        return self.cash_cents + self.check_cents


def at_desk(practice: int, *, lock: bool = False) -> list[AtDesk]:
    """Cash and checks on no slip, the oldest first. What the bank has already, without a slip, is not there any more."""
    if lock and on_postgresql():
        run("select id from practice where id = ? for update", (practice,))
    sql = (
        "select p.id, p.method, p.cents - p.refunded_cents, coalesce(p.receipt_number, ''), p.check_number from payment p"
        " where p.practice_id = ? and p.method in ('cash', 'check') and p.state in ('paid', 'refunded') and p.cents > p.refunded_cents"
        " and not exists (select 1 from deposit_slip_payment s where s.payment_id = p.id) and not exists (select 1 from deposit_match m"
        " where m.practice_id = p.practice_id and m.kind = 'desk' and m.subject = p.id and m.undone_at is null) order by p.id"
    )
    with opened():
        return [
            AtDesk(int(key), m, int(cents), receipt, check)
            for key, m, cents, receipt, check in run(sql, (practice,)).fetchall()
        ]


def add_count(practice: int, count: Count, *, by: str, at: datetime) -> int:
    """Keep a count. Inside write()."""
    c = count
    row = (
        practice,
        c.counted_on,
        c.cash_cents,
        c.cash_journal_cents,
        c.check_cents,
        c.check_journal_cents,
        c.why,
        by,
        at,
    )
    return insert_rows(TillCount, _COUNT, [row])[0]


def counts(practice: int, most: int = 31) -> list[Count]:
    """The newest first."""
    sql = (
        "select counted_on, cash_cents, cash_journal_cents, check_cents, check_journal_cents, why, by from till_count"
        " where practice_id = ? order by counted_on desc limit ?"
    )
    with opened():
        return [Count(day_of(row[0]), *map(int, row[1:5]), *row[5:]) for row in run(sql, (practice, most)).fetchall()]


def counted(practice: int, day: date) -> bool:
    """Whether the till was counted on a day."""
    with opened():
        return (
            run("select 1 from till_count where practice_id = ? and counted_on = ?", (practice, day)).fetchone()
            is not None
        )


def add_slip(practice: int, number: str, made_on: date, parts: Sequence[AtDesk], *, by: str, at: datetime) -> int:
    """Put payments on a slip. Inside write()."""
    cash = sum(part.cents for part in parts if part.method == CASH)
    columns = ("practice", "number", "made_on", "cash_cents", "check_cents", "by", "at")
    row = (practice, number, made_on, cash, sum(part.cents for part in parts) - cash, by, at)
    (slip,) = insert_rows(DepositSlip, columns, [row])
    insert_rows(
        DepositSlipPayment,
        ("practice", "slip", "payment", "cents"),
        [(practice, slip, p.payment, p.cents) for p in parts],
    )
    return slip


def slips(practice: int, most: int = 31) -> list[Slip]:
    """The newest first."""
    sql = "select id, number, made_on, cash_cents, check_cents, by from deposit_slip where practice_id = ? order by id desc limit ?"
    with opened():
        return [_slip(row) for row in run(sql, (practice, most)).fetchall()]


def slip(practice: int, key: int) -> tuple[Slip, list[AtDesk]]:
    """A slip and the payments on it.

    Raises:
        NotFound: none of this practice.
    """
    with opened():
        sql = (
            "select id, number, made_on, cash_cents, check_cents, by from deposit_slip where practice_id = ? and id = ?"
        )
        head = run(sql, (practice, key)).fetchone()
        if head is None:
            raise NotFound("deposit slip")
        parts = (
            "select p.id, p.method, s.cents, coalesce(p.receipt_number, ''), p.check_number from deposit_slip_payment s"
            " join payment p on p.id = s.payment_id where s.practice_id = ? and s.slip_id = ? order by p.id"
        )
        return _slip(head), [AtDesk(*row) for row in run(parts, (practice, key)).fetchall()]


def _slip(row: tuple[Any, ...]) -> Slip:
    key, number, made_on, cash, check, by = row
    return Slip(int(key), str(number), day_of(made_on), int(cash), int(check), str(by))
