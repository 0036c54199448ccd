"""Builds the claim to a patient's next plan from what the earlier ones decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim.building import control_number
from claims_service.domain.coverage import in_order
from claims_service.domain.ledger import charges
from claims_service.domain.ledger.accounts import NEXT_PAYER_OWES
from claims_service.domain.remittance.standing import decision_that_holds
from claims_service.store import audit, claim_values, claims, counters, journal, patients, remittances
from claims_service.store.connection import write
from claims_service.workflow.checked import Checked, checked
from claims_service.workflow.next_claim import Onward, decision_of, next_claim, stands


@dataclass(frozen=True, slots=True)
class Outcome:
    """claims: built for the next plans. waiting: forwarded by the first insurer itself, so nothing is sent by us."""

    claims: tuple[Checked, ...]
    waiting: tuple[int, ...]
    cents: int


def bill_next_payers(
    practice: int, wanted: Sequence[int] | None = None, *, by: Actor, now: datetime, today: date
) -> Outcome:
    """For each answered claim with money left for a next plan (None: all), a claim to that plan with the adjustments word for word.

    What is left moves along: PAYER_OWES (new claim) <- NEXT_PAYER_OWES (first claim). 837P 2320, 2330 and 2430.
    """
    with write(practice):
        open_items = journal.open_claims(practice, NEXT_PAYER_OWES)
        chosen = [claim for claim in open_items if wanted is None or claim in set(wanted)]
        found = _onward(practice, chosen)
        waiting = tuple(item.head.id for item in found if item.payment.is_forwarded)
        going = [item for item in found if not item.payment.is_forwarded]
        numbers = counters.next_values(practice, "claim", len(going)) if going else range(0)
        earlier = claim_values.earlier_decisions(practice, [item.head.id for item in going])
        new = [
            next_claim(item, (*earlier[item.head.id], decision_of(item)), control_number(practice, n))
            for item, n in zip(going, numbers, strict=True)
        ]
        ids = claims.add_many(practice, new, at=now)
        entries = []
        for item, key in zip(going, ids, strict=True):
            shares = journal.line_balances(practice, item.head.id, NEXT_PAYER_OWES)
            payers = (item.head.payer or 0, item.plan.payer_id)
            entries.append(
                charges.moved_on(item.head.id, key, shares, patient=item.head.patient, payers=payers, posted_on=today)
            )
        journal.post(practice, entries, by=by.name, at=now)
        _tell(practice, going, ids, by=by, now=now)
        made = checked(practice, ids, by=by.name, now=now, today=today)
    return Outcome(made, waiting, sum(open_items[item.head.id] for item in going))


def _onward(practice: int, chosen: Sequence[int]) -> list[Onward]:
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


def _tell(practice: int, going: Sequence[Onward], ids: Sequence[int], *, by: Actor, now: datetime) -> None:
    events, trail = [], []
    for item, key in zip(going, ids, strict=True):
        events.append(claims.Event(item.head.id, "moved_on", f"What is left goes to {item.plan.payer.name}."))
        events.append(claims.Event(key, "built", "Built with the first plan's decision."))
        trail.append(audit.Event("claim.build", item.head.patient, f"claim:{key}"))
    claims.add_events(practice, events, by=by.name, at=now)
    audit.record(practice, trail, by=by, at=now)
