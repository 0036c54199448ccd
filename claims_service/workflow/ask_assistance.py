"""Applications for financial assistance: taken with their papers, bills and reminders rest while one is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.patient import assistance as rules
from claims_service.formats import attachments
from claims_service.formats.attachments import SentFile
from claims_service.formats.tables.poverty import guidelines
from claims_service.store import assistance, audit, counters, patients, reminders
from claims_service.store.assistance import Head, NewApplication
from claims_service.store.connection import write
from claims_service.words import said

HARDSHIP = "hardship"
_FIRST_NUMBER = 1000


@dataclass(frozen=True, slots=True)
class Application:
    """What a patient tells. income_cents: of the whole household in a year, before taxes. key: of the form it came from."""

    patient: int
    household: int
    income_cents: int
    key: str
    words: str = ""
    via: str = "portal"
    papers: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """again: this form was sent before, or another is open already."""

    application: int
    number: str
    again: bool = False


def ask_assistance(
    practice: int, wanted: Sequence[Application], *, by: Actor, now: datetime, today: date
) -> list[Asked]:
    """Take each in; all or none. One that is open already stands for the new one.

    Raises:
        NotFound: no such patient of this practice.
        Rejected: a figure can't be so, or a paper we don't take.
    """
    with write(practice):
        return [_ask(practice, one, by, now, today) for one in wanted]


def _ask(practice: int, one: Application, by: Actor, now: datetime, today: date) -> Asked:
    before = assistance.by_key(practice, one.key)
    if before is not None and before.patient != one.patient:
        raise NotFound("assistance")
    person = patients.people(practice, [one.patient]).get(one.patient)
    if person is None:
        raise NotFound("patient")
    before = before or assistance.open_of(practice, one.patient)
    if before is not None:
        return Asked(before.id, before.number, again=True)
    if found := rules.problems(one.household, one.income_cents, one.words, one.via):
        raise Rejected(found)
    guideline = rules.guideline_on(today, person.address.state, guidelines())
    assert guideline is not None, "a guideline is shipped for every day there is software for"
    percent = rules.percent_of_guideline(one.income_cents, one.household, guideline)
    number = f"A{practice}-{_FIRST_NUMBER + counters.next_values(practice, 'assistance')[0]}"
    new = NewApplication(
        one.patient, number, one.key, one.via, one.household, one.income_cents, percent, one.words.strip()
    )
    key = assistance.add(practice, new, by=by.name, on=today, at=now)
    _add_papers(practice, key, one.papers, by, now)
    held = reminders.holds(practice, [one.patient]).get(one.patient, ())
    if all(hold.kind != HARDSHIP for hold in held):
        reminders.add_holds(practice, [(one.patient, HARDSHIP, number)], since=today, by=by.name, at=now)
    audit.record(practice, [audit.Event("assistance.ask", one.patient, f"assistance:{key}")], by=by, at=now)
    return Asked(key, number)


def _add_papers(practice: int, application: int, papers: Sequence[SentFile], by: Actor, now: datetime) -> None:
    if len(papers) + len(assistance.files(practice, application)) > rules.MOST_FILES:
        raise Rejected([Problem("file", said("Send 10 papers at most."))])
    for paper in papers:
        assistance.add_file(practice, application, *attachments.checked(paper), paper.content, by=by.name, at=now)


def add_papers(
    practice: int, application: int, papers: Sequence[SentFile], *, by: Actor, now: datetime, patient: int | None = None
) -> None:
    """More papers to an open application. patient: who sends them, None for staff.

    Raises:
        NotFound: no such application of this practice or patient.
        Conflict: it is decided.
        Rejected: no paper, too many, or one we don't take.
    """
    with write(practice):
        head = _open(practice, application, patient)
        if not papers:
            raise Rejected([Problem("file", said("Choose a photo or a PDF."))])
        _add_papers(practice, application, papers, by, now)
        audit.record(
            practice, [audit.Event("assistance.paper", head.patient, f"assistance:{application}")], by=by, at=now
        )


def withdraw_assistance(
    practice: int, application: int, *, by: Actor, now: datetime, today: date, patient: int | None = None
) -> None:
    """The patient takes it back; bills go on.

    Raises:
        NotFound: no such application of this practice or patient.
        Conflict: it is decided.
    """
    with write(practice):
        head = _open(practice, application, patient)
        assistance.settle(practice, application, rules.WITHDRAWN, on=today, by=by.name)
        lift_hold(practice, head, by=by, now=now)
        audit.record(
            practice, [audit.Event("assistance.withdraw", head.patient, f"assistance:{application}")], by=by, at=now
        )


def _open(practice: int, application: int, patient: int | None) -> Head:
    head = assistance.head(practice, application, patient=patient)
    if head.state != rules.OPEN:
        raise Conflict("This application is settled.")
    return head


def lift_hold(practice: int, head: Head, *, by: Actor, now: datetime) -> None:
    """The pause that this application made ends; one that a person set for another reason goes on. Inside write()."""
    for hold in reminders.holds(practice, [head.patient]).get(head.patient, ()):
        if hold.kind == HARDSHIP and hold.note == head.number:
            reminders.lift_hold(practice, head.patient, hold.id, by=by.name, at=now)
