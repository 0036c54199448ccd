"""What a patient had here before stops what insurers won't pay again: follow-up days of surgeries, and patients who are not new."""

import io
from datetime import date

from claims_service.domain.claim.edits.finding import Finding
from claims_service.domain.encounter import ServiceLine
from claims_service.store import tables
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.import_codes import Wanted, import_codes
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.contract_files import RVU_HEADING

BIOPSY = "11102,,Made-up biopsy,A,,0.66,2.30,,0.37,,0.05,3.01,1.08,0,010,0,0,0,0,0,0,0,0,9,,33.4009\n"
VISIT = "99213,,Made-up visit,A,,1.30,1.46,,0.57,,0.10,2.86,1.97,0,XXX,0,0,0,0,0,0,0,0,9,,33.4009\n"


def load_global_days() -> None:
    content = io.BytesIO((RVU_HEADING + VISIT + BIOPSY).encode())
    (file,) = import_codes(Wanted("rvu"), [("PPRRVU2026_Jan_nonQPP.csv", content)], by=BILLER, now=NOW)
    assert file.changes is not None, file.problems


def built(
    clinic: Clinic, day: date, code: str, *modifiers: str, patient: int | None = None, doctor: int = 0
) -> set[str]:
    """What the checks find on a visit of that day with one service."""
    visit = clinic.visit(
        patient, reference=f"V{day}{code}{modifiers}{doctor}{patient}", served_on=day, lines=(ServiceLine(code, (1,), modifiers),),
        rendering_id=doctor or clinic.doctor,
    )  # fmt: skip
    recorded = record_encounters(clinic.practice, [visit], by=BILLER, now=NOW).recorded
    (claim,) = build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY).claims
    findings: tuple[Finding, ...] = claim.findings
    return {finding.rule for finding in findings}


def surgeon(clinic: Clinic) -> int:
    row = tables.Provider.create(
        practice=clinic.practice, npi="1990000048", last="Keel", first="Ann", taxonomy="208600000X"
    )
    return int(row.id)


def test_a_visit_in_the_ten_days_after_a_biopsy_is_stopped_and_one_with_another_reason_is_not(clinic: Clinic) -> None:
    """$140.00 on November 1 pay for what follows until the 11th, unless 24 says that the visit was about something else."""
    load_global_days()
    assert "global_visit" not in built(clinic, date(2026, 11, 1), "11102")

    assert "global_visit" in built(clinic, date(2026, 11, 11), "99213")
    assert "global_visit" not in built(clinic, date(2026, 11, 11), "99214", "24")
    assert "global_visit" not in built(clinic, date(2026, 11, 12), "99213")
    assert "global_visit" not in built(clinic, date(2026, 11, 10), "99213", patient=clinic.bruno)
    assert "global_visit" not in built(clinic, date(2026, 11, 9), "99213", doctor=surgeon(clinic))


def test_a_second_biopsy_in_the_follow_up_days_says_why(clinic: Clinic) -> None:
    load_global_days()
    built(clinic, date(2026, 11, 1), "11102")

    assert "global_surgery" in built(clinic, date(2026, 11, 6), "11102")
    assert "global_surgery" not in built(clinic, date(2026, 11, 7), "11102", "79")


def test_without_medicare_s_file_no_follow_up_days_are_known(clinic: Clinic) -> None:
    built(clinic, date(2026, 11, 1), "11102")

    assert "global_visit" not in built(clinic, date(2026, 11, 8), "99213")


def test_a_patient_seen_by_a_colleague_of_the_same_specialty_is_not_new(clinic: Clinic) -> None:
    """Alma's first visit was of a new patient; ten days later she is none, except to the surgeon whom she meets first."""
    assert "new_patient_seen" not in built(clinic, date(2026, 11, 2), "99203")

    assert "new_patient_seen" in built(clinic, date(2026, 11, 12), "99203")
    assert "new_patient_seen" not in built(clinic, date(2026, 11, 12), "99204", doctor=surgeon(clinic))
    assert "new_patient_seen" not in built(clinic, date(2026, 11, 12), "99203", patient=clinic.bruno)


def test_a_blood_count_makes_nobody_known(clinic: Clinic) -> None:
    built(clinic, date(2026, 11, 2), "85025")

    assert "new_patient_seen" not in built(clinic, date(2026, 11, 12), "99203")
