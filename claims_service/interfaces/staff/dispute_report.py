"""Disputes for the manager: how many, how long, why and about whom; as a page and as a table; and the clinic's own promise."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import dates, money
from claims_service.domain.errors import Rejected
from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient.dispute import Policy
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import dispute_report as report
from claims_service.queries import disputes
from claims_service.workflow.move_disputes import set_policy

TABLES = {"reason": "Why", "insurer": "Insurer", "provider": "Provider", "service": "Service"}
COLUMNS = (
    "number", "kind", "reason", "via", "opened", "promised", "answered", "days", "state", "outcome", "service", "procedure",
    "provider", "insurer", "share", "credited",
)  # fmt: skip


@site.get("/disputes/report")
@requires("report.read")
def disputes_report() -> ResponseReturnValue:
    """The last 90 days, or those asked for."""
    return _page({}, {})


def _page(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    first, last, wrong = _days()
    listed = report.asked(at.practice, first=first, last=last)
    saw([one.patient for one in listed], "dispute.report")
    policy = disputes.policy(at.practice)
    shown = {"answer_days": str(policy.answer_days), "approve_above": money.plain_text(policy.approve_above_cents)}
    page = render_template(
        "staff/dispute_report.html",
        tables={title: report.grouped(listed, by) for by, title in TABLES.items()},
        totals=report.totals(listed, today=at.today),
        values={"from": filters.form_date(first), "until": filters.form_date(last), **shown, **values},
        errors={**wrong, **errors},
        most_days=rules.MOST_ANSWER_DAYS,
        csv=f"{url_for('staff.disputes_table', until=last.isoformat())}&from={first.isoformat()}",
    )
    return (page, 422) if wrong or errors else page


def _days() -> tuple[date, date, dict[str, str]]:
    """The days asked for; what can't be read is said, and the usual one taken."""
    today, wrong = here().today, {}
    found = {"from": today - timedelta(days=90), "until": today}
    for name, usual in found.items():
        typed = request.args.get(name, "").strip()
        try:
            found[name] = dates.day(typed, today=today) if typed else usual
        except ValueError as problem:
            wrong[name] = f"{str(problem).capitalize()}."
    return found["from"], found["until"], wrong


@site.get("/disputes/report.csv")
@requires("report.read")
def disputes_table() -> ResponseReturnValue:
    """The same, line by line, without the patients' names or words."""
    at = here()
    first, last, _ = _days()
    listed = report.asked(at.practice, first=first, last=last)
    saw([one.patient for one in listed], "dispute.export")
    rows = [
        (
            one.number, one.kind, rules.REASONS[one.reason].words, one.via, one.opened_on, one.answer_by, one.answered_on,
            one.days, one.state, one.outcome, one.service, one.procedure, one.provider, one.insurer,
            money.plain_text(one.share_cents), money.plain_text(one.credited_cents),
        )
        for one in listed
    ]  # fmt: skip
    return table_file(f"disputes-{first:%Y-%m-%d}-{last:%Y-%m-%d}.csv", COLUMNS, rows)


@site.post("/disputes/report")
@requires("dispute.policy")
def set_dispute_policy() -> ResponseReturnValue:
    """How soon the clinic promises to answer, and which credits need a second person."""
    at, form = here(), request.form
    values = {name: form.get(name, "").strip()[:20] for name in ("answer_days", "approve_above")}
    errors = {}
    if not (values["answer_days"].isascii() and values["answer_days"].isdigit()):
        errors["answer_days"] = "Write a number of business days."
    try:
        above = money.typed_cents(values["approve_above"])
    except ValueError as wrong:
        errors["approve_above"] = f"{str(wrong).capitalize()}."
    if errors:
        return _page(values, errors)
    try:
        set_policy(at.practice, Policy(int(values["answer_days"]), above), by=at.actor, now=at.now)
    except Rejected as refused:
        return _page(values, {problem.where: problem.message for problem in refused.problems})
    flash("Saved. It holds for what is opened from now on.", "ok")
    return redirect(url_for("staff.disputes_report"), 303)
