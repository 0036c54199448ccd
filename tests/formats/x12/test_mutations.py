"""Single faults in valid files: each is found, and named at its place. The tables in mutations/ say what is done."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from claims_service.formats.x12.check import check
from claims_service.formats.x12.rules.table import rule_texts
from tests.formats.x12.pyx12_judge import judge

FOLDER = Path(__file__).parent / "mutations"
KINDS = ("837p", "837i", "835", "999", "277ca", "271")


@dataclass(frozen=True)
class Mutation:
    """One row: `find` stands once in the file and becomes `put`; ~ parts segments, and what is put may be nothing."""

    kind: str
    fault: str
    find: str
    put: str
    rule: str
    place: str


@cache
def valid(kind: str) -> str:
    return (FOLDER / f"{kind}.x12").read_text(encoding="ascii").replace("\n", "")


def mutations(kind: str) -> list[Mutation]:
    with (FOLDER / f"{kind}.tsv").open(encoding="utf-8", newline="") as file:
        return [Mutation(kind, *row) for row in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]]


def mutated(mutation: Mutation) -> bytes:
    """The file with its one fault; SE01 counts what is there then, unless the fault is in the SE."""
    before = valid(mutation.kind)
    assert before.count(mutation.find) == 1, f"{mutation.find} does not stand once"
    after = before.replace(mutation.find, mutation.put)
    if not mutation.find.startswith("SE*"):
        count = after[after.index("~ST*") + 1 : after.rindex("~SE*") + 1].count("~") + 1 if "~SE*" in after else 0
        after = re.sub(r"~SE\*[0-9]+\*", f"~SE*{count}*", after)
    return after.encode("latin-1")


ALL = [mutation for kind in KINDS for mutation in mutations(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_found_in_a_valid_file_and_pyx12_agrees(kind: str) -> None:
    content = valid(kind).encode("ascii")

    assert check(content).findings == ()
    assert kind == "271" or judge(content)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_has_at_least_forty_faults_that_differ(kind: str) -> None:
    rows = mutations(kind)

    assert len({(row.find, row.put) for row in rows}) == len(rows) >= 40
    assert len({row.fault for row in rows}) == len(rows)


@pytest.mark.parametrize("mutation", ALL, ids=lambda one: f"{one.kind}: {one.fault}")
def test_a_fault_is_found_and_named_at_its_place(mutation: Mutation) -> None:
    """The place is the segment, counted from ST = 1 (0 outside a transaction), and the element where there is one."""
    found = check(mutated(mutation)).findings

    assert (mutation.rule, mutation.place) in [
        (one.rule, f"{one.segment_index} {one.element or one.segment}".strip()) for one in found
    ]
    assert all(one.message and one.mend for one in found)


def test_every_rule_is_broken_by_some_fault() -> None:
    """A rule that no table breaks would be one that nobody has seen work."""
    assert set(rule_texts()) - {mutation.rule for mutation in ALL} == set()
