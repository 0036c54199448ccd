"""What a plan left goes to a claim to the patient's next plan. Not a step itself: bill_next_payer and crossed_over drive it."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.building import control_number
from claims_service.domain.coverage import in_order
from claims_service.domain.ledger import charges
from claims_service.domain.ledger.accounts import NEXT_PAYER_OWES
from claims_service.domain.remittance.standing import decision_that_holds
from claims_service.store import audit, claim_values, claims, counters, journal, patients, remittances
from claims_service.workflow.next_claim import Onward, decision_of, next_claim, stands


def pass_on(
    practice: int, going: Sequence[Onward], *, crossed_over: bool = False, by: Actor, now: datetime, today: date
) -> list[int]:
    """A claim to the next plan for each, with the money left for it; gives their ids. Inside write().

    crossed_over: the plan before sent the claim on itself, so the next one has it and we send nothing.
    """
    numbers = counters.next_values(practice, "claim", len(going)) if going else range(0)
    earlier = claim_values.earlier_decisions(practice, [item.head.id for item in going])
    new = [
        next_claim(item, (*earlier[item.head.id], decision_of(item)), control_number(practice, n))
        for item, n in zip(going, numbers, strict=True)
    ]
    if crossed_over:
        new = [claim._replace(state=lifecycle.RECEIVED) for claim in new]
    ids = claims.add_many(practice, new, at=now)
    entries = []
    for item, key in zip(going, ids, strict=True):
        shares = journal.line_balances(practice, item.head.id, NEXT_PAYER_OWES)
        payers = (item.head.payer or 0, item.plan.payer_id)
        entries.append(
            charges.moved_on(item.head.id, key, shares, patient=item.head.patient, payers=payers, posted_on=today)
        )
    journal.post(practice, entries, by=by.name, at=now)
    _tell(practice, going, ids, crossed_over, by=by, now=now)
    return ids


def onward(practice: int, chosen: Sequence[int]) -> list[Onward]:
    """The claims of these that a later plan is to be asked for, each with the first such plan and the decision that holds."""
    heads = claims.heads(practice, chosen)
    followers = claims.of_encounters(practice, [head.encounter for head in heads.values()])
    plans = patients.coverages(practice, list({head.patient for head in heads.values()}))
    decisions = remittances.payments_of(practice, list(heads))
    lines = claim_values.lines(practice, list(heads))
    details = claim_values.details(practice, list(heads))
    found = []
    for head in heads.values():
        used = {claim.coverage for claim in followers[head.encounter] if stands(claim)}
        own = next(plan for plan in plans[head.patient] if plan.id == head.coverage)
        later = [p for p in in_order(plans[head.patient], head.served_on) if p.rank > own.rank and p.id not in used]
        decided = decision_that_holds(decisions[head.id])
        if later and decided:
            found.append(Onward(head, later[0], *decided, lines[head.id], details[head.id]))
    return found


def _tell(
    practice: int, going: Sequence[Onward], ids: Sequence[int], crossed_over: bool, *, by: Actor, now: datetime
) -> None:
    left, built = "What is left goes to {}.", "Built with the first plan's decision."
    if crossed_over:
        left = "The claim crossed over to {}: that plan answered itself, so we sent it nothing."
        built = "Crossed over from the plan before: this plan got it from there, not from us."
    events, trail = [], []
    for item, key in zip(going, ids, strict=True):
        events.append(claims.Event(item.head.id, "moved_on", left.format(item.plan.payer.name)))
        events.append(claims.Event(key, "built", built))
        trail.append(audit.Event("claim.build", item.head.patient, f"claim:{key}"))
    claims.add_events(practice, events, by=by.name, at=now)
    audit.record(practice, trail, by=by, at=now)
