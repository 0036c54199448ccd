"""What is owed to the clinic: from its opening to its closing by what moved it, and by age on any day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from claims_service.domain.ledger import aging
from claims_service.domain.ledger.accounts import PATIENT_OWES, RECEIVABLES
from claims_service.domain.ledger.aging import BUCKETS, KINDS, PATIENTS
from claims_service.domain.quick import Known
from claims_service.queries.rows import Record, known_day, marks, row, rows
from claims_service.store import owed
from claims_service.store.connection import in_parts, opened

Sums = dict[int | None, list[int]]  # cents in the order of BUCKETS, by who owes or by patient (0 = none)


@dataclass(frozen=True, slots=True)
class Roll:
    """One who owes, through some days; moved in the order of KINDS. opening + all moved = closing."""

    name: str
    opening: int
    moved: tuple[int, ...]

    @property
    def closing(self) -> int:
        return self.opening + sum(self.moved)


@dataclass(frozen=True, slots=True)
class Aged:
    """One who owes, on a day; cents in the order of BUCKETS. id: of the insurer or patient, None where it is neither's."""

    id: int | None
    name: str
    cents: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.cents)


def roll_forward(practice: int, start: date, until: date) -> list[Roll]:
    """Each insurer, then all patients together; whoever owed nothing and moved nothing is left out. In three SELECTs."""
    opening: dict[int | None, int] = defaultdict(int)
    moved: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with opened():
        for one in _movements(practice, date.min, start - timedelta(days=1)):
            opening[one.owner] += one.cents
        for one in _movements(practice, start, until):
            moved[one.owner][one.kind] += one.cents
        names = _insurers(practice)
    owners = {owner for owner in (*opening, *moved) if opening[owner] or any(moved[owner].values())}
    found = [
        (owner, Roll(_name(owner, names), opening[owner], tuple(moved[owner][k] for k in KINDS))) for owner in owners
    ]
    return [one for owner, one in sorted(found, key=lambda pair: (pair[0] == PATIENTS, pair[1].name))]


def _movements(practice: int, start: date, until: date) -> Iterable[aging.Moved]:
    sql = (
        "select t.debit, t.credit, t.payer, sum(t.cents) from journal_transfer t join journal_entry e on e.id = t.entry_id"
        " where t.practice_id = ? and e.posted_on >= ? and e.posted_on <= ? group by t.debit, t.credit, t.payer"
    )
    for debit, credit, payer, cents in rows(sql, practice, start, until):
        yield from aging.movements(debit, credit, payer, int(cents))


def by_insurer(practice: int, on: date) -> list[Aged]:
    """What each insurer owes at the end of a day, then all patients together, by age."""
    with opened():
        found = _told(practice, on, "owner") if _moved_after(practice, on) else _kept_by_insurer(practice, on)
        names = _insurers(practice)
    listed = [Aged(owner, _name(owner, names), tuple(cents)) for owner, cents in found.items() if any(cents)]
    return sorted(listed, key=lambda one: (one.id == PATIENTS, one.name))


def by_patient(practice: int, on: date) -> list[Aged]:
    """The same money by whose visits it is for, whoever owes it; the largest sum first."""
    with opened():
        found = _told(practice, on, "patient") if _moved_after(practice, on) else _kept_by_patient(practice, on)
        names = _patients(practice, [patient for patient in found if patient])
    listed = [
        Aged(patient or None, names.get(patient or 0, "No patient named"), tuple(cents))
        for patient, cents in found.items()
        if any(cents)
    ]
    return sorted(listed, key=lambda one: (-one.total, one.id or 0))


def receivable(practice: int, on: date) -> int:
    """The receivable accounts together at the end of a day, straight from the transfers."""
    found = 0
    with opened():
        for side, sign in (("debit", 1), ("credit", -1)):
            sql = (
                "select coalesce(sum(t.cents), 0) from journal_transfer t join journal_entry e on e.id = t.entry_id"
                f" where t.practice_id = ? and e.posted_on <= ? and t.{side} in ({marks(RECEIVABLES)})"
            )
            head = row(sql, practice, on, *RECEIVABLES)
            found += sign * int(head[0]) if head else 0
    return found


def _moved_after(practice: int, on: date) -> bool:
    """Whether an entry is dated after a day: what is kept is later than that day then, and the journal alone can tell."""
    sql = "select 1 from journal_entry where practice_id = ? and posted_on > ? limit 1"
    return row(sql, practice, on) is not None


def _kept_by_insurer(practice: int, on: date) -> Sums:
    """One sum for each owner and bucket, each a stretch of the index: a third of the time of one walk with a case for each bucket."""
    firsts = [*aging.since_at_least(on), date.min]
    places = ", ".join(["(?, ?, ?)"] * len(BUCKETS))
    ends = chain.from_iterable(zip(range(len(BUCKETS)), firsts, [date.max, *firsts], strict=False))
    sql = f"""
        with recursive who(owner) as (
            select min(owner) from owed where practice_id = ? and cents <> 0
            union all select (select min(o.owner) from owed o where o.practice_id = ? and o.cents <> 0 and o.owner > who.owner)
                from who where who.owner is not null),
        age(place, first, next) as (values {places})
        select owner, place, (select sum(cents) from owed o where o.practice_id = ? and o.owner = who.owner and o.cents <> 0
            and o.since >= age.first and o.since < age.next)
        from who cross join age where who.owner is not null"""
    found: Sums = defaultdict(lambda: [0] * len(BUCKETS))
    for owner, place, cents in rows(sql, practice, practice, *ends, practice):
        found[None if owner == owed.NOBODY else owner][place] = int(cents or 0)
    return found


def _kept_by_patient(practice: int, on: date) -> Sums:
    return _summed(rows("select patient, since, cents from owed where practice_id = ? and cents <> 0", practice), on)


def _told(practice: int, on: date, whose: str) -> Sums:
    """By "owner" or "patient" from the journal of each claim with something open. A debt is as old as its first movement."""
    side = (
        "select t.claim, t.patient, case when t.{0} = ? then 0 else t.payer end as owner, e.posted_on, {1}t.cents as cents"
        " from journal_transfer t cross join journal_entry e where e.id = t.entry_id"
        f" and t.practice_id = ? and e.posted_on <= ? and t.{{0}} in ({marks(RECEIVABLES)})"
    )
    sql = (
        "select owner, coalesce(max(patient), 0) as patient, min(posted_on) as since, sum(cents) as cents"
        f" from ({side.format('debit', '')} union all {side.format('credit', '-')}) as sides group by claim, owner having sum(cents) <> 0"
    )
    values = (PATIENT_OWES, practice, on, *RECEIVABLES)
    return _summed(rows(f"select {whose}, since, cents from ({sql}) as told", *values, *values), on)


def _summed(listed: Iterable[Record], on: date) -> Sums:
    """(whose, since, cents) as cents by bucket."""
    found: Sums = defaultdict(lambda: [0] * len(BUCKETS))
    place = Known(lambda since: aging.bucket(known_day(since), on))
    for whose, since, cents in listed:
        found[whose][place[since]] += int(cents)
    return found


def _name(owner: int | None, names: dict[int, str]) -> str:
    return "Patients" if owner == PATIENTS else names.get(owner or 0, "No insurer named")


def _insurers(practice: int) -> dict[int, str]:
    return {int(key): str(name) for key, name in rows("select id, name from payer where practice_id = ?", practice)}


def _patients(practice: int, patients: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in in_parts(patients):
        # The plus keeps SQLite from walking the names of all patients instead of looking these up.
        sql = f"select id, last, first from patient where id in ({marks(part)}) and +practice_id = ?"
        found |= {int(key): f"{last}, {first}" for key, last, first in rows(sql, *part, practice)}
    return found
