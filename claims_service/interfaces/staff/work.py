"""The work queues: what waits, for whom, and what is done about several at once."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import current, requires, saw
from claims_service.domain import dates
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import Conflict, Rejected
from claims_service.interfaces.staff import words
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import work_queue
from claims_service.queries.work_queue import TO_CODE, Wanted
from claims_service.workflow import share_work
from claims_service.workflow.ask_status import ask_status
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.submit_claims import submit_claims

MOST_PICKED = 500


@site.get("/queues")
@requires("claim.read")
def work() -> ResponseReturnValue:
    """One page of a queue."""
    at, asked = here(), request.args
    queue, whose, shown = asked.get("queue", ""), asked.get("whose", ""), asked.get("shown", "")
    wanted = Wanted(
        queue if queue in work_queue.QUEUES else "held",
        whose if whose in work_queue.WHOSE else "everyone",
        shown if shown in work_queue.SHOWN else "awake",
        asked.get("after", ""),
        asked.get("before", ""),
    )
    page = work_queue.page_of(at.practice, wanted, user=_me(), today=at.today, now=at.now)
    saw([one.patient for one in page.waiting], "work.list")
    counts = work_queue.counts(at.practice, today=at.today, now=at.now)
    return render_template(
        "staff/work.html",
        page=page,
        wanted=wanted,
        counts=counts,
        queues=[_tab(wanted, name, counts[name]) for name in work_queue.QUEUES],
        narrowed=[(label, _address(wanted, **change), on) for label, change, on in _narrowing(wanted)],
        before=_address(wanted, before=page.before) if page.before else "",
        after=_address(wanted, after=page.after) if page.after else "",
        workers=work_queue.workers(at.practice),
        visits=wanted.queue == TO_CODE,
    )


def _me() -> int:
    """Of the staff everybody who signs in is a person."""
    return current().user_id or 0


def _address(wanted: Wanted, **changes: str) -> str:
    kept: dict[str, Any] = {"queue": wanted.queue, "whose": wanted.whose, "shown": wanted.shown, **changes}
    usual = {"whose": "everyone", "shown": "awake"}
    return url_for("staff.work", **{name: text for name, text in kept.items() if text and usual.get(name) != text})


def _tab(wanted: Wanted, name: str, number: int) -> dict[str, Any]:
    return {
        "label": words.WORK[name], "href": _address(wanted, queue=name), "current": name == wanted.queue,
        "number": filters.at_most(number, work_queue.MOST), "hot": number > 0 and name in ("rejected", "near_limit"),
    }  # fmt: skip


def _narrowing(wanted: Wanted) -> list[tuple[str, dict[str, str], bool]]:
    whose = [(words.WHOSE[name], {"whose": name}, wanted.whose == name) for name in work_queue.WHOSE]
    asleep = wanted.shown == "asleep"
    return [*whose, ("Snoozed", {"shown": "awake" if asleep else "asleep"}, asleep)]


def _done(act: Callable[[str, list[int]], str]) -> ResponseReturnValue:
    """Do something about the picked ones, say what became of it, and go back to where it was pressed."""
    picked = request.form.getlist("pick", type=row_id)[:MOST_PICKED]
    kind = share_work.VISIT if request.form.get("queue") == TO_CODE else share_work.CLAIM
    if not picked:
        flash("Select something first.", "warn")
    else:
        try:
            flash(act(kind, picked), "ok")
        except Rejected as refused:
            flash(refused.problems[0].message, "warn")
        except (Conflict, ValueError) as refused:
            flash(str(refused)[:1].upper() + str(refused)[1:], "warn")
    claim = request.form.get("claim", type=row_id)
    if claim:
        return redirect(url_for("staff.claim", claim=claim), 303)
    kept = {name: request.form.get(name, "")[:20] for name in ("queue", "whose", "shown")}
    return redirect(_address(Wanted(**kept)), 303)


def _things(number: int) -> str:
    visits = request.form.get("queue") == TO_CODE
    return filters.counted(number, "visit" if visits else "claim")


@site.post("/queues/assign")
@requires("claim.write")
def assign_work() -> ResponseReturnValue:
    """Give the picked ones to a person, or to nobody."""
    at, to = here(), request.form.get("to", type=row_id)

    def act(kind: str, ids: list[int]) -> str:
        number = share_work.assign(at.practice, kind, ids, to, by=at.actor, now=at.now)
        name = dict(work_queue.workers(at.practice)).get(to or 0, "nobody")
        return f"{_things(number)} given to {name}."

    return _done(act)


@site.post("/queues/snooze")
@requires("claim.write")
def snooze_work() -> ResponseReturnValue:
    """Let the picked ones sleep until a day; without a day they wake."""
    at, typed = here(), request.form.get("until", "").strip()

    def act(kind: str, ids: list[int]) -> str:
        until = dates.day(typed, today=at.today) if typed else None
        number = share_work.snooze(at.practice, kind, ids, until, by=at.actor, now=at.now, today=at.today)
        if until is None:
            return f"{_things(number)} woken."
        return f"{_things(number)} snoozed until {filters.staff_date(until, at.today)}."

    return _done(act)


@site.post("/queues/note")
@requires("claim.write")
def note_work() -> ResponseReturnValue:
    """Keep a note about the picked ones."""
    at, text = here(), request.form.get("note", "")

    def act(kind: str, ids: list[int]) -> str:
        return f"Noted about {_things(share_work.note(at.practice, kind, ids, text, by=at.actor, now=at.now))}."

    return _done(act)


@site.post("/queues/check")
@requires("claim.write")
def check_work() -> ResponseReturnValue:
    """Run the checks again on the picked ones; of visits the claims are built."""
    at = here()

    def act(kind: str, ids: list[int]) -> str:
        if kind == share_work.VISIT:
            built = build_claims(at.practice, ids, by=at.actor, now=at.now, today=at.today)
            return f"{filters.counted(len(built.claims) + len(built.self_pay), 'claim')} built."
        found = check_claims(at.practice, ids, by=at.actor, now=at.now, today=at.today)
        ready = sum(claim.state == lifecycle.READY for claim in found)
        return f"{filters.counted(ready, 'claim')} of {len(found)} passed all checks."

    return _done(act)


@site.post("/queues/send")
@requires("claim.submit")
def send_work() -> ResponseReturnValue:
    """Check the picked ones again and send those that pass."""
    at = here()

    def act(kind: str, ids: list[int]) -> str:
        if kind == share_work.VISIT:
            raise Conflict("A visit is sent as a claim: build it first.")
        found = check_claims(at.practice, ids, by=at.actor, now=at.now, today=at.today)
        ready = [claim.claim for claim in found if claim.state == lifecycle.READY]
        sent = submit_claims(at.practice, ready, by=at.actor, now=at.now) if ready else None
        number = sent.claim_count if sent else 0
        return f"Sent {filters.counted(number, 'claim')}; {len(found) - number} did not pass the checks."

    return _done(act)


@site.post("/queues/ask")
@requires("claim.write")
def ask_work() -> ResponseReturnValue:
    """Ask the insurers by file what became of the picked ones; who was asked within hours is not asked again."""
    at = here()

    def act(kind: str, ids: list[int]) -> str:
        if kind == share_work.VISIT:
            raise Conflict("No insurer knows of a visit: build its claim first.")
        asked = ask_status(at.practice, ids, by=at.actor, now=at.now)
        if not asked.files:
            raise Conflict(asked.problems[0].message if asked.problems else "They were asked within hours already.")
        told = ", ".join(f"{filters.counted(len(one.questions), 'question')} to {one.to}" for one in asked.files)
        return f"In a file: {told}. The answers show on the claims."

    return _done(act)
