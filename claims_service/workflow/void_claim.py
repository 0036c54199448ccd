"""Voids claims: at the insurer by a claim that says so (CLM05-3 = 8), or here alone while the insurer does not have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.building import PricedLine, control_number
from claims_service.domain.claim.claim import VOID, ClaimLine
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.line_detail import NO_DETAIL, LineDetail
from claims_service.store import audit, claim_values, claims, counters, encounters, remittances
from claims_service.store.connection import write
from claims_service.workflow.checked import Checked, checked
from claims_service.workflow.correctable import check_correctable
from claims_service.workflow.replaced import VOIDED, note_replaced
from claims_service.workflow.taking_back import bring_back, take_back


@dataclass(frozen=True, slots=True)
class Outcome:
    """asked: claims that ask insurers to void others, for the next file. taken_out: claims no insurer has, void at once."""

    asked: tuple[Checked, ...]
    taken_out: tuple[int, ...]


def void_claims(practice: int, wanted: Sequence[int], *, why: str, by: Actor, now: datetime, today: date) -> Outcome:
    """Void these claims, all or none; why: in a person's words, without patient data.

    What a claim that is taken out was to replace stands again. After a void nothing is owed by the insurer.

    Raises:
        NotFound: a claim is not of this practice.
        Conflict: a claim is on its way to the insurer, was replaced, or a next plan was billed with its answer.
        Rejected: no reason.
    """
    if not why.strip():
        raise Rejected([Problem("why", "Say in a few words why the claim is void.")])
    with write(practice):
        heads = claims.heads(practice, wanted)
        if len(heads) < len(set(wanted)):
            raise NotFound("claim")
        here = [head for head in heads.values() if head.state in lifecycle.OPEN]
        there = check_correctable(practice, [head.id for head in heads.values() if head not in here])
        _take_out(practice, here, why=why.strip(), by=by, now=now, today=today)
        asked = _ask(practice, there, why=why.strip(), by=by, now=now, today=today) if there else ()
    return Outcome(asked, tuple(head.id for head in here))


def _take_out(practice: int, heads: Sequence[claims.Head], *, why: str, by: Actor, now: datetime, today: date) -> None:
    take_back(practice, heads, memo="void", by=by.name, now=now, today=today)
    claims.set_states(practice, [(head.id, lifecycle.moved(head.state, lifecycle.VOID)) for head in heads], at=now)
    encounters.set_state(practice, [head.encounter for head in heads if _owns_visit(head)], "void")
    encounters.unbind(practice, [head.encounter for head in heads if _owns_visit(head) and head.replaces is None])
    claims.add_events(practice, [claims.Event(head.id, "void", "Taken out.") for head in heads], by=by.name, at=now)
    trail = [audit.Event("claim.void", head.patient, f"claim:{head.id}", why) for head in heads]
    audit.record(practice, trail, by=by, at=now)
    before = claims.heads(practice, [head.replaces for head in heads if head.replaces])
    decided = remittances.payments_of(practice, list(before))
    for head in before.values():
        bring_back(practice, head, memo="its correction was given up", by=by.name, now=now, today=today)
        to = lifecycle.DECIDED if decided.get(head.id) else lifecycle.ACCEPTED
        claims.set_states(practice, [(head.id, lifecycle.moved(head.state, to))], at=now)
        encounters.set_state(practice, [head.encounter], "billed")
        told = claims.Event(head.id, "stands", "Its correction was given up: this claim stands again.")
        claims.add_events(practice, [told], by=by.name, at=now)


def _owns_visit(head: claims.Head) -> bool:
    """A claim to a next plan, or one that asks to void another, stands on the visit of that other."""
    return head.sequence == "P" and head.frequency != VOID


def _ask(
    practice: int, heads: Sequence[claims.Head], *, why: str, by: Actor, now: datetime, today: date
) -> tuple[Checked, ...]:
    numbers = counters.next_values(practice, "claim", len(heads))
    lines = claim_values.lines(practice, [head.id for head in heads])
    details = claim_values.details(practice, list(lines))
    earlier = claim_values.earlier_decisions(practice, [head.id for head in heads])
    new = [
        claims.NewClaim(
            head.encounter, head.patient, head.coverage, head.payer, head.sequence, control_number(practice, n), lifecycle.READY,
            head.served_on, tuple(_as_sent(line, details[head.id].get(line.number, NO_DETAIL)) for line in lines[head.id]), VOID, head.id,
            other_payers=claim_values.decisions_json(earlier[head.id]) if earlier[head.id] else "",
        )
        for head, n in zip(heads, numbers, strict=True)
    ]  # fmt: skip
    ids = claims.add_many(practice, new, at=now)
    take_back(practice, heads, memo="voided at the insurer", by=by.name, now=now, today=today)
    note_replaced(practice, heads, new, ids, VOIDED, why=why, by=by, now=now)
    return checked(practice, ids, by=by.name, now=now, today=today)


def _as_sent(line: ClaimLine, detail: LineDetail) -> PricedLine:
    return PricedLine(
        line.number, line.procedure, line.modifiers, line.units, line.pointers, line.charge_cents, True, None, line.served_on,
        line.place_of_service, line.ndc, line.description, detail,
    )  # fmt: skip
