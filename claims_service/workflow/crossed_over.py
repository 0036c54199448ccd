"""The next plan's own answer to a claim that another plan sent on to it: its claim is opened, and never billed twice. No step itself."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.coverage import in_order
from claims_service.domain.ledger.accounts import NEXT_PAYER_OWES, PATIENT_OWES
from claims_service.domain.ledger.journal import Entry, moved
from claims_service.domain.remittance.advice import ClaimPayment
from claims_service.store import bills, claims, journal, patients
from claims_service.workflow.claims_behind import UNKNOWN, claims_behind
from claims_service.workflow.next_claim import Onward
from claims_service.workflow.passing_on import onward, pass_on

NO_PLAN, EARLY_NEXT = "plan_not_on_file", "early_next_plan"
_UNKNOWN = "No claim of ours has this number."


def find_claims(
    practice: int, payer: int | None, payments: Sequence[ClaimPayment], *, by: Actor, now: datetime, today: date
) -> list[claims.Head | None]:
    """Our claim behind each payment; a claim that crossed over to this insurer is opened first. Inside write()."""
    heads = claims_behind(practice, payer, payments)
    missing = [p for p, head in zip(payments, heads, strict=True) if head is None]
    if payer is None or not missing or not _open(practice, payer, missing, by=by, now=now, today=today):
        return heads
    return claims_behind(practice, payer, payments)


def why_waiting(practice: int, payer: int | None, payments: Sequence[ClaimPayment]) -> list[tuple[str, str]]:
    """For payments without a claim: the kind of held item, and in a sentence why."""
    others = _of_others(practice, payer, payments)
    plans = patients.coverages(practice, list({head.patient for head in others.values()}))
    told = []
    for payment in payments:
        head = others.get(payment.control_number)
        if head is None:
            told.append((UNKNOWN, _UNKNOWN))
        elif payer in {plan.payer_id for plan in in_order(plans[head.patient], head.served_on)}:
            why = f"Our claim {head.control_number} is with another plan, which has not answered or left nothing for this one."
            told.append((EARLY_NEXT, why))
        else:
            why = f"Our claim {head.control_number} is with another plan, and the patient has no plan of this insurer on its day."
            told.append((NO_PLAN, why))
    return told


def _of_others(practice: int, payer: int | None, payments: Sequence[ClaimPayment]) -> dict[str, claims.Head]:
    """Our claims with these numbers that were billed to another insurer than this one."""
    known = claims.by_control_number(practice, [p.control_number for p in payments])
    return {number: head for number, head in known.items() if head.payer is not None and head.payer != payer}


def _open(
    practice: int, payer: int, payments: Sequence[ClaimPayment], *, by: Actor, now: datetime, today: date
) -> list[int]:
    """Claims to this insurer for what the plan before left; gives their ids. A reversal alone opens none."""
    others = _of_others(practice, payer, [p for p in payments if not p.is_reversal])
    answered = [head.id for head in others.values() if head.state == lifecycle.DECIDED]
    going = [item for item in onward(practice, answered) if item.plan.payer_id == payer] if answered else []
    if not going:
        return []
    _back_from_patient(practice, going, by=by, now=now, today=today)
    balances = journal.claim_balances(practice, [item.head.id for item in going])
    going = [item for item in going if balances[item.head.id].get(NEXT_PAYER_OWES, 0) > 0]
    return pass_on(practice, going, crossed_over=True, by=by, now=now, today=today)


def _back_from_patient(practice: int, going: Sequence[Onward], *, by: Actor, now: datetime, today: date) -> None:
    """What was the patient's because this plan was not on file: the last plan's share alone is (835 CAS PR)."""
    bills.lock_patients(practice, sorted({item.head.patient for item in going}))
    entries = []
    for item in going:
        head = item.head
        shares = [(line, cents) for line, cents in journal.line_balances(practice, head.id, PATIENT_OWES) if cents > 0]
        transfers = tuple(
            transfer
            for line, cents in shares
            for transfer in moved(
                NEXT_PAYER_OWES, PATIENT_OWES, cents, claim=head.id, line=line, patient=head.patient, payer=head.payer
            )
        )
        if transfers:
            key = f"moved_on:{head.id}:plan:{item.plan.id}"
            entries.append(Entry(today, "moved_on", key, "claim", head.id, transfers, "another plan answers first"))
    journal.post(practice, entries, by=by.name, at=now)
