"""One bill by a pay link: the date of birth opens it, and it can be read, printed and paid. Nothing else of the patient is here."""

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from claims_service import clock
from claims_service.access import guard, pay_links, portal_links
from claims_service.access.guard import public, requires
from claims_service.domain import dates
from claims_service.domain.errors import NotFound
from claims_service.interfaces.portal import bill_pages, pay_pages
from claims_service.interfaces.portal.site import language, own_patient, site, zone
from claims_service.queries import bills
from claims_service.queries.bills import PaymentShown
from claims_service.words import ENGLISH


@site.route("/pay/<token>", methods=["GET", "POST"])
@public
def open_pay_link(token: str) -> ResponseReturnValue:
    """The date of birth opens the bill, as often as it is needed while the bill is open."""
    config = guard.access_of(current_app).config
    now = clock.now()
    try:
        pay_links.alive(config, token, now=now)
        if request.method == "GET":
            return render_template("portal/open_link.html", errors={}, values={})
        birth_on = dates.day(request.form.get("birth", ""), today=now.date())
        secret = pay_links.open_link(config, token, birth_on, address=request.remote_addr or "", now=now)
    except NotFound:
        return _gone()
    except portal_links.TooManyTries:
        return _again(_("Too many tries. Please wait 15 minutes, or call us."), 429)
    except portal_links.WrongBirthDate as wrong:
        return (
            _again(_("This is not the date of birth we have. Please try again, or call us.")) if wrong.left else _gone()
        )
    except ValueError:
        return _again(_("Write your date of birth like 11/18/1980."))
    chosen = language()
    guard.enter(secret)
    if chosen != ENGLISH:
        session["language"] = chosen
    return redirect(url_for("portal.this_bill"), 303)


def _gone() -> ResponseReturnValue:
    return render_template("portal/old_pay_link.html"), 404


def _again(problem: str, status: int = 422) -> ResponseReturnValue:
    values = {"birth": request.form.get("birth", "")}
    return render_template("portal/open_link.html", errors={"birth": problem}, values=values), status


def _own_statement() -> int:
    statement = guard.current().statement_id
    assert statement is not None, "only who came by a pay link holds this permission"
    return statement


@site.get("/this-bill")
@requires("this_bill.pay")
def this_bill() -> ResponseReturnValue:
    """The bill: what is owed, how we got there, each service explained."""
    return bill_pages.shown(_own_statement())


@site.get("/this-bill/pdf")
@requires("this_bill.pay")
def this_bill_paper() -> ResponseReturnValue:
    """The bill as it was sent."""
    return bill_pages.paper(_own_statement())


@site.route("/this-bill/pay", methods=["GET", "POST"])
@requires("this_bill.pay")
def pay_this_bill() -> ResponseReturnValue:
    """Ask how much; then show it once more before anything happens."""
    return pay_pages.asked(_own_statement())


@site.post("/this-bill/start")
@requires("this_bill.pay")
def start_this_bill() -> ResponseReturnValue:
    """Start what was checked and go on to the card company; pressing twice starts once."""
    return pay_pages.started(only=_own_statement())


@site.get("/this-bill/payments/<int:payment>")
@requires("this_bill.pay")
def this_payment(payment: int) -> ResponseReturnValue:
    """What became of a payment of this bill."""
    return pay_pages.payment_shown(_payment_of_bill(payment))


@site.post("/this-bill/payments/<int:payment>/clear")
@requires("this_bill.pay")
def this_payment_clear(payment: int) -> ResponseReturnValue:
    """Was this bill clear?"""
    return pay_pages.clear_told(_payment_of_bill(payment))


@site.get("/this-bill/payments/<int:payment>/receipt")
@requires("this_bill.pay")
def this_receipt(payment: int) -> ResponseReturnValue:
    """The receipt of a payment of this bill as a PDF."""
    return pay_pages.receipt_of(_payment_of_bill(payment))


def _payment_of_bill(payment: int) -> PaymentShown:
    practice, patient = own_patient()
    found = bills.payment(practice, patient, payment, zone())
    if found.statement != _own_statement():
        raise NotFound("payment")
    return found


@site.post("/this-bill/sign-out")
@requires("this_bill.pay")
def this_bill_sign_out() -> ResponseReturnValue:
    """End the session on the server: the next person at this screen sees nothing."""
    guard.leave()
    return redirect(url_for("portal.sign_in"), 303)
