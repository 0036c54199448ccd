"""Which form takes which claim, and the sheets it fills."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.paper.cms1500 import cms1500
from claims_service.formats.paper.form import Sheet, form
from claims_service.formats.paper.ub04 import ub04

CMS1500, UB04 = "cms1500", "ub04"
_FILL: Mapping[str, Callable[[Any, date], tuple[Sheet, ...]]] = {CMS1500: cms1500, UB04: ub04}


def suited(claim: Claim | InstitutionalClaim) -> str:
    """The form for a kind of claim."""
    return CMS1500 if isinstance(claim, Claim) else UB04


def sheets_of(name: str, claim: Claim | InstitutionalClaim, day: date) -> tuple[Sheet, ...]:
    """The filled sheets of a claim. day: when it is signed or made.

    Raises:
        Rejected: the form is for another kind of claim.
    """
    if name != suited(claim):
        mend = f"Choose {suited(claim)}."
        raise Rejected([Problem("form", f"{form(name).title} does not take this kind of claim.", "NUCC, NUBC", mend)])
    return _FILL[name](claim, day)
