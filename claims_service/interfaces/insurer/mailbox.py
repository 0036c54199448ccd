"""Claim files for the insurer: which there are, what is in one, and fetching them."""

import io
import zipfile

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires
from claims_service.interfaces.insurer.answers import KINDS, STATES
from claims_service.interfaces.insurer.site import own_payer, site
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import mailbox as questions
from claims_service.workflow.hand_over_files import hand_over_files

LATEST_ANSWERS = 5
OUTGOING = {
    "837P": "Claims, professional, 837P",
    "own": "Claims, in your own format",
    "270": "Questions about cover, 270",
    "276": "Questions about claims, 276",
    "TA1": "Our receipt of your envelope, TA1",
    "999": "Our receipt of your file, 999",
}
# stage of a file -> (kind of status, words, what comes next)
STAGES = {
    "new": ("look", "New", "Not fetched yet"),
    "fetched": ("waiting", "Fetched", "No receipt yet"),
    "received": ("waiting", "Received", "999 taken, 277CA awaited"),
    "accepted": ("done", "Accepted", "Payment awaited"),
    "sent_back": ("no", "Partly sent back", "The clinic mends and sends again"),
    "answered": ("done", "Answered", "Nothing is open"),
    "taken": ("done", "Fetched", "Nothing is open"),
}
CLAIM_STAGES = {
    "open": ("waiting", "No receipt yet"),
    "received": ("waiting", "Received"),
    "accepted": ("done", "Accepted"),
    "sent_back": ("no", "Sent back"),
    "answered": ("done", "Answered"),
}


@site.get("")
@requires("mailbox.read")
def mailbox() -> ResponseReturnValue:
    """The files made for this insurer, newest first, and its latest answers."""
    who, payer = guard.current(), own_payer()
    files = questions.claim_files(who.practice, payer)
    views = {
        "all": files,
        "new": [file for file in files if file.stage == "new"],
        "open": [file for file in files if file.stage not in ("answered", "taken")],
    }
    chosen = request.args.get("show", "open")
    return render_template(
        "insurer/mailbox.html",
        views=views,
        chosen=chosen if chosen in views else "open",
        awaited=[file for file in files if file.awaited],
        sent=questions.answers(who.practice, payer, most=LATEST_ANSWERS),
        stages=STAGES,
        states=STATES,
        kinds=KINDS,
        outgoing=OUTGOING,
    )


@site.get("/files/<int:file>")
@requires("mailbox.read")
def claim_file(file: int) -> ResponseReturnValue:
    """One claim file: its claims by number, and who fetched it when."""
    who = guard.current()
    found = questions.claim_file(who.practice, own_payer(), file)
    claims = questions.claims_of(who.practice, file)
    guard.saw((claim.patient for claim in claims), "claim_file.read", f"file:{file}")
    return render_template(
        "insurer/file.html",
        file=found,
        claims=claims,
        receipts=questions.receipts_of(who.practice, file),
        says=questions.receipt_of(who.practice, own_payer(), found),
        stages=STAGES,
        claim_stages=CLAIM_STAGES,
        outgoing=OUTGOING,
    )


@site.post("/files/fetch")
@requires("mailbox.fetch")
def fetch() -> ResponseReturnValue:
    """The bytes of one file, or several as a ZIP. A form, because each download is written down."""
    wanted = request.form.getlist("file", type=row_id)
    if not wanted or len(wanted) != len(request.form.getlist("file")):
        raise NotFound
    who = guard.current()
    files = hand_over_files(who.practice, own_payer(), wanted, by=who.actor, now=clock.now())
    if len(files) == 1:
        return _attached(files[0].content, files[0].name, "application/edi-x12")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for file in files:
            folder.writestr(file.name, file.content)
    return _attached(packed.getvalue(), f"claim-files-{files[0].id}-to-{files[-1].id}.zip", "application/zip")


def _attached(content: bytes, name: str, kind: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
