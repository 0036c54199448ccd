"""Coding a visit: the list, choosing the patient, the form with its running price, and mending what the checks stopped."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from claims_service.access.guard import requires, saw
from claims_service.domain import dates, money
from claims_service.domain.authorization import OPEN, Authorization
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.claim import VOID
from claims_service.domain.errors import Conflict, Rejected
from claims_service.interfaces.staff import visit_form, visit_form_parts
from claims_service.interfaces.staff.site import here, may, site
from claims_service.interfaces.staff.visit_form import Typed
from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import accounts, codes, cover, favorites
from claims_service.queries import visits as questions
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.record_encounter import mend_encounter, record_encounters
from claims_service.workflow.restrict_plan import restrict_plan
from claims_service.workflow.submit_claims import submit_claims


@site.get("/visits")
@requires("encounter.read")
def visits() -> ResponseReturnValue:
    """Visits, those that wait for a person first."""
    listed = questions.waiting(here().practice)
    saw([visit.patient for visit in listed], "encounter.list")
    return render_template("staff/visits.html", visits=listed)


@site.route("/visits/new", methods=["GET", "POST"])
@requires("encounter.write")
def pick_patient() -> ResponseReturnValue:
    """Whose visit it is: searched by POST, so that no name stands in an address."""
    typed = request.form.get("patient", "").strip()
    found = _found(typed) if typed else accounts.recent(here().practice)
    saw([patient.id for patient in found], "patient.find")
    errors = (
        {"patient": "Type a name, a record number or a date of birth."}
        if request.method == "POST" and not typed
        else {}
    )
    return render_template(
        "staff/pick_patient.html", found=found, typed=typed, values={"patient": typed}, errors=errors
    )


def _found(typed: str) -> list[accounts.Brief]:
    try:
        return accounts.find(here().practice, typed, dates.day(typed, today=here().today))
    except ValueError:
        return accounts.find(here().practice, typed)


@site.route("/visits/new/<int:patient>", methods=["GET", "POST"])
@requires("encounter.write")
def new_visit(patient: int) -> ResponseReturnValue:
    """The empty form, and what is typed into it: "save" records the visit and builds its claim, "send" sends it as well."""
    person = questions.patient_line(here().practice, patient)
    saw([person.id], "patient.read", "visit form")
    staff = questions.providers(here().practice)
    if request.method == "GET":
        typed = visit_form.blank(today=here().today, provider=staff[0][0] if len(staff) == 1 else None)
        return form_page(person, staff, typed, once=secrets.token_urlsafe(12))
    once = request.form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    typed = visit_form.read(request.form, patient=person.id, reference=f"form-{once}", today=here().today)
    if typed.visit is None or only_looks():
        return form_page(person, staff, typed, once=once)
    try:
        return _record(typed)
    except Rejected as refused:
        return form_page(person, staff, typed.with_problems(refused.problems), once=once)


def _record(typed: Typed) -> ResponseReturnValue:
    at, visit = here(), typed.visit
    assert visit is not None, "only a whole visit is recorded"
    recorded = record_encounters(at.practice, [visit], by=at.actor, now=at.now).recorded
    encounter = recorded[0] if recorded else questions.by_reference(at.practice, visit.reference)
    if encounter is None:
        raise NotFound
    if request.form.get("self_pay") == "yes":
        restrict_plan(at.practice, [(visit.patient_id, encounter)], by=at.actor, now=at.now, today=at.today)
    if request.form.get("do") == "later":
        flash("Saved. It waits for its claim.", "ok")
        return redirect(url_for("staff.visits"), 303)
    return _claim_of(encounter, "Saved.")


def _claim_of(encounter: int, said: str) -> ResponseReturnValue:
    """Build the claim of a recorded visit, send it when asked to, and show it."""
    at = here()
    built = build_claims(at.practice, [encounter], by=at.actor, now=at.now, today=at.today)
    claim = questions.recorded(at.practice, encounter).claim
    stopped = [made for made in built.claims if made.state == lifecycle.NEEDS_MENDING]
    if stopped:
        must = sum(finding.severity == "must" for finding in stopped[0].findings)
        flash(f"{said} The checks found {filters.counted(must, 'thing')} to mend before it can go.", "warn")
    elif request.form.get("do") == "send" and may("claim.submit") and claim and built.claims:
        sent = submit_claims(at.practice, [claim], by=at.actor, now=at.now)
        flash("Saved and sent." if sent.claim_count else said, "ok")
    else:
        flash(said, "ok")
    if request.form.get("do") == "next" and not stopped:
        return redirect(url_for("staff.pick_patient"), 303)
    return redirect(url_for("staff.claim", claim=claim) if claim else url_for("staff.visits"), 303)


@site.route("/visits/<int:encounter>", methods=["GET", "POST"])
@requires("encounter.write")
def visit(encounter: int) -> ResponseReturnValue:
    """Mend a visit whose claim has not gone out."""
    at = here()
    found = questions.recorded(at.practice, encounter)
    person = questions.patient_line(at.practice, found.encounter.patient_id)
    saw([person.id], "encounter.read", f"encounter:{encounter}")
    staff = questions.providers(at.practice)
    if found.claim and (found.claim_state not in lifecycle.OPEN or found.claim_frequency == VOID):
        flash(f"This visit’s claim is “{lifecycle.LABELS[found.claim_state]}”, so the visit stays as it is.", "warn")
        return redirect(url_for("staff.claim", claim=found.claim), 303)
    if request.method == "GET":
        return form_page(person, staff, visit_form.filled_from(found.encounter), mends=found, version=found.version)
    version = request.form.get("version", type=row_id) or 0
    typed = visit_form.read(
        request.form, patient=person.id, reference=found.encounter.reference, today=at.today, kept=found.encounter
    )
    if typed.visit is None or only_looks():
        return form_page(person, staff, typed, mends=found, version=version)
    try:
        mend_encounter(at.practice, encounter, typed.visit, version=version, by=at.actor, now=at.now)
    except Rejected as refused:
        return form_page(person, staff, typed.with_problems(refused.problems), mends=found, version=version)
    except Conflict as stale:
        return form_page(person, staff, typed, mends=found, version=version, stale=str(stale), status=409)
    return _checked(found)


def _checked(found: questions.Recorded) -> ResponseReturnValue:
    at = here()
    if found.claim is None:
        return _claim_of(found.id, "Mended.")
    checked = check_claims(at.practice, [found.claim], by=at.actor, now=at.now, today=at.today)[0]
    must = sum(finding.severity == "must" for finding in checked.findings)
    if must:
        flash(f"Mended. The checks still find {filters.counted(must, 'thing')}.", "warn")
    elif request.form.get("do") == "send" and may("claim.submit"):
        submit_claims(at.practice, [found.claim], by=at.actor, now=at.now)
        flash("Mended and sent.", "ok")
    else:
        flash("Mended. The claim is ready to send.", "ok")
    return redirect(url_for("staff.claim", claim=found.claim), 303)


@site.post("/visits/outlook/<int:patient>")
@requires("encounter.write")
def outlook(patient: int) -> ResponseReturnValue:
    """The side of the form that says what would happen, asked for while typing; nothing is written."""
    person = questions.patient_line(here().practice, patient)
    typed = visit_form.read(request.form, patient=person.id, reference="preview", today=here().today)
    return render_template(
        "staff/outlook.html",
        patient=person,
        typed=typed,
        preview=_preview(typed, request.args.get("visit", 0, type=row_id)),
        field_of=_field_of(typed),
    )


def _field_of(typed: Typed) -> Callable[[str], str]:
    """From where a check found something to the field it belongs to; "" where the form has none."""
    return lambda place: visit_form.field_of(place, typed.filled, typed.slots)


def _charges(typed: Typed, preview: questions.Preview | None) -> dict[int, str]:
    """The price of each service by its row, to stand in the empty field."""
    lines = preview.lines if preview and len(preview.lines) == len(typed.filled) else ()
    return {
        row: money.plain_text(line.charge_cents) for row, line in zip(typed.filled, lines, strict=False) if line.priced
    }


def _preview(typed: Typed, mends: int = 0) -> questions.Preview | None:
    at = here()
    return (
        questions.preview(at.practice, typed.draft, today=at.today, check=typed.visit is not None, mends=mends)
        if typed.draft
        else None
    )


def _on_file(patient: int, typed: Typed) -> str:
    """The patient's approvals that hold on the day of the visit, with what is left of each."""
    at = here()
    day = typed.draft.served_on if typed.draft else at.today
    listed = [found.authorization for found in cover.approvals(at.practice, patient)]
    return "; ".join(_left(one) for one in listed if one.standing(day) == OPEN)


def _left(one: Authorization) -> str:
    left = [filters.counted(one.visits_left, "visit")] if one.visits_left is not None else []
    left += [f"{filters.quantity(one.units_left)} units"] if one.units_left is not None else []
    until = f" until {filters.form_date(one.valid_until)}" if one.valid_until else ""
    return f"{one.number}, {' and '.join(left) + ' left' if left else 'no limit'}{until}"


def only_looks() -> bool:
    """Whether the form is to be shown again whatever stands in it: to check it, or with a code of the superbill."""
    return request.form.get("do") == "check" or "add" in request.form


def form_page(
    person: questions.PatientLine, staff: list[tuple[int, str]], typed: Typed, *, status: int = 200, **more: Any
) -> ResponseReturnValue:
    """The whole form; 422 when something typed has a problem."""
    practice = here().practice
    mended = more.get("mends")
    if "add" in request.form:
        typed = visit_form.with_code(typed, request.form["add"][:40])
    preview = _preview(typed, mended.id if mended else 0)
    procedures = [typed.values.get(f"lines-{row}-code", "").upper() for row in typed.rows]
    diagnoses = [text.upper().replace(".", "") for name, text in typed.values.items() if name.startswith("diagnosis-")]
    used = {code_set: favorites.favorites(practice, code_set, 6) for code_set in ("procedure", "icd10")}
    page = render_template(
        "staff/visit_form.html",
        patient=person,
        typed=typed,
        values=typed.values,
        errors=typed.errors,
        preview=preview,
        charges=_charges(typed, preview),
        field_of=_field_of(typed),
        providers=staff,
        places=codes.places(),
        procedure_words=codes.labels(practice, "procedure", [*procedures, *used["procedure"]]),
        diagnosis_words=codes.labels(practice, "icd10", [*diagnoses, *person.recent, *used["icd10"]]),
        used=used,
        superbills=favorites.offered(practice),
        letters=visit_form.LETTERS,
        kinds=visit_form_parts.KINDS,
        more_hint=visit_form_parts.HINT,
        on_file=_on_file(person.id, typed),
        **{"mends": None, "corrects": None, "version": None, "once": "", "stale": "", **more},
    )
    return page, 422 if typed.errors else status


@site.get("/codes/<any(icd10, procedure, modifier):code_set>")
@requires("encounter.read")
def look_up(code_set: str) -> ResponseReturnValue:
    """Codes that fit what is typed, for the look-up fields. on: the day of the visit, as far as it is typed; else today."""
    try:
        on = dates.day(request.args.get("on", ""), today=here().today)
    except ValueError:
        on = here().today
    hits = codes.find(here().practice, code_set, request.args.get("q", "")[:60], on=on)
    return jsonify(
        [
            {"code": hit.code, "words": hit.words, "more": filters.money(hit.cents) if hit.cents is not None else ""}
            for hit in hits
        ]
    )
