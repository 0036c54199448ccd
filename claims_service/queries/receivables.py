"""What is owed to the clinic: from its opening to its closing by what moved it, and by age on any day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.ledger import aging
from claims_service.domain.ledger.accounts import PATIENT_OWES, RECEIVABLES
from claims_service.domain.ledger.aging import BUCKETS, KINDS, PATIENTS
from claims_service.queries.rows import known_day, marks, row, rows
from claims_service.store.connection import opened

_BATCH = 500


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
    found: dict[int | None, list[int]] = defaultdict(lambda: [0] * len(BUCKETS))
    with opened():
        for owner, _, since, cents in _open(practice, on):
            found[owner][aging.bucket(since, on)] += cents
        names = _insurers(practice)
    listed = [Aged(owner, _name(owner, names), tuple(cents)) for owner, cents in found.items() if any(cents)]
    return sorted(listed, key=lambda one: (one.id == PATIENTS, one.name))


def by_patient(practice: int, on: date) -> list[Aged]:
    """The same money by whose visits it is for, whoever owes it; the largest sum first."""
    found: dict[int | None, list[int]] = defaultdict(lambda: [0] * len(BUCKETS))
    with opened():
        for _, patient, since, cents in _open(practice, on):
            found[patient][aging.bucket(since, on)] += cents
        names = _patients(practice, [patient for patient in found if patient])
    listed = [
        Aged(patient, names.get(patient or 0, "No patient named"), tuple(c)) for patient, c in found.items() if any(c)
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


def _open(practice: int, on: date) -> Iterable[tuple[int | None, int | None, date, int]]:
    """(who owes, patient, since when, cents) of each claim with something open. A debt is as old as its first movement."""
    held = marks(RECEIVABLES)
    side = (
        "select t.claim, t.patient, case when t.{side} = ? then 0 else t.payer end as owner, e.posted_on, {sign}t.cents as cents"
        " from journal_transfer t join journal_entry e on e.id = t.entry_id"
        f" where t.practice_id = ? and e.posted_on <= ? and t.{{side}} in ({held})"
    )
    both = " union all ".join(side.format(side=name, sign=sign) for name, sign in (("debit", ""), ("credit", "-")))
    sql = (
        f"select owner, max(patient), min(posted_on), sum(cents) from ({both}) as sides"
        " group by claim, owner having sum(cents) <> 0"
    )
    values = (PATIENT_OWES, practice, on, *RECEIVABLES)
    for owner, patient, since, cents in rows(sql, *values, *values):
        yield owner, patient, known_day(since), int(cents)


def _name(owner: int | None, names: dict[int, str]) -> str:
    return "Patients" if owner == PATIENTS else names.get(owner or 0, "No insurer named")


def _insurers(practice: int) -> dict[int, str]:
    return {int(key): str(name) for key, name in rows("select id, name from payer where practice_id = ?", practice)}


def _patients(practice: int, patients: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(patients), _BATCH):
        part = patients[start : start + _BATCH]
        sql = f"select id, last, first from patient where practice_id = ? and id in ({marks(part)})"
        found |= {int(key): f"{last}, {first}" for key, last, first in rows(sql, practice, *part)}
    return found
