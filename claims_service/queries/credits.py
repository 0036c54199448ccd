"""Balances in credit: what insurers and patients paid too much, since when, and what to do about it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.claim import lifecycle
from claims_service.domain.credit import Clock, clock, in_credit_since
from claims_service.domain.ledger.accounts import IN_REVIEW, NEXT_PAYER_OWES, PATIENT_CREDIT, PATIENT_OWES, PAYER_OWES
from claims_service.queries.rows import known_day, marks, rows
from claims_service.store.connection import in_parts, opened

INSURER, PATIENT = "insurer", "patient"
_INSURERS = (PAYER_OWES, IN_REVIEW, NEXT_PAYER_OWES)


@dataclass(frozen=True, slots=True)
class Credit:
    """One balance in credit. owner: insurer or patient; cents: positive; claim None: money of a patient that no bill has used.

    replaced: the insurer has another version of the claim and takes this decision back itself. owes_cents: open on the
    patient's other bills.
    """

    owner: str
    claim: int | None
    control_number: str
    patient: int
    patient_name: str
    payer_name: str
    cents: int
    since: date
    clock: Clock | None
    replaced: bool
    owes_cents: int


def in_credit(practice: int) -> list[Credit]:
    """Everything in credit, the nearest day to return it first, then the oldest; in at most five SELECTs for 500 claims."""
    with opened():
        found = [*_on_claims(practice), *_of_patients(practice)]
    return sorted(found, key=lambda c: (c.clock.repay_by if c.clock else date.max, c.since, -c.cents))


def _on_claims(practice: int) -> list[Credit]:
    listed = rows(
        f"select b.claim, sum(case when b.account in ({marks(_INSURERS)}) then b.cents else 0 end),"
        " sum(case when b.account = ? then b.cents else 0 end) from balance b where b.practice_id = ? and b.claim <> 0"
        f" and b.account in ({marks(_INSURERS)}, ?) group by b.claim"
        f" having sum(case when b.account in ({marks(_INSURERS)}) then b.cents else 0 end) < 0"
        " or sum(case when b.account = ? then b.cents else 0 end) < 0",
        *_INSURERS, PATIENT_OWES, practice, *_INSURERS, PATIENT_OWES, *_INSURERS, PATIENT_OWES,
    )  # fmt: skip
    claims = [int(claim) for claim, _, _ in listed]
    about, moved, owing = _claims(practice, claims), _movements(practice, claims), _owing(practice)
    found = []
    for claim, *sums in listed:
        number, patient, name, payer, filing, state = about[claim]
        for place, owner in enumerate((INSURER, PATIENT)):
            since = in_credit_since((day, parts[place]) for day, *parts in moved[claim])
            if sums[place] < 0 and since:
                ends = clock(since, filing) if owner == INSURER else None
                owes = owing.get(patient, 0) if owner == PATIENT else 0
                replaced = state == lifecycle.REPLACED
                found.append(
                    Credit(owner, claim, number, patient, name, payer, -int(sums[place]), since, ends, replaced, owes)
                )
    return found


def _claims(practice: int, claims: Sequence[int]) -> dict[int, tuple[str, int, str, str, str, str]]:
    found = {}
    for part in in_parts(claims):
        sql = (
            "select c.id, c.control_number, c.patient_id, p.last, p.first, coalesce(y.name, ''), coalesce(y.filing, ''), c.state"
            " from claim c join patient p on p.id = c.patient_id left join payer y on y.id = c.payer_id"
            f" where +c.practice_id = ? and c.id in ({marks(part)})"
        )
        for key, number, patient, last, first, payer, filing, state in rows(sql, practice, *part):
            found[int(key)] = (number, int(patient), f"{last}, {first}", payer, filing, state)
    return found


def _movements(practice: int, claims: Sequence[int]) -> dict[int, list[tuple[date, int, int]]]:
    """(day, insurers' cents, the patient's cents) of each claim, the earliest first."""
    found: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    insurers, sides = marks(_INSURERS), (*_INSURERS, *_INSURERS, PATIENT_OWES, PATIENT_OWES)
    for part in in_parts(claims):
        sql = (
            f"select t.claim, e.posted_on, sum(case when t.debit in ({insurers}) then t.cents else 0 end)"
            f" - sum(case when t.credit in ({insurers}) then t.cents else 0 end), sum(case when t.debit = ? then t.cents else 0 end)"
            " - sum(case when t.credit = ? then t.cents else 0 end) from journal_transfer t join journal_entry e on e.id = t.entry_id"
            f" where t.practice_id = ? and t.claim in ({marks(part)}) group by t.claim, e.posted_on order by e.posted_on"
        )
        for claim, day, of_insurers, of_patient in rows(sql, *sides, practice, *part):
            found[int(claim)].append((known_day(day), int(of_insurers), int(of_patient)))
    return found


def _owing(practice: int) -> dict[int, int]:
    """What each patient has open on bills that are not in credit."""
    sql = (
        "select b.patient, sum(b.cents) from (select claim, patient, sum(cents) as cents from balance where practice_id = ? and account = ?"
        " group by claim, patient having sum(cents) > 0) b group by b.patient"
    )
    return {int(patient): int(cents) for patient, cents in rows(sql, practice, PATIENT_OWES)}


def _of_patients(practice: int) -> list[Credit]:
    """Paid by patients and used by no bill yet."""
    moved: dict[int, list[tuple[date, int]]] = defaultdict(list)
    sql = (
        "select t.patient, e.posted_on, sum(case when t.debit = ? then t.cents else -t.cents end) from journal_transfer t"
        " join journal_entry e on e.id = t.entry_id join (select patient from balance where practice_id = ? and account = ?"
        " group by patient having sum(cents) < 0) b on b.patient = t.patient where t.practice_id = ? and (t.debit = ? or t.credit = ?)"
        " group by t.patient, e.posted_on order by e.posted_on"
    )
    values = (PATIENT_CREDIT, practice, PATIENT_CREDIT, practice, PATIENT_CREDIT, PATIENT_CREDIT)
    for patient, day, cents in rows(sql, *values):
        moved[int(patient)].append((known_day(day), int(cents)))
    if not moved:
        return []
    named = f"select id, last, first from patient where +practice_id = ? and id in ({marks(list(moved))})"
    names = {int(key): f"{last}, {first}" for key, last, first in rows(named, practice, *moved)}
    owing = _owing(practice)
    found = []
    for patient, own in moved.items():
        if since := in_credit_since(own):
            cents = -sum(cents for _, cents in own)
            found.append(
                Credit(PATIENT, None, "", patient, names[patient], "", cents, since, None, False, owing.get(patient, 0))
            )
    return found
