"""Write-offs and refunds that ask for a second person, and what that person said."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import WRITE_OFF
from claims_service.domain.ledger.second_person import LIMIT_CENTS
from claims_service.store.connection import insert_rows, on_postgresql, opened, run, write
from claims_service.store.tables import MoneyAnswer, MoneyLimit, MoneyRequest

WRITE_OFFS, REFUNDS, TO_INSURERS = "write_off", "refund", "insurer"
_REQUEST = ("practice", "kind", "claim", "account", "payment", "cents", "seen_cents", "reason", "why", "by", "at")


@dataclass(frozen=True, slots=True)
class Asked:
    """kind: write_off of a claim's account, refund of a payment, or insurer: back to the one that paid a claim; by: who asked."""

    kind: str
    claim: int | None
    account: str
    payment: int | None
    cents: int
    seen_cents: int
    reason: str
    why: str
    by: str = ""


def limit(practice: int) -> int:
    """Cents above which a second person agrees: the practice's newest limit, else the one the service comes with."""
    with opened():
        row = run(
            "select cents from money_limit where practice_id = ? order by id desc limit 1", (practice,)
        ).fetchone()
    return int(row[0]) if row else LIMIT_CENTS


def set_limit(practice: int, cents: int, *, by: str, at: datetime) -> None:
    """The limit from now on."""
    with write():
        insert_rows(MoneyLimit, ("practice", "cents", "by", "at"), [(practice, cents, by, at)])


def ask(practice: int, asked: list[Asked], *, by: str, at: datetime) -> list[int]:
    """Keep requests; gives their ids. Inside write()."""
    rows = [
        (practice, a.kind, a.claim, a.account, a.payment, a.cents, a.seen_cents, a.reason, a.why, by, at) for a in asked
    ]
    return insert_rows(MoneyRequest, _REQUEST, rows)


def get(practice: int, request: int) -> Asked:
    """A request; whoever answers it at the same time waits. Inside write().

    Raises:
        NotFound: none of this practice.
    """
    lock = " for update" if on_postgresql() else ""
    sql = (
        "select kind, claim_id, account, payment_id, cents, seen_cents, reason, why, by from money_request"
        f" where practice_id = ? and id = ?{lock}"
    )
    row = run(sql, (practice, request)).fetchone()
    if row is None:
        raise NotFound("request")
    return Asked(*row)


def is_answered(practice: int, request: int) -> bool:
    """Whether the second person spoke already."""
    with opened():
        sql = "select 1 from money_answer where practice_id = ? and request_id = ?"
        return run(sql, (practice, request)).fetchone() is not None


def answer(practice: int, request: int, *, agreed: bool, words: str, by: str, at: datetime) -> None:
    """What the second person said. Inside write()."""
    columns = ("practice", "request", "agreed", "words", "by", "at")
    insert_rows(MoneyAnswer, columns, [(practice, request, agreed, words, by, at)])


def waits(practice: int, kind: str, subject: int, account: str = "") -> bool:
    """Whether a claim's account, or a payment, has a request nobody answered."""
    column = "payment_id" if kind == REFUNDS else "claim_id"
    sql = (
        f"select 1 from money_request r where r.practice_id = ? and r.kind = ? and r.{column} = ? and r.account = ?"
        " and not exists (select 1 from money_answer a where a.request_id = r.id)"
    )
    with opened():
        return run(sql, (practice, kind, subject, account)).fetchone() is not None


def given_up(practice: int, claim: int, by: str) -> int:
    """Cents one person wrote off a claim so far."""
    sql = (
        "select coalesce(sum(case when t.debit = ? then t.cents else -t.cents end), 0) from journal_transfer t"
        " join journal_entry e on e.id = t.entry_id where t.practice_id = ? and t.claim = ? and (t.debit = ? or t.credit = ?) and e.by = ?"
    )
    with opened():
        return int(run(sql, (WRITE_OFF, practice, claim, WRITE_OFF, WRITE_OFF, by)).fetchone()[0])
