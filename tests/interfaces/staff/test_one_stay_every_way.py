"""The same stay and the same dental visit by form, API, CSV and FHIR give the same 837I and 837D, byte by byte but for numbers."""

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from claims_service.access import api_keys
from claims_service.domain.actor import COMMAND
from claims_service.formats.fhir import wire
from claims_service.store import encounters
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.import_records import import_records
from claims_service.workflow.import_visits import check_visits, import_visits
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.formats.x12.pyx12_judge import judge
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.interfaces.staff.typed_stays import STAY, TOOTH
from tests.workflow import fhir_stays, stays

DOCTOR = "1990000022"
ABOUT_STAY = {
    "kind": "I", "reference": "STAY", "patient": "P1", "served_on": "2026-11-10", "place": "21", "provider": DOCTOR,
    "diagnoses": "J06.9 R50.9", "type_of_bill": "11", "statement_until": "2026-11-12", "admitted_on": "2026-11-10",
    "admitted_time": "0930", "discharged_time": "1400", "admission_type": "1", "admission_source": "1", "patient_status": "01",
    "admitting_diagnosis": "R50.9", "drg": "194", "operating": DOCTOR, "present": "YN", "surgeries": "0DTJ4ZZ 2026-11-11",
    "occurrences": "11 2026-11-09", "spans": "72 2026-11-10 2026-11-12", "values": "80 2", "conditions": "09",
}  # fmt: skip
STAY_ROWS = [
    {**ABOUT_STAY, "revenue_code": "120", "days": "yes", "units": "2", "charge": "1800"},
    {"reference": "STAY", "revenue_code": "0305", "procedure": "85025", "charge": "30"},
]
TOOTH_ROWS = [
    {
        "kind": "D", "reference": "TOOTH", "patient": "P1", "served_on": "2026-11-10", "provider": DOCTOR, "diagnoses": "K029",
        "procedure": "D2392", "pointers": "A", "charge": "210", "tooth": "14", "surfaces": "MO",
    }
]  # fmt: skip


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def by_csv(desk: BillingDesk, kind: str) -> None:
    rows = STAY_ROWS if kind == "837I" else TOOTH_ROWS
    report = import_visits(desk.clinic.practice, ("a.csv", as_csv(rows)), by=BILLER, now=NOW, today=TODAY)
    assert (report.problems, report.unread, len(report.added)) == ((), (), 1)


def by_form(desk: BillingDesk, kind: str) -> None:
    typed = STAY if kind == "837I" else TOOTH
    assert desk.code_visit(**typed, do="later").status_code == 303


def by_store(desk: BillingDesk, kind: str) -> None:
    make = stays.hospital if kind == "837I" else stays.dentist
    visit = make(desk.clinic, reference="AGAIN")
    record_encounters(desk.clinic.practice, [visit], by=BILLER, now=NOW)


def api_body(clinic: Clinic, kind: str) -> dict[str, Any]:
    """As the API takes it."""
    about: dict[str, Any] = {
        "patient": clinic.alma, "rendering": clinic.doctor, "served_on": "2026-11-10", "reference": kind,
    }  # fmt: skip
    if kind == "837D":
        filling = {"procedure": "D2392", "pointers": [1], "charge": "210.00", "tooth": "14", "surfaces": "MO"}
        return {**about, "kind": "D", "place_of_service": "11", "diagnoses": ["K02.9"], "lines": [filling]}
    room = {"revenue_code": "0120", "basis": "DA", "units": "2", "charge": "1800.00"}
    stay = {
        "type_of_bill": "11", "statement_until": "2026-11-12", "admitted_on": "2026-11-10", "admitted_time": "0930",
        "discharged_time": "1400", "admission_type": "1", "admission_source": "1", "patient_status": "01",
        "admitting_diagnosis": "R50.9", "drg": "194", "operating": clinic.doctor, "present": ["Y", "N"],
        "surgeries": [{"code": "0DTJ4ZZ", "on": "2026-11-11"}], "occurrences": [{"code": "11", "on": "2026-11-09"}],
        "spans": [{"code": "72", "on": "2026-11-10", "until": "2026-11-12"}], "values": [{"code": "80", "value": "2"}],
        "conditions": ["09"],
    }  # fmt: skip
    lines = [room, {"procedure": "85025", "revenue_code": "0305", "charge": "30.00"}]
    return {
        **about,
        "kind": "I",
        "place_of_service": "21",
        "diagnoses": ["J06.9", "R50.9"],
        "lines": lines,
        "stay": stay,
    }


def by_api(desk: BillingDesk, kind: str) -> None:
    client = keyed(desk)
    answer = client.post(
        "/api/v1/encounters", json={"encounters": [api_body(desk.clinic, kind)]}, headers={"Idempotency-Key": "1"}
    )
    assert answer.status_code == 201, answer.text


def by_fhir(desk: BillingDesk, kind: str) -> None:
    content = wire.write_json(fhir_stays.bundle(kind))
    outcome = import_records(desk.clinic.practice, [("a.json", content)], by=BILLER, now=NOW)
    assert (outcome.refused, outcome.skipped, outcome.patients, outcome.encounters) == ((), (), 0, 1)


def keyed(desk: BillingDesk) -> Any:
    client = desk.browser.client.application.test_client()
    key = api_keys.make(desk.clinic.practice, "practice system", "api_write", by=COMMAND, now=NOW)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def sent(desk: BillingDesk, kind: str) -> bytes:
    """The file of everything that waits, its numbers blanked: of the file, the claim and its lines."""
    built = build_claims(desk.clinic.practice, by=BILLER, now=NOW, today=TODAY).claims
    assert [made.state for made in built] == ["ready"], built
    submit_claims(desk.clinic.practice, by=BILLER, now=NOW)
    content = stays.newest(kind)
    if kind == "837I":
        assert judge(content) == (True, [])
    return re.sub(rb"C1\d{7}(L\d+)?|B1\d{7}|0{3,}\d{1,6}\b|(?<=\*)\d(?=~GE|~IEA|\*X\*)", b"#", content)


@pytest.mark.parametrize("kind", ["837I", "837D"])
@pytest.mark.parametrize("way", [by_form, by_api, by_csv, by_fhir])
def test_the_same_visit_gives_the_same_file_however_it_came(billing: BillingDesk, way: Any, kind: str) -> None:
    """$1,830.00 of a stay, $210.00 of a filling: to the byte what the visit gives that is recorded directly."""
    way(billing, kind)
    found = sent(billing, kind)
    run("update encounter set state = 'void'")
    run("update claim set state = 'void'")
    by_store(billing, kind)

    assert found == sent(billing, kind)


def test_the_api_gives_a_stay_back_as_it_took_it(billing: BillingDesk) -> None:
    body = api_body(billing.clinic, "837I")
    by_api(billing, "837I")
    key = run("select max(id) from encounter").fetchone()[0]

    told = keyed(billing).get(f"/api/v1/encounters/{key}").get_json()

    assert told["stay"] == {**body["stay"], "admitting_diagnosis": "R509", "interim": ""}
    assert told["kind"] == "I"
    assert {name: told["lines"][0][name] for name in body["lines"][0]} == body["lines"][0]


@pytest.mark.parametrize("way", ["form", "api", "csv", "fhir"])
def test_a_bill_of_a_part_of_a_stay_may_come_any_way(billing: BillingDesk, way: str) -> None:
    """The first of several bills: 112 where people write it, 0112 in FHIR, a field of its own at the API."""
    practice = billing.clinic.practice
    if way == "form":
        billing.code_visit(**{**STAY, "stay-type_of_bill": "112"}, do="later")
    elif way == "api":
        body = api_body(billing.clinic, "837I")
        asked = {"encounters": [{**body, "stay": {**body["stay"], "interim": "2"}}]}
        keyed(billing).post("/api/v1/encounters", json=asked, headers={"Idempotency-Key": "1"})
    elif way == "csv":
        file = as_csv([{**STAY_ROWS[0], "type_of_bill": "112"}, STAY_ROWS[1]])
        import_visits(practice, ("a.csv", file), by=BILLER, now=NOW, today=TODAY)
    else:
        content = wire.write_json(fhir_stays.bundle("837I")).replace(b'"0111"', b'"0112"')
        import_records(practice, [("a.json", content)], by=BILLER, now=NOW)

    (key,) = encounters.waiting(practice)
    kept = encounters.load(practice, [key])[key].encounter.stay
    assert kept is not None
    assert (kept.type_of_bill, kept.interim) == ("11", "2")
    if way == "form":
        assert 'value="112"' in billing.browser.get(f"/staff/visits/{key}").text


MOUTH = {
    "missing_teeth": "1 16", "teeth_to_extract": "3", "orthodontic_months": "24", "orthodontic_months_left": "10",
    "appliance_on": "2025-09-01",
}  # fmt: skip
IN_THE_FILE = [b"DTP*452*D8*20250901~", b"DN1*24*10~", b"DN2*1*M****JP~", b"DN2*16*M****JP~", b"DN2*3*E****JP~"]


@pytest.mark.parametrize("way", ["form", "api", "csv"])
def test_missing_teeth_and_orthodontics_may_come_any_way(billing: BillingDesk, way: str) -> None:
    """Teeth 1 and 16 are gone, 3 is to go, braces since September of 24 months with 10 to come: the same 837D however it came."""
    if way == "form":
        typed = {f"dentition-{name}": text for name, text in {**MOUTH, "appliance_on": "09/01/2025"}.items()}
        assert billing.code_visit(**{**TOOTH, **typed}, do="later").status_code == 303
    elif way == "api":
        told = {
            **MOUTH, "missing_teeth": ["1", "16"], "teeth_to_extract": ["3"], "orthodontic_months": 24, "orthodontic_months_left": 10,
        }  # fmt: skip
        asked = {"encounters": [{**api_body(billing.clinic, "837D"), "dentition": told}]}
        answer = keyed(billing).post("/api/v1/encounters", json=asked, headers={"Idempotency-Key": "1"})
        assert answer.status_code == 201, answer.text
        key = encounters.waiting(billing.clinic.practice)[0]
        assert keyed(billing).get(f"/api/v1/encounters/{key}").get_json()["dentition"] == told
    else:
        rows = as_csv([{**TOOTH_ROWS[0], **MOUTH}])
        report = import_visits(billing.clinic.practice, ("a.csv", rows), by=BILLER, now=NOW, today=TODAY)
        assert (report.problems, len(report.added)) == ((), 1)
    (key,) = encounters.waiting(billing.clinic.practice)
    form = billing.browser.get(f"/staff/visits/{key}").text

    content = sent(billing, "837D")

    assert [part for part in IN_THE_FILE if part not in content] == []
    assert 'value="1 16"' in form
    assert 'value="09/01/2025"' in form


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("missing_teeth", "33", "There is no tooth 33"),
        ("teeth_to_extract", "1 3", "A tooth is on the lists twice"),
        ("orthodontic_months", "two", "Whole months, at most 120"),
        ("orthodontic_months_left", "30", "at most the months of the whole treatment"),
        ("appliance_on", "12/24/2026", "placed after the visit"),
    ],
)
def test_what_is_wrong_with_the_mouth_is_told_at_its_field(
    billing: BillingDesk, field: str, typed: str, said: str
) -> None:
    filled = {"missing_teeth": "1", "orthodontic_months": "24", field: typed}
    answer = billing.code_visit(**TOOTH, **{f"dentition-{name}": text for name, text in filled.items()})

    page = answer.get_data(as_text=True)
    assert (answer.status_code, said in page) == (422, True)
    assert f'id="dentition-{field}-error"' in page
    assert encounters.waiting(billing.clinic.practice) == []


def wrong_stays() -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """(field, change of the API's body, change of the file's row): the same mistake at both doors."""
    return [
        ("admitted_on", {"admitted_on": None}, {"admitted_on": ""}),
        ("type_of_bill", {"type_of_bill": "99"[:1]}, {"type_of_bill": "9"}),
        ("surgeries", {"surgeries": [{"code": "APPENDIX"[:7]}]}, {"surgeries": "APPENDI"}),
        ("present", {"present": ["Y"] * 3}, {"present": "YYY"}),
        ("spans", {"spans": [{"code": "72", "on": "2026-11-12", "until": "2026-11-10"}]}, {"spans": "72 2026-11-12 2026-11-10"}),
    ]  # fmt: skip


@pytest.mark.parametrize(("field", "bad", "row"), wrong_stays())
def test_a_mistake_is_told_in_the_same_words_by_form_api_and_csv(
    billing: BillingDesk, field: str, bad: dict[str, Any], row: dict[str, str]
) -> None:
    body = api_body(billing.clinic, "837I")
    asked = {"encounters": [{**body, "stay": {**body["stay"], **bad}}]}
    refused = keyed(billing).post("/api/v1/encounters", json=asked, headers={"Idempotency-Key": "1"})
    file = as_csv([{**STAY_ROWS[0], **row}, STAY_ROWS[1]])
    report = check_visits(billing.clinic.practice, file, today=TODAY)
    typed = {f"stay-{name}": re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\2/\3/\1", text) for name, text in row.items()}
    page = billing.code_visit(**{**STAY, **typed}).get_data(as_text=True)

    (problem,) = json.loads(refused.data)["problems"]
    assert (refused.status_code, problem["where"]) == (422, f"encounters[0].stay.{field}")
    assert [(one.line, one.column, one.message) for one in report.problems] == [(2, field, problem["message"])]
    assert problem["message"] in page
    assert encounters.waiting(billing.clinic.practice) == []


def test_a_stay_in_fhir_that_can_not_be_billed_is_told_with_every_reason(billing: BillingDesk) -> None:
    """No hour is no day: an occurrence without its day, a value without its number, an amount of half a cent."""
    tree = fhir_stays.bundle("837I")
    claim = tree["entry"][-1]["resource"]
    for fact in claim["supportingInfo"]:
        fact.pop("timingDate", None)
        fact.pop("valueQuantity", None)
    claim["item"][1]["net"]["value"] = Decimal("30.005")

    outcome = import_records(billing.clinic.practice, [("a.json", wire.write_json(tree))], by=BILLER, now=NOW)

    (skipped,) = outcome.skipped
    assert [reason.where for reason in skipped.reasons] == ["Claim.item[1].net", "stay.occurrences", "stay.values"]
    assert outcome.encounters == 0


def test_the_description_of_the_api_names_stays_teeth_and_drugs(app: Flask, billing: BillingDesk) -> None:
    shapes = keyed(billing).get("/api/openapi.json").get_json()["components"]["schemas"]

    assert {"type_of_bill", "admitted_on", "occurrences", "values", "conditions"} <= set(
        shapes["StayBody"]["properties"]
    )
    line = set(shapes["LineIn"]["properties"])
    assert {"revenue_code", "tooth", "surfaces", "area", "ndc_quantity", "ndc_unit", "basis"} <= line
