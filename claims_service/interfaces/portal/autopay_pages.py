"""Autopay: save a card, read and agree to what is charged, see what comes, stop it at once. No card number comes near this service."""

import secrets
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import BadRequest

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires, saw
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.money import cents as read_cents
from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient import autopay as rules
from claims_service.domain.patient.autopay_letters import why_off
from claims_service.gateways.cards.processor import CardRefused
from claims_service.interfaces.portal.site import language, own_patient, processor_of, site, zone
from claims_service.queries import autopay, bills
from claims_service.workflow.save_method import (
    Agreement,
    SaveWish,
    agree_autopay,
    remove_method,
    start_saving,
    stop_autopay,
)

WISH_SECONDS = 30 * 60


@site.get("/autopay")
@requires("bill.read")
def autopay_page() -> ResponseReturnValue:
    """What is saved, what is agreed word for word, what was charged and what comes."""
    return _page({}, {})


def _page(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    practice, patient = own_patient()
    saw([patient], "autopay.read")
    shown: dict[str, Any] = {
        "found": autopay.of_patient(practice, patient),
        "cards": processor_of(current_app) is not None,
        "name_of": lambda saved: rules.method_name(saved, language()),
        "why_off": lambda why: why_off(why, language()),
        "once": secrets.token_hex(16),
    }
    return render_template("portal/autopay.html", values=values, errors=errors, **shown), status


@site.post("/autopay/methods")
@requires("bill.pay")
def save_method() -> ResponseReturnValue:
    """Go to the card company's page to save a card or account; pressing twice opens one page."""
    practice, patient = own_patient()
    processor = processor_of(current_app)
    if processor is None:
        raise NotFound("card company")
    once = request.form.get("once", "")[:32]
    if not once.isalnum():
        raise BadRequest("the form is not ours")
    back = url_for("portal.autopay_page")
    wish = SaveWish(patient, f"save:{patient}:{once}", _("Save a card"), back, back)
    try:
        page = start_saving(practice, wish, processor=processor, by=guard.current().actor, now=clock.now())
    except CardRefused:
        text = _("Our card company does not answer. Nothing was saved. Please try again in some minutes.")
        return _page({}, {"": text}, 503)
    except Conflict:
        return redirect(back, 303)
    return redirect(page, 303)


@site.post("/autopay/methods/<int:saved_method>/remove")
@requires("bill.pay")
def forget_method(saved_method: int) -> ResponseReturnValue:
    """Nothing can be charged to it any more; autopay that uses it ends."""
    practice, patient = own_patient()
    by, now = guard.current().actor, clock.now()
    remove_method(practice, saved_method, processor=processor_of(current_app), by=by, now=now, patient=patient)
    flash(_("Removed. Nothing is charged to it any more."), "ok")
    return redirect(url_for("portal.autopay_page"), 303)


@site.post("/autopay/check")
@requires("bill.pay")
def check_autopay() -> ResponseReturnValue:
    """The whole agreement to read, before anything is agreed."""
    practice, patient = own_patient()
    found = autopay.of_patient(practice, patient)
    values = {name: request.form.get(name, "")[:20] for name in ("what", "method", "most")}
    method = next((one for one in found.methods if str(one.id) == values["method"]), None)
    plan = next((one for one in found.free_plans if str(one[0]) == values["what"]), None)
    errors = {}
    if method is None:
        errors["method"] = _("Choose a card or account.")
    if plan is None and (values["what"] != rules.STATEMENTS or found.pays_bills):
        errors["what"] = _("Choose what we charge.")
    if not found.by_email:
        errors["email"] = _("Choose e-mail first: we tell you before each charge.")
    try:
        most = read_cents(values["most"].replace("$", "").replace(",", ""))
    except ValueError:
        most = 0
    if not rules.LEAST_LIMIT_CENTS <= most <= rules.MOST_LIMIT_CENTS:
        least, highest = spoken(rules.LEAST_LIMIT_CENTS), spoken(rules.MOST_LIMIT_CENTS)
        errors["most"] = _("Write an amount between %(least)s and %(most)s.", least=least, most=highest)
    if errors or method is None:
        return _page(values, errors, 422)
    clinic = bills.addressee(practice, patient).sender
    words = rules.consent(
        rules.PLAN if plan else rules.STATEMENTS, most, rules.method_name(method.saved, language()), clinic.name,
        spoken_phone(clinic.phone), language(),
    )  # fmt: skip
    wish = _signer().dumps(
        [patient, method.id, plan[0] if plan else None, most, secrets.token_hex(16), list(words), language()]
    )
    return render_template("portal/autopay_check.html", words=words, wish=wish, version=rules.VERSION)


@site.post("/autopay/agree")
@requires("bill.pay")
def agree_to_autopay() -> ResponseReturnValue:
    """Agree to what was read; pressing twice agrees once. What was read and what is kept are the same words."""
    practice, patient = own_patient()
    try:
        owner, method, plan, most, key, words, spoken_in = _signer().loads(
            request.form.get("wish", ""), max_age=WISH_SECONDS
        )
    except BadData:
        raise BadRequest("the agreement is not ours or too old") from None
    if owner != patient:
        raise NotFound("autopay")
    who = guard.current()
    name = bills.addressee(practice, patient).name
    wish = Agreement(
        patient, method, plan, most, f"autopay:{key}", name, request.remote_addr or "", spoken_in, tuple(words)
    )
    try:
        agree_autopay(practice, wish, by=who.actor, now=clock.now(), today=clock.today(zone()))
    except (Conflict, Rejected):
        return _page({}, {"": _("Something changed meanwhile. Nothing was agreed. Please look again.")}, 409)
    flash(_("Autopay is on. We tell you by e-mail before each charge."), "ok")
    return redirect(url_for("portal.autopay_page"), 303)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="portal-autopay")


@site.post("/autopay/<int:autopay_consent>/stop")
@requires("bill.pay")
def end_autopay(autopay_consent: int) -> ResponseReturnValue:
    """It stops at once; a charge that was announced is called off."""
    practice, patient = own_patient()
    by = guard.current().actor
    if stop_autopay(practice, autopay_consent, by=by, now=clock.now(), patient=patient):
        flash(_("Stopped. Nothing more is charged."), "ok")
    return redirect(url_for("portal.autopay_page"), 303)
