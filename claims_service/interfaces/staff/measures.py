"""How billing goes, for the manager: six months beside each other, the bills behind them, and what letters cost."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import Rejected
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import measures as report
from claims_service.workflow.set_collection_price import set_price

MONTHS = 6
COLUMNS = ("number", "issued", "asked", "opened", "days_to_payment", "disputed", "clear", "hard_to_follow")
FIELDS = ("letter", "text")


@site.get("/measures")
@requires("report.read")
def measures() -> ResponseReturnValue:
    """This month and the five before."""
    return _page({}, {})


def _page(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    firsts = report.last_months(at.today, MONTHS)
    issued = report.issued(at.practice, firsts[0], at.today)
    listed = report.months(at.practice, firsts, issued)
    price = report.price(at.practice)
    shown = {"letter": money.plain_text(price.letter_cents), "text": money.plain_text(price.text_cents)}
    page = render_template(
        "staff/measures.html",
        months=listed,
        now=listed[-1],
        before=listed[-2],
        kinds=report.by_kind(issued),
        values={**shown, **values},
        errors=errors,
        csv=url_for("staff.measured_bills"),
    )
    return (page, 422) if errors else page


@site.get("/measures.csv")
@requires("report.read")
def measured_bills() -> ResponseReturnValue:
    """Every bill behind the numbers, by its number, without names."""
    at = here()
    first = report.last_months(at.today, MONTHS)[0]
    listed = report.issued(at.practice, first, at.today)
    saw([bill.patient for bill in listed], "statement.export")
    rows = [
        (
            bill.number, bill.issued_on, money.plain_text(bill.owed_cents), "yes" if bill.opened else "no", bill.paid_days,
            "yes" if bill.disputed else "no", bill.clear, bill.unclear,
        )
        for bill in listed
    ]  # fmt: skip
    return table_file(f"bills-{first:%Y-%m}-{at.today:%Y-%m}.csv", COLUMNS, rows)


@site.post("/measures")
@requires("billing.policy")
def set_message_price() -> ResponseReturnValue:
    """What a letter and a text message cost the clinic."""
    at = here()
    values = {name: request.form.get(name, "").strip()[:20] for name in FIELDS}
    cents, errors = {}, {}
    for name, typed in values.items():
        try:
            cents[name] = money.typed_cents(typed)
        except ValueError as wrong:
            errors[name] = f"{str(wrong).capitalize()}."
    if errors:
        return _page(values, errors)
    try:
        set_price(at.practice, letter_cents=cents["letter"], text_cents=cents["text"], by=at.actor, now=at.now)
    except Rejected as refused:
        return _page(values, {problem.where: problem.message for problem in refused.problems})
    flash("Saved.", "ok")
    return redirect(url_for("staff.measures"), 303)
