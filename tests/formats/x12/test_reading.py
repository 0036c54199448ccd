"""Reading files that others wrote, without losing a byte or stopping at a fault; and the guides themselves."""

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_service.formats.x12.findings import errors
from claims_service.formats.x12.guide import GUIDES, guide
from claims_service.formats.x12.node import Node, text
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Tokenizer
from claims_service.formats.x12.write_837p import write_837p
from tests.formats.x12.examples import ENVELOPE, claim, line

OURS = frozenset({"837P", "837I", "835", "999", "277CA", "TA1"})
CLAIMS = write_837p(ENVELOPE, [claim(), claim(control_number="C2")])


def echo(content: bytes, chunk: int) -> bytes:
    tokens = Tokenizer(content, chunk)
    return "".join(tokens.exact(one) for raws in tokens for one in raws).encode("latin-1")


def sample_files(folder: Path) -> list[Path]:
    files = [file for name in ("x12", "layouts/x12") for file in sorted((folder / name).rglob("*")) if file.is_file()]
    return [file for file in files if file.name != "INDEX.tsv"]


@pytest.mark.corpus
@pytest.mark.parametrize("chunk", [1 << 18, 61])
def test_every_sample_file_comes_back_byte_for_byte(shared_data: Path, chunk: int) -> None:
    files = sample_files(shared_data)

    different = [file.name for file in files if echo(file.read_bytes(), chunk) != file.read_bytes()]

    assert len(files) > 100
    assert different == []


@pytest.mark.corpus
def test_what_pyx12_accepts_has_no_error_here_and_no_file_stops_the_reader(shared_data: Path) -> None:
    with (shared_data / "x12" / "INDEX.tsv").open(encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    accepted = 0
    for row in rows:
        reader = Reader((shared_data / "x12" / row["path"]).read_bytes(), check=True)
        list(reader)
        if row["type"] in OURS and row["pyx12_4.0.0"].startswith("ACCEPT"):
            accepted += 1
            assert errors(reader.findings) == [], row["path"]
    assert accepted > 40


@pytest.mark.corpus
def test_whole_trees_hold_every_segment_in_the_order_of_the_file(shared_data: Path) -> None:
    for file in sample_files(shared_data):
        content = file.read_bytes()
        for part in Reader(content, whole=True):
            if part.kind == "transaction":
                envelope = part.envelope
                body = "".join(text(one, envelope.marks, envelope.filler) for one in part.node.leaves())
                assert body.encode("latin-1") in content, file.name


def test_a_claim_is_handed_out_with_everything_above_it() -> None:
    parts = list(Reader(CLAIMS))

    assert [part.kind for part in parts] == ["claim", "claim", "transaction"]
    assert [above.loop.id for above in parts[0].parents] == ["ST", "2000A", "2000B"]
    assert parts[-1].complete
    assert parts[0].parents[1].child("2010AA") is not None


def test_an_unknown_segment_is_kept_and_reported_at_its_place() -> None:
    reader = Reader(CLAIMS.replace(b"~HI*", b"~QQ*1~HI*", 1))

    first = next(iter(reader))

    assert ["QQ", "1"] in list(first.node.segments("QQ"))
    found = next(one for one in reader.findings if one.rule == "IK304=1")
    assert (found.loop, found.segment_index) == ("2300", 21)


def test_a_transaction_without_a_guide_is_passed_over_with_a_finding() -> None:
    reader = Reader(CLAIMS.replace(b"ST*837*", b"ST*850*"))

    assert [part.kind for part in reader] == ["transaction"]
    assert {one.rule for one in reader.findings} == {"IK502=1"}


def test_memory_holds_a_claim_and_not_the_file() -> None:
    """A stream is read chunk by chunk; claims above the one at hand are gone."""
    reader = Reader(io.BytesIO(CLAIMS), chunk=128)
    parts = list(reader)

    assert all(len(list(part.parents[-1].leaves())) < 10 for part in parts if part.parents)
    assert list(parts[-1].node.loops("2000A")) == []


@settings(max_examples=300, deadline=None)
def drawn(node: Node) -> object:
    return (
        node.loop.id, node.start, node.slots,
        [drawn(item) if isinstance(item, Node) else item for item in node.items],
    )  # fmt: skip


def read_with(content: bytes, chunk: int) -> tuple[object, ...]:
    reader = Reader(content, check=True, above=True, chunk=chunk)
    parts = [(part.kind, drawn(part.node)) for part in reader]
    return parts, reader.findings


SEGMENTS = write_837p(
    ENVELOPE, [claim(control_number=f"C{n}", lines=tuple(line(k) for k in range(1, n // 12 + 2))) for n in range(24)]
).split(b"~")
FAULTS = ("lost", "twice", "swapped", "renamed", "recoded", "cut")


@given(st.lists(st.tuples(st.sampled_from(FAULTS), st.integers(2, len(SEGMENTS) - 4)), max_size=4))
@settings(max_examples=80)
def test_a_claim_is_read_the_same_whatever_came_before_it(faults: list[tuple[str, int]]) -> None:
    """Claims alike are read in one go, and what comes again word for word is not looked at again; in pieces of 40 bytes each
    segment comes alone."""
    segments = list(SEGMENTS)
    for fault, at in sorted(faults, key=lambda one: -one[1]):
        one = segments[at]
        more = {
            "lost": [], "twice": [one, one], "swapped": [segments[at + 1], one], "renamed": [b"ZZ" + one],
            "recoded": [one.replace(b"*", b"*Q", 1)], "cut": [one.rpartition(b"*")[0] or one],
        }  # fmt: skip
        segments[at : at + 1 + (fault == "swapped")] = more[fault]
    content = b"~".join(segments)

    assert read_with(content, 1 << 16) == read_with(content, 40)


@given(st.binary(max_size=300), st.integers(0, len(CLAIMS)), st.integers(1, 400))
def test_no_bytes_stop_the_reader_or_get_lost(noise: bytes, at: int, chunk: int) -> None:
    content = CLAIMS[:at] + noise + CLAIMS[at:]

    list(Reader(content, check=True, chunk=chunk))

    assert echo(content, chunk) == content


@pytest.mark.parametrize("name", sorted({*GUIDES.values(), "ta1"}))
def test_every_loop_of_a_guide_can_be_reached(name: str) -> None:
    compiled = guide(name)
    reached, waiting = set(), [compiled.root]
    while waiting:
        place = waiting.pop()
        reached.add(place.loop.id)
        waiting += place.children

    assert reached == set(compiled.loops)


HEAD = CLAIMS[: CLAIMS.index(b"BHT*")]


@pytest.mark.parametrize(
    "hostile",
    [b"ISA" * 100_000, CLAIMS[:106] * 2_000, HEAD + b"~" * 200_000, HEAD + b"CLM~" * 50_000, HEAD + b"x" * 3_000_000],
    ids=["ISA", "ISAs", "empty", "faults", "no terminator"],
)
def test_a_hostile_file_ends_soon_with_a_bounded_number_of_findings(hostile: bytes) -> None:
    """A file made to stall the reader costs no more than a few seconds and a thousand findings."""
    started = time.perf_counter()
    reader = Reader(hostile, check=True)

    list(reader)

    assert errors(reader.findings)
    assert len(reader.findings) <= 1001
    assert time.perf_counter() - started < 5
