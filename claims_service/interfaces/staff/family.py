"""Everybody a guarantor answers for on one page, and one payment for all of them."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import NotFound, Rejected
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.queries import family as questions
from claims_service.workflow.follow_payment_plans import follow_payment_plans
from claims_service.workflow.take_family_payment import take_family_payment
from claims_service.workflow.take_payment import DeskPayment


@site.get("/patients/<int:patient>/family")
@requires("account.read")
def family(patient: int) -> ResponseReturnValue:
    """What each owes, and what they owe together."""
    return _page(patient, {}, {}, secrets.token_urlsafe(12))


@site.post("/patients/<int:patient>/family")
@requires("payment.take")
def take_family(patient: int) -> ResponseReturnValue:
    """One sum, split to the oldest visits; the same form twice is one payment."""
    at, form = here(), request.form
    once = form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    try:
        cents = money.typed_cents(form.get("amount", ""))
    except ValueError as wrong:
        return _page(patient, form, {"amount": f"{str(wrong).capitalize()}."}, once)
    desk = DeskPayment(
        patient, cents, form.get("method", ""), f"family-{once}", form.get("check_number", "").strip()[:40]
    )
    try:
        taken = take_family_payment(at.practice, desk, by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        errors = {problem.where.rpartition(".")[2]: problem.message for problem in refused.problems}
        return _page(patient, form, errors, once)
    follow_payment_plans(at.practice, [one.patient for one in taken], by=at.actor, now=at.now, today=at.today)
    word = "was taken already" if any(one.again for one in taken) else "taken"
    receipts = ", ".join(f"{one.receipt_number} {filters.money(one.cents)}" for one in taken)
    flash(f"{filters.money(sum(one.cents for one in taken))} {word}. Receipts {receipts}.", "ok")
    return redirect(url_for("staff.family", patient=patient), 303)


def _page(patient: int, values: object, errors: dict[str, str], once: str) -> ResponseReturnValue:
    at = here()
    found = questions.family(at.practice, patient, on=at.today)
    if found is None:
        raise NotFound("guarantor")
    saw([member.patient for member in found.members], "account.read", f"patient:{patient}")
    page = render_template("staff/family.html", patient=patient, family=found, values=values, errors=errors, once=once)
    return (page, 422) if errors else page
