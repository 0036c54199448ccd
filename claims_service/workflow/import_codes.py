"""Takes code sets and NCCI edits in from the files their publishers give out: each file whole or not at all."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import BinaryIO

from claims_service.domain.actor import Actor
from claims_service.domain.code_sets import KINDS as SETS
from claims_service.domain.code_sets import ListedCode, Meaning
from claims_service.domain.errors import Conflict, Problem, Rejected
from claims_service.domain.pricing.medicare import MPFS, QPP
from claims_service.formats.tables import (
    code_tables,
    hcpcs_file,
    icd10cm_files,
    medicare_fee_files,
    ncci_files,
    release_names,
)
from claims_service.store import audit, code_releases, code_sets, medicare_fees, ncci, parties
from claims_service.store.code_releases import NewRelease
from claims_service.store.connection import write
from claims_service.store.timelines import Changes

Reader = Callable[[BinaryIO], Iterable[ListedCode[Meaning]]]
Take = Callable[[], Changes]

_READERS: Mapping[str, Reader] = {
    "icd10cm": icd10cm_files.read_order,
    "icd10cm-addenda": icd10cm_files.read_addenda,
    "hcpcs": hcpcs_file.read,
    **{kind.replace("_", "-"): partial(code_tables.read, kind) for kind in code_tables.SHAPES},
}
KINDS: Mapping[str, str] = {
    **{kind.replace("_", "-"): label for kind, label in SETS.items()},
    "icd10cm-addenda": "changes to ICD-10-CM",
    "ncci-ptp": "NCCI pairs that don't go together",
    "ncci-mue": "NCCI units a day",
    "ncci-add-on": "NCCI add-on codes",
    "rvu": "Medicare's relative values",
    "rvu-qpp": "those for qualifying APM participants",
    "gpci": "what Medicare's localities cost",
}
_DATED = ("ncci-ptp", "ncci-add-on")
FEW_CLOSED = 50
SHARE_CLOSED = 5
"""A release that ends more than 50 codes and more than one in five is taken for a file that was cut off."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What became of a file. already: this very file was imported before. problems: why nothing of it was taken."""

    name: str
    effective_on: date | None = None
    changes: Changes | None = None
    already: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to import. effective_on, setting: where the file's name doesn't say. retire: even where many codes end by it.

    setting: P practitioners or O outpatient hospitals, for NCCI pairs.
    """

    kind: str
    effective_on: date | None = None
    setting: str = ""
    retire: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    digest: str
    stream: BinaryIO
    by: str
    at: datetime


def import_codes(
    wanted: Wanted, sources: Iterable[tuple[str, BinaryIO]], *, by: Actor, now: datetime
) -> list[ImportedFile]:
    """Import (name, seekable file) pairs of one kind; one transaction a file, noted in every practice's audit trail.

    Code sets belong to the whole site. The same file again changes nothing, and a release closes what it leaves out.
    """
    return [_import(wanted, name, stream, by=by, now=now) for name, stream in sources]


def _import(wanted: Wanted, name: str, stream: BinaryIO, *, by: Actor, now: datetime) -> ImportedFile:
    try:
        with write():
            source = _Source(name, _digest(stream), stream, by.name, now)
            release, take = _dated_rows(wanted, source) if wanted.kind in _DATED else _release(wanted, source)
            if code_releases.is_known(release):
                return ImportedFile(name, release.effective_on, already=True)
            changes = take()
            _refuse_cut_off(release, changes, retire=wanted.retire)
            event = audit.Event("codes.import", subject=f"codes:{release.kind}", why=f"sha256 {release.digest}")
            for practice in parties.practice_ids():
                audit.record(practice, [event], by=by, at=now)
    except Rejected as wrong:
        return ImportedFile(name, problems=wrong.problems)
    except Conflict as wrong:
        return ImportedFile(name, problems=(Problem("the file", str(wrong)),))
    return ImportedFile(name, release.effective_on, changes)


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def _release(wanted: Wanted, source: _Source) -> tuple[NewRelease, Take]:
    """A list that speaks from one day on, which stands in its name or is said beside it."""
    kind, at = wanted.kind, source.at
    day = wanted.effective_on or release_names.effective_on(kind, source.name)
    if day is None:
        mend = "Say --from YYYY-MM-DD: the first day of service this release speaks of."
        raise Rejected([Problem("the file", "Its name does not say from which day it holds.", "", mend)])
    if kind == "ncci-mue":
        setting, limits = ncci_files.read_mue(source.stream)
        release = NewRelease(f"mue_{setting}", source.name, source.digest, day, complete=True)
        return release, lambda: ncci.add_limits(release, setting, limits, by=source.by, at=at)
    if kind in ("rvu", "rvu-qpp", "gpci"):
        return _medicare(kind, day, source)
    addenda = kind.endswith("-addenda")
    code_set = kind.removesuffix("-addenda").replace("-", "_")
    release = NewRelease(code_set, source.name, source.digest, day, complete=not addenda)
    codes = _READERS[kind](source.stream)
    return release, lambda: code_sets.add_release(release, codes, by=source.by, at=at)


def _medicare(kind: str, day: date, source: _Source) -> tuple[NewRelease, Take]:
    """A quarter's prices of Medicare, or the localities they differ by."""
    if kind == "gpci":
        release = NewRelease("gpci", source.name, source.digest, day, complete=True)
        localities = medicare_fee_files.read_localities(source.stream)
        return release, lambda: medicare_fees.add_localities(release, localities, by=source.by, at=source.at)
    program = QPP if kind == "rvu-qpp" or release_names.is_for_qualifying(source.name) else MPFS
    release = NewRelease(f"rvu_{program}", source.name, source.digest, day, complete=True)
    values = medicare_fee_files.read_values(source.stream)
    return release, lambda: medicare_fees.add_values(release, program, values, by=source.by, at=source.at)


def _dated_rows(wanted: Wanted, source: _Source) -> tuple[NewRelease, Take]:
    """A file whose rows say themselves from when to when they hold."""
    if wanted.kind == "ncci-add-on":
        release = NewRelease("add_on", source.name, source.digest, None, complete=False)
        entries = ncci_files.read_add_ons(source.stream)
        return release, lambda: ncci.add_add_ons(release, entries, by=source.by, at=source.at)
    setting = wanted.setting or release_names.ptp_setting(source.name)
    if not setting:
        mend = "Say --setting practitioner or --setting outpatient; ccipra-… files are the first, ccioph-… the second."
        raise Rejected([Problem("the file", "Its name does not say whom the pairs are for.", "", mend)])
    release = NewRelease(f"ptp_{setting}", source.name, source.digest, None, complete=False)
    pairs = ncci_files.read_ptp(source.stream)
    return release, lambda: ncci.add_pairs(release, setting, pairs, by=source.by, at=source.at)


def _refuse_cut_off(release: NewRelease, changes: Changes, *, retire: bool) -> None:
    before = changes.listed - changes.added + changes.closed
    if release.complete and not retire and changes.closed > max(FEW_CLOSED, before // SHARE_CLOSED):
        raise Conflict(
            f"It leaves out {changes.closed:,} of {before:,} codes, which would end them: was the file cut off?"
            " If it is meant so, say --retire."
        )
