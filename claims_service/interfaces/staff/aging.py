"""What is owed by age, on any day, by insurer or by patient."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from claims_service.access.guard import looked_into, requires, saw
from claims_service.domain import dates, money
from claims_service.domain.ledger.aging import BUCKETS
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import receivables
from claims_service.queries.receivables import Aged

MOST_SHOWN = 200


@site.get("/books/aging")
@requires("report.read")
def aging() -> ResponseReturnValue:
    """The receivables at the end of a day; the same day always gives the same sums."""
    on, problem = _day()
    listed = _listed(on)
    shown = listed[:MOST_SHOWN]
    if _by() == "patient":
        saw([one.id for one in shown if one.id], "aging.list")
    page = render_template(
        "staff/aging.html", listed=shown, count=len(listed), totals=_totals(listed), buckets=BUCKETS, on=on, by=_by(),
        receivable_cents=receivables.receivable(here().practice, on), values=request.args, errors=problem,
    )  # fmt: skip
    return (page, 422) if problem else page


@site.get("/books/aging.csv")
@requires("report.read")
def aging_table() -> ResponseReturnValue:
    """The same as a table."""
    on, _ = _day()
    listed = _listed(on)
    if _by() == "patient":
        saw([one.id for one in listed if one.id], "aging.export")
    else:
        looked_into("aging.export", f"day:{on}")
    lines = [[one.name, *(money.plain_text(cents) for cents in (*one.cents, one.total))] for one in listed]
    columns = [_by(), *(f"{name.lower()} days" for name in BUCKETS), "total"]
    return table_file(f"aging-{on}.csv", columns, lines)


def _listed(on: date) -> list[Aged]:
    ask = receivables.by_patient if _by() == "patient" else receivables.by_insurer
    return ask(here().practice, on)


def _by() -> str:
    return "patient" if request.args.get("by") == "patient" else "insurer"


def _day() -> tuple[date, dict[str, str]]:
    typed = request.args.get("on", "").strip()
    try:
        return (dates.day(typed, today=here().today) if typed else here().today), {}
    except ValueError as wrong:
        return here().today, {"on": f"{str(wrong).capitalize()}."}


def _totals(listed: list[Aged]) -> list[int]:
    return [sum(one.cents[place] for one in listed) for place in range(len(BUCKETS))]
