"""The desk: what it holds, counted at the end of the day, and brought to the bank; receipts of what patients paid."""

import io

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import looked_into, requires, saw
from claims_service.domain import money
from claims_service.domain.errors import AlreadyDone, Conflict, NotFound, Rejected
from claims_service.domain.money import spoken
from claims_service.formats.documents.deposit_slip_pdf import DepositSlip, deposit_slip_pdf
from claims_service.formats.documents.receipt_pdf import Receipt, receipt_pdf
from claims_service.interfaces.staff.site import here, local_day, site
from claims_service.queries import bills, people, receipts, second_person
from claims_service.queries import till as questions
from claims_service.workflow.close_till import Counted, count_till, make_deposit_slip


@site.get("/counter")
@requires("payment.take")
def counter() -> ResponseReturnValue:
    """Cash and checks that are not in the bank, today's count and the last slips."""
    return _counter({})


def _counter(errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    found = questions.till(at.practice)
    named = people.names(at.practice, [*(one.by for one in found.counts), *(one.by for one in found.slips)])
    page = render_template(
        "staff/counter.html", till=found, named=named, values=request.form, errors=errors,
        counted=any(one.counted_on == at.today for one in found.counts),
    )  # fmt: skip
    return (page, 422) if errors else page


@site.post("/counter/counts")
@requires("payment.take")
def count_the_till() -> ResponseReturnValue:
    """What was counted; a difference with its reason."""
    at, cents, errors = here(), {}, {}
    for name in ("cash", "checks"):
        try:
            cents[name] = money.typed_cents(request.form.get(name, ""))
        except ValueError as wrong:
            errors[name] = f"{str(wrong).capitalize()}."
    if errors:
        return _counter(errors)
    why = request.form.get("why", "").strip()[:200]
    try:
        count = count_till(
            at.practice, Counted(cents["cash"], cents["checks"], why), by=at.actor, now=at.now, today=at.today
        )
    except Rejected as refused:
        return _counter({problem.where: problem.message for problem in refused.problems})
    except AlreadyDone as refused:
        return _counter({"": str(refused)})
    off = count.difference_cents
    flash(
        f"Counted. {spoken(off)} booked as a difference." if off else "Counted: the till and the journal agree.",
        "warn" if off else "ok",
    )
    return redirect(url_for("staff.counter"), 303)


@site.post("/counter/slips")
@requires("payment.take")
def new_deposit_slip() -> ResponseReturnValue:
    """Everything at the desk onto one slip."""
    at = here()
    try:
        make_deposit_slip(at.practice, by=at.actor, now=at.now, today=at.today)
    except Conflict as refused:
        return _counter({"": str(refused)})
    flash("The deposit slip is made. Print it and bring the money to the bank.", "ok")
    return redirect(url_for("staff.counter", _anchor="slips"), 303)


@site.get("/counter/slips/<int:deposit_slip>")
@requires("payment.take")
def deposit_slip_paper(deposit_slip: int) -> ResponseReturnValue:
    """The slip as a PDF."""
    slip, parts = questions.slip(here().practice, deposit_slip)
    looked_into("deposit_slip.print", f"deposit_slip:{deposit_slip}")
    checks = [(part.check_number, part.cents) for part in parts if part.method == "check"]
    paper = DepositSlip(slip.number, slip.made_on, questions.sender(here().practice), slip.cash_cents, checks)
    return _pdf(deposit_slip_pdf(paper), f"deposit-slip-{slip.number}.pdf")


@site.get("/payments/<int:payment>/receipt")
@requires("account.read")
def payment_receipt(payment: int) -> ResponseReturnValue:
    """The receipt of a payment as a PDF, in the patient's language."""
    practice = here().practice
    paid = second_person.payment(practice, payment)
    paid_on = local_day(paid.settled_at)
    if paid_on is None:
        raise NotFound("receipt")
    saw([paid.patient], "receipt.print", f"payment:{payment}")
    person = bills.addressee(practice, paid.patient)
    found = receipts.paid_for(practice, payment)
    paper = Receipt(
        paid.receipt_number, paid_on, person.sender, person.name, paid.cents, paid.refunded_cents, paid.method, "",
        found.rows, found.kept_cents, found.off_cents,
    )  # fmt: skip
    return _pdf(receipt_pdf(paper, person.language), f"receipt-{paid.receipt_number}.pdf")


def _pdf(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)
