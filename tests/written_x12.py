"""Hears every X12 file written in any test of a worker, and has the judges look at each kind of it when its tests are done.

Stored, sent or only held in the hand: whatever goes through the one place that closes an interchange. pyx12 judges what
it has a map for (837P, 837I, 835, 999, 277CA), our own check the rest (837D, 270, 271, 276, 277). Files that differ in
numbers alone (control numbers, dates, amounts) are one file, and all of them are judged in one go, as pyx12 takes longer
to read its maps than to read a file. A test that means to write a wrong file says so: `@pytest.mark.wrong_x12("why")`.
"""

import io
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from claims_service.formats.x12 import interchange

FOUND = "found_in_x12"
MOST_SHOWN = 20
WRITERS = ("claim_levels", "write_835", "acknowledgements", "write_277ca", "write_eligibility", "write_status")
KINDS = {
    "005010X222A1": "837P",
    "005010X223A2": "837I",
    "005010X224A2": "837D",
    "005010X221A1": "835",
    "005010X231A1": "999",
    "005010X214": "277CA",
    "005010X279A1": "270/271",
    "005010X212": "276/277",
}
PYX12 = ("837P", "837I", "835", "999", "277CA")
_DIGITS = re.compile(rb"(?<![A-Z])\d+")
_GUIDE = re.compile(rb"~GS(?:\*[^*~]*){7}\*([^*~]+)~")
_CLOSED = re.compile(rb"IEA\*1\*\d{9}~")


@dataclass
class Written:
    """What was written so far: by guide and content without its digits, the first such file and who wrote it."""

    files: dict[tuple[str, int], tuple[str, bytes]] = field(default_factory=dict)
    heard: int = 0
    excused: bool = False  # the test that runs means to write a wrong file

    def hear(self, version: str, content: bytes) -> None:
        if not self.excused:
            self.heard += 1
            by = os.environ.get("PYTEST_CURRENT_TEST", "a test file, while it was read in").partition(" (")[0]
            self.files.setdefault((version, hash(_DIGITS.sub(b"0", content))), (by, content))

    def hear_stored(self, contents: Iterable[bytes]) -> None:
        """Files out of a database: another process may have written them. What was heard of before is not judged again."""
        for content in contents:
            if content.startswith(b"ISA") and (found := _GUIDE.search(content)):
                self.hear(found[1].decode("ascii"), content)


@dataclass
class Findings:
    """Of all workers: how many distinct files of each guide were judged, and what is said against them."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, counts: dict[str, int], faults: list[str]) -> None:
        self.counts.update(counts)
        self.faults += faults


WRITTEN = Written()
FINDINGS = pytest.StashKey[Findings]()


def heard(enclose: Callable[..., bytes]) -> Callable[..., bytes]:
    """`enclose`, whose files are heard of."""

    def heard_enclose(envelope: object, functional_id: str, kind: str, version: str, bodies: Sequence[object]) -> bytes:
        content = enclose(envelope, functional_id, kind, version, bodies)
        WRITTEN.hear(version, content)
        return content

    return heard_enclose


interchange.enclose = heard(interchange.enclose)
for early in WRITERS:  # a process that a test starts may have read them in before
    if (writer := sys.modules.get(f"{interchange.__package__}.{early}")) is not None:
        writer.enclose = interchange.enclose  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    WRITTEN.excused = item.get_closest_marker("wrong_x12") is not None


def refused(files: Sequence[tuple[str, bytes]], judge: Callable[[bytes], list[str]]) -> Iterator[str]:
    """The files a judge refuses, each with who wrote it: all at once, and by halves where something is found."""
    if not files or not (said := judge(_joined(files))):
        return
    if len(files) == 1:
        yield f"{files[0][0]} wrote what is refused: {'; '.join(said)}"
        return
    half = len(files) // 2
    parts = [*refused(files[:half], judge), *refused(files[half:], judge)]
    yield from parts or [f"{files[0][0]} and {len(files) - 1} others, only together: {'; '.join(said)}"]


def _joined(files: Sequence[tuple[str, bytes]]) -> bytes:
    """One file after the other, each interchange with a number of its own."""
    return b"".join(
        content[:90] + b"%09d" % number + _CLOSED.sub(b"IEA*1*%09d~" % number, content[99:])
        for number, (_, content) in enumerate(files, 1)
    )


def by_pyx12(content: bytes) -> list[str]:
    from tests.formats.x12.pyx12_judge import judge

    accepted, said = judge(content)
    return said or ([] if accepted else ["pyx12 does not say why"])


def by_own_check(content: bytes) -> list[str]:
    from claims_service.formats.x12.check import check
    from claims_service.formats.x12.findings import errors

    return [f"{finding.where}: {finding.rule}" for finding in errors(list(check(io.BytesIO(content)).findings))]


def judged(written: Written) -> tuple[dict[str, int], list[str]]:
    """How many files of each guide were judged, and what is said against them."""
    by_guide: dict[str, list[tuple[str, bytes]]] = {}
    for (version, _), file in written.files.items():
        by_guide.setdefault(version, []).append(file)
    faults = [
        fault
        for version, files in by_guide.items()
        for fault in refused(files, by_pyx12 if KINDS.get(version) in PYX12 else by_own_check)
    ]
    return {version: len(files) for version, files in by_guide.items()}, faults


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its findings up; whoever has no one above fails the run by them."""
    counts, faults = judged(WRITTEN)
    worker = getattr(session.config, "workeroutput", None)
    if worker is not None:
        worker[FOUND] = (counts, faults)
        return
    found = session.config.stash.setdefault(FINDINGS, Findings())
    found.add(counts, faults)
    if found.faults and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """What a worker found, which ends before the run does; one that was killed has found nothing."""
    config: pytest.Config = node.config  # type: ignore[attr-defined]
    config.stash.setdefault(FINDINGS, Findings()).add(*getattr(node, "workeroutput", {}).get(FOUND, ({}, [])))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(FINDINGS, Findings())
    if found.counts:
        told = ", ".join(f"{KINDS.get(version, version)} {count}" for version, count in sorted(found.counts.items()))
        terminalreporter.section("X12 files written in these tests", sep="-")
        terminalreporter.line(f"distinct files judged: {told}; refused: {len(found.faults)}")
        for fault in found.faults[:MOST_SHOWN]:
            terminalreporter.line(fault, red=True)
