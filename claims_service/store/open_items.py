"""Provider-level adjustments with where they were posted, what people settled of them, and what of them waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.remittance.open_items import Adjustment
from claims_service.store.connection import day_of, insert_rows, opened, run, write
from claims_service.store.tables import OpenItemSettlement

NOT_KNOWN = 0  # the insurer of a remittance that names none of ours


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person placed. cents: of the adjustment's sign; way: claim, income, cost."""

    adjustment: int
    cents: int
    way: str
    claim: int | None
    entry: int
    why: str
    by: str = ""
    at: str = ""


def adjustments(practice: int, payer: int | None = None) -> dict[int, list[Adjustment]]:
    """Every posted PLB pair by insurer (NOT_KNOWN for none of ours), in one SELECT; payer: of this one only."""
    narrow = "" if payer is None else " and coalesce(r.payer_id, 0) = ?"
    sql = (
        "select coalesce(r.payer_id, 0), p.id, r.paid_on, r.trace, row_number() over (partition by p.remittance_id order by p.id),"
        " p.reason, p.reference, p.cents, p.account, p.claim_id from provider_adjustment p join remittance r on r.id = p.remittance_id"
        f" where p.practice_id = ?{narrow} order by p.id"
    )
    found: dict[int, list[Adjustment]] = {}
    with opened():
        for owner, key, paid_on, *rest in run(sql, (practice, *(() if payer is None else (payer,)))).fetchall():
            found.setdefault(int(owner), []).append(Adjustment(key, day_of(paid_on), *rest))
    return found


def payer_of(practice: int, adjustment: int) -> int | None:
    """The insurer behind an adjustment, NOT_KNOWN for none of ours; None: the practice has no such adjustment."""
    sql = (
        "select coalesce(r.payer_id, 0) from provider_adjustment p join remittance r on r.id = p.remittance_id"
        " where p.practice_id = ? and p.id = ?"
    )
    with opened():
        row = run(sql, (practice, adjustment)).fetchone()
    return int(row[0]) if row else None


def settlements(practice: int) -> list[Settled]:
    """Everything people settled, oldest first."""
    sql = 'select adjustment_id, cents, way, claim_id, entry, why, "by", at from open_item_settlement where practice_id = ? order by id'
    with opened():
        return [Settled(*row) for row in run(sql, (practice,)).fetchall()]


def add_settlements(practice: int, made: Sequence[Settled], *, by: str, at: datetime) -> None:
    """Keep what was settled; entry: what it did to the journal."""
    columns = ("practice", "adjustment", "cents", "way", "claim", "entry", "why", "by", "at")
    with write():
        rows = [(practice, s.adjustment, s.cents, s.way, s.claim, s.entry, s.why, by, at) for s in made]
        insert_rows(OpenItemSettlement, columns, rows)


def waiting(practice: int, payer: int) -> dict[tuple[int, str], int]:
    """Open questions about an insurer's adjustments: id by (remittance, its place in the file)."""
    sql = (
        "select h.remittance_id, h.place, h.id from held_item h join remittance r on r.id = h.remittance_id where h.practice_id = ?"
        " and h.kind = 'provider_adjustment' and h.closed_at is null and coalesce(r.payer_id, 0) = ?"
    )
    with opened():
        return {
            (int(remittance), str(place)): int(key) for remittance, place, key in run(sql, (practice, payer)).fetchall()
        }


def remittances_of(practice: int, payer: int) -> dict[int, int]:
    """The remittance of each of an insurer's adjustments."""
    sql = (
        "select p.id, p.remittance_id from provider_adjustment p join remittance r on r.id = p.remittance_id"
        " where p.practice_id = ? and coalesce(r.payer_id, 0) = ?"
    )
    with opened():
        return {int(key): int(remittance) for key, remittance in run(sql, (practice, payer)).fetchall()}
