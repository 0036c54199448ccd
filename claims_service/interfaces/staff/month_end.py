"""Closing a month: what must agree, what still waits, a second look, and the trial balance as it was kept."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import looked_into, requires
from claims_service.domain import money
from claims_service.domain.dates import last_of
from claims_service.domain.errors import AlreadyDone, Conflict
from claims_service.domain.ledger.accounts import CHART
from claims_service.domain.ledger.aging import KINDS
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import month_end as questions
from claims_service.queries import people, receivables
from claims_service.workflow.close_period import close_period


@site.get("/books/months")
@requires("report.read")
def months() -> ResponseReturnValue:
    """Every month with entries, and which one is to be closed next."""
    listed = questions.months(here().practice, here().today)
    named = people.names(here().practice, [one.closed_by for one in listed if one.closed_by])
    return render_template("staff/months/list.html", months=listed, named=named)


@site.get("/books/months/<month>")
@requires("report.read")
def month(month: str) -> ResponseReturnValue:
    """One month: its three sums, what waits, what is owed from opening to closing, and its trial balance."""
    return _shown(month, "staff/months/month.html")


@site.get("/books/months/<month>/close")
@requires("period.close")
def closing(month: str) -> ResponseReturnValue:
    """The second look before a month is closed for good."""
    return _shown(month, "staff/months/close.html")


@site.post("/books/months/<month>/close")
@requires("period.close")
def close_month(month: str) -> ResponseReturnValue:
    """Close it as it was seen; what was posted since asks for another look."""
    at = here()
    questions.month(at.practice, month, at.today)
    seen = request.form.get("seen", "")[:64]
    if request.form.get("sure") != "yes" or not seen:
        return _shown(
            month, "staff/months/close.html", {"sure": "Say that you looked: a closed month is never opened again."}
        )
    try:
        close_period(at.practice, month, by=at.actor, now=at.now, seen=seen)
    except (Conflict, AlreadyDone) as refused:
        return _shown(month, "staff/months/close.html", {"": str(refused)})
    flash(f"{_words(month)} is closed.", "ok")
    return redirect(url_for("staff.month", month=month), 303)


@site.get("/books/months/<month>/trial-balance.csv")
@requires("report.read")
def trial_balance_table(month: str) -> ResponseReturnValue:
    """Every account of the month's end as a table."""
    questions.month(here().practice, month, here().today)
    kept = questions.trial_balance(here().practice, month)
    looked_into("trial_balance.export", f"period:{month}")
    lines = [
        (account.name, account.label, _side(kept.accounts[account.name]), _side(-kept.accounts[account.name]))
        for account in CHART
        if account.name in kept.accounts
    ]
    return table_file(f"trial-balance-{month}.csv", ("account", "label", "debit", "credit"), lines)


@site.get("/books/months/<month>/roll-forward.csv")
@requires("report.read")
def roll_forward_table(month: str) -> ResponseReturnValue:
    """What was owed, what moved it and what is owed, as a table."""
    questions.month(here().practice, month, here().today)
    rolls = receivables.roll_forward(here().practice, _first(month), last_of(month))
    looked_into("roll_forward.export", f"period:{month}")
    lines = [[r.name, *(money.plain_text(cents) for cents in (r.opening, *r.moved, r.closing))] for r in rolls]
    return table_file(f"roll-forward-{month}.csv", ("who", "opening", *KINDS, "closing"), lines)


def _shown(name: str, template: str, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    at = here()
    found = questions.month(at.practice, name, at.today)
    rolls = receivables.roll_forward(at.practice, _first(name), last_of(name))
    aged = receivables.by_insurer(at.practice, last_of(name))
    about = {
        "sums": questions.sums(at.practice, name),
        "kept": questions.trial_balance(at.practice, name),
        "waiting": questions.waiting(at.practice, name),
        "rolls": rolls,
        "aged_cents": sum(one.total for one in aged),
        "receivable_cents": receivables.receivable(at.practice, last_of(name)),
        "closed_by": _name(at.practice, found.closed_by),
    }
    told = {"month": found, "words": _words(name), "until": last_of(name), "chart": CHART, "errors": errors or {}}
    page = render_template(template, **about, **told)
    return (page, 422) if errors else page


def _first(month: str) -> date:
    return last_of(month).replace(day=1)


def _words(month: str) -> str:
    return f"{last_of(month):%B %Y}"


def _side(cents: int) -> str:
    return money.plain_text(cents) if cents > 0 else ""


def _name(practice: int, actor: str) -> str:
    return people.names(practice, [actor])[actor] if actor else ""
