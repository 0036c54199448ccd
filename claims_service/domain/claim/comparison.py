"""Two versions of a claim side by side, field by field in a biller's words."""

from dataclasses import dataclass
from itertools import zip_longest

from claims_service.domain import codes
from claims_service.domain.claim import comparison_other_kinds as other_kinds
from claims_service.domain.claim.claim import ORIGINAL, REPLACEMENT, VOID, Claim, ClaimLine
from claims_service.domain.claim.dental import DentalClaim, DentalLine
from claims_service.domain.claim.institutional import InstitutionalClaim, RevenueLine
from claims_service.domain.money import spoken

AnyClaim = Claim | InstitutionalClaim | DentalClaim
KINDS = {
    ORIGINAL: "Original (1)",
    "2": "First bill of a stay (2)",
    "3": "Further bill of a stay (3)",
    "4": "Last bill of a stay (4)",
    REPLACEMENT: "Replacement (7)",
    VOID: "Void (8)",
}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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


def compared(left: AnyClaim, right: AnyClaim) -> tuple[Compared, ...]:
    """Every field that a corrected claim may change, in the order of the form."""
    found = _side_by_side("", _head(left), _head(right))
    reasons = zip_longest(_diagnoses(left), _diagnoses(right), fillvalue="")
    found += [Compared(f"Diagnosis {_LETTERS[n]}", *texts) for n, texts in enumerate(reasons)]
    services = zip_longest(map(_line, left.lines), map(_line, right.lines), fillvalue=dict[str, str]())
    for n, (before, after) in enumerate(services, 1):
        found += _side_by_side(f"Service {n}, ", before, after)
    found.append(Compared("Charge", spoken(left.charge_cents), spoken(right.charge_cents)))
    return tuple(field for field in found if field.left or field.right)


def _side_by_side(before: str, left: dict[str, str], right: dict[str, str]) -> list[Compared]:
    """Fields of both by their labels; a label that one kind of claim alone has is empty on the other."""
    labels = dict.fromkeys((*left, *right))
    return [Compared(f"{before}{label}", left.get(label, ""), right.get(label, "")) for label in labels]


def _diagnoses(claim: AnyClaim) -> list[str]:
    if isinstance(claim, InstitutionalClaim):
        return [other_kinds.diagnosis(found) for found in claim.diagnoses]
    return [codes.dotted(code) for code in claim.diagnoses]


def _head(claim: AnyClaim) -> dict[str, str]:
    plan = claim.coverage
    about = {
        "Kind of claim": KINDS.get(claim.frequency, claim.frequency),
        "Our number": claim.control_number,
        "Insurer’s number of the earlier claim": claim.payer_claim_number,
        "Insurer": plan.payer.name,
        "Member number": plan.member_id,
        "Group": plan.group_number,
    }
    if isinstance(claim, InstitutionalClaim):
        return {**about, **other_kinds.stay(claim), "Approval number": claim.prior_authorization}
    return {
        **about,
        "Place": claim.place_of_service,
        "Who gave the care": claim.rendering.full_name if claim.rendering else "",
        "Referred by": claim.referring.full_name if claim.referring else "",
        **(other_kinds.mouth(claim) if isinstance(claim, DentalClaim) else {}),
        "Approval number": claim.prior_authorization,
    }


def _line(line: ClaimLine | RevenueLine | DentalLine) -> dict[str, str]:
    return {
        **({"revenue code": line.revenue_code} if isinstance(line, RevenueLine) else {}),
        "code": "-".join((line.procedure, *line.modifiers)) if line.procedure else "",
        "date": line.served_on.isoformat() if line.served_on else "",
        "units": _units(line),
        **_beside(line),
        "charge": spoken(line.charge_cents),
    }


def _units(line: ClaimLine | RevenueLine | DentalLine) -> str:
    count = f"{line.units.normalize():f}"
    basis = "UN" if isinstance(line, DentalLine) else line.unit_basis
    return f"{count} {other_kinds.BASES[basis]}" if basis in other_kinds.BASES else count


def _beside(line: ClaimLine | RevenueLine | DentalLine) -> dict[str, str]:
    """What one kind of claim alone says of a service."""
    if isinstance(line, RevenueLine):
        return {"drug number (NDC)": line.ndc, "drug quantity": other_kinds.drug(line)}
    about = {"for diagnoses": "".join(_LETTERS[p - 1] for p in line.pointers), "place": line.place_of_service}
    if isinstance(line, DentalLine):
        return {**other_kinds.teeth(line), **about}
    return {**about, "drug number (NDC)": line.ndc, "drug quantity": other_kinds.drug(line)}
