"""Refunds to insurers: one claim's overpayment given back, and all of them with their days."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import dates, money
from claims_service.domain.credit import CHECK, FOUND_BY, OWN, REFUND_REASONS, WAYS
from claims_service.domain.errors import Conflict, Rejected
from claims_service.domain.money import spoken
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import credits as in_credit
from claims_service.queries import insurer_refunds as questions
from claims_service.queries import people, second_person
from claims_service.queries.insurer_refunds import STATES, Refund
from claims_service.workflow.refund_insurer import InsurerRefund, refund_insurers

COLUMNS = (
    "refund", "claim", "insurer", "amount", "way", "check_number", "reason", "found_by", "letter", "identified_on", "return_by",
    "rule", "state", "on_its_way", "why",
)  # fmt: skip


@site.get("/refunds")
@requires("report.read")
def insurer_refunds() -> ResponseReturnValue:
    """What went back to insurers, and what is still to go."""
    listed = questions.refunds(here().practice)
    saw([one.patient for one in listed], "insurer_refund.list")
    named = people.names(here().practice, [one.by for one in listed])
    return render_template(
        "staff/insurer_refunds.html", listed=listed, states=STATES, reasons=REFUND_REASONS, ways=WAYS, found_by=FOUND_BY, named=named
    )  # fmt: skip


@site.get("/refunds.csv")
@requires("report.read")
def insurer_refunds_table() -> ResponseReturnValue:
    """The same as a table, without names of patients."""
    listed = questions.refunds(here().practice)
    saw([one.patient for one in listed], "insurer_refund.export")
    return table_file(f"insurer-refunds-{here().today:%Y-%m-%d}.csv", COLUMNS, [_row(one) for one in listed])


@site.route("/claims/<int:claim>/refund", methods=["GET", "POST"])
@requires("refund.make")
def refund_insurer(claim: int) -> ResponseReturnValue:
    """Give the insurer of a claim back what it paid too much."""
    if request.method == "GET":
        return _form(claim, {})
    at, form, errors = here(), request.form, {}
    typed = {name: form.get(name, "").strip()[:200] for name in ("letter", "check_number", "why")}
    cents, found_on = 0, at.today
    try:
        cents = money.typed_cents(form.get("cents", "").strip())
    except ValueError as wrong:
        errors["cents"] = f"{str(wrong).capitalize()}."
    try:
        found_on = dates.day(form.get("identified_on", ""), today=at.today)
    except ValueError:
        errors["identified_on"] = "Write the day it was found, like 11/18/2026."
    if errors:
        return _form(claim, errors)
    wanted = InsurerRefund(
        claim, cents, form.get("way", ""), form.get("reason", ""), form.get("found_by", ""), found_on,
        form.get("seen", -1, type=int), **typed,
    )  # fmt: skip
    try:
        (made,) = refund_insurers(at.practice, [wanted], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return _form(claim, {problem.where.rpartition(".")[2]: problem.message for problem in refused.problems})
    except Conflict as refused:
        return _form(claim, {"": str(refused)})
    if made.request:
        flash(f"{spoken(cents)} wait for a second person. Nothing goes back yet.", "warn")
    else:
        flash(f"{made.number}: {spoken(cents)} go back to the insurer.", "ok")
    return redirect(url_for("staff.insurer_refunds"), 303)


def _form(claim: int, errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    found = questions.returnable(at.practice, claim)
    saw([found.patient], "claim.read", f"claim:{claim}")
    credit = next(
        (c for c in in_credit.in_credit(at.practice) if c.claim == claim and c.owner == in_credit.INSURER), None
    )
    usual = {
        "cents": money.plain_text(min(credit.cents if credit else found.cents, found.cents)),
        "way": CHECK, "found_by": OWN, "identified_on": f"{at.today:%m/%d/%Y}",
    }  # fmt: skip
    shown = render_template(
        "staff/insurer_refund.html", found=found, credit=credit, limit=second_person.limit(at.practice), errors=errors,
        values=request.form or usual, reasons=list(REFUND_REASONS.items()), ways=list(WAYS.items()), found_by=list(FOUND_BY.items()),
    )  # fmt: skip
    return (shown, 422) if errors else shown


def _row(one: Refund) -> tuple[object, ...]:
    by, rule = (one.clock.repay_by, one.clock.rule) if one.clock else ("", "")
    return (
        one.number, one.control_number, one.payer_name, money.plain_text(one.cents), one.way, one.check_number,
        REFUND_REASONS[one.reason], one.found_by, one.letter, one.identified_on, by, rule, STATES[one.state],
        money.plain_text(one.on_its_way_cents), one.why,
    )  # fmt: skip
