"""Estimates before care is given: what is due by when, issued once as a paper that stays, or dropped with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.estimate.wish import ASKED, DROPPED, DUE, ISSUED, MOST_WORDS, REASONS, Wish, due_on, problems
from claims_service.domain.estimate.working_out import unpriced, worked_out
from claims_service.formats.tables import codes
from claims_service.store import audit, counters, estimate_facts, estimates, patients
from claims_service.store.connection import write
from claims_service.store.estimates import Head, NewEstimate
from claims_service.words import said

_FIRST_NUMBER = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """An estimate somebody wants, or a visit was scheduled for. wish None: the clinic fills it in. key: of the form."""

    patient: int
    reason: str
    asked_on: date
    key: str
    wish: Wish | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """due_on None: no law sets a day. again: this form was sent before."""

    estimate: int
    number: str
    due_on: date | None
    again: bool = False


def ask_estimates(practice: int, asked: Sequence[Asked], *, by: Actor, now: datetime, today: date) -> list[Made]:
    """Put each on the list of what is due; all or none.

    Raises:
        NotFound: no such patient or provider of this practice.
        Rejected: a field can't be so.
    """
    with write(practice):
        return [_ask(practice, one, by, now, today) for one in asked]


def _ask(practice: int, asked: Asked, by: Actor, now: datetime, today: date) -> Made:
    before = estimates.by_key(practice, asked.key)
    if before is not None:
        if before.patient != asked.patient:
            raise NotFound("estimate")
        return Made(before.id, before.number, before.due_on, again=True)
    if asked.patient not in patients.people(practice, [asked.patient]):
        raise NotFound("patient")
    _check(practice, asked, today)
    planned = asked.wish.planned_on if asked.wish else None
    number = f"E{practice}-{_FIRST_NUMBER + counters.next_values(practice, 'estimate')[0]}"
    due = due_on(asked.reason, asked.asked_on, planned)
    new = NewEstimate(
        asked.patient, number, asked.key, asked.reason, asked.asked_on, planned, due, asked.wish, asked.words.strip()
    )
    key = estimates.add(practice, new, by=by.name, at=now)
    audit.record(practice, [audit.Event("estimate.ask", asked.patient, f"estimate:{key}")], by=by, at=now)
    return Made(key, number, due)


def _check(practice: int, asked: Asked, today: date) -> None:
    found = problems(asked.wish, today=today) if asked.wish else []
    if asked.reason not in REASONS:
        found.append(Problem("reason", "Choose why it is given."))
    if asked.reason != ASKED and asked.wish and asked.wish.planned_on is None:
        found.append(Problem("planned_on", "Type the day the visit is scheduled for."))
    if asked.asked_on > today:
        found.append(Problem("asked_on", "This day is still to come."))
    if asked.wish is None and not asked.words.strip():
        found.append(Problem("words", said("Tell us in a few words.")))
    if len(asked.words) > MOST_WORDS:
        found.append(Problem("words", said("Write 4,000 letters at most.")))
    if found:
        raise Rejected(found)
    if asked.wish:
        estimate_facts.facts(practice, asked.patient, asked.wish, today=today)


@dataclass(frozen=True, slots=True)
class Issue:
    """A due estimate to be issued; wish: what is planned, as it stands now."""

    estimate: int
    wish: Wish


def issue_estimates(practice: int, wanted: Sequence[Issue], *, by: Actor, now: datetime, today: date) -> list[int]:
    """Work each out and freeze it; one issued already stays as it is. Gives the estimates.

    Raises:
        NotFound: no such estimate or provider of this practice.
        Conflict: it was dropped.
        Rejected: a field can't be so, or a service has no price.
    """
    with write(practice):
        for one in wanted:
            head = estimates.head(practice, one.estimate)
            if head.state == DROPPED:
                raise Conflict("This estimate was dropped.")
            if head.state == DUE:
                _issue(practice, head, one.wish, by, now, today)
    return [one.estimate for one in wanted]


def _issue(practice: int, head: Head, wish: Wish, by: Actor, now: datetime, today: date) -> None:
    if found := problems(wish, today=today):
        raise Rejected(found)
    place = codes.label("place_of_service", wish.place)
    facts = estimate_facts.facts(practice, head.patient, wish, today=today, place_name=place)
    paper = worked_out(wish, facts, number=head.number, asked_on=head.asked_on, today=today)
    if found := unpriced(paper):
        raise Rejected(found)
    estimates.set_wish(practice, head.id, wish, due_on(head.reason, head.asked_on, wish.planned_on))
    estimates.add_paper(practice, head.id, wish.provider, paper, by=by.name, at=now)
    estimates.settle(practice, head.id, ISSUED)
    audit.record(practice, [audit.Event("estimate.issue", head.patient, f"estimate:{head.id}")], by=by, at=now)


@dataclass(frozen=True, slots=True)
class Drop:
    """An estimate nobody needs any more. why: in a person's words."""

    estimate: int
    why: str


def drop_estimates(practice: int, wanted: Sequence[Drop], *, by: Actor, now: datetime) -> list[int]:
    """Take each off the list; all or none.

    Raises:
        NotFound: no such estimate of this practice.
        Conflict: it was issued.
        Rejected: no reason.
    """
    with write(practice):
        for one in wanted:
            head = estimates.head(practice, one.estimate)
            if head.state == ISSUED:
                raise Conflict("This estimate was issued, so it stays.")
            if not one.why.strip():
                raise Rejected([Problem("why", "Say why nobody needs it.")])
            if head.state == DUE:
                estimates.settle(practice, head.id, DROPPED, why=one.why.strip()[:MOST_WORDS])
                event = audit.Event("estimate.drop", head.patient, f"estimate:{head.id}", one.why.strip()[:200])
                audit.record(practice, [event], by=by, at=now)
    return [one.estimate for one in wanted]
