"""Remittances and their claim payments as rows, and what of them waits for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.remittance.advice import Advice, ClaimPayment, LinePayment, ProviderAdjustment
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run, write
from claims_service.store.tables import ClaimPaymentRow, HeldItem, PaperRemittance, ProviderAdjustmentRow, Remittance


@dataclass(frozen=True, slots=True)
class Known:
    """A remittance with the same key that came in before."""

    id: int
    file: int
    signature: str
    state: str


@dataclass(frozen=True, slots=True)
class Held:
    """Something a person must decide on."""

    kind: str
    message: str
    place: str = ""
    mend: str = ""
    cents: int | None = None
    file: int | None = None
    remittance: int | None = None
    claim_payment: int | None = None


def payment_json(payment: ClaimPayment) -> bytes:
    """The whole claim payment, units and quantities as text."""
    return orjson.dumps(payment, default=str)


def payment_from(text: str) -> ClaimPayment:
    """What payment_json() wrote."""
    found = orjson.loads(text)
    found["lines"] = tuple(_line(line) for line in found["lines"])
    for name in ("served_on", "served_until", "received_on"):
        found[name] = _day(found[name])
    return ClaimPayment(**_common(found))


def _line(found: dict[str, Any]) -> LinePayment:
    found["units"] = Decimal(found["units"])
    found["served_on"] = _day(found["served_on"])
    found["modifiers"] = tuple(found["modifiers"])
    return LinePayment(**_common(found))


def _common(found: dict[str, Any]) -> dict[str, Any]:
    found["adjustments"] = tuple(
        Adjustment(a["group"], a["reason"], a["cents"], None if a["quantity"] is None else Decimal(a["quantity"]))
        for a in found["adjustments"]
    )
    found["remarks"] = tuple(found["remarks"])
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def known(practice: int, key: str, advice: Advice, payer: int | None) -> list[Known]:
    """Remittances of an insurer that came in before with this key; of all insurers where it is not known which one pays.

    With the same payment number to the same payee also those over another amount or day, since a number is given once
    (835 TRN02 with TRN03). Remittances without money are often numbered alike.
    """
    sql = (
        "select id, file_id, signature, state from remittance where practice_id = ? and trace = ?"
        " and (key = ? or ((originator = ? or payer_id = ?) and payee_npi = ? and paid_cents <> 0 and ? <> 0))"
    )
    # What the file says of itself is not trusted alone; an insurer must not take another's by saying the same.
    of_payer = "" if payer is None else " and (payer_id is null or payer_id = ?)"
    values = (practice, advice.trace, key, advice.originator, payer, advice.payee_npi, advice.paid_cents)
    with opened():
        found = run(f"{sql}{of_payer} order by id", values if payer is None else (*values, payer)).fetchall()
    return [Known(*row) for row in found]


def add(
    practice: int,
    advice: Advice,
    *,
    key: str,
    payer: int | None,
    file: int,
    state: str,
    reasons: str,
    by: str,
    at: datetime,
) -> int:
    """Write the head of a remittance, to be completed at its end; gives its id. reasons: why it is held, empty when posted."""
    row = (
        practice, payer, file, key, "", advice.transaction_control, advice.trace, advice.originator, advice.payer_name,
        advice.payee_npi, advice.method, advice.paid_cents, advice.paid_on, advice.produced_on, 0, state, reasons, at, by,
    )  # fmt: skip
    columns = (
        "practice", "payer", "file", "key", "signature", "transaction_control", "trace", "originator", "payer_name", "payee_npi",
        "method", "paid_cents", "paid_on", "produced_on", "claim_count", "state", "reasons", "at", "by",
    )  # fmt: skip
    with write():
        return insert_rows(Remittance, columns, [row])[0]


def complete(practice: int, remittance: int, signature: str, claim_count: int) -> None:
    """What is known at the end of a remittance: a hash of all it says, and how many claims it decides."""
    sql = "update remittance set signature = ?, claim_count = ? where practice_id = ? and id = ?"
    with write():
        run(sql, (signature, claim_count, practice, remittance))


def add_payments(practice: int, remittance: int, payments: Sequence[tuple[ClaimPayment, int | None, str]]) -> list[int]:
    """(payment, our claim, state) for many; ids in order."""
    columns = (
        "practice", "remittance", "claim", "position", "segment", "control_number", "status", "charge_cents", "paid_cents",
        "payer_claim_number", "state", "body",
    )  # fmt: skip
    rows = [
        (
            practice, remittance, claim, p.position, p.segment, p.control_number, p.status, p.charge_cents, p.paid_cents,
            p.payer_claim_number, state, payment_json(p).decode(),
        )
        for p, claim, state in payments
    ]  # fmt: skip
    with write():
        return insert_rows(ClaimPaymentRow, columns, rows)


def add_provider_adjustments(
    practice: int, remittance: int, adjustments: Iterable[tuple[ProviderAdjustment, int | None, str]]
) -> None:
    """(adjustment, our claim when located, account) for many."""
    columns = ("practice", "remittance", "reason", "reference", "cents", "claim", "account")
    rows = [(practice, remittance, a.reason, a.reference, a.cents, claim, account) for a, claim, account in adjustments]
    with write():
        insert_rows(ProviderAdjustmentRow, columns, rows)


def add_paper(practice: int, file: int, scan: int | None, paid_by: str, *, by: str, at: datetime) -> None:
    """A file was typed from paper; scan: the file of the paper itself."""
    with write():
        insert_rows(
            PaperRemittance,
            ("practice", "file", "scan", "paid_by", "by", "at"),
            [(practice, file, scan, paid_by, by, at)],
        )


def hold(practice: int, items: Iterable[Held], *, at: datetime) -> None:
    """Put things before a person."""
    names = [field.name for field in fields(Held)]
    rows = [(practice, *(getattr(item, name) for name in names), at) for item in items]
    with write():
        insert_rows(HeldItem, ("practice", *names, "opened_at"), rows)


def supersede(practice: int, held: Sequence[int], by_remittance: int, *, by: str, at: datetime) -> None:
    """Remittances that were held and never posted give way to their correction; what waited for them is closed."""
    with write():
        for remittance in held:
            run("update remittance set state = 'superseded' where practice_id = ? and id = ?", (practice, remittance))
            close_held(
                practice, of_remittance=remittance, outcome=f"Corrected by remittance {by_remittance}.", by=by, at=at
            )


def close_held(
    practice: int, *, outcome: str, by: str, at: datetime, item: int | None = None, of_remittance: int | None = None
) -> int:
    """Close one held item, or all of a remittance; gives how many were open."""
    column, value = ("id", item) if item is not None else ("remittance_id", of_remittance)
    sql = f"update held_item set closed_at = ?, closed_by = ?, outcome = ? where practice_id = ? and {column} = ? and closed_at is null"
    with write():
        return int(run(sql, (at, by, outcome, practice, value)).rowcount)


def open_again(practice: int, item: int) -> None:
    """A held item that was closed waits for a person again. Inside write()."""
    sql = "update held_item set closed_at = null, closed_by = '', outcome = '' where practice_id = ? and id = ?"
    run(sql, (practice, item))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim payment that waits for a claim, or for what should have come before it; its money is in SUSPENSE.

    item: the held item; row: the claim payment's; payer: of the remittance, None where it is not known.
    """

    item: int
    row: int
    remittance: int
    payer: int | None
    payment: ClaimPayment


# Kinds of held items.
PLACEABLE = (
    "unknown_claim",
    "plan_not_on_file",
    "early_next_plan",
    "early_reversal",
    "decided_twice",
    "predetermination",
)


def waiting(practice: int, items: Sequence[int] | None = None) -> list[Waiting]:
    """What is behind open held items that can be placed on a claim, the oldest first; None: all of them."""
    kinds = marks(PLACEABLE)
    sql = (
        "select h.id, p.id, p.remittance_id, r.payer_id, p.body from held_item h join claim_payment p on p.id = h.claim_payment_id"
        f" join remittance r on r.id = p.remittance_id where h.practice_id = ? and h.closed_at is null and h.kind in ({kinds})"
    )
    chosen = "" if items is None else f" and h.id in ({marks(items) or 'null'})"
    with opened():
        rows = run(f"{sql}{chosen} order by h.id", (practice, *PLACEABLE, *(items or ()))).fetchall()
    return [Waiting(item, row, remittance, payer, payment_from(body)) for item, row, remittance, payer, body in rows]


def decided(practice: int, claims: Sequence[int]) -> dict[int, int]:
    """How many decisions on each claim stand: those posted less the reversals."""
    found: dict[int, int] = {}
    with opened():
        for part in in_parts(claims):
            sql = (
                "select claim_id, sum(case when status = '22' then -1 else 1 end) from claim_payment"
                f" where practice_id = ? and state = 'posted' and claim_id in ({marks(part)}) group by claim_id"
            )
            found |= {claim: int(count) for claim, count in run(sql, (practice, *part)).fetchall()}
    return found


def place(practice: int, claim_payment: int, claim: int, state: str = "posted") -> None:
    """A held claim payment belongs to a claim now. state: posted, or noted where no money moved."""
    with write():
        sql = "update claim_payment set claim_id = ?, state = ? where practice_id = ? and id = ?"
        run(sql, (claim, state, practice, claim_payment))


def payments_of(practice: int, claims: Sequence[int]) -> dict[int, list[tuple[date, ClaimPayment]]]:
    """Posted decisions on our claims in the order they were taken in, with the day of each remittance's payment."""
    found: dict[int, list[tuple[date, ClaimPayment]]] = {claim: [] for claim in claims}
    with opened():
        for part in in_parts(claims):
            sql = (
                "select p.claim_id, r.paid_on, p.body from claim_payment p join remittance r on r.id = p.remittance_id"
                f" where p.practice_id = ? and p.state = 'posted' and p.claim_id in ({marks(part)}) order by p.id"
            )
            for claim, paid_on, body in run(sql, (practice, *part)).fetchall():
                day = day_of(paid_on)
                found[claim].append((day, payment_from(body)))
    return found
