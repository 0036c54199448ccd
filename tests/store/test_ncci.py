"""NCCI edits for a batch of claims: what its codes need, however many millions of pairs there are."""

from collections.abc import Iterable
from datetime import date

import peewee
import pytest

from claims_service.domain.code_sets import Span
from claims_service.domain.ncci import PtpEdit
from claims_service.store import ncci
from claims_service.store.code_releases import NewRelease
from claims_service.store.connection import run, write
from tests.clinic import NOW
from tests.rows_read import rows_read

START = date(2020, 1, 1)


def add(pairs: Iterable[tuple[str, str]], name: str) -> None:
    spans = (Span(START, None, PtpEdit(one, two, "1", "Misuse of column two code")) for one, two in pairs)
    ncci.add_pairs(NewRelease("ptp_P", name, name, None, complete=False), "P", spans, by="command", at=NOW)


def invented(first: int, last: int) -> list[tuple[str, str]]:
    """A hundred column 2 codes for each column 1 code."""
    return [(f"1{one:04}", f"2{two:04}") for one in range(first, last) for two in range(100)]


def test_a_batch_reads_its_own_pairs_alone(store: peewee.Database) -> None:
    """Five patients with three codes a day: as much work among 20,000 pairs as among 2,000."""
    days = [[f"1{day % 20:04}", f"2{day:04}", f"2{day + 1:04}"] for day in range(5)]
    add(invented(0, 20), "few")
    few = rows_read("ptp_edit", lambda: ncci.load("P", days))
    add(invented(20, 200), "many")
    many = rows_read("ptp_edit", lambda: ncci.load("P", days))

    loaded = ncci.load("P", days).ptp
    assert len(loaded.edits) == 10
    assert all(not loaded.allows((one, two), [], START) for one, *others in days for two in others)
    assert many <= few * 2


def test_the_reasons_of_the_pairs_are_kept_once(store: peewee.Database) -> None:
    add(invented(0, 3), "file")

    assert run("select count(*) from ptp_edit").fetchone()[0] == 300
    assert run("select count(*) from ncci_rationale").fetchone()[0] == 1


def test_no_pair_is_ever_deleted(store: peewee.Database) -> None:
    add([("11102", "36415")], "file")

    with pytest.raises(peewee.DatabaseError, match="never changed or deleted"), write():
        run("delete from ptp_edit")


def test_a_batch_of_nothing_asks_for_nothing(store: peewee.Database) -> None:
    empty = ncci.load("P", [])

    assert (empty.ptp.edits, empty.mue.limits, empty.add_ons.rules) == ({}, {}, {})
