"""Claims that a held payment may be for, with what speaks for each; a person decides, nothing is guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.remittance.advice import ClaimPayment
from claims_service.domain.remittance.matching import day_of_service
from claims_service.queries.rows import known_day, marks, rows
from claims_service.store import remittances
from claims_service.store.connection import opened

MOST = 5
LEAST_REASONS = 2
_STATES = ("sent", "received", "accepted", "sent_back", "decided", "replaced")


@dataclass(frozen=True, slots=True)
class Candidate:
    """reasons: what of the payment fits the claim, in words."""

    item: int
    claim: int
    control_number: str
    patient: int
    patient_name: str
    payer_name: str
    served_on: date
    charge_cents: int
    reasons: tuple[str, ...]


def candidates(practice: int, items: Sequence[int]) -> dict[int, list[Candidate]]:
    """By held item, the best first, in three SELECTs; a claim is one when two things or more fit, or its number."""
    with opened():
        waiting = remittances.waiting(practice, items)
        listed = _like(practice, [w.payment for w in waiting])
    found = {}
    for w in waiting:
        fits = [c for row in listed if (c := _candidate(w, row)) is not None]
        found[w.item] = sorted(fits, key=lambda c: (-len(c.reasons), c.served_on, c.claim))[:MOST]
    return found


def _like(practice: int, payments: Sequence[ClaimPayment]) -> list[tuple[object, ...]]:
    numbers = sorted({p.control_number for p in payments})
    theirs = sorted({n for p in payments for n in (p.payer_claim_number, p.original_number) if n})
    days = sorted({day for p in payments if (day := day_of_service(p))})
    if not payments:
        return []
    sql = (
        "select c.id, c.control_number, c.payer_claim_number, c.patient_id, p.first, p.last, c.payer_id, coalesce(y.name, ''),"
        " c.served_on, c.charge_cents, coalesce(v.member_id, '') from claim c join patient p on p.id = c.patient_id"
        " left join payer y on y.id = c.payer_id left join coverage v on v.id = c.coverage_id where c.practice_id = ?"
        f" and c.state in ({marks(_STATES)}) and (c.control_number in ({marks(numbers) or 'null'})"
        f" or c.payer_claim_number in ({marks(theirs) or 'null'}) or c.served_on in ({marks(days) or 'null'}))"
    )
    return rows(sql, practice, *_STATES, *numbers, *theirs, *days)


def _candidate(waiting: remittances.Waiting, row: tuple[object, ...]) -> Candidate | None:
    claim, number, theirs, patient, first, last, payer, payer_name, served_on, charge, member = row
    payment, day = waiting.payment, known_day(served_on)
    named = number == payment.control_number
    told = (
        ("same number", named),
        ("same insurer’s number", bool(theirs) and theirs in (payment.payer_claim_number, payment.original_number)),
        ("same member", bool(member) and str(member).upper() == payment.member_id.upper()),
        ("same name", bool(last) and str(last).upper() == payment.patient_last.upper()),
        ("same day", day == day_of_service(payment)),
        ("same charge", charge == abs(payment.charge_cents)),
    )
    reasons = tuple(words for words, fits in told if fits)
    if len(reasons) < LEAST_REASONS and not named:
        return None
    if payer != waiting.payer:
        reasons = (*reasons, "another insurer")
    name = f"{first} {last}"
    return Candidate(
        waiting.item,
        int(str(claim)),
        str(number),
        int(str(patient)),
        name,
        str(payer_name),
        day,
        int(str(charge)),
        reasons,
    )
