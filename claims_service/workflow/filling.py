"""What the clinic's own rules write into visits where nothing stands, before their claims are checked. Not a step itself."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.claim import ORIGINAL, Claim
from claims_service.domain.claim.edits.own_rules import FILLED, SET, OwnRule, ready
from claims_service.store import claims, clinic_rules, encounters, parties
from claims_service.store.claim_values import Assembled


def fill_empty(practice: int, listed: Sequence[Assembled], *, by: str, now: datetime, today: date) -> tuple[int, ...]:
    """Ids of the claims whose visit got something, which is told in their story. First claims that have not gone out alone."""
    rules = ready([rule for rule in clinic_rules.active(practice) if rule.action == SET])
    if not rules:
        return ()
    staff = {provider.npi: key for key, provider in parties.providers(practice).items()}
    made: dict[tuple[int, str], tuple[int, OwnRule]] = {}
    for one in listed:
        if one.state not in lifecycle.OPEN or one.claim.sequence != "P" or one.claim.frequency != ORIGINAL:
            continue
        for asked in rules:
            if _is_empty(one.claim, asked.rule.filled_field) and asked.lines(one.claim, today):
                made.setdefault((one.encounter, asked.rule.filled_field), (one.id, asked.rule))
    encounters.fill_empty(
        practice,
        [(visit, field, _value(field, rule, staff)) for (visit, field), (_, rule) in made.items()],
    )
    stories = [
        claims.Event(claim, "note", f"Rule “{rule.name}” wrote the {FILLED[field]}.")
        for (_, field), (claim, rule) in made.items()
    ]
    claims.add_events(practice, stories, by=by, at=now)
    return tuple(claim for claim, _ in made.values())


def _is_empty(claim: Claim, field: str) -> bool:
    return not claim.prior_authorization if field == "prior_authorization" else claim.referring is None


def _value(field: str, rule: OwnRule, staff: dict[str, int]) -> str | int | None:
    return rule.filled_value if field == "prior_authorization" else staff.get(rule.filled_value)
