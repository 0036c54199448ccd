"""Payment plans at the desk: the list with the late ones first, one plan, a plan made or stopped, what is offered."""

import io
import secrets
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import Conflict, Rejected
from claims_service.domain.patient.agreement import DESK
from claims_service.domain.patient.payment_plan import Policy
from claims_service.domain.patient.prompt_pay import Policy as PromptPay
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.queries import bills, payment_plans, receipts
from claims_service.words import ENGLISH, LANGUAGES
from claims_service.workflow.agree_payment_plan import Wish, agree_payment_plans, set_plan_policy, stop_payment_plan
from claims_service.workflow.follow_payment_plans import follow_payment_plans
from claims_service.workflow.offer_discount import set_prompt_pay
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments

VIEWS = {"running": "Running", "ended": "Ended"}
MOST_FIELD = 500


@site.get("/payment-plans")
@requires("account.read")
def payment_plan_list() -> ResponseReturnValue:
    """Plans that run, the late ones first; or those that ended. Beside them what is offered."""
    return _list(_values(payment_plans.policy(here().practice)), {})


def _list(values: dict[str, Any], errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    view = "ended" if request.args.get("view") == "ended" else "running"
    found = payment_plans.ended if view == "ended" else payment_plans.queue
    listed = found(at.practice, today=at.today)
    saw([one.head.patient for one in listed], "plan.list")
    early = receipts.prompt_pay_policy(at.practice)
    shown = {"percent": str(early.percent), "days": str(early.days), "insured": early.insured, **values}
    page = render_template(
        "staff/payment_plans.html", listed=listed, view=view, views=VIEWS, values=shown, errors=errors
    )
    return (page, 422) if errors else page


@site.post("/payment-plans/policy")
@requires("billing.policy")
def payment_plan_policy() -> ResponseReturnValue:
    """From now on this is offered; plans that run stay as they were agreed."""
    at, form = here(), request.form
    values = {name: form.get(name, "").strip()[:20] for name in _values(Policy())}
    errors: dict[str, str] = {}
    numbers = {}
    try:
        least = money.typed_cents(values["least"])
    except ValueError as wrong:
        errors["least"] = f"{str(wrong).capitalize()}."
    for name, what in (("months", "months"), ("grace", "days")):
        if values[name].isdecimal():
            numbers[name] = int(values[name])
        else:
            errors[name] = f"Write a number of {what}, like 12."
    if not errors:
        try:
            new = Policy(least, numbers["months"], numbers["grace"])
            set_plan_policy(at.practice, new, by=at.actor, now=at.now)
        except ValueError as wrong:
            words = str(wrong)
            name = "least" if "payment" in words else "months" if "months" in words else "grace"
            errors[name] = f"{words.capitalize()}."
    if errors:
        return _list(values, errors)
    flash("Saved. It holds for new plans.", "ok")
    return redirect(url_for("staff.payment_plan_list"), 303)


@site.post("/payment-plans/prompt-pay")
@requires("billing.policy")
def prompt_pay_policy() -> ResponseReturnValue:
    """From now on new statements promise this for paying early; those that are out keep what they promise."""
    at, form = here(), request.form
    values: dict[str, Any] = {name: form.get(name, "").strip()[:3] for name in ("percent", "days")}
    values["insured"] = bool(form.get("insured"))
    errors = {name: "Write a whole number, like 10." for name in ("percent", "days") if not values[name].isdecimal()}
    if not errors:
        try:
            new = PromptPay(int(values["percent"]), int(values["days"]), values["insured"])
            set_prompt_pay(at.practice, new, by=at.actor, now=at.now)
        except ValueError as wrong:
            errors["percent" if "percent" in str(wrong) else "days"] = f"{str(wrong).capitalize()}."
    if errors:
        return _list({**_values(payment_plans.policy(at.practice)), **values}, errors)
    flash("Saved. It holds for new statements.", "ok")
    return redirect(url_for("staff.payment_plan_list"), 303)


def _values(policy: Policy) -> dict[str, str]:
    return {
        "least": str(money.dollars(policy.least_cents)),
        "months": str(policy.most_months),
        "grace": str(policy.grace_days),
    }


@site.get("/payment-plans/<int:payment_plan>")
@requires("account.read")
def payment_plan(payment_plan: int) -> ResponseReturnValue:
    """One plan: its schedule against the journal, what happened, the paper."""
    return _page(payment_plan, {}, {})


def _page(key: int, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    found = payment_plans.plan(at.practice, key, today=at.today)
    saw([found.head.patient], "plan.read", f"payment_plan:{key}")
    about: dict[str, Any] = {
        "versions": payment_plans.versions(at.practice, key),
        "story": payment_plans.story(at.practice, key),
        "once": secrets.token_urlsafe(12),
    }
    page = render_template("staff/payment_plan.html", plan=found, values=values, errors=errors, **about)
    return (page, 422) if errors else page


@site.route("/patients/<int:patient>/payment-plans", methods=["GET", "POST"])
@requires("payment.take")
def new_payment_plan(patient: int) -> ResponseReturnValue:
    """A plan for who says yes at the desk or on the phone: the offers, their name, and who wrote it down."""
    at, form = here(), request.form
    bills.addressee(at.practice, patient)
    if request.method == "GET":
        return _offers(patient, {}, {})
    values = {name: form.get(name, "").strip()[:MOST_FIELD] for name in ("months", "accepted_by")}
    offered = payment_plans.offered(at.practice, patient, today=at.today)
    once = form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    months, total = form.get("months", ""), form.get("total", "")
    if not (months.isdecimal() and total.isdecimal()) or offered.bill is None:
        return _offers(patient, values, {"months": "Choose one of the plans."})
    language = bills.addressee(at.practice, patient).language
    wish = Wish(
        patient, offered.bill.id, int(months), int(total), f"desk-{once}", values["accepted_by"], DESK, "", language, at.name
    )  # fmt: skip
    try:
        (made,) = agree_payment_plans(at.practice, [wish], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return _offers(patient, values, {problem.where: problem.message for problem in refused.problems})
    except Conflict as conflict:
        return _offers(patient, values, {"": f"{str(conflict).capitalize()}. Look again."})
    flash(f"Plan {made.number} {'was made already' if made.again else 'is made'}.", "ok")
    return redirect(url_for("staff.payment_plan", payment_plan=made.plan), 303)


def _offers(patient: int, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    saw([patient], "account.read", f"patient:{patient}")
    person = bills.addressee(at.practice, patient)
    page = render_template(
        "staff/payment_plan_new.html", patient=patient, person=person, values={"accepted_by": person.name, **values},
        offered=payment_plans.offered(at.practice, patient, today=at.today), errors=errors, once=secrets.token_urlsafe(12),
    )  # fmt: skip
    return (page, 422) if errors else page


@site.post("/payment-plans/<int:payment_plan>/payments")
@requires("payment.take")
def pay_payment_plan(payment_plan: int) -> ResponseReturnValue:
    """Cash or a check for the visits of the plan; the same form twice is one payment."""
    at, form = here(), request.form
    found = payment_plans.plan(at.practice, payment_plan, today=at.today)
    values = {name: form.get(name, "").strip()[:40] for name in ("amount", "method", "check_number")}
    once = form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    patient, statement = found.head.patient, found.head.statement
    try:
        cents = money.typed_cents(values["amount"])
        desk = DeskPayment(patient, cents, values["method"], f"desk-{once}", values["check_number"], statement)
        (taken,) = take_desk_payments(at.practice, [desk], by=at.actor, now=at.now, today=at.today)
    except ValueError as wrong:
        return _page(payment_plan, values, {"amount": f"{str(wrong).capitalize()}."})
    except Rejected as refused:
        return _page(payment_plan, values, {p.where.rpartition(".")[2]: p.message for p in refused.problems})
    follow_payment_plans(at.practice, [patient], by=at.actor, now=at.now, today=at.today)
    word = "was taken already" if taken.again else "taken"
    flash(f"{filters.money(cents)} {word}. Receipt {taken.receipt_number}.", "ok")
    return redirect(url_for("staff.payment_plan", payment_plan=payment_plan), 303)


@site.post("/payment-plans/<int:payment_plan>/stop")
@requires("payment.take")
def stop_plan(payment_plan: int) -> ResponseReturnValue:
    """The plan ends, with the reason; what is open is due as on the bill."""
    at, why = here(), request.form.get("why", "").strip()
    try:
        stopped = stop_payment_plan(at.practice, payment_plan, why[: MOST_FIELD + 1], by=at.actor, now=at.now)
    except Rejected as refused:
        return _page(payment_plan, {"why": why}, {problem.where: problem.message for problem in refused.problems})
    flash("The plan has ended. What is open is due as on the bill." if stopped else "The plan had ended before.", "ok")
    return redirect(url_for("staff.payment_plan", payment_plan=payment_plan), 303)


@site.get("/payment-plans/<int:payment_plan>/agreement")
@requires("account.read")
def plan_paper(payment_plan: int) -> ResponseReturnValue:
    """The paper that was accepted, byte for byte, in either language."""
    language = request.args.get("language", ENGLISH)
    language = language if language in LANGUAGES else ENGLISH
    number, patient, paper = payment_plans.paper(here().practice, payment_plan, language)
    saw([patient], "plan.print", f"payment_plan:{payment_plan}")
    name = f"payment-plan-{number}-{language}.pdf"
    return send_file(io.BytesIO(paper), mimetype="application/pdf", as_attachment=True, download_name=name)
