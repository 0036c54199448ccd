"""Taking in visits from a file: drop it, see what would become of it line by line, then say yes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import looked_into, requires
from claims_service.domain.errors import Conflict
from claims_service.domain.visit_import import NewImport, RowProblem
from claims_service.interfaces.staff.remittances import plain_name
from claims_service.interfaces.staff.site import here, may, site
from claims_service.interfaces.ui import filters
from claims_service.queries import visit_imports as questions
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.hold_import import drop_import, hold_import, note_progress
from claims_service.workflow.import_records import ImportOutcome, import_records
from claims_service.workflow.import_visits import check_visits, import_visits

ROWS = (".csv", ".tsv", ".txt")
PART = 300  # visits a press or a turn of the page takes


@site.route("/imports", methods=["GET", "POST"])
@requires("import.run")
def imports() -> ResponseReturnValue:
    """The form, and the files of before; a file that is sent is looked at and waits for a yes."""
    looked_into("imports")
    errors: dict[str, str] = {}
    if request.method == "POST":
        file = request.files.get("file")
        if file is not None and file.filename:
            new = _looked_at(plain_name(file), file.read())
            key = hold_import(here().practice, new, by=here().actor, now=here().now)
            return redirect(url_for("staff.visit_import", visit_import=key), 303)
        errors = {"file": "Choose a file."}
    listed = questions.newest(here().practice)
    return render_template("staff/imports.html", files=listed, errors=errors), 422 if errors else 200


def _looked_at(name: str, content: bytes) -> NewImport:
    at = here()
    if name.lower().endswith(ROWS):
        told = check_visits(at.practice, content, today=at.today)
        return NewImport(name, "csv", content, told.found, len(told.added), told.known, told.problems, told.unread)
    found = import_records(at.practice, [(name, content)], by=at.actor, now=at.now, dry_run=True)
    count = found.encounters + found.already + len(found.skipped)
    return NewImport(name, "fhir", content, count, found.encounters, found.already, _records_told(found))


def _records_told(outcome: ImportOutcome) -> list[RowProblem]:
    told = [("", problem) for refused in outcome.refused for problem in refused.problems]
    told += [(visit.reference, problem) for visit in outcome.skipped for problem in visit.reasons]
    return [RowProblem(0, reference, p.where, p.message, p.mend) for reference, p in told]


@site.route("/imports/<int:visit_import>", methods=["GET", "POST"])
@requires("import.run")
def visit_import(visit_import: int) -> ResponseReturnValue:
    """The report; "take" takes the next part of the file until it is done, "drop" forgets it, "build" builds the claims."""
    looked_into("imports", f"import:{visit_import}")
    at, do = here(), request.form.get("do", "")
    found = questions.one(at.practice, visit_import)
    if do == "drop":
        drop_import(at.practice, visit_import, by=at.actor, now=at.now)
        flash("Forgotten. Nothing of it was taken.", "ok")
        return redirect(url_for("staff.imports"), 303)
    if do == "build" and may("claim.write"):
        return _build()
    if do == "take" and found.state in ("checked", "running"):
        try:
            _take(visit_import)
        except Conflict as refused:
            flash(str(refused), "warn")
        found = questions.one(at.practice, visit_import)
        if not request.headers.get("HX-Request"):
            return redirect(url_for("staff.visit_import", visit_import=visit_import), 303)
    part = "staff/import_progress.html" if request.headers.get("HX-Request") else "staff/import.html"
    return render_template(part, file=found, without_claim=questions.without_claim(at.practice))


def _take(key: int) -> None:
    """The next part. Said twice, or cut off in the middle, it adds nothing twice: a visit is known by its reference."""
    at = here()
    file = questions.one(at.practice, key)
    content = questions.content(at.practice, key)
    if file.kind == "fhir":
        taken = import_records(at.practice, [(file.name, content)], by=at.actor, now=at.now)
        note_progress(
            at.practice, key, start=0, done=file.found, added=taken.encounters, known=taken.already, is_last=True,
            by=at.actor, now=at.now,
        )  # fmt: skip
        return
    part = import_visits(
        at.practice, (file.name, content), start=file.done, most=PART, by=at.actor, now=at.now, today=at.today
    )
    note_progress(
        at.practice, key, start=file.done, done=part.done, added=len(part.added), known=part.known,
        is_last=part.is_finished, by=at.actor, now=at.now,
    )  # fmt: skip


def _build() -> ResponseReturnValue:
    at = here()
    built = build_claims(at.practice, by=at.actor, now=at.now, today=at.today)
    stopped = built.count("needs_mending")
    said = f"{filters.counted(len(built.claims), 'claim')} built"
    flash(f"{said}, {stopped} of them to mend." if stopped else f"{said}.", "warn" if stopped else "ok")
    return redirect(url_for("staff.claims", view="needs" if stopped else "ready"), 303)
