"""Money given back to insurers, and what is left of what they paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.credit import OFFSET
from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import INSURER_CLEARING, INSURER_REFUNDS
from claims_service.store import journal
from claims_service.store.connection import day_of, insert_rows, marks, on_postgresql, opened, run
from claims_service.store.tables import InsurerRefund

SOURCE = "insurer_refund"
_COLUMNS = (
    "practice", "number", "claim", "payer", "cents", "way", "reason", "found_by", "letter", "identified_on", "check_number", "why",
    "request", "by", "at", "held", "payee",
)  # fmt: skip
_SELECT = (
    "select id, number, claim_id, payer_id, cents, way, reason, found_by, letter, identified_on, check_number, why, request_id, held_id,"
    " payee from insurer_refund where practice_id = ? and "
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A refund as it was asked for: of a claim, or of a held payment to payee. request: of the second person, if one was asked."""

    id: int
    number: str
    claim: int | None
    payer: int | None
    cents: int
    way: str
    reason: str
    found_by: str
    letter: str
    identified_on: date
    check_number: str
    why: str
    request: int | None
    held: int | None = None
    payee: str = ""


def add(practice: int, refund: Kept, *, by: str, at: datetime) -> Kept:
    """Keep a refund; gives it with its id. Inside write()."""
    r = refund
    values = (
        practice, r.number, r.claim, r.payer, r.cents, r.way, r.reason, r.found_by, r.letter, r.identified_on, r.check_number, r.why,
        r.request, by, at, r.held, r.payee,
    )  # fmt: skip
    (key,) = insert_rows(InsurerRefund, _COLUMNS, [values])
    return get(practice, key)


def get(practice: int, refund: int, *, lock: bool = False) -> Kept:
    """One of them; lock: who changes what became of it at the same time waits, inside write().

    Raises:
        NotFound: none of this practice.
    """
    found = _kept(practice, f"id = ?{' for update' if lock and on_postgresql() else ''}", refund)
    if not found:
        raise NotFound("refund")
    return found[0]


def of_claim(practice: int, claim: int) -> list[Kept]:
    """What was asked for on a claim, refused ones too, oldest first."""
    return _kept(practice, "claim_id = ? order by id", claim)


def of_held(practice: int, held: int) -> list[Kept]:
    """What was asked for of a held payment, oldest first."""
    return _kept(practice, "held_id = ? order by id", held)


def came_back(practice: int, refund: int) -> bool:
    """Whether the check or transfer came back."""
    sql = "select 1 from journal_entry where practice_id = ? and source = ? and source_id = ? and reverses is not null"
    with opened():
        return run(sql, (practice, SOURCE, refund)).fetchone() is not None


def of_request(practice: int, request: int) -> Kept:
    """The refund that a second person was asked about."""
    (found,) = _kept(practice, "request_id = ?", request)
    return found


def _kept(practice: int, where: str, value: int) -> list[Kept]:
    with opened():
        listed = run(_SELECT + where, (practice, value)).fetchall()
    return [_row(row) for row in listed]


def _row(row: Sequence[Any]) -> Kept:
    values = list(row)
    values[9] = day_of(values[9])
    return Kept(*values)


def returnable(practice: int, claim: int) -> int:
    """Cents the insurer paid on a claim, less what went back or is promised back: never below zero. Inside opened()."""
    balances = journal.claim_balances(practice, [claim])[claim]
    paid = balances.get(INSURER_CLEARING, 0) + balances.get(INSURER_REFUNDS, 0)
    promised = sum(o.cents - taken for o, taken in offsets(practice, [claim]).items())
    return max(paid - promised, 0)


def offsets(practice: int, claims: Sequence[int] | None = None) -> dict[Kept, int]:
    """Agreed offsets, with the cents that insurers took since; those of a claim are served in their order. None: all claims."""
    some = "" if claims is None else f" and claim_id in ({marks(claims) or 'null'})"
    sql = (
        f"{_SELECT} way = ?{some} and (request_id is null or exists (select 1 from money_answer a"
        " where a.request_id = insurer_refund.request_id and a.agreed)) order by id"
    )
    with opened():
        rows = run(sql, (practice, OFFSET, *(claims or ()))).fetchall()
        agreed = [_row(row) for row in rows]
        found: dict[Kept, int] = {}
        for claim in dict.fromkeys(one.claim for one in agreed if one.claim is not None):
            own = [one for one in agreed if one.claim == claim]
            left = _taken_since(practice, claim, own[0].id)
            for one in own:
                found[one] = min(left, one.cents)
                left -= found[one]
    return found


def _taken_since(practice: int, claim: int, refund: int) -> int:
    """Cents that remittances took back from a claim, net, since a refund of it was asked for."""
    sql = (
        "select coalesce(sum(case when t.credit = ? then t.cents else -t.cents end), 0) from journal_transfer t"
        " join journal_entry e on e.id = t.entry_id where t.practice_id = ? and t.claim = ? and (t.credit = ? or t.debit = ?)"
        " and e.source = 'remittance' and e.at > (select r.at from insurer_refund r where r.id = ?)"
    )
    row = run(sql, (INSURER_CLEARING, practice, claim, INSURER_CLEARING, INSURER_CLEARING, refund)).fetchone()
    return max(int(row[0]), 0)
