"""What the demo's biller puts right after the insurer paid: a visit coded too low is replaced (7), one that never was is voided (8)."""

from dataclasses import replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim.lifecycle import CORRECTABLE
from claims_service.domain.encounter import Encounter
from claims_service.queries import visits
from claims_service.workflow.correct_claim import Correction, correct_claims
from claims_service.workflow.void_claim import void_claims

CODED_LOW, SHOULD_BE = ("V10405", "99212"), "99213"
NEVER_WAS = "V10439"


def put_right(practice: int, *, by: Actor, now: datetime, today: date) -> int:
    """Both are ready for the next file; gives how many claims were corrected or voided."""
    reference, code = CODED_LOW
    low, never = _claim(practice, reference), _claim(practice, NEVER_WAS)
    if low is None or never is None:
        return 0
    claim, visit = low
    lines = tuple(replace(line, procedure=SHOULD_BE) if line.procedure == code else line for line in visit.lines)
    wanted = [Correction(claim, replace(visit, lines=lines))]
    correct_claims(practice, wanted, why="coded too low", by=by, now=now, today=today)
    void_claims(practice, [never[0]], why="recorded for the wrong patient", by=by, now=now, today=today)
    return 2


def _claim(practice: int, reference: str) -> tuple[int, Encounter] | None:
    """The claim of a visit that its insurer has, with the visit."""
    encounter = visits.by_reference(practice, reference)
    found = visits.recorded(practice, encounter) if encounter else None
    if found is None or found.claim is None or found.claim_state not in CORRECTABLE:
        return None
    return found.claim, found.encounter
