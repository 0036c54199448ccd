"""Financial assistance as the staff and the patient see it: applications, what the scale says, and what comes off until when."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.patient.assistance import (
    GRANTED,
    OPEN,
    REFUSED,
    Guideline,
    Policy,
    guideline_on,
    off_cents,
    percent_off,
)
from claims_service.formats.tables.poverty import guidelines
from claims_service.queries import people
from claims_service.queries.rows import day, known_day, rows
from claims_service.store import assistance, bills, patients
from claims_service.store.assistance import Head
from claims_service.store.connection import opened

MOST = 200
VIEWS = {OPEN: "To decide", GRANTED: "Granted", REFUSED: "Not granted"}


@dataclass(frozen=True, slots=True)
class Brief:
    """An application in a list. owes_cents: the patient's open bills today. proposed_by: whose word waits for a second person's."""

    id: int
    patient: int
    patient_name: str
    number: str
    state: str
    asked_on: date
    guideline_percent: int
    percent: int
    valid_until: date | None
    decided_on: date | None
    owes_cents: int
    proposed_by: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One application with everything on its page. scale_percent: what the practice's scale takes off; off_cents: of today's bills.

    files: (id, name, size). decided_by: by name.
    """

    head: Head
    patient_name: str
    language: str
    guideline: Guideline | None
    policy: Policy
    scale_percent: int
    owes_cents: int
    off_cents: int
    files: tuple[tuple[int, str, int], ...]
    decided_by: str

    @property
    def is_open(self) -> bool:
        return self.head.state == OPEN


def queue(practice: int, view: str = OPEN) -> list[Brief]:
    """What is to be decided, the oldest first; or the newest decisions."""
    order = "a.id" if view == OPEN else "a.id desc"
    return _briefs("a.practice_id = ? and a.state = ?", order, practice, view)


def of_patient(practice: int, patient: int) -> list[Brief]:
    """Every application of a patient, the newest first."""
    return _briefs("a.practice_id = ? and a.patient_id = ?", "a.id desc", practice, patient)


def _briefs(where: str, order: str, *values: object) -> list[Brief]:
    sql = (
        "select a.id, a.patient_id, p.first, p.last, a.number, a.state, a.asked_on, a.guideline_percent, a.percent, a.valid_until,"
        " a.decided_on, coalesce((select sum(b.cents) from balance b where b.practice_id = a.practice_id and b.account ="
        " 'patient_owes' and b.patient = a.patient_id), 0),"
        " case a.state when 'open' then a.decided_by else '' end from assistance a join patient p on p.id = a.patient_id"
        f" where {where} order by {order} limit {MOST}"
    )
    with opened():
        found = rows(sql, *values)
    return [
        Brief(key, patient, f"{first} {last}".strip(), number, state, known_day(asked), income, percent, day(until), day(decided), int(owes), by)
        for key, patient, first, last, number, state, asked, income, percent, until, decided, owes, by in found
    ]  # fmt: skip


def application(practice: int, key: int, *, patient: int | None = None) -> Found:
    """One application. patient: who asks, None for staff.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        head = assistance.head(practice, key, patient=patient)
        policy = assistance.policy(practice)
        name, address, language = bills.addressees(practice, [head.patient])[head.patient]
        account = bills.accounts(practice, [head.patient])[head.patient]
        files = tuple(assistance.files(practice, key))
        decider = people.names(practice, [head.decided_by])[head.decided_by] if head.decided_by else ""
    owed = [cents for _, _, cents in account.claims.values() if cents > 0]
    percent = percent_off(head.guideline_percent, policy)
    guideline = guideline_on(head.asked_on, address.state, guidelines())
    off = sum(off_cents(cents, percent) for cents in owed)
    return Found(head, name, language, guideline, policy, percent, sum(owed), off, files, decider)


def policy(practice: int) -> Policy:
    """The practice's scale."""
    return assistance.policy(practice)


def guideline_of(practice: int, patient: int, *, today: date) -> Guideline | None:
    """The guideline where a patient lives."""
    person = patients.people(practice, [patient])[patient]
    return guideline_on(today, person.address.state, guidelines())


def known_guidelines(*, today: date) -> list[Guideline]:
    """The guideline of each region today."""
    found = (guideline_on(today, state, guidelines()) for state in ("", "AK", "HI"))
    return [one for one in found if one]


def file(practice: int, key: int, paper: int, *, patient: int | None = None) -> tuple[str, str, bytes]:
    """(name, media type, content) of a paper.

    Raises:
        NotFound: none of this application, or of another patient than the one named.
    """
    return assistance.file(practice, key, paper, patient=patient)
