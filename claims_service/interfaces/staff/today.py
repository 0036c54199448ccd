"""The first page of the day: what waits for whom, where every dollar is, what happened."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import dates, money
from claims_service.interfaces.staff import coming, words
from claims_service.interfaces.staff.site import here, may, site
from claims_service.queries import accounts, books, claim_list, deliveries, work_queue
from claims_service.queries import today as questions

# queue -> (endpoint, its view of the claims list, permission)
_LEADS = {
    "denied": ("denials", "", "claim.read"),
    "sent_back": ("work", "rejected", "claim.read"),
    "near_limit": ("work", "near_limit", "claim.read"),
    "authorization": ("work", "authorization", "claim.read"),
    "stopped": ("work", "held", "claim.read"),
    "ready": ("claims", "ready", "claim.submit"),
    "silent": ("work", "no_answer", "claim.read"),
    "held": ("held", "", "remittance.read"),
    "chargebacks": ("chargeback_list", "", "deposit.read"),
    "files": ("deliveries", "", "file.read"),
    "deposits": ("deposits", "", "deposit.read"),
    "visits": ("work", "to_code", "claim.read"),
    "to_bill": ("statements", "", "statement.read"),
}

_BY_RULE = ("near_limit", "authorization")  # queues that the state alone does not make


@site.get("")
@requires("today.read")
def today() -> ResponseReturnValue:
    """What waits, the most urgent first."""
    at = here()
    waiting = questions.queues(at.practice, now=at.now)
    if may("file.read"):
        waiting |= deliveries.queue(at.practice, now=at.now)
    if may("claim.read"):
        counts = work_queue.counts(at.practice, today=at.today, now=at.now)
        waiting |= {name: questions.Queue(name, counts[name], 0, None) for name in _BY_RULE if counts[name]}
    listed = [_lead(waiting[name]) for name in words.QUEUES if name in waiting and _shown(name)]
    yesterday = datetime.combine(at.today - timedelta(days=1), time(), tzinfo=ZoneInfo(at.zone))
    stages = questions.stages(at.practice)
    return render_template(
        "staff/today.html",
        greeting=_greeting(at.now.astimezone(ZoneInfo(at.zone)).hour),
        queues=listed,
        coming=coming.ahead() if may("patient.read") else [],
        moving=sum(stage.claims for stage in stages if stage.name == "insurer"),
        numbers=questions.numbers(at.practice, today=at.today, now=at.now),
        stages=[_stage(stage) for stage in stages],
        open_cents=sum(stage.cents for stage in stages),
        on_its_way=questions.on_its_way(at.practice),
        news=questions.news(at.practice, since=yesterday)[:8],
        books=books.standing(at.practice),
    )


def _greeting(hour: int) -> str:
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def _shown(name: str) -> bool:
    endpoint, _, permission = _LEADS[name]
    return may(permission) and f"staff.{endpoint}" in current_app.view_functions


def _lead(queue: questions.Queue) -> dict[str, Any]:
    endpoint, view, _ = _LEADS[queue.name]
    title, one = words.QUEUES[queue.name]
    to_work = endpoint == "work"
    days = (here().now - queue.since).days if queue.since else 0
    return {
        "queue": queue, "title": title, "one": one, "days": days, "late": days >= 3 or queue.name in ("denied", "silent", "near_limit"),
        "href": url_for(f"staff.{endpoint}", queue=view if to_work else None, view=None if to_work else view or None),
    }  # fmt: skip


def _stage(stage: questions.Stage) -> dict[str, Any]:
    view = "needs" if stage.name == "stopped" else stage.name
    return {
        "name": words.STAGES[stage.name], "number": stage.claims, "cents": stage.cents, "patient": stage.name == "patient",
        "href": url_for("staff.claims", view=view),
    }  # fmt: skip


@site.post("/find")
@requires("patient.read")
def find() -> ResponseReturnValue:
    """Patients and claims by name, number, amount or date; by POST, so that no name stands in an address."""
    typed = request.form.get("q", "").strip()
    at = here()
    day = _or_none(lambda: dates.day(typed, today=at.today))
    cents = _or_none(lambda: money.typed_cents(typed)) if day is None else None
    people = accounts.find(at.practice, typed, day) if typed and cents is None else []
    claims = []
    if typed and may("claim.read"):
        theirs = [person.id for person in people] if len(people) > 1 else []
        claims = claim_list.find(at.practice, typed, day=day, cents=cents, patients=theirs)
    saw([*(person.id for person in people), *(claim.patient for claim in claims)], "find")
    if len(people) + len(claims) == 1:
        if people:
            return redirect(url_for("staff.patient", patient=people[0].id), 303)
        return redirect(url_for("staff.claim", claim=claims[0].id), 303)
    return render_template("staff/find.html", typed=typed, people=people, claims=claims)


def _or_none(read: Any) -> Any:
    try:
        return read()
    except ValueError:
        return None
