"""A stay in a hospital and a visit to the dentist as the store keeps them, and the files they go out in."""

from datetime import date
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.institutional import CodedValue, Occurrence, Surgery
from claims_service.domain.encounter import DENTAL, INSTITUTIONAL, Encounter, ServiceLine
from claims_service.domain.line_detail import LineDetail
from claims_service.domain.stay import Stay
from claims_service.store import tables
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests import kept_files
from tests.clinic import BILLER, NOW, TODAY, Clinic

ROOM = ServiceLine("", (), units=Decimal(2), charge_cents=1800_00, detail=LineDetail(revenue_code="0120", basis="DA"))
BLOOD_COUNT = ServiceLine("85025", (), charge_cents=30_00, detail=LineDetail(revenue_code="0305"))
PHARMACY = ServiceLine("", (), charge_cents=30_00, detail=LineDetail(revenue_code="0250"))
FILLING = ServiceLine("D2392", (1,), charge_cents=210_00, detail=LineDetail(tooth="14", surfaces="MO"))


def stay(**changes: object) -> Stay:
    """Two nights in a hospital, by the emergency room."""
    values = {
        "type_of_bill": "11", "statement_until": date(2026, 11, 12), "admission_type": "1", "admission_source": "1",
        "patient_status": "01", "admitted_on": date(2026, 11, 10), "admitted_time": "0930", "discharged_time": "1400",
        "admitting_diagnosis": "R509", "drg": "194", "present": ("Y", "N"),
        "surgeries": (Surgery("0DTJ4ZZ", date(2026, 11, 11)),), "occurrences": (Occurrence("11", date(2026, 11, 9)),),
        "spans": (Occurrence("72", date(2026, 11, 10), date(2026, 11, 12)),), "values": (CodedValue("80", Decimal(2)),),
        "conditions": ("09",),
    }  # fmt: skip
    return Stay(**{**values, **changes})  # type: ignore[arg-type]


def hospital(clinic: Clinic, **changes: object) -> Encounter:
    """Two days of a room at $900.00 and a blood count at $30.00: $1,830.00."""
    values: dict[str, Any] = {
        "lines": (ROOM, BLOOD_COUNT), "place_of_service": "21", "kind": INSTITUTIONAL, "stay": stay(operating_id=clinic.doctor),
        "reference": "STAY",
    }  # fmt: skip
    return clinic.visit(**{**values, **changes})


def dentist(clinic: Clinic, **changes: object) -> Encounter:
    """A filling of $210.00."""
    values: dict[str, Any] = {"lines": (FILLING,), "diagnoses": ("K029",), "kind": DENTAL, "reference": "TOOTH"}
    return clinic.visit(**{**values, **changes})


def sent(clinic: Clinic, visit: Encounter) -> int:
    """The claim of a visit that was recorded, built, found good and sent."""
    record_encounters(clinic.practice, [visit], by=BILLER, now=NOW)
    (built,) = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims
    assert built.state == "ready", built.findings
    submit_claims(clinic.practice, [built.claim], by=BILLER, now=NOW)
    return built.claim


def accepted(clinic: Clinic, visit: Encounter, number: str = "QH77") -> int:
    """The same claim, taken by the insurer under its own number."""
    claim = sent(clinic, visit)
    tables.ClaimRow.update(state="accepted", payer_claim_number=number).where(tables.ClaimRow.id == claim).execute()
    return claim


def newest(kind: str) -> bytes:
    """The last file of a kind that went out."""
    return kept_files.newest(f"kind = '{kind}'")
