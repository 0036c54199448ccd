"""The short notation of the story book, turned into what an insurer sends. README.md beside this file explains it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from claims_service.domain import money
from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.remittance.advice import ClaimPayment, LinePayment, ProviderAdjustment
from claims_service.store.claims import Head
from tests.factories835 import NPI, reversal

REASON = re.compile(r"(CO|PR|OA|PI)(\w{1,3})=(-?[\d.]+)$")
OPTION = re.compile(r"([a-z]+)=(\S*)$")


def cents(text: str) -> int:
    """ "-87.00" as −8700."""
    sign = -1 if text.startswith("-") else 1
    return sign * money.cents(text.lstrip("-"))


@dataclass(frozen=True)
class Words:
    """A line of the notation taken apart: plain words, options (number=X) and adjustments (CO45=30.00)."""

    plain: tuple[str, ...]
    options: Mapping[str, str]
    adjustments: tuple[Adjustment, ...]

    def cents(self, name: str, otherwise: int) -> int:
        return cents(self.options[name]) if name in self.options else otherwise

    def day(self, name: str, otherwise: date | None) -> date | None:
        """ "on=none" leaves it out, "on=+1" is a day later."""
        told = self.options.get(name)
        if told is None or otherwise is None:
            return otherwise
        return None if told == "none" else otherwise + timedelta(int(told))


def words(text: str) -> Words:
    plain, options, adjustments = [], {}, []
    for word in text.split():
        if found := REASON.match(word):
            adjustments.append(Adjustment(found[1], found[2], cents(found[3])))
        elif found := OPTION.match(word):
            options[found[1]] = found[2]
        else:
            plain.append(word)
    return Words(tuple(plain), options, tuple(adjustments))


def claim_payment(text: str, head: Head, earlier: Sequence[ClaimPayment]) -> ClaimPayment:
    """ "A 1 icn=X: 99213 120.00 CO45=30.00; 85025 30.00", or "A back": what was decided last, taken back."""
    about, _, services = text.partition(":")
    told = words(about)
    if told.plain[1] == "back":
        return _changed(reversal(earlier[int(told.options.get("of", "0")) - 1]), told)
    lines = tuple(_line(n, part, head) for n, part in enumerate(services.split(";"), 1) if part.strip())
    charge = told.cents("charge", sum(line.charge_cents for line in lines))
    in_lines = sum(line.paid_cents for line in lines) if lines else charge
    adjusted = [*told.adjustments, *(a for line in lines for a in line.adjustments)]
    payment = ClaimPayment(
        1, head.control_number, told.plain[1], charge,
        told.cents("paid", in_lines - sum(a.cents for a in told.adjustments)), f"ICN{head.control_number}",
        sum(a.cents for a in adjusted if a.group == "PR"), "12", patient_last="TESTPATIENT", patient_first="ALMA",
        member_id="", served_on=head.served_on, adjustments=told.adjustments, lines=lines,
    )  # fmt: skip
    return _changed(payment, told)


def _changed(payment: ClaimPayment, told: Words) -> ClaimPayment:
    names = {"number": "control_number", "icn": "payer_claim_number", "member": "member_id", "name": "patient_last",
             "to": "crossover_payer", "original": "original_number"}  # fmt: skip
    changes: dict[str, Any] = {
        names[name]: "" if text == "none" else text for name, text in told.options.items() if name in names
    }
    changes["interest_cents"] = told.cents("interest", 0)
    if "on" in told.options:
        changes["served_on"] = told.day("on", payment.served_on)
    return replace(payment, **changes)


def _line(position: int, text: str, head: Head) -> LinePayment:
    told = words(text)
    code, *modifiers = told.plain[0].split("-")
    charge = cents(told.plain[1])
    which = told.options.get("line", str(position))
    return LinePayment(
        position, code, charge, told.cents("paid", charge - sum(a.cents for a in told.adjustments)),
        "" if which == "none" else f"{head.control_number}L{which}", tuple(modifiers),
        served_on=told.day("on", head.served_on), adjustments=told.adjustments,
        original_procedure=told.options.get("was", ""),
    )  # fmt: skip


def provider_adjustment(text: str, numbers: Mapping[str, str]) -> ProviderAdjustment:
    """ "plb WO 10.00 A": a claim's letter stands for its number."""
    _, reason, amount, *reference = text.split()
    named = reference[0] if reference else "LETTER7"
    return ProviderAdjustment(NPI, date(2026, 12, 31), reason, numbers.get(named, named), cents(amount))
