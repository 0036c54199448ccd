"""Takes in FHIR records of other systems: patients, plans and visits ready to bill; what can't be billed is told with every reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from claims_service.domain import money
from claims_service.domain.actor import Actor
from claims_service.domain.encounter import Encounter
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.party import Payer, Person, Provider
from claims_service.formats.fhir import arriving, validate
from claims_service.formats.fhir.arriving import Arriving, ArrivingPatient, ArrivingPlan, ArrivingVisit
from claims_service.formats.fhir.bundle import Group, groups
from claims_service.formats.tables import codes
from claims_service.store import audit, encounters, files, imports, parties, patients
from claims_service.store.connection import write

READ = (
    "Patient", "Encounter", "Condition", "Procedure", "Immunization", "Claim", "ExplanationOfBenefit", "Coverage", "Practitioner",
    "Organization",
)  # fmt: skip
CONTRACT = "Demo import fees"
MOST_PROBLEMS = 25
_FIRST_DAY = date(2015, 10, 1)
_FOUND_BY_THE_CODES = frozenset({"lines", "diagnoses"})


@dataclass(frozen=True, slots=True)
class SkippedEncounter:
    """A visit that can't be billed. reference: the record's own id."""

    file: str
    reference: str
    reasons: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that could not be read; nothing of it was taken."""

    name: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """patients, coverages, encounters: how many were added. billable: ids of the added visits. already: visits known before.

    moved: (patient's record number, years) whose made-up dates were moved.
    """

    patients: int = 0
    coverages: int = 0
    billable: tuple[int, ...] = ()
    already: int = 0
    skipped: tuple[SkippedEncounter, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    moved: tuple[tuple[str, int], ...] = ()

    @property
    def encounters(self) -> int:
        """Visits added; each of them is ready to bill."""
        return len(self.billable)

    def plus(self, other: "ImportOutcome") -> "ImportOutcome":
        """Both together."""
        return ImportOutcome(
            self.patients + other.patients, self.coverages + other.coverages, self.billable + other.billable,
            self.already + other.already, self.skipped + other.skipped, self.refused + other.refused, self.moved + other.moved,
        )  # fmt: skip


class _Undone(Exception):
    """Takes back what a dry run wrote. args: its outcome."""


def import_records(
    practice: int, sources: Iterable[tuple[str, bytes]], *, by: Actor, now: datetime, dry_run: bool = False
) -> ImportOutcome:
    """Each (name, bytes) in FHIR R4 JSON, NDJSON or XML: whole or not at all. The same records again change nothing.

    dry_run: only say what would become of each file, taken by itself; nothing is left behind.
    """
    outcome = ImportOutcome()
    zone = parties.zone(practice)
    for name, content in sources:
        try:
            found = _taken(practice, name, content, zone, by=by, now=now, dry_run=dry_run)
        except _Undone as told:
            found = told.args[0]
        except Rejected as wrong:
            found = ImportOutcome(refused=(RefusedFile(name, wrong.problems[:MOST_PROBLEMS]),))
        outcome = outcome.plus(found)
    return outcome


def _taken(
    practice: int, name: str, content: bytes, zone: str, *, by: Actor, now: datetime, dry_run: bool
) -> ImportOutcome:
    with write():
        found = _file(practice, name, content, zone, by=by, now=now)
        if dry_run:
            raise _Undone(found)
    return found


def _file(practice: int, name: str, content: bytes, zone: str, *, by: Actor, now: datetime) -> ImportOutcome:
    outcome = ImportOutcome()
    for group in groups(content):
        _refuse_faulty(group)
        outcome = outcome.plus(_take(practice, name, arriving.read(group, zone), by=by, now=now))
    if outcome.patients or outcome.encounters:
        kept = files.add(practice, files.NewFile("in", "FHIR", name, content, state="read"), by=by.name, at=now)
        audit.record(practice, [audit.Event("records.import", subject=f"file:{kept}")], by=by, at=now)
    return outcome


def _refuse_faulty(group: Group) -> None:
    problems: list[Problem] = []
    for kind in READ:
        for position, tree in enumerate(group.of(kind), 1):
            problems += validate.problems_in(tree, f"{kind} {position}:")
            if len(problems) >= MOST_PROBLEMS:
                raise Rejected(problems)
    if problems:
        raise Rejected(problems)


def _take(practice: int, name: str, came: Arriving, *, by: Actor, now: datetime) -> ImportOutcome:
    strangers = _mixed_up(practice, came.patients)
    welcome = [p for p in came.patients if p.reference not in strangers]
    before = patients.by_reference(practice, [p.reference for p in welcome])
    new = [patients.NewPatient(p.reference, p.person, p.phone, p.email, p.language) for p in welcome]
    ids = dict(zip((p.reference for p in welcome), patients.add_many(practice, new, at=now), strict=True))
    added = [p for p in welcome if p.reference not in before]
    payers = _payers(practice, came.visits, by=by, now=now)
    coverages = _coverages(practice, came.visits, ids, payers)
    known = encounters.by_reference(practice, [v.reference for v in came.visits])
    fresh = [v for v in came.visits if v.reference not in known]
    billable, skipped = _billable(practice, name, fresh, ids, strangers)
    made = encounters.add_many(practice, billable, source="import", by=by.name, at=now)
    recorded = [(key, visit) for key, visit in zip(made, billable, strict=True) if key]
    events = [audit.Event("patient.import", ids[p.reference], f"patient:{ids[p.reference]}") for p in added]
    events += [audit.Event("encounter.import", visit.patient_id, f"encounter:{key}") for key, visit in recorded]
    audit.record(practice, events, by=by, at=now)
    moved = tuple((p.reference, p.moved_years) for p in added if p.moved_years)
    return ImportOutcome(
        len(added),
        coverages,
        tuple(key for key, _ in recorded),
        len(known) + len(billable) - len(recorded),
        skipped,
        (),
        moved,
    )


def _mixed_up(practice: int, came: Sequence[ArrivingPatient]) -> dict[str, Problem]:
    """Record numbers that belong to somebody else here: two people are never made one."""
    known = patients.by_reference(practice, [p.reference for p in came])
    people = patients.people(practice, list(known.values()))
    found = {}
    for p in came:
        if p.reference in known and not _same(people[known[p.reference]], p.person):
            message = "This record number belongs to a patient with another birth date here."
            found[p.reference] = Problem("Patient.identifier", message, "", "Compare the two records by hand.")
    return found


def _same(here: Person, coming: Person) -> bool:
    return here.birth_on == coming.birth_on and here.sex in (coming.sex, "U")


def _payers(practice: int, visits: Sequence[ArrivingVisit], *, by: Actor, now: datetime) -> dict[str, int]:
    plans = {v.plan.payer: v.plan for v in visits if v.plan}
    before = imports.payer_ids(practice)
    payers = imports.add_payers(practice, [Payer(p.payer, p.payer_name, p.filing, p.payer) for p in plans.values()])
    fresh = {payers[key]: f"{CONTRACT}: {plan.payer_name}" for key, plan in plans.items() if key not in before}
    imports.add_contracts(practice, fresh, _demo_contract(), valid_from=_FIRST_DAY, by=by.name, at=now)
    return payers


def _demo_contract() -> Iterator[tuple[str, str, int]]:
    for code, row in codes.table("demo_procedures").items():
        yield str(code), "", money.cents(row["allowed_usd"])


def _coverages(practice: int, visits: Sequence[ArrivingVisit], ids: dict[str, int], payers: dict[str, int]) -> int:
    """Plans that are not known yet; the one that stands on most visits is billed first."""
    counted: dict[tuple[int, int], tuple[int, ArrivingPlan]] = {}
    for visit in visits:
        if visit.plan and visit.patient in ids:
            key = (ids[visit.patient], payers[visit.plan.payer])
            counted[key] = (counted.get(key, (0, visit.plan))[0] + 1, visit.plan)
    known = imports.plans_of(practice, {patient for patient, _ in counted})
    new = []
    for (patient, payer), (_, plan) in sorted(counted.items(), key=lambda one: (one[0][0], -one[1][0], one[0][1])):
        if not any(payer == here for here, _ in known[patient]):
            known[patient].append((payer, plan.member_id))
            rank = len(known[patient])
            new.append(
                patients.NewCoverage(
                    patient, payer, plan.member_id, rank, plan_name=plan.plan_name, relationship=plan.relationship
                )
            )
    return len(patients.add_coverages(practice, new))


def _billable(
    practice: int, name: str, visits: Sequence[ArrivingVisit], ids: dict[str, int], strangers: dict[str, Problem]
) -> tuple[list[Encounter], tuple[SkippedEncounter, ...]]:
    providers = imports.add_providers(
        practice, [Provider(p.npi, p.last, p.first, p.taxonomy) for v in visits for p in (v.provider, v.operating) if p]
    )
    billable: list[Encounter] = []
    skipped = []
    for visit in visits:
        made, reasons = _encounter(visit, ids.get(visit.patient, 0), providers)
        if visit.patient in strangers:
            reasons = (strangers[visit.patient], *reasons)
        if made is None or reasons:
            skipped.append(SkippedEncounter(name, visit.reference, reasons))
        else:
            billable.append(made)
    return billable, tuple(skipped)


def _encounter(
    visit: ArrivingVisit, patient: int, providers: dict[str, int]
) -> tuple[Encounter | None, tuple[Problem, ...]]:
    """The visit as an Encounter, or every reason why there is none."""
    reasons = list(visit.problems)
    if not visit.reference:
        reasons.append(Problem("Encounter.id", "The visit has neither an id nor an identifier.", "FHIR Encounter.id"))
    if visit.served_on is None:
        return None, tuple(reasons)
    provider = providers[visit.provider.npi] if visit.provider else 0
    surgeon = providers[visit.operating.npi] if visit.operating else None
    try:
        made = Encounter(
            patient,
            visit.served_on,
            visit.place_of_service or "11",
            provider,
            visit.diagnoses,
            visit.lines,
            visit.reference,
            kind=visit.kind,
            stay=replace(visit.stay, operating_id=surgeon) if visit.stay and surgeon else visit.stay,
        )
    except Rejected as wrong:
        told = bool(visit.problems)
        reasons += [p for p in wrong.problems if not (told and p.where in _FOUND_BY_THE_CODES)]
        return None, tuple(reasons)
    return made, tuple(reasons)
