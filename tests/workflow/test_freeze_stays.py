"""What is given out of stays and of visits to the dentist says what was billed, and may be read in again."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claims_service.domain.claim.institutional import CodedValue
from claims_service.domain.encounter import Encounter, ServiceLine
from claims_service.domain.line_detail import LineDetail
from claims_service.formats.fhir.arriving_bills import ArrivingBill, bill_of
from claims_service.formats.fhir.bundle import Group
from claims_service.workflow.freeze_resources import freeze_resources
from tests.clinic import BILLER, NOW, Clinic
from tests.formats.fhir import judges
from tests.workflow.stays import BLOOD_COUNT, ROOM, dentist, hospital, sent, stay


def frozen(clinic: Clinic) -> list[dict[str, Any]]:
    freeze_resources(clinic.practice, by=BILLER, now=NOW)
    return judges.kept(clinic.practice)


def claim_of(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return next(one for one in resources if one["resourceType"] == "Claim")


def code(concept: dict[str, Any]) -> str:
    return str(concept["coding"][0]["code"])


def test_a_stay_is_given_out_as_a_facility_billed_it(clinic: Clinic) -> None:
    """Two nights by the emergency room: type of bill 0111, the days of the stay, how it began and ended, $1,800.00 for the room."""
    sent(clinic, hospital(clinic))

    resources = frozen(clinic)

    claim = claim_of(resources)
    assert code(claim["type"]) == "institutional"
    assert claim["billablePeriod"] == {"start": "2026-11-10", "end": "2026-11-12"}
    told = {code(one["category"]): code(one["code"]) for one in claim["supportingInfo"] if "code" in one}
    assert (told["typeofbill"], told["admtype"], told["pointoforigin"], told["discharge-status"]) == (
        "0111",
        "1",
        "1",
        "01",
    )
    room, count = claim["item"]
    assert (code(room["revenue"]), code(room["productOrService"]), room["quantity"]["code"]) == (
        "0120",
        "not-applicable",
        "d",
    )
    assert (code(count["revenue"]), code(count["productOrService"])) == ("0305", "85025")
    judges.models_accept(resources)
    assert judges.dangling(resources) == set()


def test_a_filling_is_given_out_with_its_tooth_and_surfaces(clinic: Clinic) -> None:
    sent(clinic, dentist(clinic))

    resources = frozen(clinic)

    claim = claim_of(resources)
    (filling,) = claim["item"]
    assert code(claim["type"]) == "oral"
    assert filling["productOrService"]["coding"] == [{"system": "http://www.ada.org/cdt", "code": "D2392"}]
    assert (code(filling["bodySite"]), [code(one) for one in filling["subSite"]]) == ("14", ["M", "O"])
    judges.models_accept(resources)


def first_bill(clinic: Clinic) -> Encounter:
    """Of a stay that goes on: type of bill 112."""
    here = stay(
        operating_id=clinic.doctor,
        interim="2",
        patient_status="30",
        discharged_time="",
        values=(CodedValue("80", Decimal(3)),),
    )
    room = replace(ROOM, units=Decimal(3), charge_cents=2700_00)
    return hospital(clinic, stay=here, lines=(room, BLOOD_COUNT))


@pytest.mark.parametrize("kind", [hospital, first_bill, dentist])
def test_what_is_given_out_reads_in_as_the_visit_that_was_billed(kind: Any, clinic: Clinic) -> None:
    """Another clinic's copy of this service sees the same stay but for its hours, which a day does not say."""
    visit = kind(clinic)
    sent(clinic, visit)

    read = read_in(frozen(clinic))

    assert (read.kind, read.served_on, read.diagnoses) == (visit.kind, visit.served_on, visit.diagnoses)
    assert [line.detail for line in read.lines] == [line.detail for line in visit.lines]
    assert [line.units for line in read.lines] == [line.units for line in visit.lines]
    if visit.stay:
        assert read.stay is not None
        for field in ("type_of_bill", "interim", "statement_until", "admission_type", "admission_source", "patient_status", "admitted_on",
                      "admitting_diagnosis", "drg", "present", "surgeries", "occurrences", "spans", "values", "conditions"):  # fmt: skip
            assert getattr(read.stay, field) == getattr(visit.stay, field), field
        assert read.operating is not None


def read_in(resources: list[dict[str, Any]]) -> ArrivingBill:
    """The bill of the one visit; its lines say which visit they are of, as a sender of several would."""
    (visit,) = [one for one in resources if one["resourceType"] == "Encounter"]
    for item in claim_of(resources)["item"]:
        item["encounter"] = [{"reference": f"Encounter/{visit['id']}"}]
    read = bill_of(Group(("", one) for one in resources), visit)
    assert read is not None
    return read


@pytest.mark.corpus
def test_the_official_schema_accepts_stays_and_fillings(clinic: Clinic, shared_data: Path) -> None:
    sent(clinic, hospital(clinic))
    sent(clinic, dentist(clinic))

    assert judges.schema_faults(frozen(clinic), shared_data) == []


@pytest.mark.parametrize(
    ("number", "procedure", "surfaces"), [("10", "D2331", "MI"), ("20", "D2740", ""), ("30", "D2740", "")]
)
def test_teeth_10_20_and_30_are_no_quadrants(number: str, procedure: str, surfaces: str, clinic: Clinic) -> None:
    """Both are numbered so; the code system says which is meant."""
    detail = LineDetail(tooth=number, surfaces=surfaces, prosthesis="" if surfaces else "I")
    sent(clinic, dentist(clinic, lines=(ServiceLine(procedure, (1,), charge_cents=210_00, detail=detail),)))

    (read,) = read_in(frozen(clinic)).lines
    assert (read.detail.tooth, read.detail.surfaces, read.detail.area) == (number, surfaces, "")
