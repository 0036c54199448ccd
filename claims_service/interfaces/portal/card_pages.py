"""The card company's messages to us, and the pages of the built-in one: clearly a test, and no field for a card."""

import structlog
from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from claims_service import clock
from claims_service.access.guard import public, signed
from claims_service.domain.actor import Actor
from claims_service.gateways.cards.processor import PAID_OUT, SAVED, BadSignature, CardRefused
from claims_service.gateways.cards.test_processor import TestProcessor
from claims_service.interfaces.portal.site import processor_of, site
from claims_service.queries import clinic
from claims_service.workflow.follow_payment_plans import follow_payment_plans
from claims_service.workflow.receive_payouts import receive_payouts
from claims_service.workflow.save_method import keep_saved
from claims_service.workflow.take_payment import settle_payments

COMPANY = Actor("processor", "processor")
test_processor = Blueprint("test_processor", __name__, url_prefix="/test-processor", template_folder="templates")
log = structlog.get_logger("claims_service.cards")


@site.post("/card-events")
@signed
def card_event() -> ResponseReturnValue:
    """One message of the card company; 2xx tells it that the message is in the books."""
    try:
        take_message(request.get_data(), _signature())
    except BadSignature:
        raise BadRequest("the message is not signed by the card company") from None
    return "", 204


def _signature() -> str:
    processor = processor_of(current_app)
    return request.headers.get(processor.signature_header, "") if processor else ""


def take_message(body: bytes, signature: str) -> None:
    """Check a message and put it into the books.

    Raises:
        BadSignature: it is not the card company's.
        NotFound: an order that is not ours.
    """
    processor = processor_of(current_app)
    if processor is None:
        raise BadSignature("no card company is connected")
    now = clock.now()
    event = processor.read_event(body, signature, now=now)
    if not event.account:  # about something else in the company's account
        log.info("card_event", kind=event.kind)
        return
    practice = int(event.account)
    today = clock.today(clinic.clinic(practice).zone)
    if event.kind == PAID_OUT:
        receive_payouts(practice, processor=processor, by=COMPANY, now=now, today=today)
        log.info("card_event", practice_id=practice, kind=event.kind)
        return
    if event.kind == SAVED:
        keep_saved(practice, event, by=COMPANY, now=now)
        log.info("card_event", practice_id=practice, kind=event.kind)
        return
    (payment,) = settle_payments(practice, [event], by=COMPANY, now=now, today=today)
    follow_payment_plans(practice, [payment.patient], by=COMPANY, now=now, today=today)
    log.info("card_event", practice_id=practice, kind=event.kind, status=payment.state)


@test_processor.route("/checkout/<reference>", methods=["GET", "POST"])
@public
def checkout(reference: str) -> ResponseReturnValue:
    """Pay with a card that works or one that is declined; of what is paid, play the bank that takes it back."""
    processor = processor_of(current_app)
    charge = processor.find(reference) if isinstance(processor, TestProcessor) else None
    if charge is None:
        raise NotFound
    if request.method == "GET":
        return render_template("portal/checkout.html", charge=charge, declined=False)
    if request.form.get("bank"):
        return _bank_says(processor, reference, request.form["bank"])
    good = request.form.get("card") == "good"
    saving = charge.cents == 0
    told = processor.save if saving else processor.pay
    message = told(reference, good=good, now=clock.now())
    take_message(message.body, message.signature)
    if not good and not saving:
        return render_template("portal/checkout.html", charge=processor.find(reference), declined=True)
    return redirect(charge.order["return_url"], 303)


def _bank_says(processor: TestProcessor, reference: str, word: str) -> ResponseReturnValue:
    """The bank takes the payment back, or decides who was right."""
    now = clock.now()
    try:
        if word == "takes_back":
            message = processor.charge_back(reference, now=now)
        else:
            message = processor.end_chargeback(reference, won=word == "clinic_wins", now=now)
    except CardRefused:
        raise BadRequest("there is nothing to take back") from None
    take_message(message.body, message.signature)
    return redirect(request.path, 303)
