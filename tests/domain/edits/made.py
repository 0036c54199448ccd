"""A claim that nothing can be said against, and the same claim with some of its values changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.dental import DentalClaim
from claims_service.domain.claim.edits.checks import problems_in
from claims_service.domain.claim.edits.finding import Facts, Finding
from claims_service.domain.claim.edits.other_kinds import own_findings
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.domain.coverage import Coverage
from claims_service.domain.party import Address, BillingProvider, Payer, Person, Provider

TODAY, DAY = date(2026, 11, 2), date(2026, 10, 15)
HOME = Address("2 Sample Road", "", "Portland", "OR", "97202")
ALMA = Person("TESTPATIENT", "ALMA", "", date(1980, 4, 2), "F", HOME)
QUILLHAVEN = Payer("QH001", "Quillhaven Health")
NORTHFOLD = Payer("NF002", "Northfold Mutual")
CLINIC = BillingProvider(
    "Lakeside Clinic", "1990000014", "990000001", "207Q00000X", Address("1 Example Street", "", "Portland", "OR", "972010001"), "5035550142",
)  # fmt: skip
DOCTOR = Provider("1990000022", "VOSS", "IMANI", "207Q00000X")
COLLEAGUE = Provider("1990000030", "HALL", "NORA", "207Q00000X")
HOSPITAL = Provider("1990000048", "Cedar Hospital", "", "", Address("9 Example Avenue", "", "Salem", "OR", "97301"))
GOOD = Claim(
    "C1", CLINIC, ALMA, Coverage(1, 1, QUILLHAVEN, 1, "QHM0000001", ALMA, group_number="G100", valid_from=date(2026, 1, 1)), "11",
    ("J069", "R509"),
    (
        ClaimLine(1, "C1L1", "99213", 120_00, DAY, (1, 2), place_of_service="11"),
        ClaimLine(2, "C1L2", "85025", 30_00, DAY, (2,), place_of_service="11"),
    ),
    rendering=DOCTOR,
)  # fmt: skip
FACTS = Facts(TODAY, priced=frozenset(range(1, 60)))


@dataclass(frozen=True)
class Example:
    """One edit with a claim that breaks it and one that comes close and does not.

    words: what is wrong in it. bad, good: changes to the good claim, value by path ("lines.0.units"); a path that begins
    with "facts." changes what is known beside it. base: the good claim, where it is not the professional one.
    """

    edit: str
    words: str
    bad: Mapping[str, Any]
    good: Mapping[str, Any] = field(default_factory=dict)
    base: Claim | InstitutionalClaim | DentalClaim = GOOD

    def found(self, changes: Mapping[str, Any]) -> tuple[Finding, ...]:
        """What the edits say of the claim after the changes: all of them, or those for its kind alone."""
        claim, facts = case(changes, self.base)
        return problems_in(claim, facts) if isinstance(claim, Claim) else tuple(own_findings(claim, facts))


def changed(holder: Any, path: str, value: Any) -> Any:
    """The same frozen value with another one at a path of fields and places in tuples."""
    name, _, rest = path.partition(".")
    if name.isdigit():
        at = int(name)
        return (*holder[:at], changed(holder[at], rest, value) if rest else value, *holder[at + 1 :])
    return replace(holder, **{name: changed(getattr(holder, name), rest, value) if rest else value})


def case(changes: Mapping[str, Any], base: Any = GOOD) -> tuple[Any, Facts]:
    """A claim and what is known beside it, after the changes."""
    claim, facts = base, FACTS
    for path, value in changes.items():
        if path.startswith("facts."):
            facts = changed(facts, path.removeprefix("facts."), value)
        else:
            claim = changed(claim, path, value)
    return claim, facts
