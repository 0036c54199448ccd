"""Code sets by date of service: written release by release, loaded for a batch of claims."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from claims_service.domain.code_sets import CodeSet, ListedCode, Meaning
from claims_service.store import code_releases
from claims_service.store.code_releases import NewRelease
from claims_service.store.connection import opened, write
from claims_service.store.timelines import CODES, Changes, lay, spans_of


def add_release(release: NewRelease, codes: Iterable[ListedCode[Meaning]], *, by: str, at: datetime) -> Changes:
    """Lay a release over the set it belongs to, all of it or nothing; codes may be a stream, and no code comes twice.

    Raises:
        Conflict: it is a list of changes without a list, or would undo changes laid upon it.
    """
    assert release.effective_on is not None, "a code set's release has a day"
    with write():
        key = code_releases.begin(release, by=by, at=at)
        window = code_releases.window(key, release, release.effective_on)
        changes = lay(CODES, release.kind, window, codes, complete=release.complete)
        code_releases.finish(key, changes)
    return changes


def load(wanted: Mapping[str, Collection[str]]) -> dict[str, CodeSet]:
    """The code sets a batch of claims asks about: {"icd10cm": {"E119", ...}} -> CodeSet by kind, one SELECT and one a set.

    A revenue code that is not listed itself stands under its group, the first three digits, where that is listed.
    """
    if not wanted:
        return {}
    with opened():
        since = code_releases.first_days(list(wanted))
        return {kind: _load(kind, codes, since) for kind, codes in wanted.items()}


def _load(kind: str, codes: Collection[str], since: Mapping[str, date]) -> CodeSet:
    asked = set(codes)
    groups = {code: code[:3] for code in asked if kind == "revenue_code" and len(code) == 4}
    spans = spans_of(CODES, kind, asked | set(groups.values())) if kind in since else {}
    found = {code: spans.get(code) or spans.get(groups.get(code, ""), []) for code in asked}
    return CodeSet(kind, since.get(kind), found)
