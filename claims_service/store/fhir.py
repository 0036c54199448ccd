"""FHIR resources as their bytes: a version is added when they differ, none is ever changed."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from claims_service.domain.errors import NotFound
from claims_service.store.connection import in_parts, insert_rows, instant_text, marks, opened, run, write
from claims_service.store.tables import FhirResource

_COLUMNS = (
    "practice", "kind", "resource_id", "version", "body", "sha256", "source", "patient", "payer", "identifier", "status",
    "updated_at",
)  # fmt: skip
_STORED = "id, kind, resource_id, version, body, patient, updated_at"


class NewResource(NamedTuple):
    """body: FHIR JSON without meta.versionId and meta.lastUpdated. identifier, status: what a search finds it by."""

    kind: str
    resource_id: str
    body: bytes
    patient: int | None = None
    payer: int | None = None
    identifier: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of a resource. position: grows with each version written, for paging. updated_at: UTC text."""

    position: int
    kind: str
    resource_id: str
    version: int
    body: bytes
    patient: int | None
    updated_at: str


@dataclass(frozen=True, slots=True)
class Search:
    """What a search asks for. since and before bound updated_at as UTC text, half-open [since, before).

    after: position of the last one seen; newest_first turns the order round.
    """

    kind: str
    ids: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    patients: tuple[int, ...] | None = None
    statuses: tuple[str, ...] = ()
    since: str = ""
    before: str = ""
    after: int | None = None
    newest_first: bool = False
    count: int = field(default=50)


def add(practice: int, resources: Sequence[NewResource], *, source: str, at: datetime) -> Counter[str]:
    """Write what is new or differs from its newest version; gives how many were written of each kind."""
    written: Counter[str] = Counter()
    with write():
        newest = _newest(practice, resources)
        rows, stamp = [], instant_text(at)
        for r in resources:
            digest = hashlib.sha256(r.body).hexdigest()
            version, known = newest.get((r.kind, r.resource_id), (0, ""))
            if digest == known:
                continue
            newest[(r.kind, r.resource_id)] = (version + 1, digest)
            written[r.kind] += 1
            rows.append(
                (
                    practice, r.kind, r.resource_id, version + 1, r.body, digest, source, r.patient, r.payer, r.identifier,
                    r.status, stamp,
                )
            )  # fmt: skip
        insert_rows(FhirResource, _COLUMNS, rows)
    return written


def _newest(practice: int, resources: Sequence[NewResource]) -> dict[tuple[str, str], tuple[int, str]]:
    """(kind, id) -> its newest version and hash."""
    by_kind: dict[str, list[str]] = {}
    for resource in resources:
        by_kind.setdefault(resource.kind, []).append(resource.resource_id)
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for kind, ids in by_kind.items():
        for part in in_parts(ids):
            sql = (
                "select resource_id, version, sha256 from fhir_resource where practice_id = ? and kind = ?"
                f" and resource_id in ({marks(part)}) order by version"
            )
            for key, version, digest in run(sql, (practice, kind, *part)):
                found[(kind, key)] = (version, digest)
    return found


def read(practice: int, kind: str, resource_id: str, version: int | None = None) -> Stored:
    """The newest version, or the one asked for.

    Raises:
        NotFound: there is none in this practice.
    """
    wanted, values = ("and version = ?", [version]) if version is not None else ("", [])
    sql = (
        f"select {_STORED} from fhir_resource where practice_id = ? and kind = ? and resource_id = ? {wanted}"
        " order by version desc limit 1"
    )
    with opened():
        row = run(sql, (practice, kind, resource_id, *values)).fetchone()
    if row is None:
        raise NotFound(f"{kind}/{resource_id}")
    return _stored(row)


def versions(practice: int, kind: str, resource_id: str) -> list[Stored]:
    """Every version, the newest first."""
    sql = f"select {_STORED} from fhir_resource where practice_id = ? and kind = ? and resource_id = ? order by version desc"
    with opened():
        return [_stored(row) for row in run(sql, (practice, kind, resource_id)).fetchall()]


def search(practice: int, asked: Search) -> list[Stored]:
    """The newest version of each resource that fits, in the order written; one more than `count` when there are more."""
    where, values = ["r.practice_id = ?", "r.kind = ?"], [practice, asked.kind]
    _one_of(where, values, "r.resource_id", asked.ids)
    _one_of(where, values, "r.identifier", asked.identifiers)
    _one_of(where, values, "r.status", asked.statuses)
    if asked.patients is not None:
        _one_of(where, values, "r.patient", asked.patients or (-1,))
    for condition, bound in (("r.updated_at >= ?", asked.since), ("r.updated_at < ?", asked.before)):
        if bound:
            where.append(condition)
            values.append(bound)
    if asked.after is not None:
        where.append("r.id < ?" if asked.newest_first else "r.id > ?")
        values.append(asked.after)
    order = "desc" if asked.newest_first else "asc"
    columns = ", ".join(f"r.{name}" for name in _STORED.split(", "))
    sql = (
        f"select {columns} from fhir_resource r where {' and '.join(where)} and not exists (select 1 from fhir_resource n"
        " where n.practice_id = r.practice_id and n.kind = r.kind and n.resource_id = r.resource_id and n.version > r.version)"
        f" order by r.id {order} limit ?"
    )
    with opened():
        return [_stored(row) for row in run(sql, (*values, asked.count + 1)).fetchall()]


def _one_of(where: list[str], values: list[Any], column: str, wanted: Iterable[Any]) -> None:
    if listed := list(wanted):
        where.append(f"{column} in ({marks(listed)})")
        values += listed


def _stored(row: Sequence[Any]) -> Stored:
    position, kind, resource_id, version, body, patient, updated_at = row
    return Stored(position, kind, resource_id, version, bytes(body), patient, updated_at)


def digests(practice: int) -> list[tuple[str, str]]:
    """(sha256 as kept, sha256 of the bytes) of every version: the two are equal, or the bytes were touched."""
    with opened():
        rows = run("select sha256, body from fhir_resource where practice_id = ? order by id", (practice,))
        return [(kept, hashlib.sha256(bytes(body)).hexdigest()) for kept, body in rows]
