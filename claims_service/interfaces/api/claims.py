"""Claims: built from visits, checked, sent, and read with their story."""

from typing import Any

from flask import Response

from claims_service import clock
from claims_service.access import guard
from claims_service.interfaces.api import shapes
from claims_service.interfaces.api.site import once, paged, position, route, today
from claims_service.queries import claim_page, listings
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.submit_claims import submit_claims


@route("GET", "/claims", "api.read", shapes.ClaimPageOut, query=shapes.ClaimQuery)
def list_claims(query: dict[str, Any]) -> dict[str, Any]:
    """Claims, the oldest first."""
    found = listings.claims(
        guard.current().practice, after=position("claims", query["cursor"]), count=query["limit"], state=query["state"],
        patient=query["patient"],
    )  # fmt: skip
    guard.saw([claim.patient for claim in found.items], "claim.list")
    return paged("claims", found)


@route("GET", "/claims/<int:claim>", "api.read", shapes.ClaimDetail)
def read_claim(claim: int) -> claim_page.ClaimPage:
    """One claim with its lines, what the checks say, and its story."""
    found = claim_page.claim_page(guard.current().practice, claim)
    guard.saw([found.head.patient], "claim.read", f"claim:{claim}")
    return found


@route("POST", "/claims", "api.write", shapes.BuiltClaims, body=shapes.ChosenEncounters, status=201)
def add_claims(body: dict[str, Any]) -> Response:
    """Build and check a claim to the first plan of each visit; without a plan the patient owes the charge."""
    who, wanted = guard.current(), body["encounters"]

    def work() -> Any:
        return build_claims(who.practice, wanted, by=who.actor, now=clock.now(), today=today())

    return once(shapes.BuiltClaims, 201, work)


@route("POST", "/claims/submit", "api.write", shapes.SentFiles, body=shapes.ChosenClaims)
def send_claims(body: dict[str, Any]) -> Response:
    """Send the ready claims among these, one 837P file an insurer; a claim goes out once, however often this is asked."""
    who, wanted = guard.current(), body["claims"]

    def work() -> Any:
        return submit_claims(who.practice, wanted, by=who.actor, now=clock.now())

    return once(shapes.SentFiles, 200, work)
