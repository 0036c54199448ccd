"""Giving up and giving back: with a reason each, and above a limit with a second person."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.credit import REFUND_REASONS
from claims_service.domain.errors import AlreadyDone, Conflict, Rejected
from claims_service.domain.ledger.accounts import BY_NAME
from claims_service.domain.ledger.second_person import MEANINGS, REASONS
from claims_service.domain.money import spoken
from claims_service.interfaces.staff.site import here, may, site
from claims_service.interfaces.ui import filters
from claims_service.queries import claim_page, people
from claims_service.queries import second_person as questions
from claims_service.workflow.answer_money_requests import Answer, answer_money_requests
from claims_service.workflow.refund_payment import Refund, ask_refund, refund_payments
from claims_service.workflow.set_money_limit import set_money_limit
from claims_service.workflow.write_off import WriteOff, write_off


@site.get("/approvals")
@requires("write_off.make")
def approvals() -> ResponseReturnValue:
    """What waits for a second person, and what was answered lately."""
    return _approvals({})


def _approvals(errors: dict[str, str]) -> ResponseReturnValue:
    practice = here().practice
    waiting, answered = questions.requests(practice), questions.requests(practice, answered=True)
    saw([one.patient for one in (*waiting, *answered) if one.patient], "money_request.list")
    named = people.names(practice, [who for one in (*waiting, *answered) for who in (one.by, one.answered_by) if who])
    limit = questions.limit(practice)
    page = render_template(
        "staff/approvals.html", waiting=waiting, answered=answered, named=named, reasons=REASONS, insurer_reasons=REFUND_REASONS,
        limit=limit, accounts=BY_NAME,
        own=here().actor.name, values=request.form or {"limit": money.plain_text(limit)}, errors=errors,
    )  # fmt: skip
    return (page, 422) if errors else page


@site.post("/approvals/<int:money_request>")
@requires("write_off.approve")
def answer_request(money_request: int) -> ResponseReturnValue:
    """Agree, or say why not."""
    at, agreed = here(), request.form.get("do") == "agree"
    one = Answer(money_request, agreed, request.form.get(f"words-{money_request}", "").strip()[:200])
    try:
        [cents] = answer_money_requests(
            at.practice,
            [one],
            processor=current_app.extensions["card_processor"],
            by=at.actor,
            now=at.now,
            today=at.today,
        )
    except Rejected as refused:
        return _approvals({f"words-{money_request}": refused.problems[0].message})
    except (Conflict, AlreadyDone) as refused:
        return _approvals({"": str(refused)})
    flash(f"Agreed: {spoken(cents)} booked." if agreed else "Refused. Nothing was booked.", "ok")
    return redirect(url_for("staff.approvals"), 303)


@site.post("/approvals/limit")
@requires("write_off.approve")
def change_limit() -> ResponseReturnValue:
    """Above which sum a second person agrees."""
    at = here()
    try:
        set_money_limit(at.practice, _cents("limit"), by=at.actor, now=at.now)
    except ValueError as wrong:
        return _approvals({"limit": f"{str(wrong).capitalize()}."})
    except Rejected as refused:
        return _approvals({"limit": refused.problems[0].message})
    flash("The limit holds from now on.", "ok")
    return redirect(url_for("staff.approvals"), 303)


@site.route("/claims/<int:claim>/write-off", methods=["GET", "POST"])
@requires("write_off.make")
def write_off_claim(claim: int) -> ResponseReturnValue:
    """Give up what a claim has open, in part or whole."""
    if request.method == "GET":
        return _write_off_form(claim, {})
    at, form = here(), request.form
    try:
        cents = _cents("amount")
    except ValueError as wrong:
        return _write_off_form(claim, {"amount": f"{str(wrong).capitalize()}."})
    wanted = WriteOff(claim, form.get("account", ""), cents, form.get("why", "").strip()[:200], form.get("reason", ""))
    try:
        made = write_off(at.practice, [wanted], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        fields = {problem.where.rpartition(".")[2]: problem.message for problem in refused.problems}
        return _write_off_form(claim, {{"cents": "amount"}.get(name, name): text for name, text in fields.items()})
    except Conflict as refused:
        return _write_off_form(claim, {"": str(refused)})
    tell_written_off(cents, waits=bool(made.waiting))
    return redirect(url_for("staff.claim", claim=claim), 303)


def tell_written_off(cents: int, *, waits: bool) -> None:
    """What became of it, as a message on the next page."""
    if waits:
        flash(f"{spoken(cents)} wait for a second person. Nothing is written off yet.", "warn")
    else:
        flash(f"Wrote off {spoken(cents)}.", "ok")


def _write_off_form(claim: int, errors: dict[str, str]) -> ResponseReturnValue:
    page = claim_page.claim_page(here().practice, claim)
    saw([page.head.patient], "claim.read", f"claim:{claim}")
    open_cents = questions.open_on(here().practice, claim)
    choices = [
        (name, f"{BY_NAME[name].label}: {filters.money(cents)}") for name, cents in open_cents.items() if cents > 0
    ]
    shown = render_template(
        "staff/write_off.html", head=page.head, choices=choices, limit=questions.limit(here().practice), errors=errors,
        values=request.form, reasons=[(name, f"{label}: {MEANINGS[name].lower()}") for name, label in REASONS.items()],
    )  # fmt: skip
    return (shown, 422) if errors else shown


@site.route("/payments/<int:payment>/refund", methods=["GET", "POST"])
@requires("refund.make")
def refund(payment: int) -> ResponseReturnValue:
    """Give a payment back, in part or whole."""
    if request.method == "GET":
        return _refund_form(payment, {})
    at, seen = here(), request.form.get("seen", -1, type=int)
    try:
        wanted = Refund(payment, _cents("amount"), seen, request.form.get("why", "").strip()[:200])
        waits = ask_refund(at.practice, wanted, by=at.actor, now=at.now)
        if waits is None:
            refund_payments(
                at.practice,
                [wanted],
                processor=current_app.extensions["card_processor"],
                by=at.actor,
                now=at.now,
                today=at.today,
            )
    except ValueError as wrong:
        return _refund_form(payment, {"amount": f"{str(wrong).capitalize()}."})
    except Rejected as refused:
        return _refund_form(payment, {problem.where: problem.message for problem in refused.problems})
    except Conflict as refused:
        return _refund_form(payment, {"": f"{str(refused)[:1].upper()}{str(refused)[1:]}."})
    text = f"{spoken(wanted.cents)} wait for a second person." if waits else f"{spoken(wanted.cents)} given back."
    flash(text, "warn" if waits else "ok")
    patient = questions.payment(at.practice, payment).patient
    return redirect(
        url_for("staff.patient", patient=patient) if may("account.read") else url_for("staff.approvals"), 303
    )


def _refund_form(payment: int, errors: dict[str, str]) -> ResponseReturnValue:
    found = questions.payment(here().practice, payment)
    saw([found.patient], "payment.read", f"payment:{payment}")
    usual = {"amount": money.plain_text(found.cents - found.refunded_cents)}
    shown = render_template(
        "staff/refund.html",
        paid=found,
        limit=questions.limit(here().practice),
        values=request.form or usual,
        errors=errors,
    )
    return (shown, 422) if errors else shown


def _cents(field: str) -> int:
    return money.typed_cents(request.form.get(field, ""))
