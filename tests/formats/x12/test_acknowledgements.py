"""TA1, 999 and 277CA: what payers answer, and what we answer them."""

from datetime import date

import pytest

from claims_service.domain.claim.acknowledgement import (
    BatchAnswer,
    ClaimAnswer,
    GroupAnswer,
    InterchangeAnswer,
    SegmentFault,
    StatusReason,
    TransactionAnswer,
)
from claims_service.formats.x12.acknowledgements import answers_to, read_acknowledgements, write_999, write_ta1
from claims_service.formats.x12.write_277ca import write_277ca
from claims_service.formats.x12.write_837p import write_837p
from tests.formats.x12.examples import CLINIC, ENVELOPE, claim
from tests.formats.x12.pyx12_judge import judge

DUPLICATE = InterchangeAnswer("000000001", date(2026, 11, 2), "0900", "R", "025")
PARTIAL = GroupAnswer(
    "1", "HC", "005010X222A1", "P",
    (
        TransactionAnswer("0001", "A"),
        TransactionAnswer(
            "0002", "R",
            (
                SegmentFault("SV1", 27, "2400", "8", "4", "1"),
                SegmentFault("SV1", 27, "2400", "8", "1-2", "6"),
                SegmentFault("N3", 12, "2010", "3"),
            ),
        ),
    ),
    2, 2, 1,
)  # fmt: skip
BATCH = BatchAnswer(
    "BATCH1", "ACME HEALTH PLAN", "ACME1",
    (
        ClaimAnswer("C1", (StatusReason("A2", "20", "PR"),), 15050, "ICN1", date(2026, 11, 2)),
        ClaimAnswer("C2", (StatusReason("A7", "164", "IL"), StatusReason("A6", "33")), 15050, "", date(2026, 11, 2)),
    ),
    1, 1, 15050, 15050,
)  # fmt: skip
CLAIMS = {"C1": claim(), "C2": claim(control_number="C2")}


def test_a_duplicate_file_is_refused_by_ta1() -> None:
    written = write_ta1(ENVELOPE, [DUPLICATE])

    assert list(read_acknowledgements(written)) == [DUPLICATE]
    assert written.endswith(b"TA1*000000001*261102*0900*R*025~IEA*0*000000001~")


def test_a_999_may_reject_one_transaction_and_let_the_other_live() -> None:
    written = write_999(ENVELOPE, [PARTIAL])

    assert list(read_acknowledgements(written)) == [PARTIAL]
    assert judge(written) == (True, [])


def test_a_277ca_accepts_one_claim_and_returns_the_other_with_reasons() -> None:
    """C1 goes to adjudication as ICN1; C2 comes back for its member id and its name."""
    written = write_277ca(ENVELOPE, BATCH, CLINIC, CLAIMS)

    assert list(read_acknowledgements(written)) == [BATCH]
    assert [one.accepted for one in BATCH.claims] == [True, False]
    assert judge(written) == (True, [])


def test_a_rejection_above_the_claims_is_seen_though_no_claim_is_named() -> None:
    whole = BatchAnswer("BATCH1", "ACME", "ACME1", (), rejected_whole=(StatusReason("A3", "24", "41"),))

    read = list(read_acknowledgements(write_277ca(ENVELOPE, whole, CLINIC, {})))

    assert read == [whole]


def test_a_clean_file_gets_our_ta1_and_999_of_acceptance() -> None:
    envelopes, groups = answers_to(write_837p(ENVELOPE, [claim()]))

    assert [(one.code, one.note) for one in envelopes] == [("A", "000")]
    assert [(one.code, one.included, one.accepted) for one in groups] == [("A", 1, 1)]


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (b"~CLM*C1*150.5*", b"~CLM*C1**", SegmentFault("CLM", 20, "2300", "8", "2", "1")),
        (b":B:1*Y*A*", b":B:1*Y*Q*", SegmentFault("CLM", 20, "2300", "8", "7", "7")),
        (b"~LX*2~SV1", b"~LX*2~ZZ1*4~SV1", SegmentFault("ZZZ", 29, "2400", "1")),
        (b"~DTP*472*D8*20261015~REF*6R*C1L2", b"~REF*6R*C1L2", SegmentFault("DTP", 28, "2400", "3")),
    ],
)
def test_our_999_names_the_fault_of_a_bad_file_and_copies_no_value(
    right: bytes, wrong: bytes, fault: SegmentFault
) -> None:
    content = write_837p(ENVELOPE, [claim()])
    assert right in content

    _, groups = answers_to(content.replace(right, wrong))

    assert groups[0].code == "R"
    assert fault in groups[0].transactions[0].faults
    written = write_999(ENVELOPE, groups)
    assert judge(written) == (True, [])
    assert list(read_acknowledgements(written)) == list(groups)


def test_a_file_without_its_trailers_is_refused_by_our_ta1() -> None:
    content = write_837p(ENVELOPE, [claim()])

    envelopes, groups = answers_to(content[: content.index(b"GE*")])

    assert [one.code for one in envelopes] == ["R"]
    assert len(groups) == 1
