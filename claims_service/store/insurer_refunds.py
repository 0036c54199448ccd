"""Money given back to insurers, and what is left of what they paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims_service.domain.credit import OFFSET
from claims_service.domain.ledger.accounts import INSURER_CLEARING, INSURER_REFUNDS
from claims_service.store import journal
from claims_service.store.connection import day_of, insert_rows, opened, run
from claims_service.store.tables import InsurerRefund

SOURCE = "insurer_refund"
_COLUMNS = (
    "practice", "number", "claim", "payer", "cents", "way", "reason", "found_by", "letter", "identified_on", "check_number", "why",
    "request", "by", "at",
)  # fmt: skip
_SELECT = (
    "select id, number, claim_id, payer_id, cents, way, reason, found_by, letter, identified_on, check_number, why, request_id"
    " from insurer_refund where practice_id = ? and "
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A refund as it was asked for. request: of the second person; None where one person was enough."""

    id: int
    number: str
    claim: int
    payer: int
    cents: int
    way: str
    reason: str
    found_by: str
    letter: str
    identified_on: date
    check_number: str
    why: str
    request: int | None


def add(practice: int, refund: Kept, *, by: str, at: datetime) -> Kept:
    """Keep a refund; gives it with its id. Inside write()."""
    r = refund
    values = (
        practice, r.number, r.claim, r.payer, r.cents, r.way, r.reason, r.found_by, r.letter, r.identified_on, r.check_number, r.why,
        r.request, by, at,
    )  # fmt: skip
    (key,) = insert_rows(InsurerRefund, _COLUMNS, [values])
    return next(one for one in of_claim(practice, r.claim) if one.id == key)


def of_claim(practice: int, claim: int) -> list[Kept]:
    """What was asked for on a claim, refused ones too, oldest first."""
    return _kept(practice, "claim_id = ? order by id", claim)


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
    some = "" if claims is None else f" and claim_id in ({', '.join('?' * len(claims)) or 'null'})"
    sql = (
        f"{_SELECT} way = ?{some} and (request_id is null or exists (select 1 from money_answer a"
        " where a.request_id = insurer_refund.request_id and a.agreed)) order by id"
    )
    with opened():
        rows = run(sql, (practice, OFFSET, *(claims or ()))).fetchall()
        agreed = [_row(row) for row in rows]
        found: dict[Kept, int] = {}
        for claim in dict.fromkeys(one.claim for one in agreed):
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
