"""Which code sets and NCCI edits are loaded, since when, and from which files."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.code_sets import KINDS
from claims_service.domain.ncci import SETTINGS
from claims_service.domain.pricing.medicare import PROGRAMS
from claims_service.queries.rows import day, known_instant, rows
from claims_service.store.connection import opened

_VALID = "valid_from <= ? and (valid_until is null or (valid_until >= ? and valid_until >= valid_from))"
_COUNTS = (
    f"select code_set, count(*) from listed_code where {_VALID} group by code_set"
    f" union all select 'ptp_' || setting, count(*) from ptp_edit where {_VALID} group by setting"
    f" union all select 'mue_' || setting, count(*) from mue_limit where {_VALID} group by setting"
    f" union all select 'rvu_' || program, count(*) from rvu where {_VALID} group by program"
    f" union all select 'gpci', count(*) from gpci where {_VALID} having count(*) > 0"
    f" union all select 'add_on', count(*) from add_on_code where {_VALID} having count(*) > 0"
)


@dataclass(frozen=True, slots=True)
class Release:
    """A file that was imported. effective_on: the day from which it speaks; None: each row has its own days."""

    name: str
    effective_on: date | None
    listed: int
    added: int
    changed: int
    closed: int
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """codes: how many are valid on the day asked for. since: the first day a release covers. releases: the newest first."""

    kind: str
    label: str
    codes: int
    since: date | None
    releases: tuple[Release, ...]


def loaded(today: date) -> list[LoadedSet]:
    """Every set that has a release, in the order of the code sets, then NCCI; two SELECTs."""
    sql = (
        "select kind, name, effective_on, listed, added, changed, closed, imported_at from code_release"
        " order by coalesce(effective_on, '0001-01-01') desc, id desc"
    )
    found: dict[str, list[Release]] = defaultdict(list)
    with opened():
        for kind, name, effective_on, listed, added, changed, closed, at in rows(sql):
            found[kind].append(Release(name, day(effective_on), listed, added, changed, closed, known_instant(at)))
        counts: dict[str, int] = dict(rows(_COUNTS, *[today] * 12)) if found else {}
    order = [*KINDS, *(kind for kind in sorted(found) if kind not in KINDS)]
    return [
        LoadedSet(
            kind,
            _label(kind),
            int(counts.get(kind, 0)),
            min((release.effective_on for release in found[kind] if release.effective_on), default=None),
            tuple(found[kind]),
        )
        for kind in order
        if kind in found
    ]


def _label(kind: str) -> str:
    if kind in KINDS:
        return KINDS[kind]
    if kind == "gpci":
        return "What Medicare's localities cost"
    family, _, setting = kind.partition("_")
    if family == "rvu":
        return PROGRAMS[setting]
    if family == "add":
        return "NCCI add-on codes"
    what = "pairs that don't go together" if family == "ptp" else "units a day"
    return f"NCCI {what}, {SETTINGS[setting]}"
