"""The claims list and one claim: filters, sending, checking again, and everything that happened."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import dates
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.claim import VOID
from claims_service.domain.claim.edits.caught import caught_by
from claims_service.domain.errors import Conflict
from claims_service.domain.ledger.accounts import IN_REVIEW
from claims_service.domain.money import spoken
from claims_service.interfaces.staff import visit_form, visit_form_parts, words
from claims_service.interfaces.staff.second_person import tell_written_off
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import (
    claim_answers,
    claim_list,
    claim_page,
    claim_versions,
    clinic,
    clinic_rules,
    codes,
    confidential,
    plan_restrictions,
    work_queue,
)
from claims_service.queries.claim_list import Wanted
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.write_off import WriteOff, write_off

MOST_PICKED = 500
_BRACES = re.compile(r"\{[^}]*\}")  # what an edit's sentence is filled in from
SEQUESTRATION = "CO253"  # the cut of every Medicare payment by law, which no contract foresees
TAKEN_BACK = "WO"  # PLB03: an overpayment recovered


@site.get("/claims")
@requires("claim.read")
def claims() -> ResponseReturnValue:
    """One page of a saved view, narrowed by filters; every filter is a plain link."""
    at = here()
    wanted, errors = _wanted()
    page = claim_list.page_of(at.practice, wanted, now=at.now)
    counts = claim_list.view_counts(at.practice, now=at.now)
    saw([claim.patient for claim in page.claims], "claim.list")
    insurers = clinic.insurers(at.practice)
    return render_template(
        "staff/claims.html",
        page=page,
        wanted=wanted,
        views=_views(wanted, counts),
        chips_on=_chips(wanted, dict(insurers)),
        insurers=insurers,
        sorts={name: _sort(wanted, name) for name in claim_list.SORTS},
        values={name: request.args.get(name, "") for name in ("number", "payer", "from", "until")},
        errors=errors,
        before=url_for("staff.claims", **_arguments(wanted, before=page.before)) if page.before else "",
        after=url_for("staff.claims", **_arguments(wanted, after=page.after)) if page.after else "",
        counts=counts,
        sendable=[claim.id for claim in page.claims if claim.state == lifecycle.READY],
    )


def _wanted() -> tuple[Wanted, dict[str, str]]:
    """What the address asks for; what can't be read is said and left out."""
    asked, errors, days = request.args, dict[str, str](), dict[str, date | None]()
    for name in ("from", "until"):
        try:
            days[name] = dates.day(asked[name], today=here().today) if asked.get(name) else None
        except ValueError as wrong:
            errors[name] = f"{str(wrong).capitalize()}."
    view, sort = asked.get("view", ""), asked.get("sort", "")
    number = "".join(mark for mark in asked.get("number", "") if mark.isalnum())[:20]
    wanted = Wanted(
        view if view in claim_list.VIEWS else "needs", asked.get("payer", type=row_id), asked.get("patient", type=row_id), "", number,
        days.get("from"), days.get("until"), sort if sort in claim_list.SORTS else "visit", asked.get("way") == "down",
        asked.get("after", ""), asked.get("before", ""),
    )  # fmt: skip
    return wanted, errors


def _arguments(wanted: Wanted, **changes: Any) -> dict[str, Any]:
    """The address of a wish, without what is usual."""
    found = {
        "view": wanted.view, "payer": wanted.payer, "patient": wanted.patient, "number": wanted.number,
        "from": wanted.served_from and wanted.served_from.isoformat(), "until": wanted.served_until and wanted.served_until.isoformat(),
        "sort": wanted.sort if wanted.sort != "visit" else None, "way": "down" if wanted.descending else None,
    }  # fmt: skip
    return {name: value for name, value in {**found, **changes}.items() if value}


def _views(wanted: Wanted, counts: dict[str, int]) -> list[dict[str, Any]]:
    names = dict(words.VIEWS)
    if wanted.view in words.OTHER_VIEWS:
        names = {"needs": names.pop("needs"), wanted.view: words.OTHER_VIEWS[wanted.view], **names}
    hot = ("needs", "denied", "silent", *words.OTHER_VIEWS)
    return [
        {
            "label": label, "href": url_for("staff.claims", **_arguments(wanted, view=name)), "current": name == wanted.view,
            "number": filters.at_most(counts[name], claim_list.MOST), "hot": name in hot and counts[name] > 0,
        }
        for name, label in names.items()
    ]  # fmt: skip


def _chips(wanted: Wanted, insurers: dict[int, str]) -> list[tuple[str, str, str]]:
    chips = []
    for name, word, value in (
        ("payer", "Insurer", insurers.get(wanted.payer or 0, "")),
        ("patient", "Patient", "one patient" if wanted.patient else ""),
        ("number", "Number", wanted.number),
        ("from", "Visit from", filters.staff_date(wanted.served_from, here().today) if wanted.served_from else ""),
        ("until", "Visit until", filters.staff_date(wanted.served_until, here().today) if wanted.served_until else ""),
    ):
        if value:
            chips.append((word, value, url_for("staff.claims", **_arguments(wanted, **{name: None}))))
    return chips


def _sort(wanted: Wanted, name: str) -> tuple[str, str]:
    """(address, how it is sorted now) of a column."""
    now = ("descending" if wanted.descending else "ascending") if wanted.sort == name else ""
    way = "down" if now == "ascending" else None
    return url_for("staff.claims", **_arguments(wanted, sort=name, way=way)), now


@site.post("/claims/send")
@requires("claim.submit")
def send_claims() -> ResponseReturnValue:
    """Send the ready ones among those picked; a claim goes out once, however often this is pressed."""
    picked = _picked()
    if not picked:
        flash("Select the claims to send first.", "warn")
        return _back()
    sent = submit_claims(here().practice, picked, by=here().actor, now=here().now)
    if not sent.claim_count:
        flash("Nothing was sent: none of these claims is ready. Mend what the checks found first.", "warn")
        return _back()
    told = ", ".join(f"{filters.counted(len(file.claims), 'claim')} to {file.to}" for file in sent.files)
    flash(f"Sent {told}: {spoken(sum(file.charge_cents for file in sent.files))}.", "ok")
    return _back()


@site.post("/claims/next-plan")
@requires("claim.submit")
def next_plan() -> ResponseReturnValue:
    """Bill the plan that follows, for those picked whose first plan has decided."""
    made = bill_next_payers(here().practice, _picked(), by=here().actor, now=here().now, today=here().today)
    if not made.claims:
        flash("Nothing to bill: no further plan, or the first one has left nothing.", "warn")
        return _back()
    ready = sum(claim.state == lifecycle.READY for claim in made.claims)
    flash(f"{filters.counted(len(made.claims), 'claim')} to the next plan built, {ready} ready to send.", "ok")
    return redirect(url_for("staff.claim", claim=made.claims[0].claim), 303) if len(made.claims) == 1 else _back()


@site.post("/claims/check")
@requires("claim.write")
def check_again() -> ResponseReturnValue:
    """Run the checks again with the plans and prices of now."""
    found = check_claims(here().practice, _picked(), by=here().actor, now=here().now, today=here().today)
    ready = sum(claim.state == lifecycle.READY for claim in found)
    if ready == len(found):
        flash("Passed all checks: ready to send.", "ok")
    else:
        flash(f"{filters.counted(len(found) - ready, 'claim')} still stopped.", "warn")
    return _back()


def _picked() -> list[int]:
    return request.form.getlist("pick", type=row_id)[:MOST_PICKED]


def _back() -> ResponseReturnValue:
    """To the claim or the view it was pressed on."""
    claim, view = request.form.get("claim", type=row_id), request.form.get("view", "")
    if claim:
        return redirect(url_for("staff.claim", claim=claim), 303)
    return redirect(url_for("staff.claims", view=view if view in claim_list.VIEWS else "needs"), 303)


@site.get("/claims/<int:claim>")
@requires("claim.read")
def claim(claim: int) -> ResponseReturnValue:
    """One claim."""
    return claim_again(claim, {}, {})


def claim_again(claim: int, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    """The page of one claim, with what was typed into it and why that can't be."""
    page = claim_page.claim_page(here().practice, claim)
    saw([page.head.patient], "claim.read", f"claim:{claim}")
    before, after = claim_page.neighbours(here().practice, claim)
    head = page.head
    file_by = head.served_on + timedelta(days=head.filing_days) if head.filing_days else None
    shown = render_template(
        "staff/claim.html",
        letters=visit_form.LETTERS,
        beside_code=visit_form_parts.detail_text,
        values=values,
        errors=errors,
        page=page,
        before=before,
        after=after,
        file_by=file_by,
        open_state=head.state in lifecycle.OPEN,
        plan_not_told=plan_restrictions.is_held(here().practice, head.encounter),
        is_confidential=head.encounter in confidential.visits_of(here().practice, head.patient),
        waiting=head.state in lifecycle.WITH_INSURER,
        correctable=head.state in lifecycle.CORRECTABLE and head.frequency != VOID and bool(head.payer),
        versions=claim_versions.versions(here().practice, claim),
        next_claim=_next_claim(page),
        task=work_queue.task_of(here().practice, claim),
        workers=work_queue.workers(here().practice),
        proof=work_queue.proof_of(here().practice, claim),
        mend_link=_mend_link(page),
        held_by=clinic_rules.holding(here().practice, claim) if head.state in lifecycle.OPEN else [],
        cut=[r for service in page.services for r in service.told.reasons if r.code == SEQUESTRATION],
        codes_used=_codes_used(page),
        asked=claim_answers.latest(here().practice, claim),
        caught=_caught,
        taken_back=any(reason.code == TAKEN_BACK for reason in page.whole.reasons) and page.money.denied_cents > 0,
    )
    return shown, 422 if errors else 200


def _next_claim(page: claim_page.ClaimPage) -> claim_page.Sibling | None:
    """The claim to the plan after this one, where that plan was billed already."""
    later = "PST".partition(page.head.sequence)[2]
    gone = (lifecycle.VOID, lifecycle.REPLACED)
    found = [
        other
        for other in page.siblings
        if other.sequence in later and other.state not in gone and other.frequency != VOID
    ]
    return found[0] if found else None


def _caught(rule: str) -> tuple[list[tuple[str, str]], bool]:
    """([(edit, what it says)], whether a coverage check would have told) for what an insurer sent back."""
    found = caught_by(rule)
    return [(edit.id, _BRACES.sub("…", edit.sentence)) for edit in found.edits], found.coverage_check


def _codes_used(page: claim_page.ClaimPage) -> list[tuple[str, str]]:
    """("CO 45", what it means) for every reason on the services."""
    found = {reason.code for service in page.services for reason in service.told.reasons}
    return [(f"{code[:2]} {code[2:]}", codes.reason(code)) for code in sorted(found)]


def _mend_link(page: claim_page.ClaimPage) -> Callable[[str], str]:
    """From where a problem lies to the field that mends it."""
    head = page.head

    def link(place: str) -> str:
        if place.startswith("coverage") and head.coverage:
            return url_for("staff.plan", patient=head.patient, coverage=head.coverage)
        if place.startswith("patient"):
            return url_for("staff.patient", patient=head.patient)
        if place.startswith("practice"):
            return ""
        rows, slots = range(len(page.services)), range(len(head.diagnoses))
        field = visit_form.field_of(place, rows, slots)
        return url_for("staff.visit", encounter=head.encounter, _anchor=field or None)

    return link


@site.post("/claims/<int:claim>/give-up")
@requires("write_off.make")
def give_up(claim: int) -> ResponseReturnValue:
    """Write off what was denied, with a reason; what the page showed must still be what is open."""
    seen, why = request.form.get("cents", 0, type=int), request.form.get("why", "").strip()[:200]
    if not why:
        return claim_again(claim, {"why": why}, {"why": "Say in a few words why it is given up."})
    found = claim_page.claim_page(here().practice, claim).money.denied_cents
    if found != seen:
        return claim_again(claim, {"why": why}, {"": "The amount changed meanwhile. Look at it again."})
    wanted = WriteOff(claim, IN_REVIEW, found, why)
    try:
        made = write_off(here().practice, [wanted], by=here().actor, now=here().now, today=here().today)
    except Conflict as refused:
        return claim_again(claim, {"why": why}, {"": str(refused)})
    tell_written_off(found, waits=bool(made.waiting))
    return redirect(url_for("staff.claim", claim=claim), 303)
