"""Leaves to the patient what an insurer refused as the patient's own (group PR). What is CO, PI or OA never goes there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.coverage import in_order
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.ledger.accounts import IN_REVIEW, NEXT_PAYER_OWES, PATIENT_OWES
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.money import spoken
from claims_service.store import audit, claims, counters, journal, patients
from claims_service.store.connection import write


@dataclass(frozen=True, slots=True)
class ToPatient:
    """cents > 0 of what is in review; why: in a person's words, without patient data."""

    claim: int
    cents: int
    why: str


def leave_to_patient(
    practice: int, wanted: Sequence[ToPatient], *, by: Actor, now: datetime, today: date
) -> tuple[int, ...]:
    """PATIENT_OWES <- IN_REVIEW for each, or to the plan that follows; all or none. Gives the journal entries.

    Raises:
        NotFound: a claim is not of this practice.
        Conflict: the insurer put less into group PR.
        Rejected: no reason.
    """
    with write(practice):
        heads = claims.heads(practice, [one.claim for one in wanted])
        entries, events, trail = [], [], []
        for n, one in enumerate(wanted):
            if one.claim not in heads:
                raise NotFound("claim")
            if not one.why.strip():
                raise Rejected([Problem(f"[{n}].why", "Say why it is the patient's.")])
            allowed = _allowed(practice, one.claim)
            if not 0 < one.cents <= allowed:
                raise Conflict(f"The insurer left {spoken(allowed)} of what it refused to the patient (PR), not more.")
            head = heads[one.claim]
            number = counters.next_values(practice, "to_patient", 1)[0]
            account = NEXT_PAYER_OWES if _plan_follows(practice, head) else PATIENT_OWES
            transfers = tuple(
                Transfer(account, IN_REVIEW, cents, head.id, line, head.patient, head.payer, reason)
                for line, reason, cents in _refused(practice, head.id, one.cents)
            )
            entries.append(Entry(today, "to_patient", f"to_patient:{number}", "claim", head.id, transfers))
            events.append(claims.Event(head.id, "note", f"{spoken(one.cents)} left to the patient."))
            trail.append(audit.Event("claim.to_patient", head.patient, f"claim:{head.id}", one.why.strip()))
        ids = journal.post(practice, entries, by=by.name, at=now)
        claims.add_events(practice, events, by=by.name, at=now)
        audit.record(practice, trail, by=by, at=now)
    return tuple(key for key in ids if key)


def _plan_follows(practice: int, head: claims.Head) -> bool:
    """Another plan is asked before the patient is."""
    plans = patients.coverages(practice, [head.patient])[head.patient]
    own = next((plan for plan in plans if plan.id == head.coverage), None)
    return own is not None and any(plan.rank > own.rank for plan in in_order(plans, head.served_on))


def _refused(practice: int, claim: int, cents: int) -> Iterator[tuple[int | None, str, int]]:
    """So much of what the insurer refused as the patient's (PR): its services, each with its reason, that the bill can tell."""
    for line, reasons in journal.by_line_and_reason(practice, claim, IN_REVIEW).items():
        for reason, found in reasons.items():
            part = min(found, cents) if reason.startswith("PR") else 0
            if part > 0:
                cents -= part
                yield line, reason, part
    if cents:
        yield None, "PR", cents


def _allowed(practice: int, claim: int) -> int:
    """What of the money in review came with group PR and is still there."""
    in_review = journal.balance(practice, IN_REVIEW, claim=claim)
    return max(min(in_review, journal.reason_cents(practice, claim, IN_REVIEW, "PR")), 0)
