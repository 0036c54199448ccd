"""Claims as neutral XML, which the stylesheet of an insurer turns into its own format.

What almost every format asks stands under short names; `all` below each claim holds everything the claim has, under the
names of the domain: `all/coverage/@group-number`. Money is dollars as text and every sum is worked out here, because a
stylesheet counts with binary fractions. docs/howto/add-an-insurer-format.md describes the names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.institutional import InstitutionalClaim, RevenueLine
from claims_service.domain.money import plain_text
from claims_service.domain.party import Provider

AnyClaim = Claim | InstitutionalClaim
_UNSEEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CPT = re.compile(r"\d{4}[0-9A-Z]")
LICENCE = "0B"


@dataclass(frozen=True, slots=True)
class Sending:
    """The head of a file. created: the sender's local time. control: our number of the file."""

    sender: str
    receiver: str
    created: datetime
    control: int = 1
    test: bool = False


def canonical(sending: Sending, claims: Iterable[AnyClaim]) -> etree._Element:
    """One neutral document for a file of claims."""
    root = etree.Element("claims")
    _set(root, sender=sending.sender, receiver=sending.receiver, created=f"{sending.created:%Y-%m-%dT%H:%M}",
         control=str(sending.control), test="true" if sending.test else "false")  # fmt: skip
    for claim in claims:
        _claim(root, claim)
    return root


def _claim(root: etree._Element, claim: AnyClaim) -> None:
    share = claim.patient_paid_cents if isinstance(claim, Claim) else 0
    made = etree.SubElement(root, "claim")
    _set(
        made, id=claim.control_number, member=claim.coverage.member_id, payer=claim.coverage.payer.identifier,
        patient=claim.medical_record or claim.control_number, gross=plain_text(claim.charge_cents),
        **{"patient-share": plain_text(share), "net": plain_text(claim.charge_cents - share), "tax": "0"},
        frequency=claim.frequency, **{"payer-claim-number": claim.payer_claim_number},
        authorization=claim.prior_authorization,
    )  # fmt: skip
    _encounter(made, claim)
    codes = claim.diagnoses if isinstance(claim, Claim) else tuple(found.code for found in claim.diagnoses)
    for rank, code in enumerate(codes, 1):
        _set(etree.SubElement(made, "diagnosis"), rank=str(rank), code=code.replace(".", ""))
    lines: tuple[ClaimLine | RevenueLine, ...] = claim.lines
    for line, part in zip(lines, _shares(share, lines), strict=True):
        _line(made, claim, line, part)
    _everything(etree.SubElement(made, "all"), claim)


def _encounter(made: etree._Element, claim: AnyClaim) -> None:
    found = etree.SubElement(made, "encounter")
    if isinstance(claim, Claim):
        last = max(line.served_until or line.served_on for line in claim.lines)
        _set(found, start=_instant(claim.served_on), end=_instant(last), place=claim.place_of_service)
    else:
        _set(found, start=_instant(claim.admitted_on or claim.statement_from, claim.admitted_time),
             end=_instant(claim.statement_until, claim.discharge_time), bill=claim.type_of_bill)  # fmt: skip


def _shares(share: int, lines: Sequence[ClaimLine | RevenueLine]) -> list[int]:
    """What the patient paid, taken off the first lines first, so that lines add up to the claim."""
    parts = []
    for line in lines:
        part = min(share, line.charge_cents)
        parts.append(part)
        share -= part
    if share and parts:
        parts[-1] += share
    return parts


def _line(made: etree._Element, claim: AnyClaim, line: ClaimLine | RevenueLine, share: int) -> None:
    performing = (
        line.rendering or claim.rendering or (claim.attending if isinstance(claim, InstitutionalClaim) else None)
    )
    ordering = (
        (line.ordering if isinstance(line, ClaimLine) else None) or line.referring or claim.referring or performing
    )
    system, code = _code(line)
    _set(
        etree.SubElement(made, "line"), id=line.reference or f"{claim.control_number}L{line.number}", number=str(line.number),
        start=_instant(line.served_on or _first_day(claim)), system=system, code=code, modifiers=" ".join(line.modifiers),
        quantity=_number(line.units), gross=plain_text(line.charge_cents), **{"patient-share": plain_text(share)},
        net=plain_text(line.charge_cents - share), ordering=_clinician(ordering), performing=_clinician(performing),
    )  # fmt: skip


def _first_day(claim: AnyClaim) -> date:
    return claim.served_on if isinstance(claim, Claim) else claim.statement_from


def _code(line: ClaimLine | RevenueLine) -> tuple[str, str]:
    """Kind of code and code; a revenue line without a procedure is known by its revenue code."""
    if not line.procedure:
        return ("SERVICE", line.revenue_code) if isinstance(line, RevenueLine) else ("", "")
    if re.fullmatch(r"D\d{4}", line.procedure):
        return "CDT", line.procedure
    return ("CPT" if _CPT.fullmatch(line.procedure) else "HCPCS"), line.procedure


def _clinician(provider: Provider | None) -> str:
    """Licence number, else NPI."""
    if provider is None:
        return ""
    return next((number for kind, number in provider.numbers if kind == LICENCE), provider.npi)


def _instant(day: date, clock: str = "") -> str:
    return f"{day.isoformat()}T{clock[:2] or '00'}:{clock[2:4] or '00'}"


def _everything(into: etree._Element, value: Any) -> None:
    """Fields of a value as attributes, values in it as elements; what is empty is left out."""
    for field in fields(value):
        found = getattr(value, field.name)
        if field.name.endswith("cents") and found is not None:
            _set(into, **{_named(field.name.removesuffix("cents")).strip("-") or "amount": plain_text(found)})
        elif isinstance(found, tuple):
            _listed(into, _named(field.name), found)
        elif is_dataclass(found):
            _everything(etree.SubElement(into, _named(field.name)), found)
        else:
            _set(into, **{_named(field.name): _text(found)})


def _listed(into: etree._Element, name: str, found: tuple[Any, ...]) -> None:
    for one in found:
        element = etree.SubElement(into, name)
        if is_dataclass(one):
            _everything(element, one)
        elif isinstance(one, tuple):
            element.text = _clean(" ".join(_text(part) for part in one))
        else:
            element.text = _clean(_text(one))


def _named(field: str) -> str:
    return field.replace("_", "-")


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    if isinstance(value, Decimal):
        return _number(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _set(element: etree._Element, **attributes: str) -> None:
    for name, text in attributes.items():
        if text:
            element.set(name, _clean(text))


def _clean(text: str) -> str:
    """Without the characters no XML can hold."""
    return _UNSEEN.sub("", text)
