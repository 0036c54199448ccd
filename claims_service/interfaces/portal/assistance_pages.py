"""Help with bills: asking for it by income and household, sending papers, reading the decision."""

import io
import secrets
from collections.abc import Mapping

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.patient import assistance as rules
from claims_service.domain.patient import assistance_letter
from claims_service.formats.documents.assistance_pdf import assistance_pdf
from claims_service.interfaces.portal.dispute_pages import translated
from claims_service.interfaces.portal.site import language, own_patient, site, zone
from claims_service.interfaces.ui.sent_files import sent_files
from claims_service.queries import assistance
from claims_service.words import said
from claims_service.workflow.ask_assistance import Application, add_papers, ask_assistance, withdraw_assistance

MOST_FIELD = 10_000
LABELS = {
    rules.OPEN: said("We are looking at it"),
    rules.GRANTED: said("Granted"),
    rules.REFUSED: said("Not granted"),
    rules.WITHDRAWN: said("You took it back"),
}


@site.route("/assistance", methods=["GET", "POST"])
@requires("bill.read")
def assistance_list() -> ResponseReturnValue:
    """What was asked for, the practice's scale, and the form."""
    if request.method == "GET":
        return _list({}, {})
    practice, patient = own_patient()
    values = {name: request.form.get(name, "")[:MOST_FIELD] for name in ("household", "income", "words")}
    once = request.form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    try:
        wish = _wish(values, patient, f"portal:{patient}:{once}")
        today = clock.today(zone())
        [made] = ask_assistance(practice, [wish], by=guard.current().actor, now=clock.now(), today=today)
    except Rejected as refused:
        return _list(values | {"once": once}, {p.where: translated(p.message) for p in refused.problems})
    return redirect(url_for("portal.assistance_page", application=made.application), 303)


def _wish(values: Mapping[str, str], patient: int, key: str) -> Application:
    count = values["household"].strip()
    household = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    try:
        income = money.typed_cents(values["income"])
    except ValueError:
        income = -1  # refused together with everything else
    return Application(patient, household, income, key, values["words"], papers=sent_files())


def _list(values: Mapping[str, str], errors: Mapping[str, str]) -> ResponseReturnValue:
    practice, patient = own_patient()
    saw([patient], "assistance.list")
    listed = assistance.of_patient(practice, patient)
    guideline = assistance.guideline_of(practice, patient, today=clock.today(zone()))
    steps = assistance.policy(practice).steps if guideline else ()
    page = render_template(
        "portal/assistance.html",
        listed=listed,
        waiting=any(one.state == rules.OPEN for one in listed),
        scale=[(guideline.cents(1) * limit // 100, off) for limit, off in steps] if guideline else [],
        labels=LABELS,
        once=values.get("once") or secrets.token_urlsafe(12),
        values=values,
        errors=errors,
    )
    return (page, 422) if errors else page


@site.route("/assistance/<int:application>", methods=["GET", "POST"])
@requires("bill.read")
def assistance_page(application: int) -> ResponseReturnValue:
    """One application: where it stands, the decision, more papers."""
    if request.method == "GET":
        return _page(application, {})
    practice, patient = own_patient()
    by, now = guard.current().actor, clock.now()
    try:
        if request.form.get("move") == "withdraw":
            withdraw_assistance(practice, application, by=by, now=now, today=clock.today(zone()), patient=patient)
        else:
            add_papers(practice, application, sent_files(), by=by, now=now, patient=patient)
    except Rejected as refused:
        return _page(application, {p.where: translated(p.message) for p in refused.problems})
    except Conflict:
        changed = _("We have decided meanwhile. Please look again.")
        return _page(application, {"": changed}, 409)
    return redirect(url_for("portal.assistance_page", application=application), 303)


def _page(application: int, errors: Mapping[str, str], status: int = 422) -> ResponseReturnValue:
    practice, patient = own_patient()
    found = assistance.application(practice, application, patient=patient)
    saw([patient], "assistance.read", f"assistance:{application}")
    page = render_template(
        "portal/assistance_one.html",
        a=found,
        head=found.head,
        labels=LABELS,
        letter_words=assistance_letter,
        errors=errors,
    )
    return (page, status) if errors else page


@site.get("/assistance/<int:application>/papers/<int:paper>")
@requires("bill.read")
def assistance_paper(application: int, paper: int) -> ResponseReturnValue:
    """A paper the patient sent, always as a download."""
    practice, patient = own_patient()
    name, kind, content = assistance.file(practice, application, paper, patient=patient)
    saw([patient], "assistance.file", f"assistance:{application}")
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@site.get("/assistance/<int:application>/letter")
@requires("bill.read")
def assistance_letter_paper(application: int) -> ResponseReturnValue:
    """The decision as a letter."""
    practice, patient = own_patient()
    found = assistance.application(practice, application, patient=patient)
    if found.head.letter is None:
        raise NotFound("letter")
    saw([patient], "assistance.print", f"assistance:{application}")
    paper = io.BytesIO(assistance_pdf(found.head.letter, language()))
    return send_file(
        paper, mimetype="application/pdf", as_attachment=True, download_name=f"help-{found.head.number}.pdf"
    )
