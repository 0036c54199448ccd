"""Only what came or changed is issued: the database notes it, whoever writes the row."""

from collections import Counter

import pytest

from claims_service.store import fhir, fhir_sources, patients, tables
from claims_service.store.connection import opened, write
from claims_service.workflow import freeze_resources as freezing
from claims_service.workflow.freeze_resources import freeze_resources
from tests.clinic import BILLER, NOW, Clinic
from tests.workflow.billed_clinic import billed


def freeze(clinic: Clinic) -> dict[str, int]:
    return freeze_resources(clinic.practice, by=BILLER, now=NOW).counts


def noted(clinic: Clinic) -> Counter[str]:
    """How many rows wait, by kind."""
    return Counter(
        {
            kind: len(found)
            for kind in fhir_sources.KINDS
            if (found := fhir_sources.due(clinic.practice, kind, 1000).notes)
        }
    )


def test_nobody_is_read_again_whose_record_did_not_change(clinic: Clinic) -> None:
    billed(clinic)
    freeze(clinic)

    assert not noted(clinic)
    assert freeze(clinic) == {}


def test_one_patient_who_moves_is_the_only_one_who_is_read(clinic: Clinic) -> None:
    billed(clinic)
    freeze(clinic)

    with opened():
        tables.Patient.update(city="Salem").where(tables.Patient.id == clinic.alma).execute()

    assert noted(clinic) == {"Patient": 1}
    assert freeze(clinic) == {"Patient": 1}


def test_an_insurer_with_a_new_name_has_it_on_its_members_plans(clinic: Clinic) -> None:
    """Alma and Bruno have a plan of Quillhaven; Bruno's second plan, of Northfold, stays as it is."""
    freeze(clinic)

    with opened():
        tables.Payer.update(name="Quillhaven of Oregon").where(tables.Payer.id == clinic.quillhaven).execute()

    assert freeze(clinic) == {"Organization": 1, "Coverage": 2}


def test_a_second_plan_changes_the_account_it_pays_for(clinic: Clinic) -> None:
    freeze(clinic)

    patients.add_coverages(clinic.practice, [patients.NewCoverage(clinic.alma, clinic.northfold, "NFM0000009", rank=2)])

    assert freeze(clinic) == {"Coverage": 1, "Account": 1}


def test_a_visit_and_a_claim_that_are_void_say_so(clinic: Clinic) -> None:
    billed(clinic)
    freeze(clinic)

    with opened():
        tables.EncounterRow.update(state="void").where(tables.EncounterRow.id == 1).execute()
        tables.ClaimRow.update(state="void").where(tables.ClaimRow.encounter == 1).execute()

    assert freeze(clinic) == {"Encounter": 1, "ChargeItem": 2, "Claim": 1}
    assert fhir.read(clinic.practice, "Encounter", "encounter-1").version == 2


def move_and_fail(clinic: Clinic) -> None:
    with write():
        tables.Patient.update(city="Salem").where(tables.Patient.id == clinic.alma).execute()
        raise RuntimeError("the form was refused")


def test_what_is_written_and_taken_back_leaves_no_note(clinic: Clinic) -> None:
    freeze(clinic)

    with pytest.raises(RuntimeError, match="refused"):
        move_and_fail(clinic)

    assert not noted(clinic)


def test_what_does_not_fit_one_transaction_follows_in_the_next(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    billed(clinic)
    monkeypatch.setattr(freezing, "_ROUND", 3)
    monkeypatch.setattr(freezing, "_BATCH", 2)

    counts = freeze(clinic)

    assert counts["ChargeItem"] == 6
    assert counts["Claim"] == 3
    assert freeze(clinic) == {}
