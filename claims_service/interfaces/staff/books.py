"""The books: the trial balance, and everything they promise checked before one's eyes."""

from flask import render_template
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires
from claims_service.formats.books.formats import FORMATS
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import books as questions
from claims_service.queries import control_totals


@site.get("/books")
@requires("report.read")
def books() -> ResponseReturnValue:
    """Every account, the sums that must agree, and what was posted month by month."""
    practice = here().practice
    return render_template(
        "staff/books.html",
        balances=questions.trial_balance(practice),
        standing=questions.standing(practice),
        faults=questions.faults(practice),
        totals=control_totals.totals(practice),
        movements=questions.movements(practice),
        formats=[(name, kind.label) for name, kind in FORMATS.items()],
    )
