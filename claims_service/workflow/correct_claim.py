"""Replaces claims that an insurer has by corrected ones (CLM05-3 = 7): a new version each, the old one stays as it was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.building import PricedLine, control_number, priced_lines
from claims_service.domain.claim.claim import REPLACEMENT
from claims_service.domain.encounter import Encounter
from claims_service.domain.ledger import charges
from claims_service.store import claims, confidential, counters, encounters, fees, journal
from claims_service.store.connection import write
from claims_service.workflow.checked import Checked, checked
from claims_service.workflow.correctable import check_correctable
from claims_service.workflow.replaced import CORRECTED, note_replaced
from claims_service.workflow.taking_back import take_back
from claims_service.workflow.visit_people import check_people, check_whole


@dataclass(frozen=True, slots=True)
class Correction:
    """A claim to a first plan and the visit as it should have been coded; patient and reference of the visit don't count."""

    claim: int
    visit: Encounter


def correct_claims(
    practice: int, wanted: Sequence[Correction], *, why: str = "", by: Actor, now: datetime, today: date
) -> tuple[Checked, ...]:
    """A replacement for each, checked and ready for the next file; all or none. why: without patient data.

    The old charge is reversed and the new one booked; what was paid stays with its remittance until the insurer reverses it.

    Raises:
        NotFound: a claim is not of this practice.
        Conflict: the insurer does not have the claim, gave no number for it, or a next plan was billed with its answer.
        Rejected: a provider is not of this practice.
    """
    with write(practice):
        heads = check_correctable(practice, [item.claim for item in wanted], first_plan=True)
        numbers = [control_number(practice, n) for n in counters.next_values(practice, "claim", len(wanted))]
        before = encounters.load(practice, [head.encounter for head in heads])
        visits = [
            replace(
                item.visit, patient_id=head.patient, reference=_reference(before[head.encounter].encounter.reference, number)
            )
            for item, head, number in zip(wanted, heads, numbers, strict=True)
        ]  # fmt: skip
        check_people(practice, visits)
        check_whole(visits)
        recorded = encounters.add_many(practice, visits, source="correction", by=by.name, at=now)
        new = _new_claims(practice, heads, visits, [key for key in recorded if key], numbers)
        moved = {head.encounter: (head.patient, c.encounter) for head, c in zip(heads, new, strict=True)}
        confidential.carry(practice, moved, since=today, by=by.name, at=now)
        ids = claims.add_many(practice, new, at=now)
        take_back(practice, heads, memo="replaced by a corrected claim", by=by.name, now=now, today=today)
        _book(practice, dict(zip(ids, new, strict=True)), by=by.name, now=now, today=today)
        encounters.set_state(practice, [head.encounter for head in heads], "void")
        encounters.set_state(practice, [c.encounter for c in new], "billed")
        note_replaced(practice, heads, new, ids, CORRECTED, why=why, by=by, now=now)
        return checked(practice, ids, by=by.name, now=now, today=today)


def _reference(before: str, number: str) -> str:
    """A corrected visit is known by the reference of the recorded one and the number of its claim."""
    return f"{before.partition('/')[0]}/{number}"


def _new_claims(
    practice: int,
    heads: Sequence[claims.Head],
    visits: Sequence[Encounter],
    recorded: Sequence[int],
    numbers: Sequence[str],
) -> list[claims.NewClaim]:
    """The insurer that has the old claim gets the new one, whatever plan would come first today."""
    book = fees.book(practice, {line.procedure for visit in visits for line in visit.lines})
    made = []
    for head, visit, encounter, number in zip(heads, visits, recorded, numbers, strict=True):
        lines = priced_lines(visit, book, head.payer)
        made.append(
            claims.NewClaim(
                encounter, head.patient, head.coverage, head.payer, head.sequence, number, lifecycle.READY, _first_day(lines), lines,
                REPLACEMENT, head.id,
            )
        )  # fmt: skip
    return made


def _first_day(lines: Sequence[PricedLine]) -> date:
    return min(line.served_on for line in lines)


def _book(practice: int, made: dict[int, claims.NewClaim], *, by: str, now: datetime, today: date) -> None:
    entries = [
        charges.charge(key, 1, c.lines, patient=c.patient, payer=c.payer, posted_on=today)
        for key, c in made.items()
        if all(line.priced for line in c.lines)
    ]
    journal.post(practice, entries, by=by, at=now)
