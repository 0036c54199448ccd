"""FHIR resources are issued once, kept as bytes, and stand up to every judge there is."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from peewee import DatabaseError

from claims_service.formats.fhir import validate, wire
from claims_service.formats.fhir import write as fhir_write
from claims_service.store import audit, fhir, fhir_sources, tables
from claims_service.store.connection import opened, run
from claims_service.workflow.freeze_resources import freeze_resources
from tests.clinic import BILLER, NOW, Clinic
from tests.formats.fhir import judges
from tests.workflow.billed_clinic import billed

TEN = (
    "Patient", "Coverage", "Encounter", "Claim", "ClaimResponse", "ExplanationOfBenefit", "Invoice", "PaymentReconciliation",
    "ChargeItem", "Account",
)  # fmt: skip


def one(resources: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(r for r in resources if r["resourceType"] == kind)


def test_everything_billed_becomes_a_resource_once(clinic: Clinic) -> None:
    """Three visits, one remittance: a second run writes nothing."""
    billed(clinic)

    first = freeze_resources(clinic.practice, by=BILLER, now=NOW)
    second = freeze_resources(clinic.practice, by=BILLER, now=NOW)

    counts = Counter(r["resourceType"] for r in judges.kept(clinic.practice))
    assert counts == first.counts
    assert {kind: counts[kind] for kind in TEN} == {
        "Patient": 2, "Coverage": 3, "Encounter": 3, "Claim": 3, "ClaimResponse": 3, "ExplanationOfBenefit": 3, "Invoice": 3,
        "PaymentReconciliation": 1, "ChargeItem": 6, "Account": 2,
    }  # fmt: skip
    assert second.written == 0
    assert not audit.verify()


def test_what_is_kept_is_what_the_tables_say(clinic: Clinic) -> None:
    """Resources are written at once as text; the tree of the same table is the judge."""
    billed(clinic)
    freeze_resources(clinic.practice, by=BILLER, now=NOW)

    with opened():
        kept = {bytes(row[0]) for row in run("select body from fhir_resource").fetchall()}
        said = {
            wire.write_json(fhir_write.tree(each, record))
            for kind in fhir_sources.KINDS
            for record in fhir_sources.records(clinic.practice, kind, range(1, 9))
            for each in ((kind, "ExplanationOfBenefit") if kind == "ClaimResponse" else (kind,))
        }
    assert kept
    assert kept <= said


def test_a_patient_who_moves_gets_a_second_version_and_keeps_the_first(clinic: Clinic) -> None:
    freeze_resources(clinic.practice, by=BILLER, now=NOW)
    before = fhir.read(clinic.practice, "Patient", f"patient-{clinic.alma}")
    with opened():
        tables.Patient.update(city="Salem").where(tables.Patient.id == clinic.alma).execute()

    again = freeze_resources(clinic.practice, by=BILLER, now=NOW)

    after = fhir.read(clinic.practice, "Patient", f"patient-{clinic.alma}")
    assert again.counts == {"Patient": 1}
    assert (before.version, after.version) == (1, 2)
    assert json.loads(after.body)["address"][0]["city"] == "Salem"
    assert fhir.read(clinic.practice, "Patient", f"patient-{clinic.alma}", 1).body == before.body


def test_the_money_of_a_decision_adds_up_to_the_cent(clinic: Clinic) -> None:
    """$150.00 charged, $37.50 discount, $20.00 copay: $92.50 paid, in the response, the explanation and the payment."""
    billed(clinic, 1)
    freeze_resources(clinic.practice, by=BILLER, now=NOW)
    resources = judges.kept(clinic.practice)

    for kind in ("ClaimResponse", "ExplanationOfBenefit"):
        decision = one(resources, kind)
        amounts = [a["amount"]["value"] for item in decision["item"] for a in item["adjudication"] if "reason" in a]
        assert decision["total"][0]["amount"] == {"value": Decimal("150.00"), "currency": "USD"}
        assert decision["payment"]["amount"]["value"] == Decimal("92.50")
        assert Decimal("150.00") - sum(amounts) == Decimal("92.50")
    payment = one(resources, "PaymentReconciliation")
    assert payment["paymentAmount"]["value"] == sum(d["amount"]["value"] for d in payment["detail"]) == Decimal("97.50")
    invoice = one(resources, "Invoice")
    parts = [c["amount"]["value"] for line in invoice["lineItem"] for c in line["priceComponent"]]
    assert sum(parts) == invoice["totalNet"]["value"] == Decimal("20.00")


def test_every_reference_leads_to_a_resource_that_is_kept(clinic: Clinic) -> None:
    billed(clinic)
    freeze_resources(clinic.practice, by=BILLER, now=NOW)
    resources = judges.kept(clinic.practice)

    assert judges.dangling(resources) == set()
    assert sum(1 for _ in judges.references(resources)) > 100


def test_no_amount_is_ever_spelled_as_a_float(clinic: Clinic) -> None:
    """Every money value leaves with exactly two decimals."""
    billed(clinic)
    freeze_resources(clinic.practice, by=BILLER, now=NOW)

    for resource in judges.kept(clinic.practice):
        for value in money(resource):
            assert value.as_tuple().exponent == -2


def money(value: Any) -> Iterator[Decimal]:
    if isinstance(value, dict):
        if value.get("currency") == "USD":
            yield value["value"]
        for found in value.values():
            yield from money(found)
    elif isinstance(value, list):
        for found in value:
            yield from money(found)


def test_two_models_accept_every_resource(clinic: Clinic) -> None:
    billed(clinic)
    freeze_resources(clinic.practice, by=BILLER, now=NOW)

    judges.models_accept(judges.kept(clinic.practice))


def test_our_own_check_finds_nothing_on_any_resource(clinic: Clinic) -> None:
    billed(clinic)
    freeze_resources(clinic.practice, by=BILLER, now=NOW)
    kept = judges.kept(clinic.practice)

    assert "Claim" in {resource["resourceType"] for resource in kept}
    assert [problem for resource in kept for problem in validate.problems_in(resource)] == []


@pytest.mark.corpus
def test_the_official_schema_accepts_every_resource(clinic: Clinic, shared_data: Path) -> None:
    billed(clinic)
    freeze_resources(clinic.practice, by=BILLER, now=NOW)

    assert judges.schema_faults(judges.kept(clinic.practice), shared_data) == []


def test_bytes_that_were_issued_cannot_be_touched(clinic: Clinic) -> None:
    freeze_resources(clinic.practice, by=BILLER, now=NOW)
    assert all(kept == found for kept, found in fhir.digests(clinic.practice))

    with opened(), pytest.raises(DatabaseError, match="never changed"):
        run("update fhir_resource set body = ? where resource_id = ?", (b"{}", f"patient-{clinic.alma}"))
