"""What a patient keeps to themselves, as staff see it."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.patient.confidential import Request
from claims_service.queries.rows import known_day, rows
from claims_service.store import confidential
from claims_service.store.connection import opened

MOST = 100


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit that can be kept confidential. kept: it is."""

    encounter: int
    served_on: date
    provider: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """requests: what holds, the oldest first. visits: of the patient, the newest first."""

    requests: tuple[Request, ...]
    visits: tuple[VisitShown, ...]

    def served_on(self, encounter: int) -> date | None:
        """The day of a visit among the newest."""
        return next((visit.served_on for visit in self.visits if visit.encounter == encounter), None)


def of_patient(practice: int, patient: int) -> Kept:
    """Everything on the page of confidential visits."""
    sql = (
        "select e.id, e.served_on, p.first, p.last from encounter e join provider p on p.id = e.rendering_id"
        " where e.practice_id = ? and e.patient_id = ? and e.state <> 'void' order by e.served_on desc, e.id desc limit ?"
    )
    with opened():
        private = confidential.visits_of(practice, [patient]).get(patient, ())
        found = rows(sql, practice, patient, MOST)
        requests = confidential.requests(practice, [patient]).get(patient, ())
    visits = (
        VisitShown(key, known_day(on), f"{first} {last}".strip(), key in private) for key, on, first, last in found
    )
    return Kept(requests, tuple(visits))


def visits_of(practice: int, patient: int) -> frozenset[int]:
    """The confidential visits of a patient."""
    return confidential.visits_of(practice, [patient]).get(patient, frozenset())
