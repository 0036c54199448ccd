"""Keeps insurers' approvals of care in advance: what they allow, for which services, until when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.authorization import Authorization, problems_in
from claims_service.domain.errors import NotFound, Rejected
from claims_service.store import audit, authorizations, parties, patients
from claims_service.store.connection import write


def record_authorizations(
    practice: int, approvals: Sequence[Authorization], *, by: Actor, now: datetime
) -> tuple[int, ...]:
    """Ids in order. A number that is known is corrected, as when an insurer gives more visits or a longer time.

    Raises:
        NotFound: the patient or insurer is not of this practice.
        Rejected: an approval can't be kept as it is; none is.
    """
    with write(practice):
        known = patients.people(practice, list({one.patient_id for one in approvals}))
        insurers = parties.payers(practice)
        if any(one.patient_id not in known for one in approvals):
            raise NotFound("patient")
        if any(one.payer_id not in insurers for one in approvals):
            raise NotFound("payer")
        problems = [
            replace(problem, where=f"[{n}].{problem.where}")
            for n, one in enumerate(approvals)
            for problem in problems_in(
                one.number, sorted(one.procedures), one.units, one.visits, one.valid_from, one.valid_until
            )
        ]
        if problems:
            raise Rejected(problems)
        keys = [authorizations.put(practice, one, by=by.name, at=now) for one in approvals]
        pairs = zip(keys, approvals, strict=True)
        events = [audit.Event("authorization.record", one.patient_id, f"authorization:{key}") for key, one in pairs]
        audit.record(practice, events, by=by, at=now)
    return tuple(keys)
