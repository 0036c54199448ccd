"""Edits on approvals in advance: the number on the claim against what the insurer approved and what of it is used (2300 REF*G1)."""

from collections.abc import Sequence
from decimal import Decimal

from claims_service.domain.authorization import Authorization, same_number
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts

_AT, _FHIR, _PLACE = "2300 REF*G1", "Claim.insurance.preAuthRef", "prior_authorization"
_ASK = "Ask the insurer for another approval, and record it with the patient."


def _named(claim: Claim, facts: Facts) -> Authorization | None:
    """The approval whose number the claim carries."""
    if not claim.prior_authorization or not facts.authorizations:
        return None
    return next((one for one in facts.authorizations if same_number(one.number, claim.prior_authorization)), None)


def _under(claim: Claim, approval: Authorization) -> list[ClaimLine]:
    """The services of the claim that the approval is for."""
    return [line for line in claim.lines if approval.covers(line.procedure)]


def _units(lines: Sequence[ClaimLine]) -> Decimal:
    return sum((line.units for line in lines), Decimal(0))


def _unknown(claim: Claim, facts: Facts) -> bool:
    return bool(
        claim.sequence == "P" and claim.prior_authorization and facts.authorizations and _named(claim, facts) is None
    )


def _not_begun(claim: Claim, facts: Facts) -> bool:
    found = _named(claim, facts)
    return found is not None and bool(claim.lines) and not found.has_begun(claim.served_on)


def _expired(claim: Claim, facts: Facts) -> bool:
    found = _named(claim, facts)
    return found is not None and any(found.has_ended(line.served_on) for line in claim.lines)


def _too_much(claim: Claim, facts: Facts) -> bool:
    """More than is left by the clinic's other visits under the number."""
    found = _named(claim, facts)
    if found is None or not (under := _under(claim, found)):
        return False
    units, visits = found.units_left, found.visits_left
    return (units is not None and _units(under) > units) or visits == 0


def _last(claim: Claim, facts: Facts) -> bool:
    """Just enough is left: the next visit would not be paid."""
    found = _named(claim, facts)
    if found is None or not (under := _under(claim, found)) or _too_much(claim, facts):
        return False
    return (found.units_left is not None and _units(under) == found.units_left) or found.visits_left == 1


def _needed_elsewhere(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    """A service that needs an approval, under the number of one that is for others."""
    if line.procedure not in facts.payer.authorization:
        return False
    found = _named(claim, facts)
    return found is not None and not found.covers(line.procedure)


def _for_others(claim: Claim, facts: Facts) -> bool:
    found = _named(claim, facts)
    return found is not None and bool(claim.lines) and not _under(claim, found)


def _forgotten(claim: Claim, facts: Facts) -> bool:
    """The patient has an open approval that names one of the services, and the claim does not carry it."""
    if claim.prior_authorization or claim.sequence != "P" or not facts.authorizations or not claim.lines:
        return False
    return any(
        one.procedures and one.standing(claim.served_on) == "open" and _under(claim, one)
        for one in facts.authorizations
    )


EDITS = (
    ClaimEdit(
        Edit("authorization_unknown", LOOK, "This approval number is none of those recorded for the patient with this insurer.",
             "Compare it with the insurer's letter, or record the approval with the patient.", _AT, _FHIR, "clinic", _PLACE),
        _unknown,
    ),
    ClaimEdit(
        Edit("authorization_not_begun", MUST, "The approval begins after the visit.", _ASK, _AT, _FHIR, "CARC 197", _PLACE),
        _not_begun,
    ),
    ClaimEdit(
        Edit("authorization_expired", MUST, "The approval had ended on the day of a service.", _ASK, _AT, _FHIR, "CARC 197", _PLACE),
        _expired,
    ),
    ClaimEdit(
        Edit("authorization_used_up", MUST, "The approval is used up: this claim needs more than is left of it.", _ASK, _AT, _FHIR,
             "CARC 198", _PLACE),
        _too_much,
    ),
    ClaimEdit(
        Edit("authorization_last", LOOK, "This claim uses the last of the approval.",
             "Ask the insurer for more before the next visit.", _AT, _FHIR, "clinic", _PLACE),
        _last,
    ),
    LineEdit(
        Edit("authorization_other_service", MUST, "{line.procedure} needs an approval, and the one named is for other services.",
             "Name the approval of this service, or ask the insurer for one.", _AT, _FHIR, "CARC 197", "procedure"),
        _needed_elsewhere,
    ),
    ClaimEdit(
        Edit("authorization_for_others", LOOK, "The approval is for none of these services.",
             "Take the number away, or name the approval of these services.", _AT, _FHIR, "clinic", _PLACE),
        _for_others,
    ),
    ClaimEdit(
        Edit("authorization_forgotten", LOOK, "The patient has an approval for a service of this visit, and its number is not on it.",
             "Add the approval number.", _AT, _FHIR, "clinic", _PLACE),
        _forgotten,
    ),
)  # fmt: skip
