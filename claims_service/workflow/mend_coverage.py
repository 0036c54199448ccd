"""Mends a patient's plan: the member number or the days it covers. The claims it stopped are checked again after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.store import audit, claims, patients
from claims_service.store.connection import write

LONGEST_MEMBER_ID = 80  # 837P 2010BA NM109


@dataclass(frozen=True, slots=True)
class PlanMend:
    """The plan as it should stand. valid_until: the first day without cover, None while it runs."""

    patient: int
    coverage: int
    member_id: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """claims: of the mended plans, not with an insurer yet: check them again."""

    claims: tuple[int, ...]


def mend_coverages(practice: int, mends: Sequence[PlanMend], *, by: Actor, now: datetime) -> Outcome:
    """Write each plan as it should stand; all of the batch or none of it.

    Raises:
        NotFound: the patient has no such plan here.
        Rejected: a number is missing or too long, or cover ends before it begins.
    """
    with write(practice):
        problems = [problem for i, mend in enumerate(mends) for problem in _problems(mend, f"[{i}]")]
        if problems:
            raise Rejected(problems)
        known = patients.people(practice, [mend.patient for mend in mends])
        plans = patients.coverages(practice, list(known))
        for mend in mends:
            if mend.coverage not in {plan.id for plan in plans.get(mend.patient, ())}:
                raise NotFound("coverage")
            patients.set_coverage(
                practice,
                mend.coverage,
                member_id=mend.member_id,
                valid_from=mend.valid_from,
                valid_until=mend.valid_until,
            )
        events = [audit.Event("coverage.mend", mend.patient, f"coverage:{mend.coverage}") for mend in mends]
        audit.record(practice, events, by=by, at=now)
        waiting = claims.in_states(practice, [lifecycle.NEEDS_MENDING, lifecycle.READY, lifecycle.SENT_BACK])
        mended = {mend.coverage for mend in mends}
        heads = claims.heads(practice, waiting)
    return Outcome(tuple(head.id for head in heads.values() if head.coverage in mended))


def _problems(mend: PlanMend, where: str) -> list[Problem]:
    problems = []
    if not mend.member_id.strip():
        problems.append(
            Problem(
                f"{where}.member_id", "Type the member number.", "837P 2010BA NM109", "Copy it from the insurance card."
            )
        )
    elif len(mend.member_id) > LONGEST_MEMBER_ID:
        problems.append(
            Problem(f"{where}.member_id", "A member number has at most 80 characters.", "837P 2010BA NM109")
        )
    if mend.valid_from and mend.valid_until and mend.valid_until <= mend.valid_from:
        problems.append(
            Problem(f"{where}.valid_until", "Cover ends before it begins.", "", "Compare both days with the card.")
        )
    return problems
