"""A remittance on paper, typed by hand: nothing is posted before it adds up to the check."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain.errors import Rejected
from claims_service.formats.attachments import SentFile
from claims_service.interfaces.staff import paper_form
from claims_service.interfaces.staff.paper_form import PaperForm
from claims_service.interfaces.staff.remittances import plain_name
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import claims_on_paper, clinic, remittance_pages
from claims_service.queries.claims_on_paper import ClaimOnPaper
from claims_service.workflow.type_remittance import Paper, type_remittances


@site.get("/remittances/paper")
@requires("remittance.post")
def paper_remittance() -> ResponseReturnValue:
    """An empty form."""
    return _page(PaperForm({"paid_by": "check"}), [])


@site.post("/remittances/paper")
@requires("remittance.post")
def type_paper() -> ResponseReturnValue:
    """Show the services of the claims, add up what was typed, or post it: as the button says."""
    practice, values = here().practice, request.form.to_dict()
    listed = claims_on_paper.by_numbers(practice, paper_form.numbers_in(values.get("claims", "")))
    if values.get("do") not in ("add", "post"):
        return _page(PaperForm(values), listed)
    payers = [key for key, _ in clinic.insurers(practice)]
    form = paper_form.read(values, listed, payers, today=here().today)
    if values["do"] == "add" or not form.adds_up or form.typed is None:
        if values["do"] == "post" and not form.errors:
            form.errors["paid"] = "This does not add up yet. Nothing was posted."
        return _page(form, listed)
    sent = request.files.get("scan")
    scan = SentFile(plain_name(sent), sent.read()) if sent and sent.filename else None
    try:
        (said,) = type_remittances(
            practice, [Paper(form.typed, scan)], by=here().actor, now=here().now, today=here().today
        )
    except Rejected as refused:
        form.errors |= {_place(problem.where): problem.message for problem in refused.problems}
        return _page(form, listed)
    flash(said.message, "ok" if said.state == "read" else "warn")
    made = remittance_pages.of_file(practice, said.file) if said.file else []
    return redirect(url_for("staff.remittance", remittance=made[0][0]) if made else url_for("staff.remittances"), 303)


def _place(where: str) -> str:
    """The field that a step's problem is about; amounts that the 835 can't say are the check's."""
    return {"file": "scan", "claims": "claims"}.get(where, "paid")


def _page(form: PaperForm, listed: list[ClaimOnPaper]) -> ResponseReturnValue:
    saw([claim.patient for claim in listed], "remittance.read", "paper remittance")
    wanted = paper_form.numbers_in(form.values.get("claims", ""))
    known = {claim.control_number for claim in listed}
    if missing := [number for number in wanted if number not in known]:
        form.errors["claims"] = f"We have no claim {', '.join(missing[:5])} with an insurer."
    page = render_template(
        "staff/paper_remittance.html", values=form.values, errors=form.errors, listed=listed, form_read=form,
        insurers=clinic.insurers(here().practice), limit=current_app.config["MAX_CONTENT_LENGTH"],
    )  # fmt: skip
    return (page, 422) if form.errors else page
