"""A remittance that was cut on the way or miscounted posts nothing, and the message names what is missing."""

import pytest

from claims_service.store.connection import write
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import file_835, payment, remittance
from tests.workflow.cycle import entries, post, sent

BATCH = 500


def outcomes(clinic: Clinic, contents: list[bytes]) -> tuple[FileOutcome, ...]:
    files = [IncomingFile("cut.835", content) for content in contents]
    with write():
        return post_remittance(clinic.practice, files, by=BILLER, now=NOW, today=TODAY)


def first_missing(content: bytes) -> str:
    """The trailer that a cut file lacks first; "" while its beginning doesn't say what it is."""
    if b"ST*835*0001~" not in content:
        return ""
    ends = {name: f"\n{name}*".encode() in content.replace(b"~", b"~\n") for name in ("SE", "GE", "IEA")}
    return next((name for name, there in ends.items() if not there), "IEA")


def batched(cuts: list[int], size: int) -> list[list[int]]:
    return [cuts[first : first + size] for first in range(0, len(cuts), size)]


def check_cuts(clinic: Clinic, step: int, claims: int) -> None:
    """Post a file cut at every `step` bytes and at each of its last 40, then whole."""
    whole = file_835(remittance([payment(claim.control_number) for claim in sent(clinic, claims)]))
    cuts = [*range(0, len(whole) - 40, step), *range(len(whole) - 40, len(whole))]

    for some in batched(cuts, BATCH):
        for cut, outcome in zip(some, outcomes(clinic, [whole[:cut] for cut in some]), strict=True):
            assert outcome.state == "refused", cut
            named = " ".join(f"{problem.where} {problem.message}" for problem in outcome.problems)
            assert first_missing(whole[:cut]) in named, (cut, outcome.problems)
    assert entries() == 0
    assert post(clinic, whole).counts["posted"] == claims


@pytest.mark.check(39)
def test_a_file_cut_anywhere_posts_nothing(clinic: Clinic) -> None:
    """Two claims of $87.00, cut at every 23rd byte and at each of the last 40; then the whole file posts $174.00."""
    check_cuts(clinic, 23, 2)


@pytest.mark.slow
@pytest.mark.check(39)
def test_a_file_of_twenty_thousand_bytes_cut_at_any_byte_posts_nothing(clinic: Clinic) -> None:
    """A hundred claims for $8,700.00, cut at every single byte."""
    check_cuts(clinic, 1, 100)


@pytest.mark.check(40)
@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        (b"SE*", b"SE*1", "SE01"),
        (b"*0001~GE", b"*0002~GE", "SE02"),
        (b"GE*1*", b"GE*2*", "GE01"),
        (b"GE*1*1~", b"GE*1*9~", "GE02"),
        (b"IEA*1*", b"IEA*2*", "IEA01"),
        (b"IEA*1*000000001~", b"IEA*1*000000002~", "IEA02"),
    ],
)
def test_a_wrong_count_or_control_number_posts_nothing(clinic: Clinic, good: bytes, bad: bytes, named: str) -> None:
    """A trailer that does not agree with its header: the file is kept apart, and the message names the place."""
    (claim,) = sent(clinic)
    whole = file_835(remittance([payment(claim.control_number)]))
    assert whole.count(good) == 1

    outcome = post(clinic, whole.replace(good, bad))

    assert outcome.state == "refused"
    assert named in outcome.problems[0].where
    assert outcome.file is not None
    assert entries() == 0
