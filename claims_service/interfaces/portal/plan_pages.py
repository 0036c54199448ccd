"""Pay over time: choose how many months, agree, see how the plan stands, pay the next payment, end it."""

import io
import secrets
from typing import Any

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import BadRequest

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires, saw
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.patient.agreement import PORTAL, terms
from claims_service.domain.patient.payment_plan import Schedule
from claims_service.interfaces.portal.pay_pages import order_for
from claims_service.interfaces.portal.site import language, own_patient, processor_of, site, zone
from claims_service.queries import autopay, bills, payment_plans
from claims_service.workflow.agree_payment_plan import Wish, agree_payment_plans, stop_payment_plan

WISH_SECONDS = 30 * 60


@site.route("/bills/<int:statement>/plan", methods=["GET", "POST"])
@requires("bill.pay")
def choose_plan(statement: int) -> ResponseReturnValue:
    """How many months; then the whole plan to read before anything is agreed."""
    practice, patient = own_patient()
    bill = bills.bill(practice, patient, statement)
    saw([patient], "statement.read", f"statement:{statement}")
    offered = payment_plans.offered_for(practice, patient, bill, today=clock.today(zone()))
    fits = offered.schedules
    if request.method == "GET" or not fits:
        return _choose(bill, fits, {})
    chosen = next((one for one in fits if str(len(one)) == request.form.get("months")), None)
    if chosen is None:
        return _choose(bill, fits, {"months": _("Choose how many payments.")}, 422)
    token = _signer().dumps([patient, statement, len(chosen), bill.asked_cents, secrets.token_hex(16)])
    promised = terms(chosen, offered.policy.grace_days, language())
    return render_template("portal/plan_check.html", bill=bill, schedule=chosen, terms=promised, wish=token)


def _choose(
    bill: bills.Bill, fits: tuple[Schedule, ...], errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    return render_template("portal/plan_choose.html", bill=bill, fits=fits, errors=errors), status


@site.post("/plans")
@requires("bill.pay")
def agree_plan() -> ResponseReturnValue:
    """Agree to what was shown; pressing twice agrees once."""
    practice, patient = own_patient()
    try:
        owner, statement, months, cents, key = _signer().loads(request.form.get("wish", ""), max_age=WISH_SECONDS)
    except BadData:
        raise BadRequest("the plan is not ours or too old") from None
    if owner != patient:
        raise NotFound("payment plan")
    who = guard.current()
    wish = Wish(
        patient, statement, months, cents, f"portal:{key}", bills.addressee(practice, patient).name, PORTAL,
        request.remote_addr or "", language(),
    )  # fmt: skip
    try:
        (made,) = agree_payment_plans(practice, [wish], by=who.actor, now=clock.now(), today=clock.today(zone()))
    except (Conflict, Rejected):
        changed = _("What you owe has changed meanwhile. Nothing was agreed. Please look again.")
        bill = bills.bill(practice, patient, statement)
        offered = payment_plans.offered_for(practice, patient, bill, today=clock.today(zone()))
        return _choose(bill, offered.schedules, {"": changed}, 409)
    return redirect(url_for("portal.payment_plan", payment_plan=made.plan, new=1), 303)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="portal-plan")


@site.get("/plans/<int:payment_plan>")
@requires("bill.read")
def payment_plan(payment_plan: int) -> ResponseReturnValue:
    """How the plan stands, and what to pay next."""
    return _page(payment_plan, {})


def _page(key: int, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    practice, patient = own_patient()
    found = payment_plans.plan(practice, key, today=clock.today(zone()), patient=patient)
    saw([patient], "plan.read", f"payment_plan:{key}")
    more: dict[str, Any] = {"new": bool(request.args.get("new")), "cards": processor_of(current_app) is not None}
    more["autopaid"] = any(one.plan == key for one in autopay.of_patient(practice, patient).consents)
    return render_template("portal/payment_plan.html", plan=found, errors=errors, **more), status


@site.post("/plans/<int:payment_plan>/pay")
@requires("bill.pay")
def pay_plan(payment_plan: int) -> ResponseReturnValue:
    """The next payment or all that is left, shown once more before anything happens."""
    practice, patient = own_patient()
    found = payment_plans.plan(practice, payment_plan, today=clock.today(zone()), patient=patient)
    if processor_of(current_app) is None or not (found.is_running and found.standing.left_cents):
        return redirect(url_for("portal.payment_plan", payment_plan=payment_plan), 303)
    cents = found.standing.left_cents if request.form.get("amount") == "all" else found.standing.to_pay_cents
    bill = bills.bill(practice, patient, found.head.statement)
    back = url_for("portal.payment_plan", payment_plan=payment_plan)
    order = order_for(patient, bill.id, cents)
    return render_template(
        "portal/check.html", bill=bill, s=bill.statement, cents=cents, order=order, plan=found, back=back
    )


@site.get("/plans/<int:payment_plan>/agreement")
@requires("bill.read")
def plan_agreement(payment_plan: int) -> ResponseReturnValue:
    """The paper that was accepted, byte for byte."""
    practice, patient = own_patient()
    number, _, paper = payment_plans.paper(practice, payment_plan, language(), patient=patient)
    saw([patient], "plan.print", f"payment_plan:{payment_plan}")
    name = f"payment-plan-{number}.pdf"
    return send_file(io.BytesIO(paper), mimetype="application/pdf", as_attachment=True, download_name=name)


@site.post("/plans/<int:payment_plan>/end")
@requires("bill.pay")
def end_plan(payment_plan: int) -> ResponseReturnValue:
    """The patient's own wish; what is left is due as on the bill."""
    practice, patient = own_patient()
    who = guard.current()
    why = "The patient ended it on the website."
    if stop_payment_plan(practice, payment_plan, why, by=who.actor, now=clock.now(), patient=patient):
        flash(_("Your plan has ended."), "ok")
    return redirect(url_for("portal.payment_plan", payment_plan=payment_plan), 303)
