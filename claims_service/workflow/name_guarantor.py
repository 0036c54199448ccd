"""Names who answers for a patient's bills: the statements issued from then on go there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.patient.guarantor import Guarantor, named, problems
from claims_service.store import audit, guarantors, patients
from claims_service.store.connection import write


def name_guarantors(
    practice: int, chosen: Mapping[int, Guarantor | None], *, by: Actor, now: datetime, today: date
) -> None:
    """By patient; None: the patient answers alone again. All of the batch or none; the one that holds already is kept once.

    Raises:
        NotFound: no such patient here.
        Rejected: each field that has to be mended, at "[patient].field".
    """
    with write(practice):
        people = patients.people(practice, list(chosen))
        if set(chosen) - set(people):
            raise NotFound("patient")
        births = {patient: person.birth_on or today for patient, person in people.items()}
        found = [
            replace(problem, where=f"[{patient}].{problem.where}")
            for patient, one in chosen.items()
            if one
            for problem in problems(one, births[patient], today)
        ]
        if found:
            raise Rejected(found)
        before = guarantors.of_patients(practice, list(chosen), on=today)
        kept = {patient: named(one, births[patient], today) if one else None for patient, one in chosen.items()}
        new = {patient: one for patient, one in kept.items() if one != before.get(patient)}
        guarantors.add(practice, new, by=by.name, at=now)
        audit.record(
            practice, [audit.Event("guarantor.name", patient, f"patient:{patient}") for patient in new], by=by, at=now
        )
