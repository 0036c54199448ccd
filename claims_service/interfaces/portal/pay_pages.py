"""Pay a bill: how much, check, the card company's page, confirmation. No card number comes near this service."""

import io
import secrets
from typing import Any

from flask import current_app, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import BadRequest

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires, saw
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.formats.documents.receipt_pdf import Receipt, receipt_pdf
from claims_service.gateways.cards.processor import CardRefused
from claims_service.interfaces.portal import clarity
from claims_service.interfaces.portal.pay_choice import BadChoice, chosen
from claims_service.interfaces.portal.site import by_link, language, own_patient, processor_of, site, to, zone
from claims_service.queries import bills, payment_plans, receipts
from claims_service.queries.bills import PaymentShown
from claims_service.queries.clarity import is_to_ask
from claims_service.queries.paid_in_year import years_paid
from claims_service.queries.to_pay import to_pay
from claims_service.workflow.take_payment import CardPayment, start_payments

ORDER_SECONDS = 30 * 60


@site.route("/bills/<int:statement>/pay", methods=["GET", "POST"])
@requires("bill.pay")
def pay(statement: int) -> ResponseReturnValue:
    """Ask how much; then show it once more before anything happens."""
    return asked(statement)


def asked(statement: int) -> ResponseReturnValue:
    """The pages before paying a bill of the visitor."""
    practice, patient = own_patient()
    bill = bills.bill(practice, patient, statement)
    saw([patient], "statement.read", f"statement:{statement}")
    if processor_of(current_app) is None or not bill.payable:
        return render_template("portal/pay_otherwise.html", bill=bill, s=bill.statement)
    open_now = to_pay(practice, patient, bill, today=clock.today(zone()))
    if request.method == "GET":
        return _ask(bill, {}, {})
    try:
        choice = chosen(request.form, open_now)
    except BadChoice as problem:
        return _ask(bill, dict(request.form), {problem.field: str(problem)}, 422)
    order = order_for(patient, statement, choice.cents, choice.visits)
    picked = [visit for visit in open_now.visits if visit.encounter in choice.visits]
    return render_template(
        "portal/check.html", bill=bill, s=bill.statement, cents=choice.cents, order=order, choice=choice, picked=picked
    )


def order_for(patient: int, statement: int, cents: int, visits: tuple[int, ...] = ()) -> str:
    """What the patient is asked to check, signed, so that nothing in the browser can change it."""
    return str(_signer().dumps([patient, statement, cents, secrets.token_hex(16), list(visits)]))


def _ask(bill: bills.Bill, values: dict[str, Any], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    practice, patient = own_patient()
    about: dict[str, Any] = {"open_now": to_pay(practice, patient, bill, today=clock.today(zone()))}
    about["waiting"] = () if by_link() else bills.home(practice, patient, zone()).waiting
    about["picked"] = request.form.getlist("visit")
    page = render_template("portal/pay.html", bill=bill, s=bill.statement, values=values, errors=errors, **about)
    return page, status


@site.post("/pay")
@requires("bill.pay")
def start() -> ResponseReturnValue:
    """Start what was checked and go on to the card company; pressing twice starts once."""
    return started()


def started(*, only: int | None = None) -> ResponseReturnValue:
    """Start what the visitor checked. only: the one statement they may pay."""
    practice, patient = own_patient()
    owner, statement, cents, key, visits = _order()
    if owner != patient or only not in (None, statement):
        raise NotFound("order")
    bill = bills.bill(practice, patient, statement)
    wish = CardPayment(
        patient,
        statement,
        cents,
        f"portal:{key}",
        _("Bill %(number)s", number=bill.statement.number),
        to("payment_page", payment=0).removesuffix("0") + "{payment}",
        to("bill_page", statement=statement),
        visits,
    )
    processor = processor_of(current_app)
    if processor is None:
        raise NotFound("card company")
    try:
        (opened,) = start_payments(practice, [wish], processor=processor, by=guard.current().actor, now=clock.now())
    except CardRefused:
        text = _("Our card company does not answer. Nothing was charged. Please try again in some minutes.")
        return _ask(bill, {}, {"": text}, 503)
    except (Rejected, Conflict):
        text = _("What you owe has changed meanwhile. Nothing was charged. Please look again.")
        return _ask(bill, {}, {"": text}, 409)
    return redirect(opened.url, 303)


def _order() -> tuple[int, int, int, str, tuple[int, ...]]:
    """What the patient checked, as we signed it."""
    try:
        patient, statement, cents, key, visits = _signer().loads(request.form.get("order", ""), max_age=ORDER_SECONDS)
    except BadData:
        raise BadRequest("the order is not ours or too old") from None
    return patient, statement, cents, key, tuple(visits)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="portal-order")


@site.get("/payments")
@requires("bill.read")
def payment_list() -> ResponseReturnValue:
    """Every payment, the newest first."""
    practice, patient = own_patient()
    saw([patient], "payment.list")
    years = [told.year for told in years_paid(practice, patient)]
    return render_template("portal/payments.html", payments=bills.payments_of(practice, patient, zone()), years=years)


@site.get("/payments/<int:payment>")
@requires("bill.read")
def payment_page(payment: int) -> ResponseReturnValue:
    """What became of one payment; can be bookmarked."""
    practice, patient = own_patient()
    return payment_shown(bills.payment(practice, patient, payment, zone()))


@site.post("/payments/<int:payment>/clear")
@requires("bill.pay")
def payment_clear(payment: int) -> ResponseReturnValue:
    """Was the bill that was paid clear?"""
    practice, patient = own_patient()
    return clear_told(bills.payment(practice, patient, payment, zone()))


def clear_told(found: PaymentShown) -> ResponseReturnValue:
    """The answer of the visitor about the bill of a payment."""
    if found.paid_on is None or found.statement is None:
        raise NotFound("bill")
    if errors := clarity.told(found.statement, clarity.AFTER_PAYMENT):
        return payment_shown(found, errors), 422
    return redirect(to("payment_page", payment=found.id), 303)


def payment_shown(found: PaymentShown, errors: dict[str, str] | None = None) -> str:
    """The page of a payment of the visitor."""
    practice, patient = own_patient()
    saw([patient], "payment.read", f"payment:{found.id}")
    shown: dict[str, Any] = {"payment": found, "first": bills.addressee(practice, patient).first}
    shown["charged_back_cents"] = receipts.charged_back_cents(found.id)
    shown["paid_for"] = receipts.paid_for(practice, found.id)
    shown["bill"] = bills.bill(practice, patient, found.statement) if found.statement else None
    plans = payment_plans.of_patient(practice, patient, today=clock.today(zone()))
    shown["plan"] = next((plan for plan in plans if plan.is_running or plan.head.statement == found.statement), None)
    shown["ask_clear"] = found.paid_on is not None and is_to_ask(practice, found.statement)
    return render_template("portal/payment.html", **shown, **clarity.choices(shown["bill"]), errors=errors or {})


@site.get("/payments/<int:payment>/receipt")
@requires("bill.read")
def receipt(payment: int) -> ResponseReturnValue:
    """The receipt as a PDF."""
    practice, patient = own_patient()
    return receipt_of(bills.payment(practice, patient, payment, zone()))


def receipt_of(found: PaymentShown) -> ResponseReturnValue:
    """The receipt of a payment of the visitor."""
    practice, patient = own_patient()
    if found.paid_on is None:
        raise NotFound("receipt")
    saw([patient], "receipt.print", f"payment:{found.id}")
    person = bills.addressee(practice, patient)
    number = bills.bill(practice, patient, found.statement).statement.number if found.statement else ""
    told = receipts.paid_for(practice, found.id)
    paper = Receipt(
        found.receipt_number, found.paid_on, person.sender, person.name, found.cents, found.refunded_cents, found.method, number,
        told.rows, told.kept_cents, told.off_cents,
    )  # fmt: skip
    name = f"receipt-{found.receipt_number}.pdf"
    return send_file(
        io.BytesIO(receipt_pdf(paper, language())), mimetype="application/pdf", as_attachment=True, download_name=name
    )
