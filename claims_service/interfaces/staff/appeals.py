"""Appeals: letters of a denial, what happened to them, and the clinic's texts they start from."""

import io

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import dates
from claims_service.domain.appeal import FIELDS, OUTCOMES, SENT
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.formats.documents.appeal_pdf import appeal_pdf
from claims_service.formats.tables.denials import families
from claims_service.interfaces.staff.denials import denial_page
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import appeal_letters, denials
from claims_service.workflow.appeal_denials import (
    LONGEST_TEXT,
    Draft,
    Happened,
    make_appeals,
    record_appeals,
    write_appeal_text,
)

KINDS = {SENT: "Sent", "won": "Won", "partly": "Won in part", "lost": "Lost", "withdrawn": "Withdrawn"}


@site.get("/appeals")
@requires("claim.read")
def appeals() -> ResponseReturnValue:
    """Every appeal with how it stands, the newest first."""
    listed = denials.appeal_list(here().practice)
    saw([one.patient for one in listed], "appeal.list")
    return render_template("staff/appeals.html", listed=listed, kinds=KINDS)


@site.post("/denials/<int:claim>/appeals")
@requires("claim.write")
def make_appeal(claim: int) -> ResponseReturnValue:
    """Keep a letter with the text as it was typed."""
    at = here()
    page = denials.denial(at.practice, claim)
    text = request.form.get("text", "").strip()[:LONGEST_TEXT]
    if not text:
        return denial_page(claim, {"text": text}, {"text": "Write why the insurer should look again."})
    letter = appeal_letters.letter(at.practice, page, text, signer=at.name, today=at.today)
    draft = Draft(claim, page.denial.cents, page.denial.denied_on or at.today, page.denial.family.name, letter)
    try:
        make_appeals(at.practice, [draft], by=at.actor, now=at.now)
    except Conflict as refused:
        return denial_page(claim, {"text": text}, {"text": str(refused)})
    flash("Letter made. Print it, send it, and write down when.", "ok")
    return redirect(url_for("staff.denial", claim=claim, _anchor="appeals"), 303)


@site.get("/appeals/<int:appeal>/letter")
@requires("claim.read")
def appeal_letter(appeal: int) -> ResponseReturnValue:
    """The letter as it was made, on paper."""
    patient, letter = denials.letter_of(here().practice, appeal)
    saw([patient], "appeal.print", f"appeal:{appeal}")
    paper = io.BytesIO(appeal_pdf(letter))
    return send_file(paper, mimetype="application/pdf", as_attachment=True, download_name=f"appeal-{appeal}.pdf")


@site.post("/appeals/<int:appeal>")
@requires("claim.write")
def record_appeal(appeal: int) -> ResponseReturnValue:
    """Write down that an appeal was sent, or how it ended."""
    at = here()
    claim = denials.claim_of_appeal(at.practice, appeal)
    kind, typed = request.form.get("kind", ""), request.form.get("on", "").strip()
    note = request.form.get("note", "").strip()[:300]
    try:
        on = dates.day(typed, today=at.today)
        record_appeals(at.practice, [Happened(appeal, kind, on, note)], by=at.actor, now=at.now, today=at.today)
    except ValueError as wrong:
        return _again(claim, {"on": f"{str(wrong).capitalize()}."})
    except Rejected as refused:
        names = {"kind": "kind", "happened_on": "on"}
        return _again(claim, {names[p.where.rpartition(".")[2]]: p.message for p in refused.problems})
    flash(f"{KINDS[kind]}: written down.", "ok")
    return _back(claim)


def _again(claim: int, errors: dict[str, str]) -> ResponseReturnValue:
    """The denial with what was wrong, or, once nothing is denied any more, the list."""
    try:
        return denial_page(claim, dict(request.form.items()), errors)
    except NotFound:
        flash(next(iter(errors.values())), "bad")
        return redirect(url_for("staff.appeals"), 303)


def _back(claim: int) -> ResponseReturnValue:
    try:
        denials.denial(here().practice, claim)
    except NotFound:
        return redirect(url_for("staff.appeals"), 303)
    return redirect(url_for("staff.denial", claim=claim, _anchor="appeals"), 303)


@site.get("/appeal-texts")
@requires("claim.read")
def appeal_texts() -> ResponseReturnValue:
    """What letters of appeal start from, family by family."""
    return _texts("", {}, {})


@site.post("/appeal-texts")
@requires("appeal_text.write")
def keep_appeal_text() -> ResponseReturnValue:
    """A new version of one text; letters made before keep theirs."""
    family, text = request.form.get("family", ""), request.form.get("text", "")
    try:
        version = write_appeal_text(here().practice, family, text, by=here().actor, now=here().now)
    except Rejected as refused:
        return _texts(family, {"text": text}, {problem.where: problem.message for problem in refused.problems})
    flash(f"{families().named[family].label}: version {version} kept.", "ok")
    return redirect(url_for("staff.appeal_texts", family=family), 303)


def _texts(family: str, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    named = families().named
    chosen = family or request.args.get("family", "")
    chosen = chosen if chosen in named else next(iter(named))
    text, version = appeal_letters.text_for(here().practice, chosen)
    page = render_template(
        "staff/appeal_texts.html", named=named, chosen=named[chosen], version=version, fields=FIELDS,
        values={"text": text, **values}, errors=errors,
    )  # fmt: skip
    return (page, 422) if errors else page


assert set(KINDS) == {SENT, *OUTCOMES}, "each thing that can happen has words"
