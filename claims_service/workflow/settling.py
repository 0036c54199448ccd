"""What the card company tells of a payment, put into the books; shared by the steps that hear of it."""

from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.patient import frozen
from claims_service.domain.patient.payment import FAILED, PENDING, STARTED
from claims_service.gateways.cards import processor as cards
from claims_service.gateways.cards.processor import CardEvent
from claims_service.store import audit, bills, confidential, payments
from claims_service.store.payments import PaymentRecord
from claims_service.workflow.patient_money import book_chargeback, book_payment, book_refunds


def encounters_of(practice: int, patient: int, statement: int | None) -> set[int] | None:
    """The visits of a statement, without those that became confidential after it was issued.

    Raises:
        NotFound: no such statement of this patient.
    """
    if statement is None:
        return None
    told = frozen.statement(bills.statement_content(practice, statement, patient=patient))
    named = {visit.invoice.encounter for visit in told.visits}
    return named if told.confidential else named - confidential.visits_of(practice, [patient]).get(patient, frozenset())


def settle(practice: int, event: CardEvent, by: Actor, now: datetime, today: date) -> PaymentRecord:
    """Bring a payment to where a message says it stands; a message that was taken before changes nothing. Inside write().

    Raises:
        NotFound: an order that is not ours.
        Conflict: another amount than was ordered.
    """
    known = payments.by_key(practice, event.key)
    if known is None:
        raise NotFound("payment")
    if not payments.take_event(event.id, event.kind, at=now):
        return known
    payment = payments.get(practice, known.id, lock=True)
    if event.reference and not payment.processor_reference:  # charged without a page: the company names it now
        payments.set_reference(practice, payment.id, event.reference)
    if event.kind == cards.FAILED and payment.state in {STARTED, PENDING}:
        payments.set_state(practice, payment.id, FAILED)
        declined = audit.Event("payment.declined", payment.patient, f"payment:{payment.id}")
        audit.record(practice, [declined], by=by, at=now)
    if event.kind == cards.PENDING and payment.state in {STARTED, FAILED}:
        payments.set_state(practice, payment.id, PENDING)
    if event.kind in {cards.PAID, cards.REFUNDED, cards.CHARGED_BACK}:
        _book(practice, payment, event, by, now, today)
    return payments.get(practice, payment.id)


def _book(practice: int, payment: PaymentRecord, event: CardEvent, by: Actor, now: datetime, today: date) -> None:
    """Whatever is told of money that came tells as well that it came."""
    if event.cents != payment.cents:
        raise Conflict("the card company took another amount than was ordered")
    chosen = payments.chosen_visits(practice, payment.id)
    encounters = chosen or encounters_of(practice, payment.patient, payment.statement)
    if payment.state in {STARTED, FAILED, PENDING}:
        book_payment(practice, payment, encounters, by=by, now=now, today=today)
        payment = payments.get(practice, payment.id)
    # The total so far, not this refund's part: events that overtake one another end at the same sum.
    book_refunds(practice, payment, event.refunded_cents, by=by, now=now, today=today)
    if event.kind == cards.CHARGED_BACK:
        payment = payments.get(practice, payment.id)
        book_chargeback(practice, payment, event, encounters, by=by, now=now, today=today)
