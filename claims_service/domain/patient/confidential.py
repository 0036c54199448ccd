"""Visits a patient keeps to themselves: nobody who answers for the bills or helps with them sees such a visit or is asked for it.

The patient says where the clinic may write about them (45 CFR 164.522(b): communications by other means or at another place).
"""

from dataclasses import dataclass, field
from datetime import date

from claims_service.domain.codes import STATES, is_zip
from claims_service.domain.errors import Problem
from claims_service.domain.party import Address

PORTAL, EMAIL, MAIL = "portal", "email", "mail"
REACHES = {
    PORTAL: "Nowhere: the bill waits on the patient’s own pages",
    EMAIL: "By e-mail to this address",
    MAIL: "By mail to this address",
}
LONGEST_EMAIL = 200


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a patient may be written to about confidential visits. how: one of REACHES, with the address it needs."""

    how: str
    email: str = ""
    address: Address = field(default_factory=Address)


@dataclass(frozen=True, slots=True)
class Request:
    """What a patient asked for. encounter: the one visit, None for every visit from that day on."""

    id: int
    patient: int
    encounter: int | None
    since: date
    reach: Reach
    by: str


def problems(reach: Reach) -> list[Problem]:
    """What has to be mended before a confidential bill can go there; `where` is the name of the field."""
    if reach.how not in REACHES:
        return [Problem("how", "Choose where the patient may be written to.")]
    if reach.how == EMAIL:
        name, _, host = reach.email.partition("@")
        fits = name and "." in host and " " not in reach.email and len(reach.email) <= LONGEST_EMAIL
        return [] if fits else [Problem("email", "Type the e-mail address that only the patient reads.")]
    if reach.how == PORTAL:
        return []
    a = reach.address
    found = [
        Problem(name, "Type it: the bill is mailed there.")
        for name, value in (("line1", a.line1), ("city", a.city))
        if not value.strip()
    ]
    if a.state not in STATES:
        found.append(Problem("state", "Type the two letters of a state."))
    if not is_zip(a.zip):
        found.append(Problem("zip", "Type five digits, or nine."))
    return found


def kept(reach: Reach) -> Reach:
    """Only what the chosen way needs is kept."""
    return Reach(
        reach.how, reach.email if reach.how == EMAIL else "", reach.address if reach.how == MAIL else Address()
    )
