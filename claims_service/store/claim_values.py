"""Claim rows put together into the domain's Claim, for many claims in a handful of SELECTs."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from claims_service.domain.claim.claim import Adjustment, Claim, ClaimLine, LineDecision, OtherPayer
from claims_service.domain.claim.dental import DentalClaim
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.domain.claim.other_kinds import dental, institutional
from claims_service.domain.coverage import SEQUENCE, Coverage, in_order
from claims_service.domain.encounter import DENTAL, INSTITUTIONAL
from claims_service.domain.line_detail import MINUTES, LineDetail
from claims_service.domain.party import Person
from claims_service.domain.quick import completed, quick
from claims_service.store import dentitions, parties, patients, stays
from claims_service.store.claims import NewClaim, line_reference
from claims_service.store.connection import day_of, in_parts, marks, opened, run
from claims_service.store.encounters import Recorded
from claims_service.store.line_details import detail_of, text_of

_CLAIM, _LINE = quick(Claim), quick(ClaimLine)
_COLUMNS = (
    "c.id, c.encounter_id, c.patient_id, c.coverage_id, c.payer_id, c.sequence, c.control_number, c.frequency, c.state,"
    " o.payer_claim_number, c.other_payers, c.version, e.served_on, e.place_of_service, e.rendering_id, e.referring_id, e.diagnoses,"
    " e.prior_authorization, e.kind"
)
_OTHER_PAYERS = 10  # place in _COLUMNS


Lines = tuple[list[ClaimLine], frozenset[int], dict[int, LineDetail]]
"""Of a claim, with the numbers of those that have a price, and details by number."""
Plans = Mapping[int, tuple[Coverage, ...]]


class Assembled(NamedTuple):
    """A claim with the ids of its rows. payer is never None here: a self-pay visit makes no Claim.

    kind: of its visit. other: the same claim as a facility or a dentist sends it; claim then says what all kinds have in common.
    """

    id: int
    encounter: int
    patient: int
    payer: int
    state: str
    version: int
    claim: Claim
    priced: frozenset[int]
    kind: str
    other: InstitutionalClaim | DentalClaim | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What one payer decided on a claim, kept with the claim to the next one. lines: by line number."""

    coverage: int
    sequence: str
    paid_cents: int
    payer_claim_number: str
    decided_on: date
    adjustments: tuple[Adjustment, ...]
    lines: dict[int, tuple[int, str, tuple[str, ...], Decimal, tuple[Adjustment, ...]]]


def decisions_json(decisions: Sequence[Decision]) -> str:
    """For ClaimRow.other_payers; lines as [paid, procedure, modifiers, units, adjustments]."""
    return json.dumps(
        [
            {
                "coverage": d.coverage, "sequence": d.sequence, "paid_cents": d.paid_cents, "payer_claim_number": d.payer_claim_number,
                "decided_on": d.decided_on.isoformat(), "adjustments": [_plain(a) for a in d.adjustments],
                "lines": {
                    str(number): [paid, procedure, list(modifiers), str(units), [_plain(a) for a in adjustments]]
                    for number, (paid, procedure, modifiers, units, adjustments) in d.lines.items()
                },
            }
            for d in decisions
        ]
    )  # fmt: skip


def _plain(a: Adjustment) -> list[Any]:
    return [a.group, a.reason, a.cents, None if a.quantity is None else str(a.quantity)]


def _adjustments(listed: list[list[Any]]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(g, r, cents, None if quantity is None else Decimal(quantity)) for g, r, cents, quantity in listed
    )


def decisions(text: str) -> tuple[Decision, ...]:
    """What decisions_json() wrote."""
    return tuple(
        Decision(
            d["coverage"], d["sequence"], d["paid_cents"], d["payer_claim_number"], date.fromisoformat(d["decided_on"]),
            _adjustments(d["adjustments"]),
            {
                int(number): (paid, procedure, tuple(modifiers), Decimal(units), _adjustments(adjustments))
                for number, (paid, procedure, modifiers, units, adjustments) in d["lines"].items()
            },
        )
        for d in (json.loads(text) if text else [])
    )  # fmt: skip


def addressed(practice: int, claims: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """(claim, payer, kind of its visit) of claims with an insurer, in the order asked for."""
    with opened():
        for part in in_parts(claims):
            sql = (
                "select c.id, c.payer_id, e.kind from claim c join encounter e on e.id = c.encounter_id"
                f" where +c.practice_id = ? and c.payer_id is not null and c.id in ({marks(part)})"
            )
            found = {row[0]: row for row in run(sql, (practice, *part)).fetchall()}
            yield from ((claim, found[claim][1], found[claim][2]) for claim in part if claim in found)


def assemble(practice: int, claims: Sequence[int]) -> list[Assembled]:
    """Claims with an insurer, in the order asked for; others and those of other practices are left out."""
    return list(assembled(practice, claims))


def assembled(practice: int, claims: Sequence[int]) -> Iterator[Assembled]:
    """The same, some hundred at a time: for files of thousands."""
    for part in in_parts(claims):
        yield from _assembled(practice, part)


def _assembled(practice: int, claims: Sequence[int]) -> list[Assembled]:
    with opened():
        rows = _rows(practice, claims)
        rows_by_claim = _lines(practice, claims)
        people = patients.people(practice, list(dict.fromkeys(row[2] for row in rows)))
        plans = patients.coverages(practice, list(people), people)
        return _put_together(practice, rows, rows_by_claim, people, plans)


def from_visits(
    practice: int, built: Iterable[tuple[int, NewClaim, Recorded]], people: Mapping[int, Person], plans: Plans
) -> list[Assembled]:
    """First claims with an insurer as `assemble` reads them, from the visits they were just written from. people, plans: of all patients."""
    rows, lines = [], {}
    for key, c, (visit_id, visit, _, _) in built:
        if c.payer is None:
            continue
        rows.append((
            key, visit_id, c.patient, c.coverage, c.payer, c.sequence, c.control_number, c.frequency, c.state, c.payer_claim_number,
            c.other_payers, 1, visit.served_on, visit.place_of_service, visit.rendering_id, visit.referring_id,
            " ".join(visit.diagnoses), visit.prior_authorization, visit.kind,
        ))  # fmt: skip
        lines[key] = _as_kept(c)
    with opened():
        return _put_together(practice, rows, lines, people, plans)


def _as_kept(c: NewClaim) -> Lines:
    """The lines of a claim as they are read back."""
    details: dict[int, LineDetail] = {}
    listed = []
    for n in c.lines:
        line = _LINE(
            n.number, line_reference(c.control_number, n.number), n.procedure, n.charge_cents, n.served_on, n.pointers, n.modifiers,
            n.units, place_of_service=n.place_of_service, ndc=n.ndc, description=n.description,
        )  # fmt: skip
        if said_more := text_of(n.detail):
            details[n.number] = detail = detail_of(said_more)
            completed(line, _more(detail))
        listed.append(line)
    return listed, frozenset([n.number for n in c.lines if n.priced]), details


def _put_together(
    practice: int, rows: Sequence[Any], rows_by_claim: Mapping[int, Lines], people: Mapping[int, Person], plans: Plans
) -> list[Assembled]:
    """rows: of _COLUMNS."""
    billing, providers = parties.billing_provider(practice), parties.providers(practice)
    facilities = stays.load(practice, [row[1] for row in rows if row[-1] == INSTITUTIONAL])
    mouths = dentitions.load(practice, [row[1] for row in rows if row[-1] == DENTAL])
    made = []
    for (
        key, encounter, patient, coverage, payer, sequence, control, frequency, state, number, others, version,
        on, place, rendering, referring, diagnoses, approval, kind,
    ) in rows:  # fmt: skip
        plan = next(p for p in plans[patient] if p.id == coverage)
        decided, (lines, priced, details) = decisions(others), rows_by_claim[key]
        claim = _CLAIM(
            control, billing, people[patient], plan, place, tuple(diagnoses.split()),
            tuple([_with_decisions(line, decided, plans[patient]) for line in lines] if decided else lines),
            sequence, frequency, number if frequency != "1" else "", providers.get(rendering), providers.get(referring or 0),
            prior_authorization=approval, other_payers=_others(plan, plans[patient], day_of(on), sequence, decided),
        )  # fmt: skip
        other: InstitutionalClaim | DentalClaim | None = None
        if kind == INSTITUTIONAL:
            stay = facilities[encounter]
            other = institutional(claim, stay, details, providers.get(stay.operating_id or 0))
        elif kind == DENTAL:
            other = dental(claim, details, mouths.get(encounter))
        made.append(Assembled(key, encounter, patient, payer, state, version, claim, priced, kind, other))
    return made


def _rows(practice: int, claims: Sequence[int]) -> list[Any]:
    found: dict[int, Any] = {}
    for part in in_parts(claims):
        sql = (
            f"select {_COLUMNS} from claim c join encounter e on e.id = c.encounter_id left join claim o on o.id = c.replaces"
            f" where +c.practice_id = ? and c.payer_id is not null and c.id in ({marks(part)})"
        )
        found.update((row[0], row) for row in run(sql, (practice, *part)).fetchall())
    return [found[claim] for claim in claims if claim in found]


def _lines(practice: int, claims: Sequence[int]) -> dict[int, Lines]:
    """Lines of each claim, the numbers of those with a price, and details by number."""
    found: dict[int, tuple[list[ClaimLine], set[int], dict[int, LineDetail]]] = {
        claim: ([], set(), {}) for claim in claims
    }
    columns = (
        "claim_id, number, reference, procedure, modifiers, units, pointers, charge_cents, priced, served_on, place_of_service, ndc,"
        " description, detail"
    )
    for part in in_parts(claims):
        sql = f"select {columns} from claim_line where practice_id = ? and claim_id in ({marks(part)}) order by claim_id, number"
        for (
            claim,
            number,
            reference,
            code,
            modifiers,
            units,
            pointers,
            cents,
            priced,
            on,
            place,
            ndc,
            words,
            said_more,
        ) in run(sql, (practice, *part)):
            listed, with_price, details = found[claim]
            said = _said(pointers, modifiers, units, on)
            line = _LINE(number, reference, code, cents, *said, place_of_service=place, ndc=ndc, description=words)
            if said_more:
                details[number] = detail = detail_of(said_more)
                completed(line, _more(detail))
            listed.append(line)
            if priced:
                with_price.add(number)
    return {claim: (listed, frozenset(priced), details) for claim, (listed, priced, details) in found.items()}


def _more(detail: LineDetail) -> dict[str, object]:
    """What a detail says on a professional line: minutes, and how much of a drug."""
    more: dict[str, object] = {"unit_basis": MINUTES} if detail.basis == MINUTES else {}
    if detail.ndc_quantity is not None:
        more |= {"ndc_quantity": detail.ndc_quantity, "ndc_unit": detail.ndc_unit}
    return more


@lru_cache(maxsize=4096)
def _said(
    pointers: str, modifiers: str, units: str, on: date | str
) -> tuple[date, tuple[int, ...], tuple[str, ...], Decimal]:
    return day_of(on), tuple(map(int, pointers.split())), tuple(modifiers.split()), Decimal(units)


def earlier_decisions(practice: int, claims: Sequence[int]) -> dict[int, tuple[Decision, ...]]:
    """What earlier payers decided, by claim; empty for a first claim."""
    with opened():
        return {row[0]: decisions(row[_OTHER_PAYERS]) for row in _rows(practice, claims)}


def lines(practice: int, claims: Sequence[int]) -> dict[int, list[ClaimLine]]:
    """The lines of many claims, without earlier decisions."""
    with opened():
        return {claim: listed for claim, (listed, _, _) in _lines(practice, claims).items()}


def details(practice: int, claims: Sequence[int]) -> dict[int, dict[int, LineDetail]]:
    """What only some lines say, by claim and line number."""
    with opened():
        return {claim: found for claim, (_, _, found) in _lines(practice, claims).items()}


def _with_decisions(line: ClaimLine, decided: Sequence[Decision], plans: Sequence[Coverage]) -> ClaimLine:
    identifiers = {plan.id: plan.payer.identifier for plan in plans}
    made = tuple(
        LineDecision(identifiers[d.coverage], paid, code, d.decided_on, modifiers, units, adjustments)
        for d in decided
        if line.number in d.lines
        for paid, code, modifiers, units, adjustments in [d.lines[line.number]]
    )
    return replace(line, decisions=made)


def _others(
    plan: Coverage, plans: Sequence[Coverage], day: date, sequence: str, decided: Sequence[Decision]
) -> tuple[OtherPayer, ...]:
    """Earlier payers with their decisions, then the patient's later plans, which have none yet (837P 2320)."""
    by_id = {p.id: p for p in plans}
    made = [_other(by_id[d.coverage], d.sequence, d.paid_cents, d.payer_claim_number, d.adjustments) for d in decided]
    taken = {plan.id, *(d.coverage for d in decided)}
    later = [p for p in in_order(plans, day) if p.id not in taken and p.rank > plan.rank]
    place = next(rank for rank, code in SEQUENCE.items() if code == sequence)
    for offset, p in enumerate(later, place + 1):
        if offset in SEQUENCE:
            made.append(_other(p, SEQUENCE[offset], None, "", ()))
    return tuple(made)


def _other(
    plan: Coverage, sequence: str, paid: int | None, number: str, adjustments: tuple[Adjustment, ...]
) -> OtherPayer:
    return OtherPayer(
        plan.payer,
        plan.subscriber,
        plan.relationship,
        plan.member_id,
        sequence,
        plan.group_number,
        paid,
        number,
        adjustments,
    )
