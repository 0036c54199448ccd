"""Invoices and statements as the JSON text they are kept as, and back."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from claims_service.domain.party import Address
from claims_service.domain.patient.invoice import Invoice, InvoiceLine, PlanAnswer, Reason
from claims_service.domain.patient.statement import (
    AboveEstimate,
    PromptPay,
    Sender,
    Statement,
    StatementVisit,
    WaitingVisit,
)


def freeze(value: Invoice | Statement) -> str:
    """The same value always gives the same text."""
    return json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def invoice(text: str) -> Invoice:
    """The invoice behind its frozen text."""
    return _invoice(json.loads(text))


def statement(text: str) -> Statement:
    """The statement behind its frozen text."""
    found = json.loads(text)
    sender = found["sender"]
    return Statement(
        found["number"],
        date.fromisoformat(found["issued_on"]),
        date.fromisoformat(found["due_on"]),
        Sender(sender["name"], sender["phone"], Address(**sender["address"])),
        found["patient"],
        Address(**found["address"]),
        tuple(_visit(visit) for visit in found["visits"]),
        tuple((english, spanish) for english, spanish in found.get("changes", ())),
        (found["payment_plan"][0], found["payment_plan"][1]) if "payment_plan" in found else ("", ""),
        found.get("planned_cents", 0),
        _prompt_pay(found.get("prompt_pay")),
        found.get("guarantor", ""),
        found.get("confidential", False),
        date.fromisoformat(until) if (until := found.get("keep_from_plan_until")) else None,
        tuple(_waiting(visit) for visit in found.get("waiting", ())),
        found.get("credit_cents", 0),
    )


def _prompt_pay(found: Mapping[str, Any] | None) -> PromptPay | None:
    if found is None:
        return None
    return PromptPay(found["cents"], date.fromisoformat(found["until"]), tuple(found["encounters"]))


def _waiting(found: Mapping[str, Any]) -> WaitingVisit:
    return WaitingVisit(date.fromisoformat(found["served_on"]), found["provider"], tuple(found["payers"]))


def _visit(found: Mapping[str, Any]) -> StatementVisit:
    held = found.get("held_cents", 0), tuple(found.get("held_lines", ()))  # statements of old knew no disputes
    above = found.get("above")  # nor estimates
    if above:
        above = AboveEstimate(**{**above, "until": date.fromisoformat(above["until"])})
    return StatementVisit(_invoice(found["invoice"]), found["paid_cents"], *held, above)


def _invoice(found: Mapping[str, Any]) -> Invoice:
    return Invoice(
        found["number"],
        date.fromisoformat(found["issued_on"]),
        found["encounter"],
        date.fromisoformat(found["served_on"]),
        found["provider"],
        tuple(found["claims"]),
        tuple(_plan(plan) for plan in found["plans"]),
        tuple(_line(line) for line in found["lines"]),
    )


def _plan(found: Mapping[str, Any]) -> PlanAnswer:
    answered = found["answered_on"]
    return PlanAnswer(
        found["payer"], found["paid_cents"], date.fromisoformat(answered) if answered else None, found["claim_number"]
    )


def _line(found: Mapping[str, Any]) -> InvoiceLine:
    english, spanish = found["explained"]
    return InvoiceLine(
        **{
            **found,
            "served_on": date.fromisoformat(found["served_on"]),
            "reasons": tuple(Reason(**reason) for reason in found["reasons"]),
            "explained": (english, spanish),
        }
    )
