"""Who answers for a patient's bills: named here, from the next statement on."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import dates
from claims_service.domain.errors import Rejected
from claims_service.domain.party import Address
from claims_service.domain.patient.guarantor import RELATIONSHIPS, Guarantor
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.queries import accounts
from claims_service.workflow.name_guarantor import name_guarantors

_FIELDS = ("name", "relationship", "line1", "line2", "city", "state", "zip", "until")
_MOST_FIELD = 200


@site.route("/patients/<int:patient>/guarantor", methods=["GET", "POST"])
@requires("patient.write")
def guarantor(patient: int) -> ResponseReturnValue:
    """Name somebody, or nobody: then the patient answers alone."""
    at = here()
    account = accounts.account(at.practice, patient)
    saw([patient], "account.read", f"patient:{patient}")
    if request.method == "GET":
        return _form(account, _values(accounts.guarantor(at.practice, patient, on=at.today), account.home), {})
    values = {name: request.form.get(name, "").strip()[:_MOST_FIELD] for name in _FIELDS}
    alone = request.form.get("alone") == "yes"
    try:
        until = dates.day(values["until"], today=at.today) if values["until"] and not alone else None
    except ValueError as wrong:
        return _form(account, values, {"until": f"{str(wrong).capitalize()}."})
    address = Address(
        values["line1"], values["line2"], values["city"], values["state"].upper(), values["zip"].replace("-", "")
    )
    chosen = None if alone else Guarantor(values["name"], values["relationship"], address, until)
    try:
        name_guarantors(at.practice, {patient: chosen}, by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        errors = {p.where.rpartition(".")[2]: f"{p.message} {p.mend}".strip() for p in refused.problems}
        return _form(account, values, errors)
    said = "The next bill goes to the patient." if chosen is None else f"The next bill goes to {chosen.name}."
    flash(said, "ok")
    return redirect(url_for("staff.patient", patient=patient), 303)


def _values(found: Guarantor | None, home: Address) -> dict[str, str]:
    """What the form shows first: who answers now, else the patient's own address, where most parents live."""
    a = found.address if found else home
    return {
        "name": found.name if found else "",
        "relationship": found.relationship if found else "",
        "until": filters.form_date(found.until if found else None),
        "line1": a.line1,
        "line2": a.line2,
        "city": a.city,
        "state": a.state,
        "zip": a.zip,
    }


def _form(account: accounts.Account, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    page = render_template(
        "staff/guarantor.html", account=account, values=values, errors=errors, relationships=list(RELATIONSHIPS.items())
    )
    return (page, 422) if errors else page
