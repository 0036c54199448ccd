"""FHIR resources as they were kept: one, its versions, or a page of a search."""

from dataclasses import dataclass, replace

from claims_service.store import fhir
from claims_service.store.fhir import Search, Stored

__all__ = ["Page", "Search", "Stored", "page", "resource", "versions"]


@dataclass(frozen=True, slots=True)
class Page:
    """after: the position where the next page begins, None on the last one."""

    found: tuple[Stored, ...]
    after: int | None


def resource(practice: int, kind: str, resource_id: str, version: int | None = None) -> Stored:
    """The newest version, or the one asked for, in one SELECT.

    Raises:
        NotFound: there is none in this practice.
    """
    return fhir.read(practice, kind, resource_id, version)


def versions(practice: int, kind: str, resource_id: str) -> tuple[Stored, ...]:
    """Every version, the newest first; empty where there is no such resource. One SELECT."""
    return tuple(fhir.versions(practice, kind, resource_id))


def page(practice: int, asked: Search) -> Page:
    """A page of the newest versions that fit, in one SELECT; stable while others are written."""
    found = fhir.search(practice, replace(asked, count=asked.count))
    more = len(found) > asked.count
    kept = tuple(found[: asked.count])
    return Page(kept, kept[-1].position if more and kept else None)
