"""Checks on claims that have not gone out, for the steps that build and mend them. Not a step itself."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.edits.checks import may_go, problems_of
from claims_service.domain.claim.edits.finding import MUST, Finding
from claims_service.domain.claim.edits.other_kinds import findings_of
from claims_service.formats.payers import rules_for
from claims_service.store import claim_facts, claim_values, claims
from claims_service.store.claim_values import Assembled
from claims_service.workflow.filling import fill_empty


class Checked(NamedTuple):
    """One claim and what the checks found on it."""

    claim: int
    encounter: int
    state: str
    findings: tuple[Finding, ...]


def checked(
    practice: int,
    wanted: Sequence[int],
    *,
    by: str,
    now: datetime,
    today: date,
    listed: Sequence[Assembled] | None = None,
) -> tuple[Checked, ...]:
    """Run every check, keep what was found and set each claim ready or needs_mending. Inside the caller's transaction.

    listed: the same claims put together, where they are at hand.
    """
    listed = claim_values.assemble(practice, wanted) if listed is None else listed
    if fill_empty(practice, listed, by=by, now=now, today=today):
        listed = claim_values.assemble(practice, wanted)
    rules = {c.claim.coverage.payer.identifier: rules_for(c.claim.coverage.payer.identifier) for c in listed}
    facts = claim_facts.facts(practice, listed, today=today, rules=rules)
    judged = problems_of((c.claim, facts[c.id]) for c in listed)
    found = {c.id: findings_of(findings, c.other, facts[c.id]) for c, findings in zip(listed, judged, strict=True)}
    made = []
    for c in listed:
        to = lifecycle.READY if may_go(found[c.id]) else lifecycle.NEEDS_MENDING
        made.append(Checked(c.id, c.encounter, lifecycle.moved(c.state, to), found[c.id]))
    claims.set_problems(practice, found, at=now)
    claims.set_states(practice, [(c.claim, c.state) for c in made], at=now)
    claims.add_events(practice, [claims.Event(c.claim, "checked", _story(c.findings)) for c in made], by=by, at=now)
    return tuple(made)


def _story(findings: Sequence[Finding]) -> str:
    must = sum(f.severity == MUST for f in findings)
    if must:
        return (
            "Stopped by our checks: one thing to mend."
            if must == 1
            else f"Stopped by our checks: {must} things to mend."
        )
    return "Passed all checks." if not findings else "Passed the checks, with something to look at."
