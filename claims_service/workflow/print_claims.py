"""Puts claims on paper, or into an insurer's own format to look at. Nothing is sent and no state changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.dental import DentalClaim
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.formats.documents.claim_paper import Look, claim_paper
from claims_service.formats.insurer.canonical import Sending
from claims_service.formats.insurer.insurer_format import insurer_format
from claims_service.formats.insurer.write_claims import write_claims
from claims_service.formats.paper.claim_sheets import sheets_of, suited
from claims_service.formats.paper.form import Sheet, form, form_names, left_out
from claims_service.store import audit, claim_values, parties
from claims_service.store.connection import write

AnyClaim = Claim | InstitutionalClaim
DRAWN = Look()


@dataclass(frozen=True, slots=True)
class Printed:
    """A file to print or look at. left_out: control number of a claim and the boxes whose text has no room on paper."""

    content: bytes
    name: str
    media_type: str
    claims: int
    sheets: int = 0
    left_out: tuple[tuple[str, tuple[str, ...]], ...] = ()


def print_claims(
    practice: int, wanted: Sequence[int], into: str = "", look: Look = DRAWN, *, by: Actor, now: datetime, today: date
) -> Printed:
    """The claims in one file. into: a form of mappings/paper or a format of mappings/; "" is the form that suits the claim.

    Raises:
        NotFound: a claim is not of this practice, or asks no insurer; or there is no such form or format.
        Rejected: the form or format does not take this kind of claim.
    """
    with write(practice):
        found = claim_values.assemble(practice, wanted)
        if not found or len(found) < len(set(wanted)):
            raise NotFound("no such claim to an insurer")
        listed = [_on_paper(one) for one in found]
        events = [audit.Event("claim.print", one.patient, f"claim:{one.id}") for one in found]
        audit.record(practice, events, by=by, at=now)
        local = now.astimezone(ZoneInfo(parties.zone(practice)))
    return printed(listed, into, look, today=today, local=local)


def _on_paper(one: claim_values.Assembled) -> AnyClaim:
    """A facility's claim with its stay, every other as it is."""
    if isinstance(one.other, DentalClaim):
        told = f"Claim {one.claim.control_number} is a dentist's: the ADA form is not drawn here."
        raise Rejected([Problem("claims", told, "ADA 2019", "Send it as an 837D, or type it on the insurer's page.")])
    return one.other or one.claim


def printed(claims: Sequence[AnyClaim], into: str, look: Look, *, today: date, local: datetime) -> Printed:
    """The same for claims that come from a file. local: the sender's time."""
    into = into or suited(claims[0])
    if into not in form_names():
        return _mapped(claims, into, local)
    each = [(claim.control_number, sheets_of(into, claim, today)) for claim in claims]
    sheets: list[Sheet] = [sheet for _, of_claim in each for sheet in of_claim]
    short = tuple((number, left_out(form(into), of_claim)) for number, of_claim in each)
    return Printed(
        claim_paper(into, sheets, look, today), f"{into}-{_numbered(claims)}.{look.extension}", look.media_type, len(claims),
        len(sheets), tuple((number, boxes) for number, boxes in short if boxes),
    )  # fmt: skip


def _mapped(claims: Sequence[AnyClaim], into: str, local: datetime) -> Printed:
    """One insurer's file, marked as a test."""
    wanted = insurer_format(into)
    payers = {claim.coverage.payer.receiver_id or claim.coverage.payer.identifier for claim in claims}
    if len(payers) > 1:
        told = "These claims go to more than one receiver, and a file goes to one."
        raise Rejected([Problem("claims", told, f"mappings/{into}", "Choose claims to one insurer.")])
    billing = claims[0].billing
    sending = Sending(billing.submitter_id or billing.npi, payers.pop(), local, test=True)
    content = write_claims(wanted, sending, claims)
    media_type = "application/xml" if wanted.extension == "xml" else "text/plain"
    return Printed(content, f"{into}-{_numbered(claims)}.{wanted.extension}", media_type, len(claims))


def _numbered(claims: Sequence[AnyClaim]) -> str:
    return claims[0].control_number if len(claims) == 1 else f"{len(claims)}-claims"
