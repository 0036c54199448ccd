"""Sets a clinic up from plain tables: practice, providers, insurers, prices, contracts, look-up codes, patients and plans."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from claims_service.domain.actor import Actor
from claims_service.domain.dates import day
from claims_service.domain.errors import Rejected
from claims_service.domain.party import Address, Person
from claims_service.domain.patient.guarantor import Guarantor, named, problems
from claims_service.formats.tables import clinic_files, codes
from claims_service.formats.tables.clinic_files import Row, rows
from claims_service.store import audit, contracts, fees, guarantors, patients, setting_up
from claims_service.store.connection import opened, write
from claims_service.store.patients import NewCoverage, NewPatient

SELF = "18"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Ids by the keys of the tables. coverages: how many plans."""

    practice: int
    providers: Mapping[str, int]
    payers: Mapping[str, int]
    patients: Mapping[str, int]
    coverages: int


@contextmanager
def fresh_database(url: str, folder: Path) -> Iterator[None]:
    """A database emptied for the clinic of a folder, held open meanwhile: closing it after each step costs more than the step.

    Raises:
        Conflict: it holds another practice; nothing was touched.
    """
    setting_up.start_afresh(url, clinic_files.practice(folder)["npi"])
    with opened():
        yield


def load_clinic(folder: Path, *, by: Actor, now: datetime, today: date) -> Outcome:
    """Write the clinic of a folder like fixtures/; all of it or nothing.

    Raises:
        AlreadyDone: the practice is in the database.
        Rejected: a row that can't be kept, with its place.
    """
    with write():
        practice = setting_up.add_practice(clinic_files.practice(folder))
        providers = list(rows(folder / "clinic" / "providers.tsv"))
        payers = list(rows(folder / "clinic" / "payers.tsv"))
        provider_ids = setting_up.add_providers(practice, providers)
        payer_ids = dict(zip((p["key"] for p in payers), setting_up.add_payers(practice, payers), strict=True))
        first = date(today.year - 1, 1, 1)
        for column, listed in clinic_files.fees(folder).items():
            if column in payer_ids:
                name = next(p["name"] for p in payers if p["key"] == column)
                contracts.add_flat(
                    practice, payer_ids[column], f"{name} contract", listed, valid_from=first, by=by.name, at=now
                )
            else:
                fees.add(practice, "Clinic prices", listed, valid_from=first)
        _add_codes(practice, folder)
        listed_people = list(rows(folder / "patients.tsv"))
        people = [_patient(row) for row in listed_people]
        patient_ids = dict(zip((p.reference for p in people), patients.add_many(practice, people, at=now), strict=True))
        answering = _answering(listed_people, people, patient_ids, today)
        guarantors.add(practice, answering, by=by.name, at=now)
        plans = [_coverage(row, patient_ids, payer_ids, today) for row in rows(folder / "coverages.tsv")]
        patients.add_coverages(practice, plans)
        events = [audit.Event("practice.set_up", subject=f"practice:{practice}")]
        events += [audit.Event("patient.add", key, f"patient:{key}") for key in patient_ids.values()]
        events += [audit.Event("guarantor.name", key, f"patient:{key}") for key in answering]
        audit.record(practice, events, by=by, at=now)
    provider_keys = dict(zip((p["key"] for p in providers), provider_ids, strict=True))
    return Outcome(practice, provider_keys, payer_ids, patient_ids, len(plans))


def _add_codes(practice: int, folder: Path) -> None:
    procedures = [(row["procedure"], row["label"]) for row in rows(folder / "clinic" / "fees.tsv")]
    diagnoses = dict(_mapped_diagnoses())
    diagnoses |= {row["code"]: row["label"] for row in rows(folder / "clinic" / "diagnoses.tsv")}
    setting_up.add_codes(practice, "procedure", procedures)
    setting_up.add_codes(practice, "icd10", sorted(diagnoses.items()))
    setting_up.add_codes(practice, "modifier", [(str(c), r["label_en"]) for c, r in codes.table("modifiers").items()])
    setting_up.add_codes(practice, "pos", [(str(c), r["name"]) for c, r in codes.table("place_of_service").items()])


def _mapped_diagnoses() -> Iterator[tuple[str, str]]:
    """Diagnoses that imported records may be mapped to: a check must know them."""
    for row in codes.table("snomed_to_billing").values():
        if row["icd10cm_code"]:
            yield row["icd10cm_code"].replace(".", ""), "Diagnosis of an imported record"


def _patient(row: Row) -> NewPatient:
    home = Address(row["line1"], row["line2"], row["city"], row["state"], row["zip"])
    person = Person(row["last"], row["first"], row["middle"], day(row["birth_on"]), row["sex"], home)
    return NewPatient(row["reference"], person, row["phone"], row["email"], row["language"])


def _answering(
    listed: Sequence[Row], people: Sequence[NewPatient], patient_ids: Mapping[str, int], today: date
) -> dict[int, Guarantor]:
    """Who answers for whose bills, where the two columns for it are filled; they live together.

    Raises:
        Rejected: the name, the relationship or the address would not do.
    """
    found: dict[int, Guarantor] = {}
    for row, patient in zip(listed, people, strict=True):
        if not row.get("guarantor"):
            continue
        person = patient.person
        born = person.birth_on or today
        one = Guarantor(row["guarantor"], row.get("guarantor_relationship", ""), person.address)
        if wrong := problems(one, born, today):
            raise Rejected([replace(p, where=f"patients.tsv, {row['reference']}, {p.where}") for p in wrong])
        found[patient_ids[row["reference"]]] = named(one, born, today)
    return found


def _coverage(row: Row, patient_ids: Mapping[str, int], payers: Mapping[str, int], today: date) -> NewCoverage:
    subscriber = None
    if row["relationship"] != SELF:
        born = clinic_files.day(row["subscriber_birth_on"], today)
        subscriber = Person(row["subscriber_last"], row["subscriber_first"], "", born, row["subscriber_sex"])
    return NewCoverage(
        patient_ids[row["patient"]],
        payers[row["payer"]],
        row["member_id"],
        int(row["rank"]),
        row["group_number"],
        row["plan_name"],
        row["relationship"],
        subscriber,
        clinic_files.day(row["valid_from"], today),
        clinic_files.day(row["valid_until"], today),
    )
