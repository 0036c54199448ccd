"""The form of a remittance on paper, read: every field with its fault, and the sums as they stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims_service.domain import dates, money
from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.remittance.typed import METHODS, TypedClaim, TypedLine, TypedRemittance
from claims_service.queries.claims_on_paper import ClaimOnPaper

# Field of a line -> group and reason of the adjustment (X12 lists CARC: 45, 1, 2, 3).
SHARES = {"discount": ("CO", "45"), "deductible": ("PR", "1"), "coinsurance": ("PR", "2"), "copay": ("PR", "3")}
_REASON = re.compile(r"(CO|PR|OA|PI)-?([A-Z]?\d{1,3})", re.IGNORECASE)
LONGEST_NUMBER = 50
MOST_CLAIMS = 50


@dataclass(slots=True)
class PaperForm:
    """typed: None while a field can't be read. off: cents each line is off, by "claim-line"; difference: check less parts."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    off: dict[str, int] = field(default_factory=dict)
    typed: TypedRemittance | None = None

    @property
    def adds_up(self) -> bool:
        return self.typed is not None and not self.typed.difference_cents and not any(self.off.values())


def numbers_in(text: str) -> list[str]:
    """Claim numbers as typed: with spaces, commas or line ends between them."""
    return list(dict.fromkeys(re.split(r"[\s,;]+", text.upper().strip())))[:MOST_CLAIMS] if text.strip() else []


def read(values: Mapping[str, str], listed: Sequence[ClaimOnPaper], payers: Sequence[int], *, today: date) -> PaperForm:
    """What was typed, as far as it can be read."""
    form = PaperForm(values)
    payer = _number(form, "payer", payers)
    trace = values.get("trace", "").strip().upper()
    if not trace or len(trace) > LONGEST_NUMBER or not re.fullmatch(r"[A-Z0-9-]+", trace):
        form.errors["trace"] = "Type the number of the check or card: letters, digits and dashes."
    paid_on = _day(form, "paid_on", today)
    paid, interest, taken = (_cents(form, name) for name in ("paid", "interest", "taken"))
    paid_by = values.get("paid_by", "check")
    if paid_by not in METHODS:
        form.errors["paid_by"] = "Choose how it was paid."
    claims = tuple(_claim(form, claim, payer) for claim in listed)
    if not listed:
        form.errors["claims"] = "Type the number of one claim or more, like C10000012."
    if paid_on and payer is not None and not form.errors:
        about = values.get("taken_for", "").strip().upper()[:LONGEST_NUMBER]
        form.typed = TypedRemittance(payer, trace, paid_on, paid, paid_by, claims, interest, taken, about)
    return form


def _number(form: PaperForm, name: str, known: Sequence[int]) -> int | None:
    text = form.values.get(name, "")
    if text.isascii() and text.isdigit() and int(text) in known:
        return int(text)
    form.errors[name] = "Choose the insurer."
    return None


def _day(form: PaperForm, name: str, today: date) -> date | None:
    try:
        found = dates.day(form.values.get(name, ""), today=today)
    except ValueError:
        form.errors[name] = "Type the day on the check, like 11/18/2026."
        return None
    if found > today:
        form.errors[name] = "This day is yet to come."
    return found


def _cents(form: PaperForm, name: str) -> int:
    text = form.values.get(name, "").strip()
    try:
        found = money.cents(text) if text else 0
    except ValueError:
        found = -1
    if found < 0:
        form.errors[name] = "Type an amount like 87.00."
        return 0
    return found


def _claim(form: PaperForm, claim: ClaimOnPaper, payer: int | None) -> TypedClaim:
    if payer is not None and claim.payer != payer:
        form.errors["claims"] = f"{claim.control_number} went to another insurer."
    lines = []
    for service in claim.services:
        key = f"{claim.claim}-{service.number}"
        cuts = [
            Adjustment(*reason, cents) for name, reason in SHARES.items() if (cents := _cents(form, f"{name}-{key}"))
        ]
        other = _cents(form, f"other-{key}")
        reason = _REASON.fullmatch(form.values.get(f"reason-{key}", "").strip())
        if other and not reason:
            form.errors[f"reason-{key}"] = "Type group and reason, like CO97."
        elif other and reason:
            cuts.append(Adjustment(reason[1].upper(), reason[2].upper(), other))
        line = TypedLine(service.number, _cents(form, f"paid-{key}"), tuple(cuts))
        form.off[key] = line.off_cents(service.charge_cents)
        lines.append(line)
    their = form.values.get(f"their-{claim.claim}", "").strip().upper()[:LONGEST_NUMBER]
    return TypedClaim(claim.control_number, tuple(lines), their)
