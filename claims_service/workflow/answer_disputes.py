"""Answer disputes: the bill is right, corrected, or a credit is given, which above a limit a second person agrees to."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, Problem, Rejected
from claims_service.domain.ledger.accounts import PATIENT_OWES, WRITE_OFF
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.money import spoken
from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient import frozen
from claims_service.domain.patient.dispute_letter import Letter, LetterLine, freeze_letter
from claims_service.domain.patient.statement import Sender
from claims_service.store import audit, bills, claims, disputes, journal, parties, payments
from claims_service.store.connection import write
from claims_service.store.disputes import Head, Line

Place = tuple[int, int]  # visit and line number


@dataclass(frozen=True, slots=True)
class Answer:
    """words: to the patient, in the patient's language. credits: cents to take off, by visit and line."""

    dispute: int
    outcome: str
    words: str
    credits: Mapping[Place, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person's word on a credit. words: why not, when it is not agreed."""

    dispute: int
    agreed: bool
    words: str = ""


def answer_disputes(practice: int, answers: Sequence[Answer], *, by: Actor, now: datetime, today: date) -> list[Head]:
    """Answer each, or put it before a second person; gives the disputes as they stand then.

    Raises:
        NotFound: no such dispute of this practice.
        Conflict: it is not open any more.
        Rejected: no words, an amount that is not the line's, or nothing that was corrected.
    """
    with write(practice):
        return [_answer(practice, answer, by, now, today) for answer in answers]


def _answer(practice: int, answer: Answer, by: Actor, now: datetime, today: date) -> Head:
    found = disputes.head(practice, answer.dispute)
    bills.lock_patients(practice, [found.patient])
    lines = disputes.lines(practice, [found.id])[found.id]
    shares = disputes.line_shares(practice, [(line.encounter, line.line) for line in lines])
    if problems := _problems(practice, found, answer, lines, shares):
        raise Rejected(problems)
    if sum(answer.credits.values()) > disputes.policy(practice).approve_above_cents:
        after = rules.moved(found.state, rules.PROPOSE)
        wish = json.dumps([[*place, cents] for place, cents in sorted(answer.credits.items()) if cents])
        disputes.set_state(practice, found.id, after, found.clock)
        disputes.add_event(
            practice, found.id, rules.PROPOSE, rules.STAFF, answer.words.strip(), by=by.name, at=now, content=wish
        )
        proposed = audit.Event("dispute.propose", found.patient, f"dispute:{found.id}")
        audit.record(practice, [proposed], by=by, at=now)
        return disputes.head(practice, found.id)
    rules.moved(found.state, rules.ANSWER)
    return _end(practice, found, answer, lines, shares, by, now, today)


def approve_answers(
    practice: int, approvals: Sequence[Approval], *, by: Actor, now: datetime, today: date
) -> list[Head]:
    """The second person agrees, and the credit is posted, or sends it back to work.

    Raises:
        NotFound: no such dispute of this practice.
        Conflict: it waits for nobody, or for somebody else than who proposed it.
        Rejected: sent back without a word why; or the line changed so that the credit is too much by now.
    """
    with write(practice):
        return [_approve(practice, approval, by, now, today) for approval in approvals]


def _approve(practice: int, approval: Approval, by: Actor, now: datetime, today: date) -> Head:
    found = disputes.head(practice, approval.dispute)
    proposed = disputes.last_event(practice, found.id, rules.PROPOSE)
    after = rules.moved(found.state, rules.APPROVE if approval.agreed else rules.SEND_BACK)
    assert proposed is not None, "what waits for a second person was proposed"
    proposer, words, wish = proposed
    if proposer == by.name:
        raise Conflict("A credit of this size needs a second person: somebody else has to agree.")
    bills.lock_patients(practice, [found.patient])
    if not approval.agreed:
        if not approval.words.strip():
            raise Rejected([Problem("words", "Say why, so that it can be mended.")])
        disputes.set_state(practice, found.id, after, found.clock)
        disputes.add_event(practice, found.id, rules.SEND_BACK, rules.STAFF, approval.words.strip(), by=by.name, at=now)
        audit.record(practice, [audit.Event("dispute.send_back", found.patient, f"dispute:{found.id}")], by=by, at=now)
        return disputes.head(practice, found.id)
    answer = Answer(found.id, rules.CREDITED, words, {(e, n): cents for e, n, cents in json.loads(wish)})
    lines = disputes.lines(practice, [found.id])[found.id]
    shares = disputes.line_shares(practice, [(line.encounter, line.line) for line in lines])
    if problems := _problems(practice, found, answer, lines, shares):
        raise Rejected(problems)
    return _end(practice, found, answer, lines, shares, by, now, today)


def _problems(
    practice: int, found: Head, answer: Answer, lines: Sequence[Line], shares: Mapping[Place, list[tuple[int, int]]]
) -> list[Problem]:
    problems = []
    if answer.outcome not in rules.ENDINGS[found.kind]:
        problems.append(Problem("outcome", "Choose how it ends."))
    if not answer.words.strip():
        problems.append(Problem("words", "Say what you found: the patient reads it in the letter."))
    if len(answer.words) > rules.MOST_WORDS:
        problems.append(Problem("words", f"Write {rules.MOST_WORDS:,} letters at most."))
    for place, cents in answer.credits.items():
        most = sum(max(part, 0) for _, part in shares.get(place, ()))
        if not 0 <= cents <= most:
            problems.append(Problem(f"credit-{place[0]}-{place[1]}", f"Between $0.00 and {spoken(most)}."))
    given = sum(answer.credits.values())
    if answer.outcome == rules.CREDITED and given <= 0:
        problems.append(Problem("outcome", "Write how much is taken off."))
    if answer.outcome != rules.CREDITED and given:
        problems.append(Problem("outcome", "An amount is taken off only with a credit."))
    if answer.outcome == rules.CORRECTED and not _corrected(practice, found, lines, shares):
        message = "Nothing has changed on these lines: correct the claim or take the payment first, or give a credit."
        problems.append(Problem("outcome", message))
    return problems


def _corrected(
    practice: int, found: Head, lines: Sequence[Line], shares: Mapping[Place, list[tuple[int, int]]]
) -> bool:
    """The share is another than when it was opened, or a payment was found since."""
    changed = any(sum(cents for _, cents in shares[line.encounter, line.line]) != line.share_cents for line in lines)
    paid = [p for p in payments.of_patient(practice, found.patient) if p.settled_at]
    return changed or any(p.settled_at and p.settled_at.date() >= found.opened_on for p in paid)


def _end(
    practice: int,
    found: Head,
    answer: Answer,
    lines: Sequence[Line],
    shares: Mapping[Place, list[tuple[int, int]]],
    by: Actor,
    now: datetime,
    today: date,
) -> Head:
    _post_credit(practice, found, answer, shares, by, now, today)
    letter = _letter(practice, found, answer, lines, shares, today)
    event = disputes.add_event(
        practice, found.id, "answered", rules.STAFF, answer.words.strip(), by=by.name, at=now, content=freeze_letter(letter)
    )  # fmt: skip
    disputes.set_outcome(practice, found.id, rules.ANSWERED, answer.outcome, on=today)
    ended = audit.Event("dispute.answer", found.patient, f"dispute:{found.id}", f"{answer.outcome}, event {event}")
    audit.record(practice, [ended], by=by, at=now)
    return disputes.head(practice, found.id)


def _post_credit(
    practice: int,
    found: Head,
    answer: Answer,
    shares: Mapping[Place, list[tuple[int, int]]],
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """WRITE_OFF <- PATIENT_OWES, line by line, under the reason the patient gave."""
    transfers = []
    heads = claims.heads(practice, [claim for parts in shares.values() for claim, _ in parts])
    for (encounter, line), cents in sorted(answer.credits.items()):
        left = cents
        for claim, part in shares[encounter, line]:
            take = min(left, max(part, 0))
            if take:
                about = (claim, line or None, found.patient, heads[claim].payer, found.reason)
                transfers.append(Transfer(WRITE_OFF, PATIENT_OWES, take, *about))
                left -= take
    if not transfers:
        return
    key = f"dispute:{found.id}:{'again' if found.reopened else 'first'}"
    entry = Entry(today, "write_off", key, "dispute", found.id, tuple(transfers), memo=found.number)
    journal.post(practice, [entry], by=by.name, at=now)
    events = [
        claims.Event(t.claim, "note", f"{spoken(t.cents)} taken off after {found.number}.")
        for t in transfers
        if t.claim
    ]
    claims.add_events(practice, events, by=by.name, at=now)


def _letter(
    practice: int,
    found: Head,
    answer: Answer,
    lines: Sequence[Line],
    shares: Mapping[Place, list[tuple[int, int]]],
    today: date,
) -> Letter:
    clinic = parties.billing_provider(practice)
    name, address, _ = bills.addressees(practice, [found.patient])[found.patient]
    statement = frozen.statement(bills.statement_content(practice, found.statement)).number
    told = tuple(
        LetterLine(
            line.encounter,
            line.line,
            line.words,
            line.share_cents,
            sum(cents for _, cents in shares[line.encounter, line.line])
            - answer.credits.get((line.encounter, line.line), 0),
        )
        for line in lines
    )
    return Letter(
        found.number,
        today,
        Sender(clinic.name, clinic.phone, clinic.address),
        name,
        address,
        statement,
        found.opened_on,
        found.reason,
        answer.outcome,
        answer.words.strip(),
        told,
        None if found.reopened or answer.outcome == rules.EXPLAINED else today + rules.REOPEN_DAYS,
    )
