"""The clinic's own superbills: begun from a published one or from nothing, written as lines of text."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from claims_service.access.guard import looked_into, requires
from claims_service.domain.errors import Conflict, Rejected
from claims_service.domain.superbill import DIAGNOSIS, PROCEDURE, Superbill, superbill, written
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import favorites
from claims_service.workflow.set_superbill import remove_superbill, set_superbill


@site.get("/superbills")
@requires("claim.write")
def superbills() -> ResponseReturnValue:
    """The clinic's own, and those it can begin with."""
    looked_into("superbills")
    return render_template(
        "staff/superbills.html", own=favorites.own(here().practice), published=favorites.published_ones()
    )


@site.route("/superbills/new", methods=["GET", "POST"])
@requires("claim.write")
def new_superbill() -> ResponseReturnValue:
    """An empty one, or a copy of a published one (?from=its specialty)."""
    looked_into("superbills")
    specialty = request.values.get("from", "")
    began = next((bill for bill in favorites.published_ones() if bill.specialty == specialty), None)
    if request.method == "GET":
        return _form(_values(began) if began else {}, specialty=began.specialty if began else "")
    return _saved(None, began.specialty if began else "")


@site.route("/superbills/<int:superbill>", methods=["GET", "POST"])
@requires("claim.write")
def own_superbill(superbill: int) -> ResponseReturnValue:
    """Change one, or take it away."""
    looked_into("superbills")
    found = favorites.own(here().practice).get(superbill)
    if found is None:
        raise NotFound
    if request.method == "GET":
        return _form(_values(found), key=superbill)
    if request.form.get("do") == "remove":
        remove_superbill(here().practice, superbill, by=here().actor, now=here().now)
        flash("The superbill is gone. Visits stay as they are.", "ok")
        return redirect(url_for("staff.superbills"), 303)
    return _saved(superbill, found.specialty)


def _values(bill: Superbill) -> dict[str, str]:
    return {
        "name": bill.name,
        "procedures": written(bill.of(PROCEDURE)),
        "diagnoses": written(bill.of(DIAGNOSIS)),
    }


def _saved(key: int | None, specialty: str) -> ResponseReturnValue:
    values = {name: request.form.get(name, "")[:20_000] for name in ("name", "procedures", "diagnoses")}
    try:
        bill = superbill(values["name"], values["procedures"], values["diagnoses"], specialty)
        set_superbill(here().practice, bill, superbill=key, by=here().actor, now=here().now)
    except Rejected as refused:
        errors: dict[str, str] = {}
        for problem in refused.problems[:20]:
            errors[problem.where] = f"{errors.get(problem.where, '')} {problem.message}".strip()
        return _form(values, errors, key=key, specialty=specialty), 422
    except Conflict as same:
        return _form(values, {"name": str(same)}, key=key, specialty=specialty), 409
    flash("Saved. It stands in the visit form now.", "ok")
    return redirect(url_for("staff.superbills"), 303)


def _form(values: dict[str, str], errors: dict[str, str] | None = None, **more: Any) -> str:
    return render_template(
        "staff/superbill.html", values=values, errors=errors or {}, **{"key": None, "specialty": "", **more}
    )
