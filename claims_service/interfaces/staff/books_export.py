"""The journal taken along to an accounting program, for some days."""

from datetime import date

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import looked_into, requires
from claims_service.domain import dates
from claims_service.formats.books.formats import FORMATS
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import journal_span


@site.get("/books/journal")
@requires("report.read")
def books_journal() -> ResponseReturnValue:
    """A file for hledger, beancount, QuickBooks or Xero: ids and no names."""
    kind = FORMATS.get(request.args.get("format", ""))
    try:
        start, until = _day("from"), _day("until")
    except ValueError as wrong:
        flash(f"{str(wrong).capitalize()}.", "bad")
        return redirect(url_for("staff.books"), 303)
    if kind is None or until < start:
        flash("Choose a format and a last day that is not before the first one.", "bad")
        return redirect(url_for("staff.books"), 303)
    looked_into("journal.export", f"journal:{start}:{until}")
    text = "".join(kind.write(journal_span.span(here().practice, start, until)))
    name = f"journal-{start}-{until}{kind.ending}"
    return Response(text, mimetype=kind.mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _day(field: str) -> date:
    """As typed; without it the whole journal until today."""
    typed = request.args.get(field, "").strip()
    if typed:
        return dates.day(typed, today=here().today)
    return here().today if field == "until" else journal_span.first_day(here().practice) or here().today
