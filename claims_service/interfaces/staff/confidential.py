"""Visits a patient keeps to themselves: asked for here, with where the clinic may write about them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.party import Address
from claims_service.domain.patient.confidential import REACHES, Reach
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import accounts, confidential
from claims_service.workflow.keep_confidential import Wish, end_confidential, keep_confidential

_FIELDS = ("visit", "how", "email", "line1", "line2", "city", "state", "zip")
_MOST_FIELD = 200


@site.route("/patients/<int:patient>/confidential", methods=["GET", "POST"])
@requires("patient.write")
def confidential_visits(patient: int) -> ResponseReturnValue:
    """Keep one visit confidential, or every visit from today on."""
    at = here()
    account = accounts.account(at.practice, patient)
    saw([patient], "account.read", f"patient:{patient}")
    if request.method == "GET":
        return _form(account, {"visit": request.args.get("visit", "")}, {})
    values = {name: request.form.get(name, "").strip()[:_MOST_FIELD] for name in _FIELDS}
    visit = _visit(values["visit"])
    if not visit:
        return _form(account, values, {"visit": "Choose the visit."})
    address = Address(
        values["line1"], values["line2"], values["city"], values["state"].upper(), values["zip"].replace("-", "")
    )
    wish = Wish(patient, *visit, Reach(values["how"], values["email"], address))
    try:
        keep_confidential(at.practice, [wish], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        errors = {p.where.rpartition(".")[2]: f"{p.message} {p.mend}".strip() for p in refused.problems}
        return _form(account, values, errors)
    flash("Kept confidential. Only the patient is told of it and asked for it.", "ok")
    return redirect(url_for("staff.confidential_visits", patient=patient), 303)


@site.post("/patients/<int:patient>/confidential/end")
@requires("patient.write")
def end_confidential_visit(patient: int) -> ResponseReturnValue:
    """The patient takes it back: the next bill names the visit again."""
    at, visit = here(), _visit(request.form.get("visit", ""))
    if not visit:
        raise NotFound("visit")
    ended = end_confidential(at.practice, patient, *visit, by=at.actor, now=at.now)
    flash(
        "No longer confidential: the next bill names it." if ended else "It was not confidential.",
        "ok" if ended else "warn",
    )
    return redirect(url_for("staff.confidential_visits", patient=patient), 303)


def _visit(text: str) -> tuple[int | None] | None:
    """The visit that was chosen, (None,) for every visit; None for nothing."""
    if text == "all":
        return (None,)
    try:
        return (row_id(text),)
    except ValueError:
        return None


def _form(account: accounts.Account, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    found = confidential.of_patient(here().practice, account.id)
    page = render_template(
        "staff/confidential.html",
        account=account,
        kept=found,
        values=values,
        errors=errors,
        reaches=list(REACHES.items()),
    )
    return (page, 422) if errors else page
