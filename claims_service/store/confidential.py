"""What patients asked to keep to themselves, and which visits that makes confidential."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from claims_service.domain.errors import NotFound
from claims_service.domain.party import Address
from claims_service.domain.patient.confidential import Reach, Request
from claims_service.store import tables
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run, write

_NEW = (
    "practice", "patient", "encounter", "since", "how", "email", "line1", "line2", "city", "state", "zip", "by", "at",
)  # fmt: skip
_PART = re.compile(r"/\d+$")
# A visit that was made of several is confidential where one of them is.
_ASKED = "({0}.id = r.encounter_id or r.encounter_id is null and {0}.served_on >= r.since)"
_VISITS = (
    "select r.patient_id, e.id from confidential_request r join encounter e on e.patient_id = r.patient_id"
    f" where r.practice_id = ? and r.lifted_at is null{{}} and ({_ASKED.format('e')}"
    f" or exists (select 1 from encounter p where p.billed_with = e.id and {_ASKED.format('p')}))"
)


def visits_of(practice: int, patients: Sequence[int] | None) -> dict[int, frozenset[int]]:
    """The confidential visits of each patient that has some; None = of all patients."""
    found: dict[int, set[int]] = defaultdict(set)
    with opened():
        if patients is None:
            for patient, encounter in run(_VISITS.format(""), (practice,)).fetchall():
                found[patient].add(encounter)
        for part in in_parts(patients or ()):
            only = f" and r.patient_id in ({marks(part)})"
            for patient, encounter in run(_VISITS.format(only), (practice, *part)).fetchall():
                found[patient].add(encounter)
    return {patient: frozenset(encounters) for patient, encounters in found.items()}


def requests(practice: int, patients: Sequence[int]) -> dict[int, tuple[Request, ...]]:
    """What holds now, by patient, the oldest first; the newest says where the patient may be written to."""
    found: dict[int, list[Request]] = defaultdict(list)
    with opened():
        for part in in_parts(patients):
            rows = run(
                "select id, patient_id, encounter_id, since, by, how, email, line1, line2, city, state, zip"
                f" from confidential_request where practice_id = ? and lifted_at is null and patient_id in ({marks(part)})"
                " order by id",
                (practice, *part),
            ).fetchall()
            for key, patient, encounter, since, by, how, email, *address in rows:
                reach = Reach(how, email, Address(*address))
                found[patient].append(Request(key, patient, encounter, day_of(since), reach, by))
    return {patient: tuple(listed) for patient, listed in found.items()}


def ever_asked(practice: int, patients: Sequence[int]) -> set[int]:
    """Those of these patients who ever kept a visit to themselves."""
    found: set[int] = set()
    with opened():
        for part in in_parts(patients):
            sql = f"select distinct patient_id from confidential_request where practice_id = ? and patient_id in ({marks(part)})"
            found.update(row[0] for row in run(sql, (practice, *part)).fetchall())
    return found


def reaches(practice: int, patients: Sequence[int]) -> dict[int, Reach]:
    """Where each patient who asked may be written to about confidential visits."""
    return {patient: listed[-1].reach for patient, listed in requests(practice, patients).items()}


def parts_of(practice: int, encounter: int) -> tuple[int, list[int]]:
    """The patient of a visit, and all visits that it was taken apart into (domain.visit_parts), itself among them.

    Raises:
        NotFound: no such visit here.
    """
    with opened():
        found = run(
            "select patient_id, reference from encounter where practice_id = ? and id = ?", (practice, encounter)
        ).fetchone()
        if found is None:
            raise NotFound("encounter")
        patient, reference = found
        rows = run(
            "select id, reference from encounter where practice_id = ? and patient_id = ?", (practice, patient)
        ).fetchall()
    named = {name for _, name in rows}
    whole = base if (base := _PART.sub("", reference)) in named else reference
    return patient, sorted(key for key, name in rows if name == whole or _PART.sub("", name) == whole)


def add(
    practice: int, new: Iterable[tuple[int, int | None, Reach]], *, since: date, by: str, at: datetime
) -> list[int]:
    """(patient, visit or None, where to write) for each; ids in order. Inside write()."""
    rows = []
    for patient, encounter, reach in new:
        a = reach.address
        told = (reach.how, reach.email, a.line1, a.line2, a.city, a.state, a.zip)
        rows.append((practice, patient, encounter, since, *told, by, at))
    return insert_rows(tables.ConfidentialRequest, _NEW, rows)


def carry(practice: int, moved: Mapping[int, tuple[int, int]], *, since: date, by: str, at: datetime) -> None:
    """A visit that takes another's place is as confidential: moved is old visit -> (patient, new visit). Inside write()."""
    patients = sorted({patient for patient, _ in moved.values()})
    private = visits_of(practice, patients)
    hidden = [(p, new) for old, (p, new) in moved.items() if old in private.get(p, ())]
    where = reaches(practice, [patient for patient, _ in hidden])
    add(practice, [(patient, new, where[patient]) for patient, new in hidden], since=since, by=by, at=at)


def lift(practice: int, patient: int, encounter: int | None, *, by: str, at: datetime) -> int:
    """What was asked for a visit (None: for all of them) holds no more; gives how many requests ended."""
    which = "encounter_id is null" if encounter is None else "encounter_id = ?"
    with write():
        changed = run(
            "update confidential_request set lifted_at = ?, lifted_by = ? where practice_id = ? and patient_id = ?"
            f" and lifted_at is null and {which}",
            (at, by, practice, patient, *(() if encounter is None else (encounter,))),
        )
    return int(changed.rowcount)
