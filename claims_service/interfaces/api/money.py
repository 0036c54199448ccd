"""Money: remittances taken in, statements and balances read."""

from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from claims_service import clock
from claims_service.access import guard
from claims_service.domain.ledger.accounts import CHART
from claims_service.interfaces.api import shapes
from claims_service.interfaces.api.site import once, paged, position, route, today
from claims_service.queries import accounts, listings
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance

_X12 = ("application/edi-x12", "text/plain", "application/octet-stream")
_FILE = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _X12[:1]},
}


@route("GET", "/remittances", "api.read", shapes.RemittancePageOut, query=shapes.StateQuery)
def list_remittances(query: dict[str, Any]) -> dict[str, Any]:
    """Remittances in the order they came."""
    found = listings.remittances(
        guard.current().practice,
        after=position("remittances", query["cursor"]),
        count=query["limit"],
        state=query["state"],
    )
    return paged("remittances", found)


@route("POST", "/remittances", "api.write", shapes.TakenFiles, request_body=_FILE)
def add_remittance() -> Response:
    """Post one 835 file, sent as the body. What does not balance is held, and the same file again posts nothing."""
    if request.mimetype not in _X12:
        raise UnsupportedMediaType(f"Send the 835 as the body, with Content-Type {_X12[0]}.")
    who = guard.current()
    came = IncomingFile("api.835", request.get_data())

    def work() -> dict[str, Any]:
        return {"files": post_remittance(who.practice, [came], by=who.actor, now=clock.now(), today=today())}

    return once(shapes.TakenFiles, 200, work)


@route("GET", "/statements", "api.read", shapes.StatementPageOut, query=shapes.PatientQuery)
def list_statements(query: dict[str, Any]) -> dict[str, Any]:
    """Statements in the order they were issued."""
    found = listings.statements(
        guard.current().practice,
        after=position("statements", query["cursor"]),
        count=query["limit"],
        patient=query["patient"],
    )
    guard.saw([statement.patient for statement in found.items], "statement.list")
    return paged("statements", found)


@route("GET", "/balances", "api.read", shapes.Balances, query=shapes.BalanceQuery)
def read_balances(query: dict[str, Any]) -> dict[str, Any]:
    """Every account, positive on the debit side: of the practice, or of one patient."""
    practice, patient = guard.current().practice, query["patient"]
    if patient is not None:
        accounts.account(practice, patient)
        guard.saw([patient], "balance.read", f"patient:{patient}")
    cents = listings.balances(practice, patient)
    rows = [{"account": a.name, "label": a.label, "kind": a.kind, "cents": cents.get(a.name, 0)} for a in CHART]
    return {"accounts": rows}
