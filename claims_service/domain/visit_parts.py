"""Visits too large for one claim taken apart, and several of one patient put together: each claim bills exactly one visit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from claims_service.domain.encounter import INSTITUTIONAL, MOST_DIAGNOSES, MOST_LINES, Encounter, ServiceLine
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.line_detail import NO_DETAIL


def is_whole(visit: Encounter) -> bool:
    """Whether one claim holds it: 50 services, 12 diagnoses, one rendering provider (a facility's bill holds 999 lines)."""
    if visit.kind == INSTITUTIONAL:
        return True
    return (
        len(visit.lines) <= MOST_LINES
        and len(visit.diagnoses) <= MOST_DIAGNOSES
        and all(
            line.detail is NO_DETAIL or line.detail.rendering_id in (None, visit.rendering_id) for line in visit.lines
        )
    )


def apart(visit: Encounter) -> tuple[Encounter, ...]:
    """The visit as one claim each can hold it; by provider first. The parts after the first are called reference/2, /3 ...

    Charges, services and their order stay; a diagnosis no service points to stays with the first part while there is room.
    """
    if is_whole(visit):
        return (visit,)
    by_provider: dict[int, list[ServiceLine]] = {visit.rendering_id: []}
    for line in visit.lines:
        by_provider.setdefault(line.detail.rendering_id or visit.rendering_id, []).append(line)
    chunks = [(provider, chunk) for provider, lines in by_provider.items() for chunk in _chunks(lines)]
    pointed = {pointer for line in visit.lines for pointer in line.pointers}
    spare = [at for at in range(1, len(visit.diagnoses) + 1) if at not in pointed]
    return tuple(
        _part(visit, number, provider, lines, spare if number == 1 else [])
        for number, (provider, lines) in enumerate(chunks, 1)
    )


def _chunks(lines: Iterable[ServiceLine]) -> list[list[ServiceLine]]:
    """Runs of lines of at most 50 that point to at most 12 diagnoses together."""
    chunks: list[list[ServiceLine]] = []
    reasons: set[int] = set()
    for line in lines:
        if not chunks or len(chunks[-1]) == MOST_LINES or len(reasons | set(line.pointers)) > MOST_DIAGNOSES:
            chunks.append([])
            reasons = set()
        chunks[-1].append(line)
        reasons |= set(line.pointers)
    return chunks


def _part(
    visit: Encounter, number: int, provider: int, lines: Sequence[ServiceLine], spare: Sequence[int]
) -> Encounter:
    used = sorted({pointer for line in lines for pointer in line.pointers})
    kept = sorted([*used, *spare[: max(0, MOST_DIAGNOSES - len(used))]]) or [1]
    places = {old: new for new, old in enumerate(kept, 1)}
    moved = tuple(
        replace(
            line, pointers=tuple(places[p] for p in line.pointers),
            detail=replace(line.detail, rendering_id=None) if line.detail.rendering_id else line.detail,
        )
        for line in lines
    )  # fmt: skip
    reference = visit.reference if number == 1 or not visit.reference else f"{visit.reference}/{number}"
    return replace(
        visit,
        rendering_id=provider,
        diagnoses=tuple(visit.diagnoses[old - 1] for old in kept),
        lines=moved,
        reference=reference,
    )


def together(visits: Sequence[Encounter], reference: str) -> Encounter:
    """One visit of several: every service with its own day and place, each diagnosis once in the order they were met.

    Raises:
        Rejected: they are not of one patient, provider, referral, approval and kind, or too much for one claim.
    """
    ordered = sorted(visits, key=lambda visit: (visit.served_on, visit.reference))
    first = ordered[0]
    problems = [Problem("visits", message) for message in _differences(first, ordered[1:])]
    codes = tuple(dict.fromkeys(code for visit in ordered for code in visit.diagnoses))
    lines = tuple(_own(first, visit, line, codes) for visit in ordered for line in visit.lines)
    if len(codes) > MOST_DIAGNOSES:
        problems.append(
            Problem("visits", f"Together they have {len(codes)} diagnoses, and a claim holds {MOST_DIAGNOSES}.")
        )
    if len(lines) > MOST_LINES:
        problems.append(Problem("visits", f"Together they have {len(lines)} services, and a claim holds {MOST_LINES}."))
    if problems:
        raise Rejected(problems)
    note = "\n".join(dict.fromkeys(visit.note for visit in ordered if visit.note))
    return replace(first, diagnoses=codes, lines=lines, reference=reference, note=note)


def _own(first: Encounter, visit: Encounter, line: ServiceLine, codes: Sequence[str]) -> ServiceLine:
    day: date = line.served_on or visit.served_on
    place = line.place_of_service or visit.place_of_service
    return replace(
        line, pointers=tuple(codes.index(visit.diagnoses[p - 1]) + 1 for p in line.pointers),
        served_on=day, place_of_service="" if place == first.place_of_service else place,
    )  # fmt: skip


def _differences(first: Encounter, others: Iterable[Encounter]) -> Iterable[str]:
    said = {
        "patient_id": "They are not all of one patient.", "rendering_id": "They were not all given by one provider.",
        "referring_id": "They were not all referred by the same provider.", "kind": "They are not all of one kind.",
        "prior_authorization": "They do not all stand under the same approval number.",
    }  # fmt: skip
    others = list(others)
    for name, message in said.items():
        if any(getattr(other, name) != getattr(first, name) for other in others):
            yield message
    if first.stay or any(other.stay for other in others):
        yield "Stays are billed one by one."
