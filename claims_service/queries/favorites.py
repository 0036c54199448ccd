"""What this clinic uses: the codes of its newest visits, by how often and how lately. Asked each time, stored nowhere."""

from collections import defaultdict
from collections.abc import Iterable

from claims_service.domain.superbill import DIAGNOSIS, PROCEDURE, Superbill
from claims_service.formats.tables import superbills as published
from claims_service.queries.rows import rows
from claims_service.store import parties, superbills
from claims_service.store.connection import opened

NEWEST = 600
"""A use on the newest visit counts this much, on the one before one less, and so on: lately used stands before long ago."""

_VISITS = "select id, diagnoses from encounter where practice_id = ? and state not in ('void', 'together') order by id desc limit ?"
_SERVICES = (
    "select l.encounter_id, l.procedure from encounter_line l join (select id from encounter where practice_id = ?"
    " and state not in ('void', 'together') order by id desc limit ?) e on e.id = l.encounter_id"
)


def favorites(practice: int, code_set: str, most: int = 12) -> list[str]:
    """Codes of the clinic's newest visits, what it uses most and most lately first; diagnoses without dots."""
    with opened():
        if code_set == DIAGNOSIS:
            return _ranked(((visit, text.split()) for visit, text in rows(_VISITS, practice, NEWEST)), most)
        if code_set == PROCEDURE:
            return _ranked(((visit, [code]) for visit, code in rows(_SERVICES, practice, NEWEST)), most)
    return []


def _ranked(uses: Iterable[tuple[int, list[str]]], most: int) -> list[str]:
    listed = list(uses)
    ages = {visit: age for age, visit in enumerate(sorted({visit for visit, _ in listed}, reverse=True))}
    weights: dict[str, int] = defaultdict(int)
    for visit, used in listed:
        for code in used:
            weights[code] += NEWEST - ages[visit]
    return sorted((code for code in weights if code), key=lambda code: (-weights[code], code))[:most]


def offered(practice: int) -> list[Superbill]:
    """The superbills for the visit form: the clinic's own, or else those published for its specialties."""
    with opened():
        own = superbills.every(practice)
        if own:
            return list(own.values())
        here = [parties.billing_provider(practice).taxonomy]
        here += [provider.taxonomy for provider in parties.providers(practice).values()]
    return list(published.for_taxonomies(here))


def own(practice: int) -> dict[int, Superbill]:
    """The superbills that the clinic keeps itself, by id."""
    return superbills.every(practice)


def published_ones() -> tuple[Superbill, ...]:
    """What a clinic can begin with."""
    return published.published()
