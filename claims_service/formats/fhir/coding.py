"""The billing codes of a visit that arrives: taken as they are, or, for made-up records, from the demo map."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from claims_service.domain import codes, money
from claims_service.domain.encounter import MOST_DIAGNOSES, ServiceLine
from claims_service.domain.errors import Problem
from claims_service.formats.fhir.bundle import Group
from claims_service.formats.fhir.table import table
from claims_service.formats.fhir.wire import Tree
from claims_service.formats.tables import codes as lists

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
_PROCEDURE_SYSTEMS = frozenset({
    "http://www.ama-assn.org/go/cpt", "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes", "urn:oid:2.16.840.1.113883.6.285",
})  # fmt: skip
_MAPPED = {"http://snomed.info/sct": "snomed", "http://hl7.org/fhir/sid/cvx": "cvx"}
_SEPARATE_VISIT = "25"  # NCCI policy manual, chapter 1: a visit beside a procedure of the same day


@dataclass(frozen=True, slots=True)
class Coded:
    """Diagnoses without dots, the principal first, and the services that point to them."""

    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Service:
    """diagnosis: its own one, "" = those of the visit. cents: for one unit, None = the clinic's price."""

    procedure: str
    diagnosis: str = ""
    units: int = 1
    cents: int | None = None
    words: str = ""


@dataclass(slots=True)
class _Found:
    services: dict[str, _Service] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    vaccines: int = 0

    def add(self, service: _Service) -> None:
        if service.procedure in self.services:
            self.services[service.procedure].units += service.units
        else:
            self.services[service.procedure] = service


def coded(group: Group, visit: Tree, age: int | None, *, demo: bool) -> Coded:
    """Codes of a visit, its conditions, procedures and vaccines. demo: the record is made up, so the demo map may speak."""
    found = _Found()
    reasons = list(_conditions(group, visit, demo=demo))
    _add_all(found, ((t, "Encounter.type") for t in visit.get("type", ())), age, demo=demo)
    procedures = [p for p in group.about(visit, "Procedure") if p.get("status") == "completed"]
    _add_all(found, ((p.get("code", {}), "Procedure.code") for p in procedures), age, demo=demo)
    given = [i for i in group.about(visit, "Immunization") if i.get("status") == "completed"]
    _add_all(found, ((i.get("vaccineCode", {}), "Immunization.vaccineCode") for i in given), age, demo=demo)
    if found.vaccines:
        _add_giving(found)
    if not found.services and not found.problems:
        found.problems.append(Problem("Encounter.type", "No service of this visit can be billed.", "837P 2400"))
    diagnoses = list(dict.fromkeys(reasons or _own_diagnoses(found.services.values())))
    diagnoses = list(dict.fromkeys([*diagnoses, *_own_diagnoses(found.services.values())]))[:MOST_DIAGNOSES]
    if not diagnoses:
        found.problems.append(Problem("Condition.code", "No diagnosis with an ICD-10-CM code.", "837P 2300 HI"))
    lines = tuple(_line(service, diagnoses, found.services) for service in found.services.values())
    return Coded(tuple(diagnoses), lines, tuple(found.problems))


def _conditions(group: Group, visit: Tree, *, demo: bool) -> Iterator[str]:
    """Diagnoses of the visit: its conditions, then the reasons it states."""
    concepts = [c.get("code", {}) for c in group.about(visit, "Condition")] + list(visit.get("reasonCode", ()))
    for concept in concepts:
        for system, code in _codings(concept):
            if system == ICD10 and (direct := _diagnosis(code)):
                yield direct
                break
            row = _demo_row(system, code) if demo else None
            if row and row["billable"] == "yes" and (mapped := _diagnosis(row["icd10cm_code"])):
                yield mapped
                break


def _add_all(found: _Found, concepts: Iterable[tuple[Any, str]], age: int | None, *, demo: bool) -> None:
    for concept, place in concepts:
        service = _service(concept, age, demo=demo)
        if isinstance(service, _Service):
            found.add(service)
            found.vaccines += place.startswith("Immunization")
        elif service:
            found.problems.append(Problem(place, service, "837P 2400 SV101", "Code the visit by hand."))


def _service(concept: Any, age: int | None, *, demo: bool) -> _Service | str | None:
    """A billable service, why there is none, or None where the record says that nothing is billed."""
    listed = list(_codings(concept))
    for system, code in listed:
        if system in _PROCEDURE_SYSTEMS:
            try:
                return _Service(codes.procedure(code), words=str(concept.get("text", ""))[:80])
            except ValueError:
                return "The procedure code has not five characters."
    if not demo:
        return "There is no CPT or HCPCS code." if listed else None
    rows = [row for system, code in listed if (row := _demo_row(system, code))]
    if not rows:
        system, code = listed[0] if listed else ("", "")
        return f"The demo map does not know the code {_MAPPED.get(system, 'of another system')} {code}.".strip()
    row = rows[0]
    if row["billable"] != "yes":
        return None
    return _demo_service(row["procedure_code"], row["icd10cm_code"].replace(".", ""), age)


def _demo_service(procedure: str, diagnosis: str, age: int | None) -> _Service:
    preventive = table("read/made_up").settings["preventive"]
    if procedure == preventive["code"] and age is not None:
        procedure = next(band["code"] for band in preventive["ages"] if band["from"] <= age < band["below"])
        diagnosis = preventive["diagnosis_child"] if age < preventive["adult_from"] else diagnosis
    return _priced(procedure, diagnosis)


def _priced(procedure: str, diagnosis: str) -> _Service:
    price = lists.row("demo_procedures", procedure)
    cents = money.cents(price["typical_charge_usd"]) if price else None
    return _Service(procedure, diagnosis, cents=cents, words=price["label_en"] if price else "")


def _add_giving(found: _Found) -> None:
    vaccine = table("read/made_up").settings["vaccine"]
    diagnosis = next((s.diagnosis for s in found.services.values() if s.diagnosis == "Z23"), "")
    for code, units in ((vaccine["first"], 1), (vaccine["each_more"], found.vaccines - 1)):
        if units and diagnosis:
            giving = _priced(code, diagnosis)
            giving.units = units
            found.add(giving)


def _own_diagnoses(services: Iterable[_Service]) -> list[str]:
    return [service.diagnosis for service in services if service.diagnosis]


def _line(service: _Service, diagnoses: list[str], services: dict[str, _Service]) -> ServiceLine:
    is_visit = "99202" <= service.procedure <= "99499"
    own = diagnoses.index(service.diagnosis) + 1 if service.diagnosis in diagnoses else 0
    # A visit is for what was found at it; any other service has a reason of its own.
    pointers = (1,) if is_visit or not own else (own,)
    beside = any("10000" <= code <= "69999" for code in services)
    modifiers = (_SEPARATE_VISIT,) if beside and is_visit else ()
    cents = None if service.cents is None else service.cents * service.units
    return ServiceLine(
        service.procedure,
        pointers if diagnoses else (),
        modifiers,
        Decimal(service.units),
        cents,
        description=service.words,
    )


def _demo_row(system: str, code: str) -> lists.Row | None:
    return lists.row("snomed_to_billing", _MAPPED[system], code) if system in _MAPPED else None


def _diagnosis(text: str) -> str:
    try:
        return codes.diagnosis(text)
    except ValueError:
        return ""


def _codings(concept: Any) -> Iterator[tuple[str, str]]:
    for one in concept.get("coding", ()) if isinstance(concept, dict) else ():
        if isinstance(one, dict) and one.get("code"):
            yield str(one.get("system", "")), str(one["code"])
