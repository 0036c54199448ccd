"""Damaged files through every X12 reader, for as long as wished: `make fuzz`, or `python -m tests.formats.x12.fuzz SECONDS`.

Nothing may be raised, nothing may hang, memory may not run away, and every byte must come back.
"""

import io
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from claims_service.formats.x12.acknowledgements import read_acknowledgements, write_999, write_ta1
from claims_service.formats.x12.check import check
from claims_service.formats.x12.own_answers import answers_to
from claims_service.formats.x12.read_835 import read_835
from claims_service.formats.x12.read_837d import read_837d
from claims_service.formats.x12.read_837i import read_837i
from claims_service.formats.x12.read_837p import read_837p
from claims_service.formats.x12.read_eligibility import read_270, read_271
from claims_service.formats.x12.read_status import read_276, read_277
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Tokenizer
from claims_service.formats.x12.tree import Tree
from claims_service.formats.x12.write_277ca import write_277ca
from claims_service.formats.x12.write_837d import write_837d
from claims_service.formats.x12.write_837i import write_837i
from claims_service.formats.x12.write_837p import write_837p
from claims_service.formats.x12.write_eligibility import write_270, write_271
from claims_service.formats.x12.write_status import write_276, write_277
from tests.factories835 import file_835, payment, remittance
from tests.formats.x12 import test_acknowledgements as answered
from tests.formats.x12 import test_eligibility_and_status as asked
from tests.formats.x12.claim_strategies import dental, institutional, professional
from tests.formats.x12.examples import CLINIC, ENVELOPE, claim, secondary

LONGEST_SECONDS = 5
MOST_BYTES = 512 << 20
BATCH = 200
SEEDS = [
    write_837p(ENVELOPE, [claim(), secondary()]),
    file_835(remittance([payment("C1"), payment("C2")])),
    write_999(ENVELOPE, [answered.PARTIAL]),
    write_ta1(ENVELOPE, [answered.DUPLICATE]),
    write_277ca(ENVELOPE, answered.BATCH, CLINIC, answered.CLAIMS),
    *(file.read_bytes() for file in sorted((Path(__file__).parent / "mutations").glob("*.x12"))),
]
WHOLE = (
    st.sampled_from(SEEDS)
    | professional().map(lambda one: write_837p(ENVELOPE, [one]))
    | institutional().map(lambda one: write_837i(ENVELOPE, [one]))
    | dental().map(lambda one: write_837d(ENVELOPE, [one]))
    | asked.questions().map(lambda one: write_270(ENVELOPE, [one]))
    | asked.answers().map(lambda one: write_271(ENVELOPE, [one]))
    | asked.status_questions().map(lambda one: write_276(ENVELOPE, [one]))
    | asked.status_answers().map(lambda one: write_277(ENVELOPE, [one]))
)
SHARP = [
    b"", b"-", b"+1", b".", b"1E9", b"NaN", b"Infinity", b"1_0", b"0" * 30, b"9" * 400, b"-0.001", b"1,5", b"\xd9\xa3", b"\xb2",
    b"00000000", b"20261301", b"20260101-", b"-20260101", b"99991231", b"\x00", b"\x1b[2J", b"\r\n", b"ISA", b"ISA*", b"IEA*1*1",
    b"SE", b":::::::", b"^^^", b"^:^:", b"*", b"~", b"~~", b"HL*1**20*1", b"LX*0", b"ST*837*1", b"GS*HC", b"\xef\xbb\xbf", b"\xff",
]  # fmt: skip


@dataclass(frozen=True)
class Damage:
    """One thing that happens to a file. where, other: picked modulo what there is."""

    kind: str
    where: int
    other: int
    value: bytes

    def done(self, content: bytes) -> bytes:
        damage: Callable[[bytes, int, int, bytes], bytes] = globals()[f"_{self.kind}"]
        return damage(content, self.where, self.other, self.value)


def _flip(content: bytes, where: int, other: int, _: bytes) -> bytes:
    at = where % (len(content) or 1)
    return content[:at] + bytes([other % 256]) + content[at + 1 :]


def _cut(content: bytes, where: int, other: int, _: bytes) -> bytes:
    start, end = sorted((where % (len(content) or 1), other % (len(content) or 1)))
    return content[:start] + content[end:]


def _end(content: bytes, where: int, _other: int, _: bytes) -> bytes:
    return content[: where % (len(content) or 1)]


def _insert(content: bytes, where: int, _other: int, value: bytes) -> bytes:
    at = where % (len(content) + 1)
    return content[:at] + value + content[at:]


def _huge(content: bytes, where: int, other: int, value: bytes) -> bytes:
    return _insert(content, where, 0, (value[:2] or b"7") * (other % 150_000))


def _segments(content: bytes) -> list[bytes]:
    return content.split(b"~")


def _element(content: bytes, where: int, other: int, value: bytes) -> bytes:
    """A value in place of another: the damage that comes closest to the meaning."""
    segments = _segments(content)
    elements = segments[where % len(segments)].split(b"*")
    elements[other % len(elements)] = value
    segments[where % len(segments)] = b"*".join(elements)
    return b"~".join(segments)


def _drop(content: bytes, where: int, other: int, _: bytes) -> bytes:
    segments = _segments(content)
    first = where % len(segments)
    del segments[first : first + 1 + other % 3]
    return b"~".join(segments)


def _repeat(content: bytes, where: int, other: int, _: bytes) -> bytes:
    segments = _segments(content)
    at = where % len(segments)
    return b"~".join(segments[: at + 1] + segments[at : at + 1] * (other % 50) + segments[at + 1 :])


def _swap(content: bytes, where: int, other: int, _: bytes) -> bytes:
    segments = _segments(content)
    one, two = where % len(segments), other % len(segments)
    segments[one], segments[two] = segments[two], segments[one]
    return b"~".join(segments)


def _join(content: bytes, where: int, other: int, _: bytes) -> bytes:
    """The end of another file behind the beginning of this one."""
    seed = SEEDS[other % len(SEEDS)]
    return content[: where % (len(content) + 1)] + seed[other % len(seed) :]


def _delimiter(content: bytes, where: int, other: int, _: bytes) -> bytes:
    """One delimiter becomes another byte: everywhere, or only in the ISA."""
    mark, new = b"*:^~"[where % 4 : where % 4 + 1], bytes([other % 256])
    head, rest = content[:106], content[106:]
    return head.replace(mark, new) + (rest.replace(mark, new) if other % 3 else rest)


KINDS = ["flip", "cut", "end", "insert", "huge", "drop", "repeat", "swap", "join", "delimiter", *["element"] * 6]
DAMAGES = st.builds(
    Damage,
    st.sampled_from(KINDS),
    st.integers(0, 1 << 20),
    st.integers(0, 1 << 20),
    st.sampled_from(SHARP) | st.binary(max_size=12),
)


def damaged(whole: bytes, damages: list[Damage]) -> bytes:
    """A file after all that happened to it."""
    for damage in damages:
        whole = damage.done(whole)
    return whole


READERS: list[Callable[[bytes], Any]] = [
    read_837p, read_837i, read_837d, read_835, read_acknowledgements, read_270, read_271, read_276, read_277, Tree,
    lambda content: Reader(content, check=True, chunk=97),
    lambda content: Reader(io.BytesIO(content), whole=True),
]  # fmt: skip


class Hang(Exception):
    """A reader took longer than it may."""


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Of the processor's time, so that a busy machine makes no hang of a slow turn."""

    def stop(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def survives(content: bytes) -> None:
    """Every reader ends, with its findings; nothing gets lost."""
    for read in READERS:
        with no_longer_than(LONGEST_SECONDS):
            file = read(content)
            list(file)
            assert len(file.findings) <= 1001
    with no_longer_than(LONGEST_SECONDS):
        checked = check(content)
        assert checked.unreadable <= bool(checked.findings)
        answers_to(content)
        tokens = Tokenizer(content, 61)
        assert "".join(tokens.exact(raw) for raws in tokens for raw in raws).encode("latin-1") == content


@dataclass
class Tally:
    """What a run did. peak: bytes."""

    files: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    peak: int = 0


def peak() -> int:
    """The most memory this program has held, in bytes. Linux counts in ru_maxrss what its parent held before it started."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text("ascii"))[0]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def fuzz(seconds: float, tell: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Damage files until the time is over; what a reader can't stand is raised, made as small as it goes."""
    tally, begun = Tally(), time.monotonic()

    @settings(
        max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(WHOLE, st.lists(DAMAGES, min_size=1, max_size=6))
    def batch(whole: bytes, damages: list[Damage]) -> None:
        if time.monotonic() - begun > seconds:
            return
        started = time.process_time()
        survives(damaged(whole, damages))
        tally.files += 1
        tally.slowest = max(tally.slowest, time.process_time() - started)

    while tally.seconds < seconds:
        batch()
        tally.seconds = time.monotonic() - begun
        tally.peak = peak()
        assert tally.peak < MOST_BYTES, f"memory grew to {tally.peak >> 20} MB"
        tell(tally)
    return tally


def _tell(tally: Tally) -> None:
    print(
        f"{tally.seconds:,.0f} s: {tally.files:,} damaged files through {len(READERS) + 3} readers, slowest"
        f" {tally.slowest:.2f} s for all of them, memory {tally.peak >> 20} MB",
        flush=True,
    )


if __name__ == "__main__":
    fuzz(float(sys.argv[1]) if len(sys.argv) > 1 else 3600, _tell)
