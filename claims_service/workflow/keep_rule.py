"""Keeps a rule that a manager built, as the first or next version; it holds only once it is switched on."""

from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim.edits.own_rules import SET, OwnRule, problems_of
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.store import audit, clinic_rules, parties
from claims_service.store.connection import write


def keep_rule(practice: int, rule: OwnRule, *, by: Actor, now: datetime) -> int:
    """The id of the version. rule.number: 0 for a new rule, else that of the rule it is the next version of.

    Raises:
        NotFound: no rule of this practice has that number.
        Rejected: every problem of the rule at once.
    """
    with write(practice):
        problems = [*problems_of(rule), *_stranger(practice, rule)]
        if problems:
            raise Rejected(problems)
        if rule.number and rule.number not in {kept.rule.number for kept in clinic_rules.listed(practice)}:
            raise NotFound("rule")
        key = clinic_rules.add(practice, rule, by=by.name, at=now)
        audit.record(practice, [audit.Event("rule.keep", subject=f"clinic_rule:{key}")], by=by, at=now)
    return key


def _stranger(practice: int, rule: OwnRule) -> list[Problem]:
    """Whom a rule writes as referring provider must be on the clinic's list."""
    if rule.action != SET or rule.filled_field != "referring":
        return []
    known = {provider.npi for provider in parties.providers(practice).values()}
    return [] if rule.filled_value in known else [Problem("filled_value", "Nobody on the clinic's list has this NPI.")]
