"""The insurer site as a blueprint, and what every page of it shows around the page."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for

from claims_service import clock
from claims_service.access import guard
from claims_service.interfaces.ui import filters
from claims_service.queries import clinic

site = Blueprint("insurer", __name__, url_prefix="/insurer", template_folder="templates")
# label, where it leads, the pages that count as being there
MENU = (
    ("Mailbox", "insurer.mailbox", ("insurer.claim_file",)),
    ("Answers", "insurer.answers", ("insurer.answer", "insurer.send")),
)


@site.context_processor
def around() -> dict[str, Any]:
    """Clinic, insurer, person and menu; nothing for a stranger."""
    who = guard.visitor()
    if who is None or request.endpoint == "insurer.sign_in":
        return {}
    ours = clinic.clinic(who.practice)

    def local(at: datetime | None) -> str:
        """An instant as the clinic's clock shows it."""
        zone = ZoneInfo(ours.zone)
        return filters.staff_time(at and at.astimezone(zone), clock.today(ours.zone))

    return {
        "clinic": ours,
        "local": local,
        "insurer_name": clinic.insurer_name(who.practice, who.payer_id) if who.payer_id else "",
        "person": {"name": who.name},
        "links": {"home": url_for("insurer.mailbox"), "sign_out": url_for("insurer.sign_out")},
        "menu": [
            {"label": label, "href": url_for(to), "current": request.endpoint in (to, *below)}
            for label, to, below in MENU
        ],
    }


def own_payer() -> int:
    """The insurer the visitor works for."""
    payer = guard.current().payer_id
    assert payer is not None, "an insurer's person belongs to an insurer"
    return payer
