"""What was loaded of ICD-10-CM and NCCI stops the claims it speaks of, by their day of service, before they are sent."""

import io

from claims_service.store.setting_up import add_codes
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.import_codes import Wanted, import_codes
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.code_files import order_file
from tests.workflow.test_part_2_code_sets import pairs


def load(kind: str, name: str, content: bytes, **more: str) -> None:
    (file,) = import_codes(Wanted(kind, **more), [(name, io.BytesIO(content))], by=BILLER, now=NOW)  # type: ignore[arg-type]
    assert file.changes is not None


def stopped_by(clinic: Clinic, *codes: str, **changes: object) -> list[str]:
    """What must be mended on a visit with these services."""
    visit = clinic.visit(None, *codes, **changes)  # type: ignore[arg-type]
    recorded = record_encounters(clinic.practice, [visit], by=BILLER, now=NOW).recorded
    (built,) = build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY).claims
    return [finding.rule for finding in built.findings if finding.severity == "must"]


def test_a_diagnosis_that_is_not_on_the_loaded_list_stops_the_claim(clinic: Clinic) -> None:
    """J06.9 is on the list of October 2026, R50.9 is not."""
    assert stopped_by(clinic, reference="V1") == []

    load("icd10cm", "icd10cm-order-2027.txt", order_file(["J069"]))

    assert stopped_by(clinic, "99214", reference="V2") == ["diagnosis_invalid"]


def test_a_diagnosis_of_the_published_list_needs_not_stand_on_the_clinic_s_own(clinic: Clinic) -> None:
    """The clinic's list has J06.9 alone. E11.22 stops a claim until ICD-10-CM is loaded, Z99.Z9 still does."""
    add_codes(clinic.practice, "icd10", [("J069", "Cold")])
    assert stopped_by(clinic, reference="V1", diagnoses=("E1122",)) == ["diagnosis_unknown"]

    load("icd10cm", "icd10cm-order-2027.txt", order_file(["J069", "E1122"]))

    assert stopped_by(clinic, "99214", reference="V2", diagnoses=("E1122",)) == []
    assert "diagnosis_unknown" in stopped_by(clinic, "36415", reference="V3", diagnoses=("Z99Z9",))


def test_a_pair_that_is_not_paid_together_stops_the_claim_until_a_modifier_sets_it_apart(clinic: Clinic) -> None:
    """NCCI pays no blood count beside this visit unless it was done apart."""
    load("ncci-ptp", "ccipra-v1.txt", pairs("99213 85025 * 20260101 * 1 More extensive procedure"), setting="P")

    assert stopped_by(clinic, "99213", "85025", reference="V1") == ["ncci_pair"]
    assert stopped_by(clinic, "99214", reference="V2") == []
