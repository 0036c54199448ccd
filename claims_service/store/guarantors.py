"""Who answers for a patient's bills, kept with all who did before."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from claims_service.domain.party import Address
from claims_service.domain.patient.family import same_person
from claims_service.domain.patient.guarantor import Guarantor
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run
from claims_service.store.tables import GuarantorRow

_NEW = ("practice", "patient", "name", "relationship", "line1", "line2", "city", "state", "zip", "until", "by", "at")


def add(practice: int, named: Mapping[int, Guarantor | None], *, by: str, at: datetime) -> None:
    """From now on these hold, by patient; None: the patient answers alone. Inside write()."""
    rows = []
    for patient, one in named.items():
        kept = one or Guarantor("", "", Address())
        a = kept.address
        about = (kept.name, kept.relationship, a.line1, a.line2, a.city, a.state, a.zip, kept.until)
        rows.append((practice, patient, *about, by, at))
    insert_rows(GuarantorRow, _NEW, rows)


def of_patients(practice: int, patients: Sequence[int], *, on: date) -> dict[int, Guarantor]:
    """Who answers on this day for those patients who do not answer alone."""
    found: dict[int, Guarantor] = {}
    with opened():
        for part in in_parts(patients):
            newest = f"select max(id) from guarantor where practice_id = ? and patient_id in ({marks(part)}) group by patient_id"
            rows = run(
                f"select patient_id, name, relationship, until, line1, line2, city, state, zip from guarantor where id in ({newest})",
                (practice, *part),
            ).fetchall()
            for patient, name, relationship, until, *address in rows:
                one = Guarantor(name, relationship, Address(*address), day_of(until) if until else None)
                if name and one.answers_on(on):
                    found[patient] = one
    return found


def family(practice: int, patient: int, *, on: date) -> list[int]:
    """Everybody the guarantor of a patient answers for on this day, the patient among them, in order; nobody where there is none."""
    with opened():
        own = of_patients(practice, [patient], on=on).get(patient)
        if own is None:
            return []
        sql = "select distinct patient_id from guarantor where practice_id = ? and name = ?"
        named = [row[0] for row in run(sql, (practice, own.name)).fetchall()]
        return sorted(one for one, found in of_patients(practice, named, on=on).items() if same_person(own, found))
