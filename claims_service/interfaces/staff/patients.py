"""Patients' accounts: balances, plans, visits, bills; payments at the desk, plans mended, links into the portal."""

import secrets
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access import portal_links
from claims_service.access.guard import requires, saw
from claims_service.domain import dates, money
from claims_service.domain.coverage import Coverage
from claims_service.domain.errors import Rejected
from claims_service.domain.patient import dispute as dispute_rules
from claims_service.domain.patient.autopay import method_name
from claims_service.domain.patient.guarantor import RELATIONSHIPS
from claims_service.domain.patient.reminder import HOLDS
from claims_service.interfaces.staff.site import here, may, site
from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import (
    accounts,
    autopay,
    confidential,
    cover,
    disputes,
    payment_plans,
    plan_restrictions,
    reminders,
)
from claims_service.words import ENGLISH
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.follow_payment_plans import follow_payment_plans
from claims_service.workflow.mend_coverage import PlanMend, mend_coverages
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments


@site.route("/patients", methods=["GET", "POST"])
@requires("account.read")
def patients() -> ResponseReturnValue:
    """Who owes the most first, or what a search finds; searched by POST, so that no name stands in an address."""
    typed = request.form.get("patient", "").strip()
    try:
        day = dates.day(typed, today=here().today) if typed else None
    except ValueError:
        day = None
    found = accounts.find(here().practice, typed, day) if typed else accounts.newest(here().practice)
    saw([patient.id for patient in found], "patient.find" if typed else "account.list")
    return render_template("staff/patients.html", found=found, typed=typed, values={"patient": typed})


@site.get("/patients/<int:patient>")
@requires("account.read")
def patient(patient: int) -> ResponseReturnValue:
    """One account."""
    return _account(patient)


def _account(patient: int, **more: Any) -> ResponseReturnValue:
    account = accounts.account(here().practice, patient)
    saw([patient], "account.read", f"patient:{patient}")
    about = {"values": {}, "errors": {}, "link": "", "once": secrets.token_urlsafe(12), **more}
    covers, approvals = (
        cover.of_patient(here().practice, patient, account.plans),
        cover.approvals(here().practice, patient),
    )
    about.update(
        pay_plans=payment_plans.of_patient(here().practice, patient, today=here().today),
        offered=payment_plans.offered(here().practice, patient, today=here().today),
    )
    about.update(
        paid_by_itself=autopay.of_patient(here().practice, patient), method_name=partial(method_name, language=ENGLISH)
    )
    about.update(guarantor=accounts.guarantor(here().practice, patient, on=here().today), relationships=RELATIONSHIPS)
    held = plan_restrictions.of_patient(here().practice, patient, today=here().today)
    about.update(untold={one.restriction.encounter for one in held})
    about.update(private=confidential.visits_of(here().practice, patient))
    about.update(standing=reminders.standing(here().practice, patient), hold_kinds=HOLDS)
    about.update(
        held_cents=disputes.held_of(here().practice, patient),
        disputed=disputes.of_patient(here().practice, patient, today=here().today),
        dispute_words=dispute_rules,
    )
    page = render_template("staff/patient.html", account=account, covers=covers, approvals=approvals, **about)
    return (page, 422) if about["errors"] else page


@site.post("/patients/<int:patient>/payments")
@requires("payment.take")
def take_payment(patient: int) -> ResponseReturnValue:
    """Cash or a check at the desk; the same form twice is one payment."""
    at, form = here(), request.form
    once = form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    try:
        cents = money.typed_cents(form.get("amount", ""))
    except ValueError as wrong:
        return _account(patient, values=form, errors={"amount": f"{str(wrong).capitalize()}."}, once=once)
    desk = DeskPayment(
        patient, cents, form.get("method", ""), f"desk-{once}", form.get("check_number", "").strip()[:40],
        form.get("statement", type=row_id),
    )  # fmt: skip
    try:
        taken = take_desk_payments(at.practice, [desk], by=at.actor, now=at.now, today=at.today)[0]
    except Rejected as refused:
        errors = {problem.where.rpartition(".")[2]: problem.message for problem in refused.problems}
        return _account(patient, values=form, errors=errors, once=once)
    follow_payment_plans(at.practice, [patient], by=at.actor, now=at.now, today=at.today)
    word = "was taken already" if taken.again else "taken"
    flash(f"{filters.money(cents)} {word}. Receipt {taken.receipt_number}.", "ok")
    return redirect(url_for("staff.patient", patient=patient), 303)


@site.post("/patients/<int:patient>/link")
@requires("statement.send")
def portal_link(patient: int) -> ResponseReturnValue:
    """A one-time way into the portal, shown once: it opens with the patient's date of birth."""
    at = here()
    token = portal_links.make(at.practice, patient, by=at.actor, now=at.now)
    return _account(patient, link=url_for("portal.open_link", token=token, _external=True))


@site.route("/patients/<int:patient>/plans/<int:coverage>", methods=["GET", "POST"])
@requires("patient.write")
def plan(patient: int, coverage: int) -> ResponseReturnValue:
    """Mend a plan's member number or days; the claims it stopped are checked again at once."""
    at = here()
    found = accounts.coverage_of(at.practice, patient, coverage)
    saw([patient], "coverage.read", f"coverage:{coverage}")
    if request.method == "GET":
        return _plan_form(patient, found, _plan_values(found), {})
    values = {name: request.form.get(name, "").strip() for name in ("member_id", "valid_from", "valid_until")}
    errors, days = {}, {}
    for name in ("valid_from", "valid_until"):
        try:
            days[name] = dates.day(values[name], today=at.today) if values[name] else None
        except ValueError as wrong:
            errors[name] = f"{str(wrong).capitalize()}."
    mend = PlanMend(patient, coverage, values["member_id"], days.get("valid_from"), days.get("valid_until"))
    try:
        if errors:
            return _plan_form(patient, found, values, errors)
        waiting = mend_coverages(at.practice, [mend], by=at.actor, now=at.now).claims
    except Rejected as refused:
        errors = {p.where.rpartition(".")[2]: f"{p.message} {p.mend}".strip() for p in refused.problems}
        return _plan_form(patient, found, values, errors)
    ready = [
        c for c in check_claims(at.practice, waiting, by=at.actor, now=at.now, today=at.today) if c.state == "ready"
    ]
    flash(_said(len(waiting), len(ready)), "ok" if len(ready) == len(waiting) else "warn")
    if len(waiting) == 1 and may("claim.read"):
        return redirect(url_for("staff.claim", claim=waiting[0]), 303)
    return redirect(url_for("staff.patient", patient=patient), 303)


def _said(checked: int, ready: int) -> str:
    if not checked:
        return "Plan saved."
    return f"Plan saved. {filters.counted(checked, 'claim')} checked again, {ready} ready to send."


def _plan_values(found: Coverage) -> dict[str, str]:
    return {
        "member_id": found.member_id,
        "valid_from": filters.form_date(found.valid_from),
        "valid_until": filters.form_date(found.valid_until),
    }


def _plan_form(patient: int, found: Coverage, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    account = accounts.account(here().practice, patient)
    page = render_template("staff/plan.html", account=account, plan=found, values=values, errors=errors)
    return (page, 422) if errors else page
