"""Medicare's relative values and localities: written release by release, loaded for a batch of procedures."""

from collections.abc import Collection, Iterable
from datetime import datetime

from claims_service.domain.code_sets import ListedCode
from claims_service.domain.pricing.medicare import MPFS, OWN_VALUES, Gpci, Medicare, Rvu
from claims_service.store import code_releases
from claims_service.store.code_releases import NewRelease
from claims_service.store.connection import opened, write
from claims_service.store.timelines import GPCIS, RVUS, Changes, lay, spans_of


def add_values(
    release: NewRelease, program: str, values: Iterable[ListedCode[Rvu]], *, by: str, at: datetime
) -> Changes:
    """A quarter's relative value file; codes it leaves out have none from then on."""
    assert release.effective_on is not None, "a release of relative values is a quarter's"
    with write():
        key = code_releases.begin(release, by=by, at=at)
        window = code_releases.window(key, release, release.effective_on)
        changes = lay(RVUS, program, window, values, complete=release.complete)
        code_releases.finish(key, changes)
    return changes


def add_localities(release: NewRelease, localities: Iterable[ListedCode[Gpci]], *, by: str, at: datetime) -> Changes:
    """A quarter's file of localities and what they cost."""
    assert release.effective_on is not None, "a release of localities is a quarter's"
    with write():
        key = code_releases.begin(release, by=by, at=at)
        window = code_releases.window(key, release, release.effective_on)
        changes = lay(GPCIS, MPFS, window, localities, complete=release.complete)
        code_releases.finish(key, changes)
    return changes


def load(procedures: Collection[str], programs: Collection[str], localities: Collection[str]) -> Medicare:
    """What a batch's procedures are worth in the localities of its contracts; a SELECT a program and one for localities."""
    codes = [code + modifier for code in procedures for modifier in ("", *OWN_VALUES)]
    with opened():
        values = {
            (program, code): spans
            for program in sorted({*programs, MPFS})
            for code, spans in spans_of(RVUS, program, codes).items()
        }
        return Medicare(values, spans_of(GPCIS, MPFS, localities))


def global_days(procedures: Collection[str]) -> dict[str, str]:
    """GLOB DAYS of each procedure, as 010, by the latest release that names it; those without any are left out."""
    with opened():
        found = spans_of(RVUS, MPFS, procedures)
    return {
        code: spans[-1].meaning.global_days for code, spans in found.items() if spans and spans[-1].meaning.global_days
    }


def known_localities(localities: Collection[str]) -> frozenset[str]:
    """Those of some localities that a file named on some day."""
    return frozenset(code for code, spans in spans_of(GPCIS, MPFS, localities).items() if spans)
