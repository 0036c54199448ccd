"""Records of other systems become visits ready to bill, and nothing is dropped in silence."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claims_service.formats.fhir import arriving, table, wire
from claims_service.store import audit, connection, encounters, journal, patients
from claims_service.store.connection import opened, run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.import_records import ImportOutcome, import_records
from claims_service.workflow.submit_claims import submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.store_fixtures import Databases

SYNTHEA = "https://github.com/synthetichealth/synthea"
SNOMED = "http://snomed.info/sct"


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def bundle(*, made_up: bool = True) -> dict[str, Any]:
    """A child of two with one check-up in 2011, a vaccine and viral sinusitis; plan and NPI are as poor as in Synthea."""
    ref = {name: {"reference": f"urn:uuid:{name}"} for name in ("p1", "d1", "e1")}
    resources: list[dict[str, Any]] = [
        {
            "resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "2009-02-01",
            "identifier": [{"system": SYNTHEA if made_up else "urn:clinic", "value": "rec-1"}],
            "name": [{"family": "Beispiel", "given": ["Agustín"]}],
            "address": [{"line": ["1 Road"], "city": "Fall River", "state": "Massachusetts", "postalCode": "02720"}],
        },
        {
            "resourceType": "Practitioner", "id": "d1", "name": [{"family": "Hett", "given": ["Mia"]}],
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "300"}],
        },
        {
            "resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"},
            "type": [concept(SNOMED, "185349003")], "subject": ref["p1"], "participant": [{"individual": ref["d1"]}],
            "period": {"start": "2011-12-13T22:28:27+00:00"},
        },
        {
            "resourceType": "Condition", "id": "c1", "subject": ref["p1"], "encounter": ref["e1"],
            "code": concept(SNOMED, "444814009"),
        },
        {
            "resourceType": "Immunization", "id": "i1", "status": "completed", "patient": ref["p1"], "encounter": ref["e1"],
            "vaccineCode": concept("http://hl7.org/fhir/sid/cvx", "140"), "occurrenceDateTime": "2011-12-13",
        },
        {
            "resourceType": "Claim", "id": "k1", "status": "active", "use": "claim", "type": concept("urn:t", "x"),
            "patient": ref["p1"], "created": "2011-12-13", "provider": ref["d1"], "priority": concept("urn:p", "normal"),
            "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "private"}}],
            "item": [{"sequence": 1, "productOrService": concept(SNOMED, "185349003"), "encounter": [ref["e1"]]}],
        },
    ]  # fmt: skip
    entries = [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in resources]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def taken(clinic: Clinic, *contents: bytes) -> ImportOutcome:
    return import_records(clinic.practice, [(f"{n}.json", c) for n, c in enumerate(contents)], by=BILLER, now=NOW)


def as_json(tree: dict[str, Any]) -> bytes:
    return wire.write_json(tree)


def resource(tree: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(e["resource"] for e in tree["entry"] if e["resource"]["resourceType"] == kind)
    return found


def rows(clinic: Clinic) -> dict[str, int]:
    tables = (
        "patient",
        "coverage",
        "encounter",
        "encounter_line",
        "payer",
        "provider",
        "fee",
        "exchange_file",
        "audit",
    )
    with opened():
        return {
            t: run(f"select count(*) from {t} where practice_id = ?", (clinic.practice,)).fetchone()[0] for t in tables
        }


def test_a_made_up_visit_becomes_codes_a_biller_would_choose(clinic: Clinic) -> None:
    """A child of two: preventive visit by age, the vaccine and giving it; the date moves whole years to 2025."""
    outcome = taken(clinic, as_json(bundle()))

    (visit,) = encounters.load(clinic.practice, outcome.billable).values()
    assert [(line.procedure, line.pointers) for line in visit.encounter.lines] == [
        ("99392", (1,)), ("90656", (3,)), ("90471", (3,)),
    ]  # fmt: skip
    assert visit.encounter.diagnoses == ("J0190", "Z00129", "Z23")
    assert visit.encounter.served_on.isoformat() == "2025-12-13"
    assert outcome.moved == (("rec-1", 14),)


@pytest.mark.check(5)
def test_the_same_records_in_json_ndjson_and_xml_are_the_same_visit(clinic: Clinic) -> None:
    tree = bundle()
    loose = b"\n".join(as_json(entry["resource"]) for entry in tree["entry"])

    first = taken(clinic, wire.write_xml(tree))
    before = rows(clinic)
    again = taken(clinic, as_json(tree), loose, wire.write_xml(tree))

    assert (first.patients, first.coverages, first.encounters) == (1, 1, 1)
    assert (again.patients, again.coverages, again.encounters, again.already) == (0, 0, 0, 3)
    assert rows(clinic) == before


def test_a_visit_that_cannot_be_billed_is_told_with_every_reason(clinic: Clinic) -> None:
    """A real record with SNOMED codes alone, in 2011, by a provider without an NPI: the demo map keeps out of it."""
    outcome = taken(clinic, as_json(bundle(made_up=False)))

    (skipped,) = outcome.skipped
    assert outcome.billable == ()
    assert {reason.where for reason in skipped.reasons} == {
        "Practitioner.identifier", "Encounter.type", "Immunization.vaccineCode", "Condition.code", "served_on",
    }  # fmt: skip


def test_a_real_record_with_billing_codes_is_taken_as_it_is(clinic: Clinic) -> None:
    tree = bundle(made_up=False)
    resource(tree, "Practitioner")["identifier"][0]["value"] = arriving.made_up_npi("x")
    visit = resource(tree, "Encounter")
    visit["type"] = [concept("http://www.ama-assn.org/go/cpt", "99213")]
    visit["period"]["start"] = "2026-11-03T02:00:00Z"
    resource(tree, "Condition")["code"] = concept("http://hl7.org/fhir/sid/icd-10-cm", "J06.9")
    tree["entry"] = [e for e in tree["entry"] if e["resource"]["resourceType"] != "Immunization"]

    outcome = taken(clinic, as_json(tree))

    (found,) = encounters.load(clinic.practice, outcome.billable).values()
    assert found.encounter.served_on.isoformat() == "2026-11-02", "two at night in Greenwich is the evening before here"
    assert [line.procedure for line in found.encounter.lines] == ["99213"]
    assert found.encounter.diagnoses == ("J069",)
    assert outcome.moved == ()


def test_two_people_with_one_record_number_are_never_made_one(clinic: Clinic) -> None:
    taken(clinic, as_json(bundle()))
    other = bundle()
    resource(other, "Patient")["birthDate"] = "1950-01-01"
    resource(other, "Encounter")["id"] = "e2"
    other["entry"][2]["fullUrl"] = "urn:uuid:e1"

    outcome = taken(clinic, as_json(other))

    assert outcome.encounters == outcome.patients == 0
    assert "another birth date" in outcome.skipped[0].reasons[0].message
    assert len(patients.by_reference(clinic.practice, ["rec-1"])) == 1


def broken() -> Iterator[tuple[str, bytes, str]]:
    whole = as_json(bundle())
    yield "cut", whole[: len(whole) // 2], "line 1"
    yield "wrong type", b"PK\x03\x04", "line 1"
    yield "X12", b"ISA*00*", "line 1"
    yield "doctype", b'<!DOCTYPE Bundle><Bundle xmlns="http://hl7.org/fhir"/>', "line 1"
    bad = copy.deepcopy(bundle())
    resource(bad, "Encounter")["subject"] = "Agustín"
    yield "faulty resource", as_json(bad), "Encounter 1: Encounter.subject"
    extra = copy.deepcopy(bundle())
    resource(extra, "Patient")["colour"] = "blue"
    yield "unknown element", as_json(extra), "Patient 1: Patient.colour"
    yield (
        "no resource in an entry",
        b'{"resourceType": "Bundle", "type": "batch", "entry": [{}]}',
        "Bundle.entry[0].resource",
    )


@pytest.mark.parametrize(("name", "content", "where"), list(broken()), ids=[name for name, _, _ in broken()])
def test_a_bad_file_gets_one_message_with_its_place_and_leaves_nothing(
    clinic: Clinic, name: str, content: bytes, where: str
) -> None:
    before = rows(clinic)

    outcome = taken(clinic, content)

    (refused,) = outcome.refused
    assert refused.problems[0].where.startswith(where), refused.problems
    assert "Agustín" not in str(refused.problems)
    assert rows(clinic) == before


def test_a_bad_file_among_good_ones_stops_none_of_them(clinic: Clinic) -> None:
    outcome = taken(clinic, b"{", as_json(bundle()))

    assert len(outcome.refused) == 1
    assert outcome.encounters == 1


def test_every_row_of_the_reading_tables_is_used_by_a_full_record() -> None:
    """A row that no record fills would be a mistake in its path."""
    patient = {
        "name": [{"use": "official", "family": "A", "given": ["B", "C"]}], "birthDate": "2000-01-01", "gender": "female",
        "address": [{"line": ["1", "2"], "city": "X", "state": "OR", "postalCode": "97201-1234"}],
        "telecom": [{"system": "phone", "value": "(503) 555-0100"}, {"system": "email", "value": "a@example.org"}],
        "communication": [{"language": {"coding": [{"code": "es"}]}}],
    }  # fmt: skip
    found = table.table("read/patient").of(patient)

    assert set(found) == {place for place, _ in table.table("read/patient").rows}
    assert (found["state"], found["zip"], found["language"], found["sex"]) == ("OR", "972011234", "es", "F")


@pytest.fixture
def corpus_clinic(databases: Databases) -> Iterator[Clinic]:
    """On one engine: the steps are shown on both above."""
    url = databases.migrated("sqlite")
    connection.connect(url)
    with connection.opened():
        yield clinics.found()
    databases.remove(url)


@pytest.mark.thorough
@pytest.mark.corpus
def test_two_hundred_visits_of_the_synthea_bundles_are_billed(corpus_clinic: Clinic, shared_data: Path) -> None:
    """24 patients, 230 visits: what is not billed is told; a second import of the same files changes nothing."""
    clinic = corpus_clinic
    files = sorted((shared_data / "fhir" / "synthea").glob("*.json"))

    first = import_records(clinic.practice, ((f.name, f.read_bytes()) for f in files), by=BILLER, now=NOW)
    before = rows(clinic)
    again = import_records(clinic.practice, ((f.name, f.read_bytes()) for f in files), by=BILLER, now=NOW)
    after = rows(clinic)
    built = build_claims(clinic.practice, first.billable, by=BILLER, now=NOW, today=TODAY)
    sent = submit_claims(clinic.practice, by=BILLER, now=NOW)

    assert first.encounters + len(first.skipped) == 230
    assert first.encounters >= 200
    assert all(skipped.reasons for skipped in first.skipped)
    assert not first.refused
    assert (again.patients, again.encounters, again.already) == (0, 0, first.encounters)
    assert after == before
    # The invented patients are new to their doctor again and again; nothing else stops them.
    stopped = [c for c in built.claims if c.state == "needs_mending"]
    assert {f.rule for c in stopped for f in c.findings if f.severity == "must"} == {"new_patient_seen"}
    assert len(stopped) <= 5
    assert sent.claim_count == first.encounters - len(stopped)
    assert not journal.check()
    assert not audit.verify()
    assert "Fonseca" not in str(first.skipped)
