"""Insurers' money and files: remittances, what they did to the books, what is held, and files taken in."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import Conflict, Problem
from claims_service.domain.errors import NotFound as NoSuchRecord
from claims_service.domain.remittance.standing import mirrors
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import claim_list, held_candidates
from claims_service.queries import remittance_pages as questions
from claims_service.workflow.incoming import FileOutcome, IncomingFile, kind_of
from claims_service.workflow.place_payment import Placement, close_items, place_payments
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.read_status_answer import read_status_answer
from claims_service.workflow.retry_held_payments import retry_held_payments

MOST_FILES = 50
COLUMNS = ("paid_on", "insurer", "number", "method", "claims", "state", "paid", "in_the_bank", "held")
LONGEST_NAME = 120
MOST_SHOWN = 400_000
ISA_LENGTH = 106  # the last character of it ends every segment (X12.5)
ACKNOWLEDGEMENTS = ("TA1", "999", "277CA")
KINDS = (*ACKNOWLEDGEMENTS, "835", "271", "277")
_TOLD = {"271": read_eligibility_answer, "277": read_status_answer}
ENDINGS = (".x12", ".edi", ".837", ".835", ".999", ".277", ".277ca", ".ta1", ".txt", ".csv", ".bai", ".bai2", ".xml",
           ".pdf", ".png", ".jpg", ".jpeg")  # fmt: skip


@site.get("/remittances")
@requires("remittance.read")
def remittances() -> ResponseReturnValue:
    """What insurers paid, and the form to add their files."""
    return _list({})


@site.get("/remittances.csv")
@requires("remittance.read")
def remittances_table() -> ResponseReturnValue:
    """The same, all of them, as a table."""
    listed = [
        (r.paid_on, r.payer_name, r.trace, r.method, r.claim_count, r.state, *map(money.plain_text, (r.paid_cents, r.bank_cents)), r.held)
        for r in questions.listed(here().practice, questions.MOST_EXPORTED)
    ]  # fmt: skip
    return table_file(f"remittances-{here().today:%Y-%m-%d}.csv", COLUMNS, listed)


def _list(errors: dict[str, str]) -> ResponseReturnValue:
    practice = here().practice
    page = render_template(
        "staff/remittances.html",
        listed=questions.listed(practice),
        files=questions.recent_files(practice, KINDS),
        errors=errors,
    )
    return (page, 422) if errors else page


@site.post("/remittances")
@requires("remittance.post")
def take_files() -> ResponseReturnValue:
    """Read files of any kind an insurer answers with, and show what became of each."""
    sent = [file for file in request.files.getlist("answers") if file.filename]
    if not sent or len(sent) > MOST_FILES:
        return _list({"answers": f"Send {MOST_FILES} files at a time at most." if sent else "Choose one file or more."})
    outcomes = _taken([IncomingFile(plain_name(file), file.stream) for file in sent])
    shown = [(said, questions.of_file(here().practice, said.file) if said.file else []) for said in outcomes]
    return render_template("staff/outcomes.html", outcomes=shown)


def plain_name(file: FileStorage) -> str:
    """The last part of the name it came with, printable and short; nothing is stored by it."""
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name
    return "".join(mark for mark in name if mark.isprintable())[:LONGEST_NAME] or "file"


def _taken(files: Sequence[IncomingFile]) -> list[FileOutcome]:
    """Each kind to its step, all of a kind at once; the outcomes in the order of the files."""
    at = here()
    kinds = [kind_of(file.beginning) for file in files]
    receipts = [n for n, kind in enumerate(kinds) if kind in ACKNOWLEDGEMENTS]
    payments = [n for n, kind in enumerate(kinds) if kind == "835"]
    outcomes = {n: _not_ours(files[n], kind) for n, kind in enumerate(kinds) if kind not in KINDS}
    told = [n for n, kind in enumerate(kinds) if kind in _TOLD]
    outcomes.update({n: _TOLD[kinds[n]](at.practice, [files[n]], by=at.actor, now=at.now)[0] for n in told})
    # Receipts first: in one batch the answer of a file may follow its receipt.
    read = read_acknowledgement(at.practice, [files[n] for n in receipts], by=at.actor, now=at.now)
    outcomes.update(zip(receipts, read, strict=True))
    posted = post_remittance(at.practice, [files[n] for n in payments], by=at.actor, now=at.now, today=at.today)
    outcomes.update(zip(payments, posted, strict=True))
    return [outcomes[n] for n in range(len(files))]


def _not_ours(file: IncomingFile, kind: str) -> FileOutcome:
    found = f"This is a {kind} file." if kind else "It does not begin with a whole X12 envelope (ISA, GS)."
    problem = Problem("ISA", found, "X12.5", "Choose a TA1, 999, 277CA, 271, 277 or 835 file as the insurer sent it.")
    return FileOutcome(None, file.name, kind, "refused", "Not an answer we can read; nothing was changed.", (problem,))


@site.get("/remittances/<int:remittance>")
@requires("remittance.read")
def remittance(remittance: int) -> ResponseReturnValue:
    """One remittance: does it add up, what needs a person, what was posted."""
    page = questions.remittance_page(here().practice, remittance)
    saw(questions.patients_of(page), "remittance.read", f"remittance:{remittance}")
    bank = url_for("staff.deposits") if "staff.deposits" in current_app.view_functions else ""
    scan = questions.scan_of(here().practice, remittance)
    return render_template("staff/remittance.html", page=page, head=page.head, bank=bank, scan=scan)


@site.get("/held")
@requires("remittance.read")
def held() -> ResponseReturnValue:
    """Money and messages that wait for a person's decision."""
    return _held({}, {})


def _must_be_ours(item: int) -> None:
    if item not in {found.id for found in questions.held(here().practice)}:
        raise NoSuchRecord("held item")


def _held(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    practice = here().practice
    items = questions.held(practice)
    fits = held_candidates.candidates(practice, [item.id for item in items if item.kind in questions.PLACEABLE])
    saw([one.patient for listed in fits.values() for one in listed], "remittance.read", "held")
    money_held = {item.id for item in items if item.kind in questions.PLACEABLE and item.cents}
    paired = mirrors([(item.id, item.control_number or "", item.cents or 0) for item in items if item.id in money_held])
    page = render_template(
        "staff/held.html", items=items, fits=fits, placeable=questions.PLACEABLE,
        suspense=questions.suspense_cents(practice), values=values, errors=errors, closable={item.id for item in items} - money_held | paired.keys(),
    )  # fmt: skip
    return (page, 422) if errors else page


@site.post("/held/retry")
@requires("remittance.post")
def retry_held() -> ResponseReturnValue:
    """Look again for the claims of all held payments."""
    tried = retry_held_payments(here().practice, by=here().actor, now=here().now, today=here().today)
    found = "1 payment found its claim and is posted."
    if tried.placed > 1:
        found = f"{tried.placed} payments found their claims and are posted."
    flash(found if tried.placed else "None found its claim yet. Nothing was changed.", "ok")
    return redirect(url_for("staff.held"), 303)


@site.post("/held/<int:item>/place")
@requires("remittance.post")
def place_held(item: int) -> ResponseReturnValue:
    """Put a held payment to the claim a person found for it."""
    _must_be_ours(item)
    name, number = f"claim-{item}", request.form.get(f"claim-{item}", "").strip().upper()
    found = claim_list.by_number(here().practice, number)
    if found is None:
        return _held(
            {name: number}, {name: "We have no claim with this number." if number else "Type the claim’s number."}
        )
    try:
        place_payments(here().practice, [Placement(item, found)], by=here().actor, now=here().now, today=here().today)
    except Conflict as refused:
        return _held({name: number}, {name: str(refused)})
    flash(f"Placed on claim {number}.", "ok")
    return redirect(url_for("staff.claim", claim=found), 303)


@site.post("/held/<int:item>/close")
@requires("remittance.post")
def close_held(item: int) -> ResponseReturnValue:
    """Close an item that was settled outside, with what was done."""
    _must_be_ours(item)
    name, outcome = f"outcome-{item}", request.form.get(f"outcome-{item}", "").strip()[:500]
    try:
        close_items(here().practice, [item], outcome=outcome, by=here().actor, now=here().now)
    except Conflict as refused:
        return _held({name: outcome}, {name: str(refused)})
    flash("Closed. The reason is kept.", "ok")
    return redirect(url_for("staff.held"), 303)


@site.get("/files/<int:file>")
@requires("file.read")
def file(file: int) -> ResponseReturnValue:
    """A file as it was sent or received, a segment a line; with ?download its bytes."""
    kept = questions.kept_file(here().practice, file)
    saw(kept.patients, "file.read", f"file:{file}")
    content = questions.content(here().practice, file)
    if "download" in request.args:
        return _bytes(kept, content)
    return render_template("staff/file.html", kept=kept, **_shown(content))


def _bytes(kept: questions.KeptFile, content: bytes) -> ResponseReturnValue:
    response = current_app.response_class(content, mimetype="application/octet-stream")
    ending = PurePosixPath(kept.name).suffix.lower()
    ending = ending if ending in ENDINGS else ".txt"  # the sender chose it, and a double click may run the others
    response.headers.set("Content-Disposition", "attachment", filename=f"file-{kept.id}{ending}")
    return response


def _shown(content: bytes) -> dict[str, Any]:
    """Segments of an X12 file, lines of another; cut after the first part of a large one."""
    text = content[:MOST_SHOWN].decode("utf-8", errors="replace")
    mark = text[ISA_LENGTH - 1 : ISA_LENGTH] if text.startswith("ISA") else ""
    lines = [line.strip() for line in text.split(mark) if line.strip()] if mark else text.splitlines()
    return {"lines": lines, "cut": len(content) > MOST_SHOWN}
