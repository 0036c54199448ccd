"""Who comes today and tomorrow, and what their insurers said the night before."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.interfaces.staff import words
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import coming_visits

DAYS = ("today", "tomorrow")


@site.get("/coming")
@requires("patient.read")
def coming() -> ResponseReturnValue:
    """Everyone expected on a day, who needs something first."""
    chosen = request.args.get("day", "")
    chosen = chosen if chosen in DAYS else "tomorrow"
    listed = expected(DAYS.index(chosen))
    saw([one.patient for one in listed], "cover.list")
    tabs = [{"label": day.capitalize(), "href": f"?day={day}", "current": day == chosen} for day in DAYS]
    return render_template(
        "staff/coming.html", listed=listed, tabs=tabs, day=_day(DAYS.index(chosen)), counts=_told(listed), chosen=chosen
    )


def ahead() -> list[dict[str, Any]]:
    """For the first page: how many come today and tomorrow, and with what standing; no names."""
    found = []
    for n, name in enumerate(DAYS):
        listed = expected(n)
        if listed:
            found.append({"day": name, "on": _day(n), "people": len(listed), "counts": _told(listed)})
    return found


def expected(days: int) -> tuple[coming_visits.Coming, ...]:
    """Who comes in so many days."""
    at, day = here(), _day(days)
    begins_at = datetime.combine(day, time(), tzinfo=ZoneInfo(at.zone))
    return coming_visits.coming(at.practice, day, begins_at=begins_at)


def _day(days: int) -> date:
    return here().today + timedelta(days=days)


def _told(listed: tuple[coming_visits.Coming, ...]) -> list[tuple[str, str, int]]:
    """(look of the status, words, how many)."""
    return [(*words.COMING[name], number) for name, number in coming_visits.counts(listed).items()]
