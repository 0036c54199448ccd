"""Replaces claims that next plans have (CLM05-3 = 7) by ones that carry what the plan before them says now."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim.building import control_number
from claims_service.domain.coverage import SEQUENCE
from claims_service.domain.errors import Conflict
from claims_service.domain.ledger import charges
from claims_service.domain.ledger.accounts import NEXT_PAYER_OWES
from claims_service.domain.remittance.standing import decision_that_holds
from claims_service.store import claim_values, claims, counters, journal, patients, remittances
from claims_service.store.connection import write
from claims_service.workflow.checked import Checked, checked
from claims_service.workflow.correctable import check_correctable
from claims_service.workflow.next_claim import Onward, decision_of, next_claim, stands
from claims_service.workflow.replaced import CORRECTED_NEXT, note_replaced
from claims_service.workflow.taking_back import take_back

_RANKS = {code: rank for rank, code in SEQUENCE.items()}


def correct_next_claims(
    practice: int, wanted: Sequence[int], *, why: str = "", by: Actor, now: datetime, today: date
) -> tuple[Checked, ...]:
    """A replacement for each claim to a next plan, checked and ready for the next file; all or none.

    It carries the decision of the plan before that holds now, word for word, and asks for what that leaves; the member number and
    subscriber are those of the plan as it stands. What the next plan paid stays with its remittance until it reverses it.

    Raises:
        NotFound: a claim is not of this practice.
        Conflict: it is a claim to a first plan, its insurer does not have it, or the plan before it leaves nothing now.
    """
    with write(practice):
        heads = check_correctable(practice, wanted)
        before = _before(practice, heads)
        take_back(practice, heads, memo="replaced by a corrected claim", by=by.name, now=now, today=today)
        numbers = counters.next_values(practice, "claim", len(heads))
        earlier = claim_values.earlier_decisions(practice, [item.head.id for item in before])
        new = [
            next_claim(item, (*earlier[item.head.id], decision_of(item)), control_number(practice, n), replaces=head.id)
            for item, head, n in zip(before, heads, numbers, strict=True)
        ]
        ids = claims.add_many(practice, new, at=now)
        entries = []
        for item, key in zip(before, ids, strict=True):
            shares = journal.line_balances(practice, item.head.id, NEXT_PAYER_OWES)
            if sum(cents for _, cents in shares) <= 0:
                raise Conflict("The plan before it leaves nothing for this one now: void this claim instead.")
            payers = (item.head.payer or 0, item.plan.payer_id)
            entries.append(
                charges.moved_on(item.head.id, key, shares, patient=item.head.patient, payers=payers, posted_on=today)
            )
        journal.post(practice, entries, by=by.name, at=now)
        note_replaced(practice, heads, new, ids, CORRECTED_NEXT, why=why, by=by, now=now)
        return checked(practice, ids, by=by.name, now=now, today=today)


def _before(practice: int, heads: Sequence[claims.Head]) -> list[Onward]:
    """The claim to the plan before each, with the decision on it that holds."""
    followers = claims.of_encounters(practice, [head.encounter for head in heads])
    fed = {head.id: _fed_by(head, followers[head.encounter]) for head in heads}
    ids = [first.id for first in fed.values()]
    decisions = remittances.payments_of(practice, ids)
    plans = patients.coverages(practice, list({head.patient for head in heads}))
    lines = claim_values.lines(practice, ids)
    details = claim_values.details(practice, ids)
    found = []
    for head in heads:
        first = fed[head.id]
        decided = decision_that_holds(decisions[first.id])
        if decided is None:
            raise Conflict("The plan before it took its decision back and has made no other yet: wait for that.")
        plan = next(plan for plan in plans[head.patient] if plan.id == head.coverage)
        found.append(Onward(first, plan, *decided, lines[first.id], details[first.id]))
    return found


def _fed_by(head: claims.Head, same_visit: Sequence[claims.Head]) -> claims.Head:
    """The claim whose answer this one carries."""
    if head.sequence not in _RANKS or head.sequence == SEQUENCE[1]:
        raise Conflict("This is a claim to a first plan: correct its visit.")
    code = SEQUENCE[_RANKS[head.sequence] - 1]
    found = [one for one in same_visit if one.sequence == code and stands(one)]
    if not found:
        raise Conflict("The claim to the plan before it was taken out: void this one too.")
    return found[-1]
