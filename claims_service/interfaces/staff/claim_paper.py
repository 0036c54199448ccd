"""A claim on paper, from its page: our drawing of the form, the overlay for preprinted sheets, the print image."""

import io

from flask import request, send_file
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires
from claims_service.formats.documents.claim_paper import DRAWN, LOOKS, Look
from claims_service.interfaces.staff.site import here, site
from claims_service.workflow.print_claims import print_claims


@site.get("/claims/<int:claim>/paper")
@requires("file.read")
def claim_paper(claim: int) -> ResponseReturnValue:
    """The form that suits the claim; a claim that asks no insurer has none. Who printed it is in the audit trail."""
    at, look = here(), request.args.get("as", DRAWN)
    made = print_claims(
        at.practice, [claim], look=Look(look if look in LOOKS else DRAWN), by=at.actor, now=at.now, today=at.today
    )
    return send_file(io.BytesIO(made.content), mimetype=made.media_type, as_attachment=True, download_name=made.name)
