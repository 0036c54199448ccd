"""The portal as a blueprint: its language, and what every page of it shows around the page."""

from typing import Any

from flask import Blueprint, Flask, g, request, session, url_for
from flask_babel import gettext as _

from claims_service.access import guard
from claims_service.domain.patient import wording
from claims_service.interfaces.ui.register import page_of
from claims_service.queries import clinic
from claims_service.words import ENGLISH, LANGUAGES, SPANISH, said

site = Blueprint("portal", __name__, url_prefix="/portal", template_folder="templates")
ENTRANCES = ("portal.sign_in", "portal.open_link", "portal.open_pay_link", "portal.card_event")
MENU = (
    ("portal.home", said("Home")),
    ("portal.bill_list", said("Bills")),
    ("portal.payment_list", said("Payments")),
    ("portal.question_list", said("Questions")),
    ("portal.help_page", said("Help")),
)


def own_patient() -> tuple[int, int]:
    """Practice and patient of the visitor."""
    who = guard.current()
    assert who.patient_id is not None, "only patients hold this permission"
    return who.practice, who.patient_id


# What stands for a page of the portal where somebody came by a pay link: that bill alone.
BY_LINK = {
    "bill_page": "this_bill",
    "home": "this_bill",
    "pay": "pay_this_bill",
    "start": "start_this_bill",
    "bill_paper": "this_bill_paper",
    "payment_page": "this_payment",
    "payment_clear": "this_payment_clear",
    "receipt": "this_receipt",
    "sign_out": "this_bill_sign_out",
}


def by_link() -> bool:
    """Whether the visitor came by a pay link."""
    who = guard.visitor()
    return who is not None and who.statement_id is not None


def to(page: str, **ids: int) -> str:
    """The address of a page of the portal, or of what stands for it for who came by a pay link."""
    endpoint = BY_LINK[page] if by_link() else page
    named: dict[str, Any] = {name: key for name, key in ids.items() if name != "statement" or not by_link()}
    return url_for(f"portal.{endpoint}", **named) if named else page_of(f"portal.{endpoint}")


def language() -> str:
    """The one chosen at the top of the page, else the patient's own."""
    if "portal_language" not in g:
        chosen = request.args.get("lang") or session.get("language")
        if chosen not in LANGUAGES:
            who = guard.visitor()
            chosen = who.language if who else ENGLISH
        g.portal_language = chosen if chosen in LANGUAGES else ENGLISH
    return str(g.portal_language)


@site.before_request
def remember_language() -> None:
    """A language picked by its link stays until another is."""
    if request.args.get("lang") in LANGUAGES:
        session["language"] = request.args["lang"]
    g.language = language()


@site.context_processor
def around() -> dict[str, Any]:
    """Clinic, patient, menu and language."""
    spoken = language()
    shared: dict[str, Any] = {
        "language": spoken,
        "other_language": SPANISH if spoken == ENGLISH else ENGLISH,
        "frozen_words": lambda pair: pair[LANGUAGES.index(spoken)],
        "long_date": lambda on: wording.long_date(on, spoken),
        "short_date": lambda on: wording.short_date(on, spoken),
        "to": to,
        "by_link": by_link(),
        "links": {"home": to("home"), **({} if by_link() else {"help": page_of("portal.help_page")})},
    }
    who = guard.visitor()
    if who is None or who.patient_id is None or request.endpoint in ENTRANCES:
        return {**shared, "clinic": clinic.only_clinic(), "links": {}}
    return {
        **shared,
        "clinic": own_clinic(),
        "person": {"name": who.name},
        "links": {**shared["links"], "sign_out": to("sign_out")},
        "menu": [
            {"label": _(label), "href": page_of(endpoint), "current": _is_current(endpoint)}
            for endpoint, label in MENU
            if not by_link()
        ],
    }


def _is_current(endpoint: str) -> bool:
    pages = {
        "portal.bill_list": (
            "portal.bill_page",
            "portal.pay",
            "portal.ask",
            "portal.choose_plan",
            "portal.payment_plan",
        ),
        "portal.payment_list": ("portal.payment_page", "portal.paid_in_year"),
        "portal.question_list": ("portal.question",),
        "portal.help_page": (
            "portal.autopay_page",
            "portal.check_autopay",
            "portal.estimate_list",
            "portal.estimate",
            "portal.assistance_list",
            "portal.assistance_page",
        ),
    }
    return request.endpoint == endpoint or request.endpoint in pages.get(endpoint, ())


def zone() -> str:
    """The calendar the clinic lives by."""
    return own_clinic().zone


def own_clinic() -> clinic.Clinic:
    """The clinic of the visitor, read once a request."""
    if "portal_clinic" not in g:
        g.portal_clinic = clinic.clinic(guard.current().practice)
    found: clinic.Clinic = g.portal_clinic
    return found


def processor_of(app: Flask) -> Any:
    """The card company, None where none is connected."""
    return app.extensions["card_processor"]
