"""The closed list of what a table may do to a value on its way; each takes one value and gives one, None for nothing."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from claims_service.domain import codes, money

CPT = "http://www.ama-assn.org/go/cpt"
CDT = "http://www.ada.org/cdt"
NO_PROCEDURE, ABSENT = "not-applicable", "http://terminology.hl7.org/CodeSystem/data-absent-reason"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"

RESOURCE_ID = {
    "Organization": "practice", "Payer": "payer", "Practitioner": "provider", "Patient": "patient", "Coverage": "coverage",
    "Encounter": "encounter", "Claim": "claim", "ClaimResponse": "response", "ExplanationOfBenefit": "eob", "Invoice": "invoice",
    "PaymentReconciliation": "remittance", "ChargeItem": "charge", "Account": "account",
}  # fmt: skip
"""What stands before a row's number in a resource's id; a Payer is an Organization on the wire."""

Converter = Callable[[Any], Any]


def resource_id(kind: str, key: object) -> str:
    """ "Claim", 12 -> "claim-12"."""
    return f"{RESOURCE_ID[kind]}-{key}"


def reference(kind: str, key: object) -> str:
    """ "Payer", 3 -> "Organization/payer-3"."""
    return f"{'Organization' if kind == 'Payer' else kind}/{RESOURCE_ID[kind]}-{key}"


def _money(cents: int) -> dict[str, object]:
    return {"value": money.dollars(cents), "currency": "USD"}


def _day(value: object) -> str:
    return str(value)[:10]


def _instant(value: object) -> str:
    """Whole seconds where there are no parts of one."""
    return str(value).replace(".000000Z", "Z")


def _procedure_system(code: str) -> str:
    """Five digits, or four and a letter at the end, are the AMA's; a D in front is the ADA's, another letter CMS's."""
    if code[0].isdigit():
        return CPT
    if code == NO_PROCEDURE:
        return ABSENT
    return CDT if code[0] == "D" and code[1:].isdigit() else HCPCS


def _number(value: object) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _joined(values: Any) -> str:
    return " ".join(str(value) for value in values) if isinstance(values, list | tuple) else str(values)


def _digits(value: object) -> str:
    return re.sub(r"[^0-9]", "", str(value))


def _last_part(value: object) -> str:
    """ "urn:uuid:1", "Patient/1" and "#1" all name 1."""
    return re.split(r"[/:#]", str(value))[-1]


_PLAIN: dict[str, Converter] = {
    "text": str,
    "words": lambda value: str(value).strip(),
    "money": _money,
    "money_opposite": lambda cents: _money(-cents),
    "date": _day,
    "instant": _instant,
    "number": _number,
    "dotted": codes.dotted,
    "procedure_system": _procedure_system,
    "joined": _joined,
    "one_item_list": lambda value: [value],
    "digits": _digits,
    "zip": lambda value: _digits(value)[:9],
    "last_part": _last_part,
}
_WITH_ARGUMENT: dict[str, Callable[[str], Converter]] = {
    "id": lambda kind: lambda key: resource_id(kind, key),
    "reference": lambda kind: lambda key: reference(kind, key),
}


def named(name: str, argument: str) -> Converter:
    """The converter a table asks for.

    Raises:
        KeyError: there is no such converter, or it was given an argument it does not take.
    """
    if argument:
        if name in ("id", "reference") and argument not in RESOURCE_ID:
            raise KeyError(argument)
        return _WITH_ARGUMENT[name](argument)
    return _PLAIN[name]
