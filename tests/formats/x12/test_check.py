"""Checking whole files: the sample files, files of our own, and files that are none."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_service.domain.claim.claim import Claim
from claims_service.formats.x12.check import check
from claims_service.formats.x12.findings import errors
from claims_service.formats.x12.write_837p import write_837p
from tests.formats.x12.examples import ENVELOPE, claim, coverage, drug, line, secondary

CLAIMS = write_837p(ENVELOPE, [claim(), claim(control_number="C2")])
MISSES = Path(__file__).with_name("pyx12_misses.tsv")


@pytest.mark.corpus
def test_what_pyx12_accepts_has_only_the_faults_that_it_is_known_to_miss(shared_data: Path) -> None:
    """The table names each file, the rule it breaks, and why pyx12 does not notice: no more and no fewer."""
    with (shared_data / "x12" / "INDEX.tsv").open(encoding="utf-8") as index:
        accepted = [row["path"] for row in csv.DictReader(index, delimiter="\t") if row["pyx12_4.0.0"][:6] == "ACCEPT"]
    with MISSES.open(encoding="utf-8") as table:
        known = {(row["file"], row["rule"]) for row in csv.DictReader(table, delimiter="\t")}

    found = {
        (path, one.rule)
        for path in accepted
        for one in errors([*check((shared_data / "x12" / path).read_bytes()).findings])
    }

    assert len(accepted) > 50
    assert found == known


@pytest.mark.corpus
def test_nothing_is_found_in_the_samples_of_each_transaction(shared_data: Path) -> None:
    samples = sorted((shared_data / "layouts" / "x12").glob("*.x12"))

    assert len(samples) > 15
    assert {
        sample.name: check(sample.read_bytes()).findings for sample in samples if check(sample.read_bytes()).findings
    } == {}


@pytest.mark.parametrize(
    "made",
    [claim(), claim(lines=(line(), drug())), secondary(), claim(coverage=coverage(relationship="18"))],
    ids=["an office visit", "a drug", "a second payer", "a subscriber"],
)
def test_nothing_is_found_in_a_claim_that_we_write(made: Claim) -> None:
    assert errors([*check(write_837p(ENVELOPE, [made])).findings]) == []


def test_findings_come_in_the_order_of_the_file_and_are_counted_by_severity() -> None:
    """The second claim is $1 off and the clinic's NPI is wrong: two errors, the clinic's first."""
    claims = CLAIMS.replace(b"CLM*C2*150.5*", b"CLM*C2*151.5*").replace(b"XX*1234567893", b"XX*1234567890")

    checked = check(io.BytesIO(claims))

    assert [one.rule for one in checked.findings] == ["npi", "claim-total"]
    assert checked.counts == {"error": 2, "warning": 0, "notice": 0}
    assert not checked.unreadable


def test_the_same_claim_number_in_another_transaction_is_no_fault() -> None:
    once = CLAIMS[CLAIMS.index(b"ST*") : CLAIMS.index(b"GE*")]
    twice = CLAIMS.replace(once, once + once.replace(b"*0001", b"*0002")).replace(b"GE*1*", b"GE*2*")

    assert check(twice).findings == ()


def test_a_finding_says_nothing_that_stood_in_the_file() -> None:
    """Ann Example's member number and birth date may be wrong; no sentence repeats them."""
    claims = CLAIMS.replace(b"19800101", b"20990231").replace(b"EXAMPLE*ANN", b"example*ann")

    for one in check(claims).findings:
        assert "20990231" not in repr(one)
        assert "example" not in repr(one).lower()


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.7", b"ISA*00*"], ids=["nothing", "text", "a PDF", "a start"]
)
def test_what_is_no_x12_file_is_unreadable(content: bytes) -> None:
    checked = check(content)

    assert checked.unreadable
    assert checked.counts["error"]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(CLAIMS)), st.integers(0, 60))
def test_no_bytes_stop_the_check(noise: bytes, at: int, lost: int) -> None:
    check(CLAIMS[:at] + noise + CLAIMS[at + lost :])
