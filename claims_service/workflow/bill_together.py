"""Puts several visits of a patient together, so that one claim bills them: a week of therapy, a course of treatment."""

from collections.abc import Sequence
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.coverage import in_order
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.visit_parts import together
from claims_service.store import audit, counters, encounters, patients, plan_restrictions
from claims_service.store.connection import write


def bill_together(practice: int, visits: Sequence[int], *, by: Actor, now: datetime) -> int:
    """The visit made of these, which build_claims bills; they themselves stay as they were recorded and get no claim.

    Taking its claim out sets them free again.

    Raises:
        NotFound: a visit is not of this practice.
        Conflict: a visit has a claim, or is billed with others already; or the plan is not to be told of it.
        Rejected: fewer than two, or they don't go together; every reason at once.
    """
    wanted = list(dict.fromkeys(visits))
    if len(wanted) < 2:
        raise Rejected([Problem("visits", "Tick at least two visits of one patient.")])
    with write(practice):
        found = encounters.load(practice, wanted)
        if len(found) < len(wanted):
            raise NotFound("encounter")
        if any(recorded.state != "recorded" for recorded in found.values()):
            raise Conflict("One of these visits has a claim already.")
        if plan_restrictions.holding(practice, wanted):
            raise Conflict("One of these visits is paid by the patient, who asked that the plan is not told.")
        listed = [recorded.encounter for recorded in found.values()]
        first = min(listed, key=lambda visit: (visit.served_on, visit.reference))
        whole = together(listed, f"{first.reference}+{counters.next_values(practice, 'together')[0]}")
        plans = patients.coverages(practice, [whole.patient_id])[whole.patient_id]
        if len({tuple(plan.id for plan in in_order(plans, visit.served_on)) for visit in listed}) > 1:
            raise Rejected([Problem("visits", "The patient's plans changed between these days.")])
        key = encounters.add_many(practice, [whole], source="together", by=by.name, at=now)[0]
        assert key is not None, "the counter makes its reference new"
        encounters.bind(practice, wanted, key)
        about = ", ".join(f"encounter:{visit}" for visit in wanted)
        event = audit.Event("encounter.together", whole.patient_id, f"encounter:{key}", about)
        audit.record(practice, [event], by=by, at=now)
    return key
