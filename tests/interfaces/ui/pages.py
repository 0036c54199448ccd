"""A small application that shows every layout and every part of the shared interface."""

from datetime import date
from typing import Any, NoReturn

from flask import Blueprint, Flask, abort, flash, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from claims_service.interfaces.ui.register import register_ui

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
TODAY = date(2026, 11, 19)
CLINIC = {
    "name": "Larkspur Family Clinic",
    "tagline": "Billing",
    "phone": "(503) 555-0142",
    "hours": "Monday to Friday, 8 to 5",
    "address": "214 Alder Street, Marlow Falls, OR 97000",
}
CODES = [
    {"code": "90686", "words": "Flu vaccine, injected, no preservative", "more": "$36.00"},
    {"code": "90662", "words": "Flu vaccine, high dose, 65 and over", "more": "$78.00"},
]


def make_app() -> Flask:
    """Every layout under its own address, with the content policy of the real service."""
    app = Flask(__name__, template_folder="templates", static_folder=None)
    app.secret_key = "only for these tests"
    for site in (_staff(), _portal(), _insurer(), _door()):
        app.register_blueprint(site)
    app.add_url_rule("/api/v1/claims", "api_claims", lambda: abort(404))
    register_ui(app)

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


def _staff() -> Blueprint:
    site = Blueprint("staff", __name__, url_prefix="/staff")
    site.context_processor(_staff_context)
    site.add_url_rule("/parts", "parts", _parts)
    site.add_url_rule("/entry", "entry", lambda: render_template("entry.html", rows=["99214", "83036"]))
    site.add_url_rule("/codes", "codes", lambda: CODES)
    site.add_url_rule("/broken", "broken", _broken)
    site.add_url_rule("/error/<int:status>", "error", _fail)
    return site


def _portal() -> Blueprint:
    site = Blueprint("portal", __name__, url_prefix="/portal")
    site.context_processor(_portal_context)
    site.add_url_rule("/bill", "bill", lambda: render_template("bill.html"))
    site.add_url_rule("/paid", "paid", lambda: render_template("paid.html"))
    site.add_url_rule("/error/<int:status>", "error", _fail)
    return site


def _insurer() -> Blueprint:
    site = Blueprint("insurer", __name__, url_prefix="/insurer")
    site.context_processor(_insurer_context)
    site.add_url_rule("/mailbox", "mailbox", lambda: render_template("mailbox.html"))
    site.add_url_rule("/error/<int:status>", "error", _fail)
    return site


def _door() -> Blueprint:
    site = Blueprint("door", __name__)
    site.add_url_rule(
        "/sign-in",
        "sign_in",
        lambda: render_template("door.html", clinic=CLINIC, errors={"password": "E-mail and password do not match."}),
    )
    return site


def _fail(status: int) -> NoReturn:
    abort(status)


def _broken() -> str:
    raise RuntimeError("Nadia Brennholt has no plan")


def _parts() -> str:
    flash("Claim LF-10516 goes out in 60 seconds.", "undo:/staff/undo")
    return render_template("parts.html", today=TODAY, Markup=Markup)


def _staff_context() -> dict[str, Any]:
    def item(label: str, icon: str, href: str = "#", **more: Any) -> dict[str, Any]:
        return {"label": label, "icon": icon, "href": href, **more}

    return {
        "clinic": CLINIC,
        "person": {"name": "Priya Castellane", "role": "Biller"},
        "links": {"home": "/staff/parts", "find": "/staff/find", "new_visit": "/staff/entry", "sign_out": "/sign-out"},
        "rail": [
            {"title": None, "items": [item("Today", "home", "/staff/parts", current=True, key="t")]},
            {
                "title": "Work",
                "items": [
                    item("Visits", "visit", "/staff/entry", count=5, key="v"),
                    item("Claims", "claim", count=1204, key="c"),
                    item("Denials", "denial", count=6, hot=True, key="n"),
                ],
            },
            {"title": "Money", "items": [item("Remittances", "remittance"), item("Deposits", "bank", count=3)]},
        ],
    }


def _portal_context() -> dict[str, Any]:
    return {
        "clinic": CLINIC,
        "person": {"name": "Nadia Brennholt"},
        "links": {"home": "/portal/bill", "help": "/portal/help", "sign_out": "/sign-out"},
        "menu": [
            {"label": "Home", "href": "/portal/bill"},
            {"label": "Bills", "href": "/portal/bill", "current": True},
            {"label": "Payments", "href": "#"},
            {"label": "Help", "href": "#"},
        ],
    }


def _insurer_context() -> dict[str, Any]:
    return {
        "clinic": CLINIC,
        "insurer_name": "Quillhaven Health",
        "person": {"name": "R. Ashdown"},
        "links": {"home": "/insurer/mailbox", "sign_out": "/sign-out"},
        "menu": [{"label": "Mailbox", "href": "/insurer/mailbox", "current": True}, {"label": "Answers", "href": "#"}],
    }
