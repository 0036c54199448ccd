"""Patients and their plans."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from claims_service.domain.coverage import Coverage
from claims_service.domain.party import Address, Payer, Person
from claims_service.domain.quick import quick
from claims_service.store import parties
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run, write
from claims_service.store.tables import CoverageRow, Patient


@dataclass(frozen=True, slots=True)
class NewPatient:
    """reference: the record number in the system the patient comes from, unique in the practice."""

    reference: str
    person: Person
    phone: str = ""
    email: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class NewCoverage:
    """A plan of a patient; subscriber None = the patient."""

    patient: int
    payer: int
    member_id: str
    rank: int = 1
    group_number: str = ""
    plan_name: str = ""
    relationship: str = "18"
    subscriber: Person | None = field(default=None)
    valid_from: date | None = None
    valid_until: date | None = None


_PATIENT = (
    "practice", "reference", "last", "first", "middle", "birth_on", "sex", "line1", "line2", "city", "state", "zip", "phone",
    "email", "language", "created_at",
)  # fmt: skip
_COVERAGE = (
    "practice", "patient", "payer", "rank", "member_id", "group_number", "plan_name", "relationship", "subscriber_last",
    "subscriber_first", "subscriber_birth_on", "subscriber_sex", "valid_from", "valid_until",
)  # fmt: skip
_PERSON, _HOME, _PLAN_OF = quick(Person), quick(Address), quick(Coverage)


def by_reference(practice: int, references: Sequence[str]) -> dict[str, int]:
    """Ids of the patients that are known by these record numbers."""
    found: dict[str, int] = {}
    with opened():
        for part in in_parts(references):
            query = Patient.select(Patient.reference, Patient.id).where(
                Patient.practice == practice, Patient.reference.in_(part)
            )
            found.update(query.tuples())
    return found


def add_many(practice: int, new: Iterable[NewPatient], *, at: datetime) -> list[int]:
    """Ids in order; a reference that is known already keeps its patient and its id."""
    listed = list(new)
    with write():
        known = by_reference(practice, [n.reference for n in listed])
        fresh = {n.reference: n for n in listed if n.reference not in known}
        rows = [
            (
                practice, n.reference, p.last, p.first, p.middle, p.birth_on, p.sex, a.line1, a.line2, a.city, a.state, a.zip,
                n.phone, n.email, n.language, at,
            )
            for n in fresh.values()
            for p in [n.person]
            for a in [p.address]
        ]  # fmt: skip
        known.update(zip(fresh, insert_rows(Patient, _PATIENT, rows), strict=True))
    return [known[n.reference] for n in listed]


def add_coverages(practice: int, new: Iterable[NewCoverage]) -> list[int]:
    """Ids in order."""
    rows = [
        (
            practice, n.patient, n.payer, n.rank, n.member_id, n.group_number, n.plan_name, n.relationship,
            s.last if s else "", s.first if s else "", s.birth_on if s else None, s.sex if s else "", n.valid_from, n.valid_until,
        )
        for n in new
        for s in [n.subscriber]
    ]  # fmt: skip
    with write():
        return insert_rows(CoverageRow, _COVERAGE, rows)


def people(practice: int, patients: Sequence[int]) -> dict[int, Person]:
    """Patients as they stand on a claim, by id; unknown ids are left out."""
    columns = "id, last, first, middle, birth_on, sex, line1, line2, city, state, zip"
    found: dict[int, Person] = {}
    with opened():
        for part in in_parts(patients):
            sql = f"select {columns} from patient where +practice_id = ? and id in ({marks(part)})"
            for key, last, first, middle, birth_on, sex, *address in run(sql, (practice, *part)).fetchall():
                found[key] = _PERSON(last, first, middle, day_of(birth_on), sex, _HOME(*address))
    return found


_PLAN = (
    "patient_id, id, payer_id, rank, member_id, group_number, plan_name, relationship, subscriber_last, subscriber_first,"
    " subscriber_birth_on, subscriber_sex, valid_from, valid_until"
)


def coverages(
    practice: int, patients: Sequence[int], persons: Mapping[int, Person] | None = None
) -> dict[int, tuple[Coverage, ...]]:
    """All plans of each patient by rank, those that ended included. persons: from people(), where it is at hand."""
    persons = people(practice, patients) if persons is None else persons
    payers = parties.payers(practice)
    found: dict[int, list[Coverage]] = {patient: [] for patient in patients}
    with opened():
        for part in in_parts(patients):
            sql = f"select {_PLAN} from coverage where practice_id = ? and patient_id in ({marks(part)}) order by rank, id"
            for patient, *plan in run(sql, (practice, *part)).fetchall():
                found[patient].append(_coverage(plan, persons[patient], payers))
    return {patient: tuple(plans) for patient, plans in found.items()}


def _coverage(plan: Sequence[Any], patient: Person, payers: Mapping[int, Payer]) -> Coverage:
    key, payer, rank, member_id, group, name, relationship, last, first, birth_on, sex, valid_from, valid_until = plan
    subscriber = patient
    if relationship != "18":
        # The form asks for no second address: who is insured through a relative is taken to live with them.
        subscriber = Person(last, first, "", day_of(birth_on), sex or "U", patient.address)
    return _PLAN_OF(
        key,
        payer,
        payers[payer],
        rank,
        member_id,
        subscriber,
        relationship,
        group,
        name,
        day_of(valid_from),
        day_of(valid_until),
    )


def set_coverage(
    practice: int, coverage: int, *, member_id: str, valid_from: date | None, valid_until: date | None
) -> None:
    """Mend a plan: its number or its days."""
    with write():
        query = CoverageRow.update(member_id=member_id, valid_from=valid_from, valid_until=valid_until)
        query.where(CoverageRow.practice == practice, CoverageRow.id == coverage).execute()
