"""Resources that arrive together, found by kind, by reference and by the visit they belong to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.fhir import wire
from claims_service.formats.fhir.wire import Tree

_PARTS = ("encounter", "context")


class Group:
    """The resources of one Bundle, or the single resources of one NDJSON file."""

    def __init__(self, resources: Iterable[tuple[str, Tree]]) -> None:
        self._by_kind: dict[str, list[Tree]] = defaultdict(list)
        self._by_reference: dict[str, Tree] = {}
        self._by_visit: dict[str, list[Tree]] = defaultdict(list)
        for full_url, resource in resources:
            kind, key = resource.get("resourceType", ""), resource.get("id", "")
            self._by_kind[kind].append(resource)
            for name in (full_url, f"{kind}/{key}", f"urn:uuid:{key}"):
                if name:
                    self._by_reference.setdefault(name, resource)
        for resource in (r for listed in self._by_kind.values() for r in listed):
            for reference in _visits_of(resource):
                if visit := self._by_reference.get(reference):
                    self._by_visit[visit["id"]].append(resource)

    def of(self, kind: str) -> list[Tree]:
        """All resources of a kind in the order they came."""
        return self._by_kind.get(kind, [])

    def resolved(self, reference: Any, parent: Tree | None = None) -> Tree | None:
        """What a Reference points to, contained resources of its parent included; None when it is not here."""
        text = reference.get("reference") if isinstance(reference, dict) else None
        if not isinstance(text, str):
            return None
        if text.startswith("#") and parent is not None:
            return next((c for c in parent.get("contained", ()) if c.get("id") == text[1:]), None)
        return self._by_reference.get(text)

    def about(self, visit: Tree, kind: str) -> list[Tree]:
        """Resources of a kind that name this visit."""
        return [r for r in self._by_visit.get(visit.get("id", ""), ()) if r["resourceType"] == kind]


def _visits_of(resource: Tree) -> Iterator[str]:
    for name in _PARTS:
        yield from _reference(resource.get(name))
    for item in resource.get("item", ()) if isinstance(resource.get("item"), list) else ():
        for one in item.get("encounter", ()) if isinstance(item, dict) else ():
            yield from _reference(one)


def _reference(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("reference"), str):
        yield value["reference"]


def groups(body: bytes) -> Iterator[Group]:
    """The groups of a file in JSON, XML or NDJSON, one at a time: each Bundle is one, loose resources together are one.

    Raises:
        Rejected: the file can't be read, or a Bundle holds something other than resources.
    """
    loose: list[tuple[str, Tree]] = []
    for tree in wire.read_each(body):
        if tree["resourceType"] == "Bundle":
            yield Group(_entries(tree))
        else:
            loose.append(("", tree))
    if loose:
        yield Group(loose)


def _entries(bundle: Tree) -> Iterator[tuple[str, Tree]]:
    listed = bundle.get("entry", [])
    if not isinstance(listed, list):
        raise Rejected([Problem("Bundle.entry", "The entries of a Bundle are a list.", "FHIR R4 Bundle.entry")])
    for i, entry in enumerate(listed):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            where = f"Bundle.entry[{i}].resource"
            raise Rejected([Problem(where, "There is no resource in this entry.", "FHIR R4 Bundle.entry")])
        yield str(entry.get("fullUrl", "")), resource
