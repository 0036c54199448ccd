"""Take in what patients question on their bills: acknowledged at once, with a promised date; a disputed amount stops being asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient import frozen
from claims_service.domain.patient.statement import Statement
from claims_service.formats import attachments
from claims_service.formats.attachments import SentFile
from claims_service.store import audit, bills, counters, disputes
from claims_service.store.connection import write
from claims_service.store.disputes import Line, NewDispute
from claims_service.words import said

_FIRST_NUMBER = 1000


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a patient questions. lines: (visit, line number) of the statement. key: of the form it came from."""

    patient: int
    statement: int
    lines: tuple[tuple[int, int], ...]
    reason: str
    words: str
    key: str
    via: str = "portal"
    file: SentFile | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """held_cents: the disputed share, which is not asked for now. again: this form was sent before."""

    dispute: int
    number: str
    answer_by: date
    held_cents: int
    again: bool = False


def open_disputes(
    practice: int, complaints: Sequence[Complaint], *, by: Actor, now: datetime, today: date
) -> list[Opened]:
    """Open each; all or none. The journal does not change.

    Raises:
        NotFound: no such statement of this patient, or no such line on it.
        Rejected: no line or reason, words missing or too long, a line that is looked into already, a file we don't take.
    """
    with write(practice):
        return [_open(practice, complaint, by, now, today) for complaint in complaints]


def _open(practice: int, c: Complaint, by: Actor, now: datetime, today: date) -> Opened:
    before = disputes.by_key(practice, c.key)
    if before is not None:
        if before.patient != c.patient:
            raise NotFound("dispute")
        return Opened(before.id, before.number, before.clock.answer_by, 0, again=True)
    statement = frozen.statement(bills.statement_content(practice, c.statement, patient=c.patient))
    lines = _lines(statement, c.lines)
    bills.lock_patients(practice, [c.patient])
    taken = disputes.open_lines(practice, c.patient)
    if problems := _problems(c, lines, taken):
        raise Rejected(problems)
    sent = attachments.checked(c.file) if c.file else None
    reason = rules.REASONS[c.reason]
    clock = rules.started(today, disputes.policy(practice))
    number = f"D{practice}-{_FIRST_NUMBER + counters.next_values(practice, 'dispute')[0]}"
    shares = disputes.line_shares(practice, [(line.encounter, line.line) for line in lines])
    now_lines = tuple(
        Line(ln.encounter, ln.line, ln.words, sum(cents for _, cents in shares[ln.encounter, ln.line])) for ln in lines
    )
    new = NewDispute(
        c.patient, c.statement, number, c.key, reason.kind, c.reason, c.via, rules.OPENED, clock, now_lines
    )
    key = disputes.add(practice, new, by=by.name, on=today, at=now)
    event = disputes.add_event(practice, key, "opened", rules.PATIENT, c.words.strip(), by=by.name, at=now)
    if c.file and sent:
        disputes.add_file(practice, key, event, *sent, c.file.content, by=by.name, at=now)
    audit.record(practice, [audit.Event("dispute.open", c.patient, f"dispute:{key}")], by=by, at=now)
    held = sum(line.share_cents for line in now_lines) if reason.kind == rules.DISPUTE else 0
    return Opened(key, number, clock.answer_by, held)


def _lines(statement: Statement, wanted: Sequence[tuple[int, int]]) -> list[Line]:
    """The lines of a statement that are meant, in its order.

    Raises:
        NotFound: one is not on it.
    """
    on_it = {
        (visit.invoice.encounter, line.number): Line(
            visit.invoice.encounter, line.number, line.words or line.procedure, line.share_cents
        )
        for visit in statement.visits
        for line in visit.invoice.lines
    }
    if set(wanted) - on_it.keys():
        raise NotFound("line")
    return [line for place, line in on_it.items() if place in set(wanted)]


def _problems(c: Complaint, lines: Sequence[Line], taken: dict[tuple[int, int], int]) -> list[Problem]:
    problems = []
    if not lines:
        problems.append(Problem("line", said("Choose at least one service.")))
    if any((line.encounter, line.line) in taken for line in lines):
        problems.append(Problem("line", said("We are looking into this service already.")))
    if c.reason not in rules.REASONS:
        problems.append(Problem("reason", said("Choose what is wrong.")))
    if c.via not in rules.VIAS:
        problems.append(Problem("via", "Choose how it came to us."))
    if c.reason in rules.NEEDS_WORDS and not c.words.strip():
        problems.append(Problem("words", said("Tell us in a few words.")))
    if len(c.words) > rules.MOST_WORDS:
        problems.append(Problem("words", said("Write 4,000 letters at most.")))
    return problems
