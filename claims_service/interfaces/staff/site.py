"""The staff site as a blueprint, and what every page of it shows around the page."""

from typing import Any

from flask import Blueprint, request, url_for

from claims_service.access import guard
from claims_service.access.roles import LABELS
from claims_service.queries import clinic

site = Blueprint("staff", __name__, url_prefix="/staff", template_folder="templates")


@site.context_processor
def around() -> dict[str, Any]:
    """Clinic, person and ways out; nothing for a stranger."""
    who = guard.visitor()
    if who is None or request.endpoint == "staff.sign_in":
        return {}
    return {
        "clinic": clinic.clinic(who.practice),
        "person": {"name": who.name, "role": LABELS[who.role]},
        "links": {"home": "/staff", "sign_out": url_for("staff.sign_out")},
    }
