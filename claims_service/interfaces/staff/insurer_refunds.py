"""Refunds to insurers: a claim's overpayment or a held payment given back, and all of them with their days."""

import io

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import dates, money
from claims_service.domain.credit import CHECK, FOUND_BY, OUTRIGHT, OWN, REFUND_REASONS, WAYS, clock
from claims_service.domain.errors import AlreadyDone, Conflict, Rejected
from claims_service.domain.money import spoken
from claims_service.formats.documents.refund_pdf import refund_pdf
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import credits as in_credit
from claims_service.queries import insurer_refunds as questions
from claims_service.queries import people, refund_letters, second_person
from claims_service.queries.insurer_refunds import STATES, Refund
from claims_service.workflow.refund_insurer import InsurerRefund, refund_insurers
from claims_service.workflow.return_refund import CameBack, return_refunds

COLUMNS = (
    "refund", "claim", "insurer", "amount", "way", "check_number", "reason", "found_by", "letter", "identified_on", "return_by",
    "rule", "state", "on_its_way", "why",
)  # fmt: skip


@site.get("/refunds")
@requires("report.read")
def insurer_refunds() -> ResponseReturnValue:
    """What went back to insurers, and what is still to go."""
    return _list({})


def _list(errors: dict[str, str]) -> ResponseReturnValue:
    listed = questions.refunds(here().practice)
    saw([one.patient for one in listed if one.patient], "insurer_refund.list")
    named = people.names(here().practice, [one.by for one in listed])
    page = render_template(
        "staff/insurer_refunds.html", listed=listed, states=STATES, reasons=REFUND_REASONS, ways=WAYS, found_by=FOUND_BY, named=named,
        errors=errors, values=request.form,
    )  # fmt: skip
    return (page, 422) if errors else page


@site.get("/refunds.csv")
@requires("report.read")
def insurer_refunds_table() -> ResponseReturnValue:
    """The same as a table, without names of patients."""
    listed = questions.refunds(here().practice)
    saw([one.patient for one in listed if one.patient], "insurer_refund.export")
    return table_file(f"insurer-refunds-{here().today:%Y-%m-%d}.csv", COLUMNS, [_row(one) for one in listed])


@site.get("/refunds/<int:refund>/letter")
@requires("report.read")
def refund_letter(refund: int) -> ResponseReturnValue:
    """What goes to the payer with the check, or ahead of the transfer."""
    at = here()
    found = refund_letters.letter(at.practice, refund)
    saw([found.patient] if found.patient else [], "insurer_refund.print", f"insurer_refund:{refund}")
    paper = io.BytesIO(refund_pdf(found))
    return send_file(paper, mimetype="application/pdf", as_attachment=True, download_name=f"refund-{found.number}.pdf")


@site.post("/refunds/<int:refund>/back")
@requires("refund.make")
def refund_back(refund: int) -> ResponseReturnValue:
    """The check or transfer came back."""
    at, name = here(), f"why-{refund}"
    one = CameBack(refund, request.form.get(name, request.form.get("why", ""))[:200])
    try:
        (cents,) = return_refunds(at.practice, [one], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return _list({name: refused.problems[0].message})
    except (Conflict, AlreadyDone) as refused:
        return _list({"": str(refused)})
    flash(f"{spoken(cents)} came back and lie where they lay before.", "ok")
    return redirect(url_for("staff.insurer_refunds"), 303)


@site.route("/claims/<int:claim>/refund", methods=["GET", "POST"])
@requires("refund.make")
def refund_insurer(claim: int) -> ResponseReturnValue:
    """Give the insurer of a claim back what it paid too much."""
    if request.method == "GET":
        return _claim_form(claim, {})
    errors = _asked(claim, None)
    return _claim_form(claim, errors) if errors else redirect(url_for("staff.insurer_refunds"), 303)


@site.route("/held/<int:item>/refund", methods=["GET", "POST"])
@requires("refund.make")
def refund_held(item: int) -> ResponseReturnValue:
    """Give a held payment that belongs to nobody here back to who sent it."""
    if request.method == "GET":
        return _held_form(item, {})
    questions.held_payment(here().practice, item)
    errors = _asked(None, item)
    return _held_form(item, errors) if errors else redirect(url_for("staff.insurer_refunds"), 303)


def _asked(claim: int | None, held: int | None) -> dict[str, str]:
    """Make the refund as it was typed; gives what is wrong by field, nothing when it is made."""
    at, form = here(), request.form
    errors: dict[str, str] = {}
    letter, number, why, payee = (
        form.get(name, "").strip()[:200] for name in ("letter", "check_number", "why", "payee")
    )
    cents, found_on = 0, at.today
    try:
        cents = money.typed_cents(form.get("cents", ""))
    except ValueError as wrong:
        errors["cents"] = f"{str(wrong).capitalize()}."
    try:
        found_on = dates.day(form.get("identified_on", ""), today=at.today)
    except ValueError:
        errors["identified_on"] = "Write the day it was found, like 11/18/2026."
    if errors:
        return errors
    wanted = InsurerRefund(
        claim, cents, form.get("way", ""), form.get("reason", ""), form.get("found_by", ""), found_on,
        form.get("seen", -1, type=int), why, letter, number, held, payee,
    )  # fmt: skip
    try:
        (made,) = refund_insurers(at.practice, [wanted], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return {problem.where.rpartition(".")[2]: problem.message for problem in refused.problems}
    except Conflict as refused:
        return {"": str(refused)}
    if made.request:
        flash(f"{spoken(made.cents)} wait for a second person. Nothing goes back yet.", "warn")
    else:
        flash(f"{made.number}: {spoken(made.cents)} go back to {made.payee or 'the insurer'}.", "ok")
    return {}


def _claim_form(claim: int, errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    found = questions.returnable(at.practice, claim)
    saw([found.patient], "claim.read", f"claim:{claim}")
    listed = in_credit.in_credit(at.practice)
    credit = next((c for c in listed if c.claim == claim and c.owner == in_credit.INSURER), None)
    cents = min(credit.cents if credit else found.cents, found.cents)
    return _form(errors, cents, ways=WAYS, found=found, credit=credit, held=None)


def _held_form(item: int, errors: dict[str, str]) -> ResponseReturnValue:
    held = questions.held_payment(here().practice, item)
    days = clock(here().today, held.filing)
    return _form(errors, held.cents, ways=OUTRIGHT, held=held, credit=None, found=None, days=days, payee=held.payee)


def _form(
    errors: dict[str, str], cents: int, *, ways: dict[str, str], payee: str = "", **values: object
) -> ResponseReturnValue:
    at = here()
    usual = {
        "cents": money.plain_text(cents), "way": CHECK, "found_by": OWN, "identified_on": dates.us_text(at.today), "payee": payee,
    }  # fmt: skip
    shown = render_template(
        "staff/insurer_refund.html", limit=second_person.limit(at.practice), errors=errors, values=request.form or usual,
        reasons=list(REFUND_REASONS.items()), ways=list(ways.items()), found_by=list(FOUND_BY.items()), **values,
    )  # fmt: skip
    return (shown, 422) if errors else shown


def _row(one: Refund) -> tuple[object, ...]:
    by, rule = (one.clock.repay_by, one.clock.rule) if one.clock else ("", "")
    return (
        one.number, one.control_number, one.payer_name, money.plain_text(one.cents), one.way, one.check_number,
        REFUND_REASONS[one.reason], one.found_by, one.letter, one.identified_on, by, rule, STATES[one.state],
        money.plain_text(one.on_its_way_cents), one.why,
    )  # fmt: skip
