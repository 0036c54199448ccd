"""Examples of the edits on approvals in advance: what the insurer approved, and how much of it is used."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from claims_service.domain.authorization import Authorization, Use
from claims_service.domain.claim.edits.finding import PayerRules
from tests.domain.edits.made import DAY, Example

COUNTS = Authorization(1, 1, 1, "AP-100", frozenset({"85025"}), Decimal(4), 4, date(2026, 9, 1), date(2026, 12, 31))
BEFORE = tuple(Use(n, date(2026, 9, n), Decimal(1)) for n in (1, 2, 3))
VISITS = replace(COUNTS, units=None)


def under(approval: Authorization, number: str = "AP-100") -> dict[str, object]:
    """A claim that carries the number, with what is known of the approval."""
    return {"prior_authorization": number, "facts.authorizations": (approval,)}


APPROVALS = [
    Example("authorization_unknown", "AP-200, and the insurer's letter says AP-100", under(COUNTS, "AP-200"), under(COUNTS, "ap100")),
    Example("authorization_not_begun", "seen on the 15th, approved from the 16th", under(replace(COUNTS, valid_from=date(2026, 10, 16))),
            under(replace(COUNTS, valid_from=DAY))),
    Example("authorization_expired", "seen on the 15th, approved until the 14th", under(replace(COUNTS, valid_until=date(2026, 10, 14))),
            under(replace(COUNTS, valid_until=DAY))),
    Example("authorization_used_up", "the fifth of four blood counts",
            under(replace(COUNTS, uses=(*BEFORE, Use(4, date(2026, 9, 4), Decimal(1))))), under(replace(COUNTS, uses=BEFORE))),
    Example("authorization_last", "the fourth of four visits", under(replace(VISITS, uses=BEFORE)), under(replace(VISITS, uses=BEFORE[:2]))),
    Example("authorization_other_service", "an office visit must be approved, and blood counts were",
            {**under(COUNTS), "facts.payer": PayerRules(authorization=frozenset({"99213"}))},
            {**under(COUNTS), "facts.payer": PayerRules(authorization=frozenset({"85025"}))}),
    Example("authorization_for_others", "approved for an ultrasound", under(replace(COUNTS, procedures=frozenset({"76700"}))), under(COUNTS)),
    Example("authorization_forgotten", "approved, and the number is not on the claim", under(COUNTS, ""),
            under(replace(COUNTS, procedures=frozenset({"76700"})), "")),
]  # fmt: skip
