"""FHIR R4 over HTTP as a real client uses it: every answer is a resource, errors included."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from fhir.resources.R4B import get_fhir_model_class
from flask.testing import FlaskClient
from lxml import etree

from claims_service.domain.actor import COMMAND
from claims_service.interfaces.api.fhir_search import KINDS
from claims_service.queries import fhir_resources
from claims_service.store import audit, tables
from claims_service.store.connection import opened, run
from claims_service.workflow.freeze_resources import freeze_resources
from tests.access.world import START, Clinic

FHIR = "{http://hl7.org/fhir}"


def ids(bundle: dict[str, Any]) -> list[str]:
    return [e["resource"]["id"] for e in bundle.get("entry", []) if e["search"]["mode"] == "match"]


def link(bundle: dict[str, Any], relation: str) -> str:
    return next((one["url"] for one in bundle["link"] if one["relation"] == relation), "")


def test_the_capability_statement_says_what_there_is(client: FlaskClient, frozen: Clinic) -> None:
    """Each kind and each parameter it names answers."""
    stated = client.get("/fhir/metadata").get_json()

    get_fhir_model_class("CapabilityStatement").model_validate(stated)
    assert stated["fhirVersion"] == "4.0.1"
    for resource in stated["rest"][0]["resource"]:
        for parameter in resource["searchParam"]:
            value = "2026" if parameter["name"] == "_lastUpdated" else "1"
            answer = client.get(f"/fhir/{resource['type']}?{parameter['name']}={value}")
            assert answer.status_code == 200, answer.text
            assert answer.get_json()["resourceType"] == "Bundle"
            assert "outcome" not in [e["search"]["mode"] for e in answer.get_json().get("entry", [])]
    assert {r["type"] for r in stated["rest"][0]["resource"]} == set(KINDS)


def test_a_resource_is_read_as_json_and_as_xml_with_its_version(client: FlaskClient, frozen: Clinic) -> None:
    path = f"/fhir/Patient/patient-{frozen.patients[0]}"

    as_json = client.get(path)
    as_xml = client.get(path, headers={"Accept": "application/fhir+xml"})

    assert as_json.content_type == "application/fhir+json; charset=utf-8"
    assert as_json.headers["ETag"] == f'W/"{as_json.get_json()["meta"]["versionId"]}"'
    root = etree.fromstring(as_xml.data)
    assert root.tag == f"{FHIR}Patient"
    assert root.find(f"{FHIR}name/{FHIR}family").get("value") == "Larkspur1last"  # type: ignore[union-attr]
    assert client.get(f"{path}?_format=xml").content_type == as_xml.content_type


def test_a_client_that_has_the_version_gets_none_again(client: FlaskClient, frozen: Clinic) -> None:
    path = f"/fhir/Patient/patient-{frozen.patients[0]}"

    again = client.get(path, headers={"If-None-Match": client.get(path).headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_both_versions_of_a_patient_who_moved_can_be_read(client: FlaskClient, frozen: Clinic) -> None:
    patient = frozen.patients[0]
    path = f"/fhir/Patient/patient-{patient}"
    before = client.get(path)
    version = int(before.get_json()["meta"]["versionId"])
    with opened():
        tables.Patient.update(city="Salem").where(tables.Patient.id == patient).execute()
        freeze_resources(frozen.practice, by=COMMAND, now=START)

    assert client.get(path).get_json()["address"][0]["city"] == "Salem"
    assert client.get(f"{path}/_history/{version}").data == before.data
    history = client.get(f"{path}/_history").get_json()
    get_fhir_model_class("Bundle").model_validate(history)
    assert [e["resource"]["meta"]["versionId"] for e in history["entry"]][:2] == [str(version + 1), str(version)]


def test_pages_show_every_resource_once_while_others_are_written(client: FlaskClient, frozen: Clinic) -> None:
    """25 patients in pages of 4; one more is issued in between and comes last."""
    add_patients(frozen, 23)
    seen: list[str] = []
    url = "/fhir/Patient?_count=4"
    while url:
        bundle = client.get(url).get_json()
        get_fhir_model_class("Bundle").model_validate(bundle)
        seen += ids(bundle)
        if len(seen) == 8:
            add_patients(frozen, 1, start=100)
        url = link(bundle, "next")

    assert len(seen) == len(set(seen)) == 26


def add_patients(clinic: Clinic, count: int, *, start: int = 0) -> None:
    with opened():
        for n in range(start, start + count):
            tables.Patient.create(
                practice=clinic.practice,
                reference=f"more{n}",
                last="More",
                first=f"P{n}",
                birth_on="1990-01-01",
                created_at=START,
            )
        freeze_resources(clinic.practice, by=COMMAND, now=START)


def test_searches_narrow_down(client: FlaskClient, frozen: Clinic) -> None:
    patient, other = frozen.patients

    assert ids(client.get(f"/fhir/Encounter?patient=Patient/patient-{patient}").get_json()) != []
    assert len(ids(client.get(f"/fhir/Coverage?patient=patient-{patient},patient-{other}").get_json())) == 2
    assert ids(client.get("/fhir/Patient?identifier=Larkspur1ref").get_json()) == [f"patient-{patient}"]
    assert ids(client.get("/fhir/Patient?identifier=urn:other|Larkspur1ref").get_json()) == []
    assert ids(client.get("/fhir/Coverage?status=cancelled").get_json()) == []
    assert len(ids(client.get("/fhir/Patient?_lastUpdated=ge2026-11-20&_lastUpdated=lt2026-11-21").get_json())) == 2
    assert ids(client.get("/fhir/Patient?_lastUpdated=gt2026-11-20").get_json()) == []
    assert ids(client.get("/fhir/Patient?_sort=-_lastUpdated").get_json()) == [f"patient-{other}", f"patient-{patient}"]


def test_a_search_by_form_keeps_numbers_out_of_addresses(client: FlaskClient, frozen: Clinic) -> None:
    answer = client.post("/fhir/Patient/_search", data={"identifier": "Larkspur2ref"})

    assert ids(answer.get_json()) == [f"patient-{frozen.patients[1]}"]


def test_a_parameter_that_is_not_known_is_told_not_dropped(client: FlaskClient, frozen: Clinic) -> None:
    bundle = client.get("/fhir/Patient?favourite=blue").get_json()

    assert "favourite" in bundle["entry"][-1]["resource"]["issue"][0]["diagnostics"]
    assert "favourite" not in link(bundle, "self")
    assert client.get("/fhir/Patient?favourite=blue", headers={"Prefer": "handling=strict"}).status_code == 400


ERRORS: list[tuple[str, str, int, dict[str, str]]] = [
    ("GET", "/fhir/Patient/nobody", 404, {}),
    ("GET", "/fhir/Patient/patient-1/_history/99", 404, {}),
    ("GET", "/fhir/Patient/patient-1/_history/x", 404, {}),
    ("GET", "/fhir/Spaceship", 404, {}),
    ("GET", "/fhir/Patient/a/b/c/d", 404, {}),
    ("POST", "/fhir/Patient", 405, {}),
    ("DELETE", "/fhir/Patient/patient-1", 405, {}),
    ("GET", "/fhir/Patient", 406, {"Accept": "image/png"}),
    ("GET", "/fhir/Patient?_format=turtle", 406, {}),
    ("POST", "/fhir/Patient/_search", 415, {"Content-Type": "application/json"}),
    ("GET", "/fhir/Patient?_count=many", 400, {}),
    ("GET", "/fhir/Patient?_sort=name", 400, {}),
    ("GET", "/fhir/Patient?_lastUpdated=yesterday", 400, {}),
    ("GET", "/fhir/Patient?_page=WzEsMl0.forged", 400, {}),
    ("GET", "/fhir/Patient", 401, {"Authorization": "Bearer claims_forged"}),
]


def test_every_error_is_an_operation_outcome(client: FlaskClient, frozen: Clinic) -> None:
    for method, path, status, headers in ERRORS:
        answer = client.open(path, method=method, headers=headers)

        assert answer.status_code == status, (method, path, answer.text)
        assert answer.content_type.startswith("application/fhir+json")
        get_fhir_model_class("OperationOutcome").model_validate(answer.get_json())
        if status == 405:
            assert answer.headers["Allow"]


def test_our_own_failure_is_an_operation_outcome_too(client: FlaskClient, frozen: Clinic) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    with patch.object(fhir_resources, "page", side_effect=RuntimeError("patient Alma")):
        answer = client.get("/fhir/Patient", headers={"Accept": "application/fhir+xml"})

    assert answer.status_code == 500
    assert etree.fromstring(answer.data).tag == f"{FHIR}OperationOutcome"
    assert b"Alma" not in answer.data


@pytest.mark.check(62)
def test_another_clinics_resources_do_not_exist(stranger: FlaskClient, frozen: Clinic, theirs: Clinic) -> None:
    for kind in KINDS:
        with opened():
            own = run(
                "select resource_id from fhir_resource where practice_id = ? and kind = ?", (frozen.practice, kind)
            ).fetchall()
        for (resource_id,) in own:
            assert stranger.get(f"/fhir/{kind}/{resource_id}").status_code == 404
            assert stranger.get(f"/fhir/{kind}/{resource_id}/_history").status_code == 404
            assert ids(stranger.get(f"/fhir/{kind}?_id={resource_id}").get_json()) == []
        assert "Larkspur" not in stranger.get(f"/fhir/{kind}?_count=200").text


@pytest.mark.check(83)
def test_every_patient_whose_data_was_sent_stands_in_the_audit_trail_once(client: FlaskClient, frozen: Clinic) -> None:
    before = audit.count()

    client.get(f"/fhir/Patient/patient-{frozen.patients[0]}")
    client.get("/fhir/Coverage")

    with opened():
        rows = run("select action, patient from audit order by id desc limit 3").fetchall()
    assert audit.count() - before == 3
    assert sorted(rows) == [
        ("fhir.read", frozen.patients[0]), ("fhir.search", frozen.patients[0]), ("fhir.search", frozen.patients[1]),
    ]  # fmt: skip


def test_a_bundle_in_xml_holds_the_same_resources(client: FlaskClient, frozen: Clinic) -> None:
    root = etree.fromstring(client.get("/fhir/Patient?_format=application/fhir%2Bxml").data)

    assert len(root.findall(f"{FHIR}entry/{FHIR}resource/{FHIR}Patient")) == 2
    assert json.loads(client.get("/fhir/Patient").data)["type"] == "searchset"
