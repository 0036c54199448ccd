"""Two versions of a claim side by side, field by field in a biller's words."""

from dataclasses import dataclass
from itertools import zip_longest

from claims_service.domain import codes
from claims_service.domain.claim.claim import ORIGINAL, REPLACEMENT, VOID, Claim, ClaimLine
from claims_service.domain.money import spoken

KINDS = {ORIGINAL: "Original (1)", REPLACEMENT: "Replacement (7)", VOID: "Void (8)"}
_LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both versions; an empty text where a version has none."""

    label: str
    left: str
    right: str

    @property
    def mark(self) -> str:
        """ "same", "changed", "added" or "removed", seen from left to right."""
        if self.left == self.right:
            return "same"
        return "changed" if self.left and self.right else "added" if self.right else "removed"


def compared(left: Claim, right: Claim) -> tuple[Compared, ...]:
    """Every field that a corrected claim may change, in the order of the form."""
    found = [Compared(label, *texts) for label, texts in _heads(left, right).items()]
    for n, (one, other) in enumerate(zip_longest(left.diagnoses, right.diagnoses, fillvalue="")):
        found.append(Compared(f"Diagnosis {_LETTERS[n]}", codes.dotted(one), codes.dotted(other)))
    for n, (before, after) in enumerate(zip_longest(left.lines, right.lines), 1):
        was, now = _line(before), _line(after)
        found += [Compared(f"Service {n}, {name}", was[name], now[name]) for name in was]
    found.append(Compared("Charge", spoken(left.charge_cents), spoken(right.charge_cents)))
    return tuple(field for field in found if field.left or field.right)


def _heads(left: Claim, right: Claim) -> dict[str, tuple[str, str]]:
    one, other = _head(left), _head(right)
    return {label: (one[label], other[label]) for label in one}


def _head(claim: Claim) -> dict[str, str]:
    plan = claim.coverage
    return {
        "Kind of claim": KINDS.get(claim.frequency, claim.frequency),
        "Our number": claim.control_number,
        "Insurer’s number of the earlier claim": claim.payer_claim_number,
        "Insurer": plan.payer.name,
        "Member number": plan.member_id,
        "Group": plan.group_number,
        "Place": claim.place_of_service,
        "Who gave the care": claim.rendering.full_name if claim.rendering else "",
        "Referred by": claim.referring.full_name if claim.referring else "",
        "Approval number": claim.prior_authorization,
    }


def _line(line: ClaimLine | None) -> dict[str, str]:
    names = ("code", "date", "units", "for diagnoses", "place", "drug number (NDC)", "charge")
    if line is None:
        return dict.fromkeys(names, "")
    pointers = "".join(_LETTERS[p - 1] for p in line.pointers)
    texts = (
        "-".join((line.procedure, *line.modifiers)), line.served_on.isoformat(), format(line.units.normalize(), "f"), pointers,
        line.place_of_service, line.ndc, spoken(line.charge_cents),
    )  # fmt: skip
    return dict(zip(names, texts, strict=True))
