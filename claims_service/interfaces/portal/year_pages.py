"""What a patient paid in a calendar year: a page, and a paper to hand on."""

import io
from collections.abc import Sequence

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from claims_service import clock
from claims_service.access.guard import requires, saw
from claims_service.domain.errors import NotFound
from claims_service.formats.documents.paid_in_year_pdf import PaidOnPaper, YearOnPaper, paid_in_year_pdf
from claims_service.interfaces.portal.site import language, own_patient, site, zone
from claims_service.queries import bills
from claims_service.queries.paid_in_year import PaidRow, YearPaid, years_paid


@site.get("/payments/years/<int:year>")
@requires("bill.read")
def paid_in_year(year: int) -> ResponseReturnValue:
    """Every payment of the year with its visits, and what was given back."""
    practice, patient = own_patient()
    years = years_paid(practice, patient)
    told = _of(years, year)
    saw([patient], "payment.list")
    others = [one.year for one in years if one is not told]
    return render_template("portal/paid_in_year.html", told=told, others=others)


@site.get("/payments/years/<int:year>/pdf")
@requires("bill.read")
def paid_in_year_paper(year: int) -> ResponseReturnValue:
    """The year as a PDF; ?own=no leaves confidential visits out."""
    practice, patient = own_patient()
    told = _of(years_paid(practice, patient), year)
    if request.args.get("own") == "no":
        told = told.without_own()
    saw([patient], "payment.print")
    person = bills.addressee(practice, patient)
    rows = tuple(_on_paper(row) for row in told.rows)
    paper = YearOnPaper(year, person.name, person.sender, clock.today(zone()), rows)
    return send_file(
        io.BytesIO(paid_in_year_pdf(paper, language())), mimetype="application/pdf", as_attachment=True,
        download_name=f"paid-{year}.pdf",
    )  # fmt: skip


def _of(years: Sequence[YearPaid], year: int) -> YearPaid:
    found = next((one for one in years if one.year == year), None)
    if found is None:
        raise NotFound("year")
    return found


def _on_paper(row: PaidRow) -> PaidOnPaper:
    visits = tuple((visit.served_on, visit.provider, visit.cents) for visit in row.visits)
    return PaidOnPaper(row.on, row.receipt_number, row.method, row.cents, visits, row.kept_cents)
