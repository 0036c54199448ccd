"""Who comes to the clinic on a day, as far as visits are recorded ahead."""

from datetime import date

from claims_service.queries.rows import rows
from claims_service.store import patients
from claims_service.store.connection import opened


def patients_on(practice: int, day: date) -> list[int]:
    """Patients with a visit recorded for that day, each once, in one SELECT."""
    sql = "select distinct patient_id from encounter where practice_id = ? and served_on = ? and state <> 'void' order by patient_id"
    with opened():
        return [patient for (patient,) in rows(sql, practice, day)]


def by_record(practice: int, references: list[str]) -> dict[str, int]:
    """Patients by their record numbers; unknown ones are left out."""
    return patients.by_reference(practice, references)
