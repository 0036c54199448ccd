"""A patient says whether a bill was clear: one answer a bill, however often it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.patient import clarity as rules
from claims_service.domain.patient import frozen
from claims_service.store import audit, bills, clarity
from claims_service.store.clarity import Answered
from claims_service.store.connection import write
from claims_service.words import said


@dataclass(frozen=True, slots=True)
class Answer:
    """after: payment or dispute. unclear: (visit, line) of the bill; reason: of domain.patient.clarity, "" for none."""

    patient: int
    statement: int
    after: str
    answer: str
    unclear: tuple[int, int] | None = None
    reason: str = ""


def answer_clarity(practice: int, answers: Sequence[Answer], *, by: Actor, now: datetime) -> list[bool]:
    """Keep the first answer to each bill; False for a bill that had one.

    Raises:
        NotFound: not a bill of this patient, or not a line of that bill.
        Rejected: none of the answers, or none of the reasons.
    """
    with write(practice):
        return [_answer(practice, one, by, now) for one in answers]


def _answer(practice: int, one: Answer, by: Actor, now: datetime) -> bool:
    bills.lock_patients(practice, [one.patient])
    told = frozen.statement(bills.statement_content(practice, one.statement, patient=one.patient))
    if one.answer not in rules.ANSWERS:
        raise Rejected([Problem("answer", said("Choose yes, partly or no."))])
    if one.reason and one.reason not in rules.REASONS:
        raise Rejected([Problem("reason", said("Choose one of these."))])
    types = rules.line_types(told)
    if one.unclear is not None and one.unclear not in types:
        raise NotFound("line")
    if clarity.is_answered(practice, one.statement):
        return False
    named = one.unclear if one.answer != rules.YES else None
    encounter, line = named or (None, None)
    kept = Answered(
        one.patient, one.statement, one.after, one.answer, encounter, line, one.reason if one.answer != rules.YES else "",
        types[named] if named else "", " ".join(sorted(set(types.values()))),
    )  # fmt: skip
    clarity.add(practice, [kept], at=now)
    audit.record(practice, [audit.Event("bill.clarity", one.patient, f"statement:{one.statement}")], by=by, at=now)
    return True
