"""Who owes what on each claim, and since when: kept by the transaction that posts, so that today's aging reads what is open alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from claims_service.domain.ledger.accounts import PATIENT_OWES, RECEIVABLES
from claims_service.domain.ledger.aging import PATIENTS
from claims_service.store.connection import run, run_many

NOBODY = -1  # in place of an insurer's id where none is named
Moved = tuple[str, int, int, int, date]  # account, claim, patient, payer (0 = none), day


@dataclass(frozen=True, slots=True)
class Difference:
    """cents: kept less the claim's balances; 0 where the patient or the day are not the journal's."""

    practice: int
    claim: int
    cents: int


_HELD = frozenset(RECEIVABLES)
_ADD = (
    "insert into owed (practice_id, claim, owner, patient, since, cents) values (?, ?, ?, ?, ?, ?)"
    " on conflict (practice_id, claim, owner) do update set cents = owed.cents + excluded.cents,"
    " since = case when excluded.since < owed.since then excluded.since else owed.since end,"
    " patient = case when excluded.patient > owed.patient then excluded.patient else owed.patient end"
)


def add(practice: int, moved: Mapping[Moved, int]) -> None:
    """Add what a batch moved on each account (debit-positive cents). Inside write(), in the transaction that posts it."""
    found: dict[tuple[int, int], tuple[int, date, int]] = {}
    for (account, claim, patient, payer, day), cents in moved.items():
        if account in _HELD:
            key = (claim, PATIENTS if account == PATIENT_OWES else payer or NOBODY)
            of, since, before = found.get(key, (patient, day, 0))
            found[key] = (max(patient, of), min(day, since), before + cents)
    run_many(_ADD, [(practice, *key, *about) for key, about in sorted(found.items())])


def differences(own: str) -> list[Difference]:
    """Where what is kept is not what the balances say, or what is open is counted from another day than the journal's.

    own: a condition on practice_id.
    """
    accounts = ", ".join(f"'{account}'" for account in RECEIVABLES)
    # One sum over both, as SQLite joins two such tables row by row.
    sums = f"""
        select practice_id, claim, sum(cents) from (
            select practice_id, claim, owner, cents from owed where {own}
            union all select practice_id, claim, case when account = '{PATIENT_OWES}' then {PATIENTS} when payer = 0 then {NOBODY} else payer end,
                -cents from balance where {own} and account in ({accounts})) as sides
        group by claim, owner, practice_id having sum(cents) <> 0"""
    moves = " or ".join(
        f"t.{side} in ({accounts}) and (case when t.{side} = '{PATIENT_OWES}' then {PATIENTS} else coalesce(t.payer, {NOBODY}) end) = o.owner"
        for side in ("debit", "credit")
    )
    days = f"""
        select o.practice_id, o.claim from owed o
        join journal_transfer t on t.claim = o.claim and t.practice_id = o.practice_id join journal_entry e on e.id = t.entry_id
        where o.{own} and o.cents <> 0 and ({moves})
        group by o.id, o.practice_id, o.claim, o.since, o.patient
        having min(e.posted_on) <> o.since or coalesce(max(t.patient), 0) <> o.patient"""
    found = [Difference(practice, claim, int(cents)) for practice, claim, cents in run(sums).fetchall()]
    return found + [Difference(practice, claim, 0) for practice, claim in run(days).fetchall()]
