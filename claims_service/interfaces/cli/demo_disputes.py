"""What the demo's patients say about their bills: some dispute the dearest line, one asks, and the clinic answers by turns."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from claims_service.domain.actor import Actor
from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient.clarity import AFTER_PAYMENT, PARTLY, YES, line_types
from claims_service.domain.patient.dispute import REASONS
from claims_service.queries import bills, disputes
from claims_service.queries.issued_statements import Issued
from claims_service.workflow import answer_clarity as clarity
from claims_service.workflow.answer_disputes import Answer, answer_disputes
from claims_service.workflow.move_disputes import Step, move_disputes
from claims_service.workflow.open_disputes import Complaint, open_disputes

WORDS = {
    "not_received": "I do not remember this test.",
    "plan_should_pay": "The nurse said my plan pays this in full.",
    "wrong_amount": "I was told another price.",
    "paid_already": "I paid at the desk on that day.",
    "billed_twice": "I think this is on another bill too.",
    "not_understood": "What is this for?",
    "other": "My name is right, but this is not my visit.",
    "question": "Can I see the notes of this visit?",
}
ANSWER_AFTER = timedelta(days=5)
SMALL_CENTS = 40_00


def judge_bills(practice: int, paid: Sequence[Issued], *, now: datetime) -> None:
    """Of who paid on the page two of three say how clear the bill was, every fifth that the first service was not."""
    for bill in paid:
        by = Actor(f"patient:{bill.patient}", "patient")
        if bill.id % 3 == 0:
            continue
        lines = list(line_types(bills.bill(practice, bill.patient, bill.id).statement))
        hard = bill.id % 5 == 0
        said = clarity.Answer(bill.patient, bill.id, AFTER_PAYMENT, PARTLY if hard else YES, lines[0] if hard else None)
        clarity.answer_clarity(practice, [said], by=by, now=now)


def dispute_bills(practice: int, fresh: Sequence[Issued], *, now: datetime, today: date) -> int:
    """Each of these patients questions the dearest line of the bill; gives how many."""
    names, opened = list(REASONS), 0
    for bill in fresh:
        told = bills.bill(practice, bill.patient, bill.id).statement
        known = disputes.on_lines(practice, bill.patient, today=today)
        listed = [(visit.invoice.encounter, line) for visit in told.visits for line in visit.invoice.lines]
        lines = [(encounter, line) for encounter, line in listed if (encounter, line.number) not in known]
        if not lines:
            continue
        encounter, line = max(lines, key=lambda pair: (pair[1].share_cents, -pair[1].number))
        reason = names[bill.id % len(names)]
        wish = Complaint(
            bill.patient,
            bill.id,
            ((encounter, line.number),),
            reason,
            WORDS[reason],
            f"portal:{bill.patient}:{bill.id}",
        )
        by = Actor(f"patient:{bill.patient}", "patient")
        opened += len(open_disputes(practice, [wish], by=by, now=now, today=today))
    return opened


def answer_bills(practice: int, *, by: Actor, now: datetime, today: date) -> int:
    """What is five days old, by turns: taken off, found right, asked back, left to wait; gives how many were answered."""
    answered = 0
    for one in disputes.queue(practice, today=today):
        turn = one.id % 4
        if one.opened_on > today - ANSWER_AFTER or one.state != rules.OPENED or turn == 3:
            continue
        found = disputes.dispute(practice, one.id, today=today)
        if turn == 2:
            step = Step(one.id, rules.ASK, "Could you send us a photo of what you were told?")
            move_disputes(practice, [step], by=by, now=now, today=today)
            continue
        answer_disputes(practice, [_answer(found, turn)], by=by, now=now, today=today)
        answered += 1
    return answered


def _answer(found: disputes.Dispute, turn: int) -> Answer:
    key, line, share = found.head.id, found.lines[0], found.now_cents[0]
    if found.head.kind == rules.QUESTION:
        return Answer(key, rules.EXPLAINED, "Yes. Ask at the desk, or write to us, and we send you the notes.")
    if turn == 0 and 0 < share <= SMALL_CENTS:
        words = "You were right. This was our mistake, and we take it off."
        return Answer(key, rules.CREDITED, words, {(line.encounter, line.line): share})
    return Answer(
        key, rules.UPHELD, "We compared it with the notes of your visit and with your plan’s answer. It is right."
    )
