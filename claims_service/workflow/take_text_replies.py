"""Takes what patients answer to text messages: a stop holds at once for everyone who is reached by that number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.patient import text_reply as rules
from claims_service.domain.patient.reminder import TEXT
from claims_service.gateways.messages.outbox import Message, NotSent, Outbox
from claims_service.gateways.messages.replies import Reply
from claims_service.store import audit, parties, reminders
from claims_service.store.connection import write


@dataclass(frozen=True, slots=True)
class Taken:
    """stopped: patients who get no more texts; answered: confirmations that left; other: replies for a person to read."""

    stopped: int = 0
    answered: int = 0
    other: int = 0


def take_text_replies(practice: int, replies: Sequence[Reply], *, outbox: Outbox, by: Actor, now: datetime) -> Taken:
    """Told again a reply changes nothing and is not answered again. Nothing of its words is kept."""
    stopped = answered = other = 0
    clinic = parties.billing_provider(practice)
    for reply in replies:
        means = rules.meaning(reply.text)
        with write(practice):
            reached = _reached(practice, rules.number(reply.sender))
            if means == rules.STOP:
                for patient in reached:
                    reminders.add_choices(practice, patient, [(TEXT, "stop")], via="reply", by=by.name, at=now)
                events = [audit.Event("contact.choose", patient, f"patient:{patient}", "reply") for patient in reached]
                audit.record(practice, events, by=by, at=now)
                stopped += len(reached)
        other += means == rules.OTHER
        if means == rules.OTHER or not reached or TEXT not in outbox.channels:
            continue
        text = rules.answer(means, clinic.name, clinic.phone, next(iter(reached.values())))
        try:
            outbox.send(Message(TEXT, reply.sender, "", text, f"{practice}:reply:{reply.key}"))
            answered += 1
        except NotSent:  # the stop holds all the same
            continue
    return Taken(stopped, answered, other)


def _reached(practice: int, number: str) -> dict[int, str]:
    """Patient and language of everyone who agreed to texts to this number."""
    known = [patient for patient, phone in reminders.phones(practice) if number and rules.number(phone) == number]
    contacts = reminders.contacts(practice, known)
    return {patient: one.language for patient, one in contacts.items() if TEXT in one.agreed}
