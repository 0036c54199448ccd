"""How one message about money leaves by e-mail; shared by the steps that send receipts and tell of autopay."""

from collections.abc import Callable
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.reminder import EMAIL, Contact, apart
from claims_service.gateways.messages.outbox import Message, NotSent, Outbox
from claims_service.store import audit, bills, confidential, payment_notices, payments, reminders
from claims_service.store.connection import write
from claims_service.store.payment_notices import DUE, FAILED, NO_EMAIL, SENT, Notice


def _contact(practice: int, notice: Notice) -> Contact:
    """How the patient is reached; about a payment for confidential visits, only as the patient asked."""
    contact = reminders.contacts(practice, [notice.patient])[notice.patient]
    paid = payments.get(practice, notice.payment).statement if notice.payment else None
    if not bills.is_confidential(practice, paid):
        return contact
    return apart(contact, confidential.reaches(practice, [notice.patient]).get(notice.patient))


def mail(
    practice: int,
    notice: Notice,
    words_of: Callable[[], Words],
    outbox: Outbox,
    action: str,
    *,
    by: Actor,
    now: datetime,
    contact: Contact | None = None,
) -> str:
    """The state it came to; contact: None for the patient's own.

    That it is being sent is written first, so a sending that was cut off is not repeated.
    """
    contact = contact or _contact(practice, notice)
    has_email = EMAIL in outbox.channels and EMAIL in contact.agreed and contact.email
    with write(practice):
        if not payment_notices.take(practice, notice.id, at=now):
            return DUE
        if not has_email:
            payment_notices.set_state(practice, notice.id, NO_EMAIL)
            return NO_EMAIL
        audit.record(practice, [audit.Event(action, notice.patient, f"payment_notice:{notice.id}")], by=by, at=now)
    words = words_of()
    state, reason = SENT, ""
    try:
        outbox.send(Message(EMAIL, contact.email, words.subject, words.text, f"{practice}:{notice.key}"))
    except NotSent as problem:
        state, reason = FAILED, str(problem)
    with write(practice):
        payment_notices.set_state(practice, notice.id, state, reason)
    return state
