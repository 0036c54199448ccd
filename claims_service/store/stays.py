"""Stays: what facilities' bills say beside their services, in rows and back."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.institutional import CodedValue, Occurrence, Surgery
from claims_service.domain.stay import Stay
from claims_service.store.connection import day_of, insert_rows, marks, run
from claims_service.store.tables import Stay as StayRow

_COLUMNS = (
    "practice", "encounter", "type_of_bill", "interim", "statement_until", "admission_type", "admission_source", "patient_status", "admitted_on",
    "admitted_time", "discharge_time", "admitting_diagnosis", "drg", "operating", "coded",
)  # fmt: skip
_LOAD = (
    "encounter_id, type_of_bill, statement_until, admission_type, patient_status, admission_source, admitted_on, admitted_time,"
    " discharge_time, admitting_diagnosis, drg, operating_id, coded, interim"
)


def add(practice: int, stays: Iterable[tuple[int, Stay]]) -> None:
    """(visit, its stay) for many."""
    rows = [
        (
            practice, visit, s.type_of_bill, s.interim, s.statement_until, s.admission_type, s.admission_source, s.patient_status, s.admitted_on,
            s.admitted_time, s.discharged_time, s.admitting_diagnosis, s.drg, s.operating_id, _coded(s),
        )
        for visit, s in stays
    ]  # fmt: skip
    if rows:
        insert_rows(StayRow, _COLUMNS, rows)


def remove(practice: int, visit: int) -> None:
    """Forget the stay of a visit that is mended."""
    run("delete from stay where practice_id = ? and encounter_id = ?", (practice, visit))


def load(practice: int, visits: Sequence[int]) -> dict[int, Stay]:
    """Stays by visit; one SELECT, none where no visit is asked for."""
    if not visits:
        return {}
    rows = run(
        f"select {_LOAD} from stay where practice_id = ? and encounter_id in ({marks(visits)})", (practice, *visits)
    )
    return {row[0]: _stay(row) for row in rows.fetchall()}


def _stay(row: tuple[Any, ...]) -> Stay:
    _, bill, until, kind, status, source, admitted_on, at, left_at, diagnosis, drg, operating, coded, interim = row
    told = json.loads(coded) if coded else {}
    return Stay(
        bill, day_of(until), kind, status, source, day_of(admitted_on), at, left_at, diagnosis, drg, operating,
        tuple(told.get("present", ())),
        tuple(Surgery(code, _day(on)) for code, on in told.get("surgeries", ())),
        tuple(Occurrence(code, date.fromisoformat(on)) for code, on in told.get("occurrences", ())),
        tuple(Occurrence(code, date.fromisoformat(on), _day(end)) for code, on, end in told.get("spans", ())),
        tuple(CodedValue(code, Decimal(value)) for code, value in told.get("values", ())),
        tuple(told.get("conditions", ())),
        interim,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _coded(stay: Stay) -> str:
    told = {
        "present": list(stay.present),
        "surgeries": [[one.code, one.on and one.on.isoformat()] for one in stay.surgeries],
        "occurrences": [[one.code, one.on.isoformat()] for one in stay.occurrences],
        "spans": [[one.code, one.on.isoformat(), one.until and one.until.isoformat()] for one in stay.spans],
        "values": [[one.code, format(one.value, "f")] for one in stay.values],
        "conditions": list(stay.conditions),
    }
    kept = {name: listed for name, listed in told.items() if listed}
    return json.dumps(kept) if kept else ""
