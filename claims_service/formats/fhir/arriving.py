"""Patients, plans and visits out of resources that arrive, with everything that keeps a visit from being billed."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from claims_service.domain import codes, dates
from claims_service.domain.encounter import PROFESSIONAL, ServiceLine
from claims_service.domain.errors import Problem
from claims_service.domain.party import Address, Person
from claims_service.domain.stay import Stay
from claims_service.formats.fhir import coding
from claims_service.formats.fhir.arriving_bills import ArrivingBill, bill_of
from claims_service.formats.fhir.bundle import Group
from claims_service.formats.fhir.table import table
from claims_service.formats.fhir.wire import Tree

_NPI_IN_REFERENCE = re.compile(r"us-npi(?:%7C|\|)(\d{10})$")

HOME = "12"  # CMS place of service


@dataclass(frozen=True, slots=True)
class ArrivingProvider:
    """Who gave the care, with a valid NPI."""

    npi: str
    last: str
    first: str
    taxonomy: str


@dataclass(frozen=True, slots=True)
class ArrivingPlan:
    """payer: its payer id, or one made from its name."""

    payer: str
    payer_name: str
    filing: str
    member_id: str
    plan_name: str
    relationship: str


@dataclass(frozen=True, slots=True)
class ArrivingPatient:
    """reference: the record number where the patient comes from. moved_years: how far made-up dates were moved."""

    reference: str
    person: Person
    phone: str
    email: str
    language: str
    moved_years: int


@dataclass(frozen=True, slots=True)
class ArrivingVisit:
    """A visit as far as it could be read; with problems it can't be billed. operating: the surgeon of a stay."""

    reference: str
    patient: str
    served_on: date | None
    place_of_service: str
    provider: ArrivingProvider | None
    plan: ArrivingPlan | None
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    problems: tuple[Problem, ...]
    kind: str = PROFESSIONAL
    stay: Stay | None = None
    operating: ArrivingProvider | None = None


@dataclass(frozen=True, slots=True)
class Arriving:
    """What one group of resources holds."""

    patients: tuple[ArrivingPatient, ...]
    visits: tuple[ArrivingVisit, ...]


def read(group: Group, zone: str) -> Arriving:
    """Patients and visits of a group. zone: the clinic's, in which a visit has its day."""
    reader = _Reader(group, ZoneInfo(zone))
    return Arriving(tuple(reader.patients.values()), tuple(reader.visits()))


class _Reader:
    def __init__(self, group: Group, zone: ZoneInfo) -> None:
        self.group, self.zone = group, zone
        self.made_up = table("read/made_up").settings
        self.patients: dict[int, ArrivingPatient] = {}
        self._unusable: dict[int, tuple[Problem, ...]] = {}
        for tree in group.of("Patient"):
            self._patient(tree)

    def _patient(self, tree: Tree) -> None:
        found = table("read/patient").of(tree)
        born = _day(found.get("born"))
        problems = []
        if not found.get("last") or not found.get("first"):
            problems.append(Problem("Patient.name", "The patient has no family or given name.", "FHIR Patient.name"))
        if born is None:
            problems.append(Problem("Patient.birthDate", "The patient has no full date of birth.", "837P DMG02"))
        if problems or born is None:
            self._unusable[id(tree)] = tuple(problems)
            return
        years = self._years(tree)
        address = Address(*(found.get(name, "") for name in ("line1", "line2", "city", "state", "zip")))
        person = Person(
            found["last"], found["first"], found.get("middle", ""), dates.add_months(born, 12 * years), found.get("sex", "U"),
            address,
        )  # fmt: skip
        self.patients[id(tree)] = ArrivingPatient(
            _record_number(tree),
            person,
            found.get("phone", ""),
            found.get("email", ""),
            found.get("language", "en"),
            years,
        )

    def _is_made_up(self, tree: Tree | None) -> bool:
        system = self.made_up["identifier_system"]
        return tree is not None and any(i.get("system") == system for i in tree.get("identifier", ()))

    def _years(self, patient: Tree) -> int:
        """Whole years from the newest visit to the day the mapping names; none for real records."""
        if not self._is_made_up(patient):
            return 0
        visits = (v for v in self.group.of("Encounter") if self.group.resolved(v.get("subject")) is patient)
        began = [day for v in visits if (day := self._clinic_day(v.get("period", {}).get("start")))]
        until: date = self.made_up["newest_visit_by"]
        if not began:
            return 0
        newest = max(began)
        return max(0, until.year - newest.year - ((newest.month, newest.day) > (until.month, until.day)))

    def _clinic_day(self, text: Any) -> date | None:
        """The day at the clinic; an instant late in the evening elsewhere may be another day here."""
        try:
            if not isinstance(text, str) or len(text) <= 10:
                return _day(text)
            return datetime.fromisoformat(text).astimezone(self.zone).date()
        except ValueError:
            return None

    def visits(self) -> Iterator[ArrivingVisit]:
        """Every encounter of the group."""
        for tree in self.group.of("Encounter"):
            yield self._visit(tree)

    def _visit(self, tree: Tree) -> ArrivingVisit:
        found = table("read/encounter").of(tree)
        subject = self.group.resolved(tree.get("subject"))
        patient = self.patients.get(id(subject))
        made_up = self._is_made_up(subject)
        problems = [*self._unusable.get(id(subject), ())] if subject else []
        if subject is None:
            problems.append(Problem("Encounter.subject", "The patient of this visit is not in the file.", "FHIR R4"))
        if found.get("status") != "finished":
            problems.append(Problem("Encounter.status", "The visit is not finished.", "FHIR Encounter.status"))
        day = self._clinic_day(found.get("began"))
        if day is None:
            problems.append(Problem("Encounter.period.start", "The visit has no day.", "837P 2400 DTP*472"))
        elif patient:
            day = dates.add_months(day, 12 * patient.moved_years)
        place = found.get("place_of_service", "")
        if not place:
            problems.append(Problem("Encounter.class", "Where the visit took place can't be told.", "837P CLM05-1"))
        provider, without = self._provider(tree, made_up=made_up)
        bill = None if made_up else bill_of(self.group, tree)
        if bill:
            return self._billed(tree, found, patient, provider, bill, [*problems, *without])
        coded = coding.coded(self.group, tree, _age(patient, day), demo=made_up)
        if any("99341" <= line.procedure <= "99350" for line in coded.lines):
            place = HOME  # a home visit's code says where it was, its class ("ambulatory") does not
        plan = self._plan(tree, subject, made_up=made_up)
        reference = f"{found.get('reference', '')}"
        return ArrivingVisit(
            reference, patient.reference if patient else "", day, place, provider, plan, coded.diagnoses, coded.lines,
            (*problems, *without, *coded.problems),
        )  # fmt: skip

    def _billed(
        self,
        tree: Tree,
        found: Tree,
        patient: ArrivingPatient | None,
        provider: ArrivingProvider | None,
        bill: ArrivingBill,
        problems: list[Problem],
    ) -> ArrivingVisit:
        """A stay or a visit to the dentist as its own Claim describes it."""
        day = bill.served_on or self._clinic_day(found.get("began"))
        surgeon = self._named_provider({}, bill.operating, made_up=False)[0] if bill.operating else None
        return ArrivingVisit(
            f"{found.get('reference', '')}", patient.reference if patient else "", day, found.get("place_of_service", ""), provider,
            self._plan(tree, self.group.resolved(tree.get("subject")), made_up=False), bill.diagnoses, bill.lines, (*problems, *bill.problems),
            bill.kind, bill.stay, surgeon,
        )  # fmt: skip

    def _provider(self, visit: Tree, *, made_up: bool) -> tuple[ArrivingProvider | None, tuple[Problem, ...]]:
        people = [p.get("individual", {}) for p in visit.get("participant", ())]
        if not people:
            return None, (Problem("Encounter.participant", "Nobody is named who gave the care.", "837P 2310B"),)
        return self._named_provider(people[0], self.group.resolved(people[0]), made_up=made_up)

    def _named_provider(
        self, reference: Tree, tree: Tree | None, *, made_up: bool
    ) -> tuple[ArrivingProvider | None, tuple[Problem, ...]]:
        found = table("read/practitioner").of(tree) if tree else {}
        display = str(reference.get("display", "")).removeprefix("Dr. ").split()
        in_reference = _NPI_IN_REFERENCE.search(str(reference.get("reference", "")))
        npi = found.get("npi") or (in_reference[1] if in_reference else "")
        last, first = found.get("last") or " ".join(display[-1:]), found.get("first") or " ".join(display[:-1])
        if not codes.is_npi(npi) and made_up:
            npi = made_up_npi(npi or str(reference.get("reference", "")))
        if not codes.is_npi(npi):
            return None, (Problem("Practitioner.identifier", "Who gave the care has no valid NPI.", "45 CFR 162.406"),)
        if not last:
            return None, (Problem("Practitioner.name", "Who gave the care has no name.", "837P 2310B NM103"),)
        taxonomy = found.get("taxonomy", "")
        taxonomy = taxonomy if codes.is_taxonomy(taxonomy) else (self.made_up["taxonomy"] if made_up else "")
        return ArrivingProvider(npi, last, first, taxonomy), ()

    def _plan(self, visit: Tree, patient: Tree | None, *, made_up: bool) -> ArrivingPlan | None:
        """The focal plan of the visit's claim or explanation of benefit, else the patient's only coverage."""
        for bill in (*self.group.about(visit, "Claim"), *self.group.about(visit, "ExplanationOfBenefit")):
            for insurance in bill.get("insurance", ()):
                if insurance.get("focal", True):
                    reference = insurance.get("coverage", {})
                    coverage = self.group.resolved(reference, bill) or {"payor": [reference]}
                    if plan := self._named(coverage, patient, made_up=made_up):
                        return plan
        own = [c for c in self.group.of("Coverage") if self.group.resolved(c.get("beneficiary")) is patient]
        return self._named(own[0], patient, made_up=made_up) if len(own) == 1 else None

    def _named(self, coverage: Tree, patient: Tree | None, *, made_up: bool) -> ArrivingPlan | None:
        found = table("read/coverage").of(coverage)
        organization = self.group.resolved({"reference": found.get("payor")})
        name = found.get("payer_name") or (organization or {}).get("name", "")
        if not name or name.upper() == "NO_INSURANCE":
            return None
        known = self.made_up["payers"].get(name.lower(), {}) if made_up else {}
        number = next((i["value"] for i in (organization or {}).get("identifier", ()) if i.get("value")), "")
        payer = known.get("identifier") or _payer_id(number) or _payer_id(name)
        member = found.get("member_id", "")
        if not member and made_up and patient is not None:
            member = f"SYN{hashlib.sha256(_record_number(patient).encode()).hexdigest()[:9].upper()}"
        return ArrivingPlan(
            payer, known.get("name", name), known.get("filing", "CI"), member, found.get("plan_name", ""),
            found.get("relationship", "18"),
        )  # fmt: skip


def made_up_npi(seed: str) -> str:
    """The same valid NPI for the same seed; for made-up records only."""
    number = int(hashlib.sha256(seed.encode()).hexdigest(), 16) % 10**8
    return next(npi for last in "0123456789" if codes.is_npi(npi := f"1{number:08}{last}"))


def _record_number(patient: Tree) -> str:
    """The identifier of type MR (medical record), else the first one, else the id."""
    listed = [i for i in patient.get("identifier", ()) if i.get("value")]
    medical = (i for i in listed if any(c.get("code") == "MR" for c in i.get("type", {}).get("coding", ())))
    chosen = next(medical, listed[0] if listed else {"value": patient.get("id", "")})
    return str(chosen["value"])


def _payer_id(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())[:15]


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None


def _age(patient: ArrivingPatient | None, day: date | None) -> int | None:
    born = patient.person.birth_on if patient else None
    if born is None or day is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
