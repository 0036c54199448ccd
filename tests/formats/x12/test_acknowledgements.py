"""TA1, 999 and 277CA: what payers answer, and what we answer them."""

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from claims_service.domain.claim.acknowledgement import (
    BatchAnswer,
    ClaimAnswer,
    GroupAnswer,
    InterchangeAnswer,
    SegmentFault,
    StatusReason,
    TransactionAnswer,
)
from claims_service.formats.x12.acknowledgements import read_acknowledgements, write_999, write_ta1
from claims_service.formats.x12.own_answers import answers_to
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


@pytest.mark.wrong_x12("an answer about the whole batch names no claim, which the map asks for")
def test_a_rejection_above_the_claims_is_seen_though_no_claim_is_named() -> None:
    whole = BatchAnswer("BATCH1", "ACME", "ACME1", (), rejected_whole=(StatusReason("A3", "24", "41"),))

    read = list(read_acknowledgements(write_277ca(ENVELOPE, whole, CLINIC, {})))

    assert read == [whole]


def test_a_clean_file_gets_our_ta1_and_999_of_acceptance() -> None:
    envelopes, groups = answers_to(write_837p(ENVELOPE, [claim()]))

    assert [(one.code, one.note) for one in envelopes] == [("A", "000")]
    assert [(one.code, one.included, one.accepted) for one in groups] == [("A", 1, 1)]


@pytest.mark.parametrize(
    ("functional_id", "kind"),
    [("HC", "837"), ("HP", "835"), ("HS", "270"), ("HB", "271"), ("HR", "276"), ("HN", "277")],
)
def test_our_999_names_the_kind_of_what_it_answers(functional_id: str, kind: str) -> None:
    """AK201, whatever insurers send us: remittances, and what they say of coverage and of claims."""
    one = GroupAnswer("1", functional_id, "005010X279A1", "A", (TransactionAnswer("0001", "A"),), 1, 1, 1)

    written = write_999(ENVELOPE, [one])

    assert f"~AK2*{kind}*0001*".encode() in written
    assert judge(written) == (True, [])


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


def test_each_interchange_of_a_file_gets_its_own_ta1_and_each_group_its_own_999() -> None:
    """Two clinics' files in one: the first is sound, the second counts its groups wrong and has no total on its claim."""
    first = write_837p(ENVELOPE, [claim()])
    second = write_837p(replace(ENVELOPE, control=2, group_control=2), [claim(), claim(control_number="C2")])
    second = second.replace(b"~CLM*C2*150.5*", b"~CLM*C2**").replace(b"IEA*1*", b"IEA*3*")

    envelopes, groups = answers_to(io.BytesIO(first + second))

    assert [(one.interchange_control, one.code, one.note) for one in envelopes] == [
        ("000000001", "A", "000"),
        ("000000002", "R", "021"),
    ]
    assert [(one.group_control, one.code, one.accepted) for one in groups] == [("1", "A", 1), ("2", "R", 0)]
    assert groups[0].transactions == (TransactionAnswer("0001", "A"),)


def test_a_miscounted_transaction_is_refused_by_its_code() -> None:
    content = write_837p(ENVELOPE, [claim()])

    _, groups = answers_to(content.replace(b"~SE*", b"~SE*9"))

    assert groups[0].transactions == (TransactionAnswer("0001", "R", errors=("4",)),)
    written = write_999(ENVELOPE, groups)
    assert judge(written) == (True, [])
    assert list(read_acknowledgements(written)) == list(groups)


def test_nobody_answers_an_answer() -> None:
    """A 999 that came in gets no 999 back, and a TA1 no TA1."""
    assert answers_to(write_ta1(ENVELOPE, [DUPLICATE])) == ((), ())
    assert answers_to(write_999(ENVELOPE, [PARTIAL]))[1] == ()


def test_a_thousand_faults_in_one_claim_do_not_let_the_next_transaction_pass() -> None:
    """Faults are kept up to a hundred a transaction; the verdict on the next one stands on its own."""
    bad = write_837p(ENVELOPE, [claim()]).replace(b"~LX*2~", b"~LX*2~" + b"ZZ1*1~" * 1200)
    body = bad[bad.index(b"ST*") : bad.index(b"GE*")]
    whole = bad.replace(b"GE*1*", body.replace(b"*0001*", b"*0002*").replace(b"*0001~", b"*0002~") + b"GE*2*")

    _, groups = answers_to(whole)

    assert [(one.code, len(one.faults)) for one in groups[0].transactions] == [("R", 100), ("R", 100)]


NUMBER = st.integers(1, 999_999).map(str)
CODES = st.sampled_from(["1", "2", "3", "5", "7", "8"])
FAULTS = st.lists(
    st.builds(SegmentFault, st.sampled_from(["SV1", "NM1"]), st.integers(1, 9999), st.sampled_from(["", "2400", "2010"]), CODES)
    | st.builds(SegmentFault, st.just("SV1"), st.integers(1, 9999), st.just("2400"), st.just("8"), st.sampled_from(["4", "1-2"]), CODES),
    max_size=4, unique=True,
).map(tuple)  # fmt: skip
TRANSACTIONS = st.builds(
    TransactionAnswer,
    st.integers(1, 9999).map("{:04}".format),
    st.sampled_from("AER"),
    FAULTS,
    st.sampled_from([(), ("3", "4")]),
)
GROUPS = st.builds(
    GroupAnswer, NUMBER, st.just("HC"), st.just("005010X222A1"), st.sampled_from("AEPR"), st.lists(TRANSACTIONS, max_size=4).map(tuple),
    st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.sampled_from([(), ("5",)]),
)  # fmt: skip
REASONS = st.lists(
    st.builds(StatusReason, st.sampled_from(["A1", "A2", "A3", "A7"]), st.sampled_from(["19", "21"]), st.sampled_from(["", "85"])),
    min_size=1, max_size=7,
).map(tuple)  # fmt: skip
ANSWERS = st.builds(
    ClaimAnswer, st.sampled_from(["C1", "C2"]), REASONS, st.integers(0, 999_999), st.sampled_from(["", "ICN1"]),
    st.dates(date(2016, 1, 1), date(2030, 1, 1)),
)  # fmt: skip
BATCHES = st.builds(
    BatchAnswer, st.sampled_from(["BATCH1", "B2"]), st.just("ACME"), st.just("ACME1"), st.lists(ANSWERS, max_size=4).map(tuple),
    st.none() | st.integers(1, 99), st.none() | st.integers(1, 99), st.none() | st.integers(1, 99), st.none() | st.integers(1, 99),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(GROUPS, min_size=1, max_size=3))
def test_any_999_reads_back_field_for_field(groups: list[GroupAnswer]) -> None:
    file = read_acknowledgements(write_999(ENVELOPE, groups))

    assert list(file) == groups
    assert file.findings == []


@pytest.mark.wrong_x12("a batch may be answered without naming a claim, which the map asks for")
@settings(max_examples=60, deadline=None)
@given(BATCHES)
def test_any_277ca_reads_back_field_for_field(batch: BatchAnswer) -> None:
    file = read_acknowledgements(write_277ca(ENVELOPE, batch, CLINIC, CLAIMS))

    assert list(file) == [batch]
    assert file.findings == []


@settings(max_examples=5, deadline=None, phases=(Phase.generate,))
@given(GROUPS, BATCHES.filter(lambda batch: batch.claims))
def test_pyx12_accepts_any_999_and_277ca(group: GroupAnswer, batch: BatchAnswer) -> None:
    assert judge(write_999(ENVELOPE, [group])) == (True, [])
    assert judge(write_277ca(ENVELOPE, batch, CLINIC, CLAIMS)) == (True, [])
