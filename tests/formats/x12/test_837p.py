"""Claims to 837P and back; pyx12 is the outside judge of every file."""

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from claims_service.domain.claim.claim import Claim
from claims_service.domain.errors import Rejected
from claims_service.domain.party import Address, Person, Provider
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.read_837p import read_837p
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.write_837p import write_837p
from tests.formats.x12.claim_strategies import professional
from tests.formats.x12.examples import ANN, ENVELOPE, TIM, claim, coverage, drug, line, secondary
from tests.formats.x12.pyx12_judge import judge

SURGERY = Provider("1234567893", "SURGERY CENTER", "", "", Address("9 PARK", "", "SPRINGFIELD", "IL", "627010009"))
EVERY_KIND = [
    claim(),
    # a subscriber who is not the patient is sent by name and member id only (2010BA)
    claim(
        control_number="C2",
        patient=TIM,
        coverage=coverage(relationship="19", subscriber=Person("EXAMPLE", "ANN", "Q")),
        lines=(line(), drug()),
    ),
    claim(
        control_number="C3",
        frequency="7",
        payer_claim_number="ICN9",
        referring=Provider("1234567893", "REFERRER", "RAE"),
        facility=SURGERY,
        prior_authorization="AUTH1",
        referral_number="R1",
        clia="12D3456789",
        patient_paid_cents=1000,
    ),
    secondary(),
]


def read_back(content: bytes) -> list[Claim]:
    file = read_837p(content)
    claims = list(file)
    assert file.findings == []
    return claims


@pytest.mark.check(47)
def test_every_kind_of_claim_reads_back_as_it_was_and_pleases_pyx12() -> None:
    """A self-pay adult, her child, a replacement with everything on it, and a secondary claim."""
    written = write_837p(ENVELOPE, EVERY_KIND)

    assert judge(written) == (True, [])
    assert sorted(read_back(written), key=repr) == sorted(EVERY_KIND, key=repr)


def test_what_is_read_is_written_again_byte_for_byte() -> None:
    written = write_837p(ENVELOPE, EVERY_KIND)

    assert write_837p(ENVELOPE, read_back(written)) == written


@pytest.mark.check(47)
@settings(max_examples=25, deadline=None)
@given(st.lists(professional(), min_size=1, max_size=3))
def test_any_claims_read_back_field_for_field(made: list[Claim]) -> None:
    read = read_back(write_837p(ENVELOPE, made))

    assert sorted(read, key=repr) == sorted(made, key=repr)


@pytest.mark.check(47)
@settings(max_examples=4, deadline=None, phases=(Phase.generate,))
@given(st.lists(professional(), min_size=1, max_size=2))
def test_pyx12_accepts_any_claims(made: list[Claim]) -> None:
    assert judge(write_837p(ENVELOPE, made)) == (True, [])


@pytest.mark.check(46)
@settings(max_examples=150, deadline=None)
@given(st.text(min_size=0, max_size=60), st.text(min_size=0, max_size=60))
def test_no_text_makes_a_segment_of_its_own(last: str, street: str) -> None:
    """Delimiters, control characters, emoji and right-to-left marks are mapped or the claim is refused."""
    ann = replace(ANN, last=last, address=replace(ANN.address, line1=street))
    expected = len(write_837p(ENVELOPE, [claim()]).split(b"~"))

    try:
        written = write_837p(ENVELOPE, [claim(patient=ann, coverage=coverage(subscriber=ann))])
    except Rejected:
        return

    assert len(written.split(b"~")) == expected
    assert Reader(written, check=True).findings == [] == [*errors_in(written)]


def errors_in(content: bytes) -> list[Finding]:
    reader = Reader(content, check=True)
    list(reader)
    return reader.findings


@pytest.mark.check(46)
@pytest.mark.parametrize("text", ["A*B", "A~B", "A:B", "A^B", "MUÑOZ", "O’HARA", "A\x1dB", "A\x00B", "😀 SMITH"])
def test_a_name_is_mapped_with_a_notice(text: str) -> None:
    notices: list[Finding] = []
    ann = replace(ANN, last=text)

    written = write_837p(ENVELOPE, [claim(patient=ann)], notices)

    assert [notice.severity for notice in notices] == ["notice"]
    assert errors_in(written) == []


@pytest.mark.check(46)
def test_an_identifier_with_a_delimiter_is_refused_and_not_quoted() -> None:
    """A member id can't be altered: the claim is refused, and the message does not repeat the id."""
    plan = replace(coverage(), member_id="MEM*SECRET")

    with pytest.raises(Rejected) as refused:
        write_837p(ENVELOPE, [claim(coverage=plan)])

    assert "SECRET" not in str(refused.value)
    assert refused.value.problems[0].where == "loop 2010BA, NM1"


def test_every_fault_of_every_claim_is_named_at_once() -> None:
    bad_zip = replace(ANN, address=replace(ANN.address, zip="1"))
    with pytest.raises(Rejected) as refused:
        write_837p(ENVELOPE, [claim(patient=bad_zip), claim(accept_assignment="X")])

    assert {problem.where for problem in refused.value.problems} == {"loop 2010BA, N403", "loop 2300, CLM07"}


def test_more_than_a_hundred_claims_of_one_patient_get_a_second_level() -> None:
    """The guide lets 100 claims stand under one HL."""
    made = [claim(control_number=f"C{number}") for number in range(101)]

    written = write_837p(ENVELOPE, made)

    assert written.count(b"~HL*") == 3
    assert judge(written) == (True, [])
