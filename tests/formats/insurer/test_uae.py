"""Claim.Submission and Remittance.Advice: a format that is a folder in mappings/ and no code."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from claims_service.domain.claim.claim import Adjustment, Claim
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.domain.errors import Rejected
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment
from claims_service.domain.remittance.balancing import Balance
from claims_service.formats.insurer.canonical import Sending
from claims_service.formats.insurer.insurer_format import insurer_format
from claims_service.formats.insurer.read_answers import read_answers
from claims_service.formats.insurer.write_claims import write_claims
from claims_service.formats.x12.read_837p import read_837p
from claims_service.formats.xml import read_xml
from tests.formats.paper.facility import stay
from tests.formats.x12 import examples
from tests.formats.x12.claim_strategies import institutional, professional

UAE = insurer_format("uae")
SENDING = Sending("SYN-F-0001", "SYN-P-001", datetime(2026, 11, 2, 9, 0), test=True)  # noqa: DTZ001 - local time
ANSWER = """<Remittance.Advice><Header><SenderID>P1</SenderID><ReceiverID>F1</ReceiverID>
<TransactionDate>20/11/2026 10:00</TransactionDate><RecordCount>{count}</RecordCount></Header>{claims}</Remittance.Advice>"""
CLAIM = """<Claim><ID>{id}</ID><IDPayer>X1</IDPayer><ProviderID>F1</ProviderID><PaymentReference>{trace}</PaymentReference>
<DateSettlement>20/11/2026 10:00</DateSettlement>{denial}<Activity><ID>{id}L1</ID><Start>15/10/2026 09:00</Start><Type>3</Type>
<Code>99213</Code><Quantity>1.00</Quantity><Net>100</Net><Gross>{gross}</Gross><PatientShare>{share}</PatientShare>
<PaymentAmount>{paid}</PaymentAmount>{line_denial}</Activity></Claim>"""


def words(content: bytes) -> list[tuple[str, str]]:
    """Elements in order, each with its text."""
    return [(str(element.tag), (element.text or "").strip()) for element in read_xml(content).iter()]


def sent(*claims: Claim | InstitutionalClaim) -> etree._Element:
    return read_xml(write_claims(UAE, SENDING, claims))


def texts(element: etree._Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path)]


def answer(*claims: str, count: int | None = None) -> bytes:
    return ANSWER.format(count=len(claims) if count is None else count, claims="".join(claims)).encode()


def paid(
    number: str = "C1",
    gross: str = "120",
    share: str = "20",
    money: str = "100",
    *,
    trace: str = "T1",
    denial: str = "",
    whole: str = "",
) -> str:
    line_denial = f"<DenialCode>{denial}</DenialCode>" if denial else ""
    claim_denial = f"<DenialCode>{whole}</DenialCode>" if whole else ""
    return CLAIM.format(
        id=number, trace=trace, gross=gross, share=share, paid=money, denial=claim_denial, line_denial=line_denial
    )


def payments(content: bytes) -> list[ClaimPayment]:
    return [found for found in read_answers(UAE, content) if isinstance(found, ClaimPayment)]


def balanced(found: Iterator[Advice | ClaimPayment | AdviceEnd]) -> list[str]:
    """What does not add up, by the check every 835 goes through."""
    faults = []
    for item in found:
        if isinstance(item, Advice):
            balance = Balance(item)
        elif isinstance(item, ClaimPayment):
            balance.take(item)
        else:
            balance.end(item)
            faults += [problem.message for problem in balance.problems]
    return faults


@pytest.mark.corpus
def test_the_shared_neutral_claim_becomes_the_shared_submission(shared_data: Path) -> None:
    folder = shared_data / "layouts/uae"
    made = UAE.claim.run(read_xml((folder / "canonical_claim.xml").read_bytes()))

    assert words(made) == words((folder / "claim_submission.xml").read_bytes())


@pytest.mark.corpus
def test_the_same_visit_from_an_837p_says_the_same_where_both_know_it(shared_data: Path) -> None:
    """Alma's $150.00: the sample has her national number, times of day and a blood value, which an 837P has not."""
    alma = next(iter(read_837p((shared_data / "layouts/x12/837p_basic.x12").read_bytes())))
    ours = sent(replace(alma, patient_paid_cents=2000))
    sample = read_xml((shared_data / "layouts/uae/claim_submission.xml").read_bytes())

    told = (
        "ID",
        "MemberID",
        "Diagnosis/Type",
        "Diagnosis/Code",
        *(f"Activity/{n}" for n in ("ID", "Type", "Code", "Quantity")),
    )
    for path in (
        *(f"Claim/{name}" for name in told),
        "Header/RecordCount",
        "Header/TransactionDate",
        "Header/DispositionFlag",
    ):
        assert texts(ours, path) == texts(sample, path), path
    for path in ("Claim/Gross", "Claim/PatientShare", "Claim/Net", "Claim/Activity/Net"):
        assert [Decimal(text) for text in texts(ours, path)] == [Decimal(text) for text in texts(sample, path)], path
    tags = [str(element.tag) for element in sample.iter() if element.tag not in ("Observation", "Value", "ValueType")]
    assert {str(element.tag) for element in ours.iter()} == set(tags)


@pytest.mark.thorough
@settings(max_examples=40)
@given(st.lists(st.one_of(professional(), institutional()), min_size=1, max_size=3))
def test_services_add_up_to_their_claim_and_claims_are_counted(claims: list[Claim | InstitutionalClaim]) -> None:
    """Gross = patient's share + net, and the claim's net is the sum of its services', to the cent."""
    made = sent(*claims)

    assert texts(made, "Header/RecordCount") == [str(len(claims))]
    for claim, found in zip(claims, made.findall("Claim"), strict=True):
        gross, share, net = (Decimal(found.findtext(name) or "") for name in ("Gross", "PatientShare", "Net"))
        assert gross == share + net == Decimal(claim.charge_cents) / 100
        assert sum(Decimal(text) for text in texts(found, "Activity/Net")) == net
        assert len(found.findall("Activity")) == len(claim.lines)


def test_a_stay_in_hospital_has_its_hours_and_a_correction_says_what_it_corrects() -> None:
    stayed = sent(stay(frequency="7", payer_claim_number="ICN9")).find("Claim")
    assert stayed is not None

    assert (stayed.findtext("Encounter/Type"), stayed.findtext("Encounter/Start")) == ("3", "05/10/2026 08:30")
    assert (stayed.findtext("IDPayer"), stayed.findtext("Resubmission/Type")) == ("ICN9", "correction")
    assert texts(stayed, "Activity/PriorAuthorizationID") == ["AUTH1"] * 4


@pytest.mark.corpus
def test_the_shared_remittance_becomes_one_advice_that_adds_up(shared_data: Path) -> None:
    """$100.00 of $120.00 with a $20.00 copay, and $30.00 denied for want of an authorization."""
    content = (shared_data / "layouts/uae/remittance_advice.xml").read_bytes()
    advice, payment, end = read_answers(UAE, content)

    assert isinstance(advice, Advice)
    assert isinstance(payment, ClaimPayment)
    assert (advice.trace, advice.paid_cents, advice.paid_on) == ("SYNBANKREF0001", 100_00, date(2026, 11, 20))
    assert (payment.control_number, payment.charge_cents, payment.paid_cents, payment.patient_share_cents) == (
        "SYNA001",
        150_00,
        100_00,
        20_00,
    )
    assert [line.adjustments for line in payment.lines] == [
        (Adjustment("PR", "3", 20_00),),
        (Adjustment("CO", "197", 30_00),),
    ]
    assert payment.lines[1].remarks == ("AUTH-001",)
    assert end == AdviceEnd(1, ())
    assert balanced(read_answers(UAE, content)) == []


def test_each_payment_number_is_an_advice_of_its_own() -> None:
    """Two transfers in one file: $100.00 + $50.00 by T1 and $30.00 by T2, as the bank will show them."""
    content = answer(paid("C1"), paid("C2", "30", "0", "30", trace="T2"), paid("C3", "50", "0", "50"))
    advices = [found for found in read_answers(UAE, content) if isinstance(found, Advice)]

    assert [(a.trace, a.paid_cents) for a in advices] == [("T1", 150_00), ("T2", 30_00)]
    assert [p.position for p in payments(content)] == [1, 2, 1]
    assert balanced(read_answers(UAE, content)) == []


def test_money_taken_back_is_a_reversal() -> None:
    """$100.00 taken back: the charge of $120.00 and the copay turn round with it."""
    (payment,) = payments(answer(paid(money="-100")))

    assert (payment.is_reversal, payment.charge_cents, payment.paid_cents) == (True, -120_00, -100_00)
    assert payment.lines[0].adjustments == (Adjustment("PR", "3", -20_00),)
    assert balanced(read_answers(UAE, answer(paid(money="-100")))) == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [("DUPL-002", ("CO", "18")), ("BENX-005", ("PI", "119")), ("ODD-1", ("CO", "A1")), ("", ("CO", "45"))],
)
def test_a_denial_keeps_its_own_code_beside_the_reason_it_stands_for(code: str, reason: tuple[str, str]) -> None:
    (payment,) = payments(answer(paid(share="0", money="0", denial=code)))

    assert payment.lines[0].adjustments == (Adjustment(*reason, 120_00),)
    assert payment.lines[0].remarks == ((code,) if code else ())
    assert payment.status == ("4" if code else "1")


def test_a_claim_denied_as_a_whole_denies_each_service() -> None:
    (payment,) = payments(answer(paid(share="0", money="0", whole="TIME-001")))
    assert payment.lines[0].adjustments == (Adjustment("CO", "29", 120_00),)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-(10**6), 10**6)), min_size=1, max_size=5
    )
)
def test_whatever_is_paid_the_answer_balances(amounts: list[tuple[int, int, int]]) -> None:
    claims = [paid(f"C{n}", f"{g}.{n:02}", str(s), str(p)) for n, (g, s, p) in enumerate(amounts)]
    assert balanced(read_answers(UAE, answer(*claims))) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (answer(paid(), count=2), "announces 2 claims and holds 1"),
        (answer(), "no claim"),
        (answer(paid(money="1,5")), "amount can't be read"),
        (answer(paid(trace="")), "lacks its payment number"),
        (answer(paid("")), "lacks its number of the claim"),
        (answer(paid().replace("20/11/2026", "2026")), "date can't be read"),
        (answer(paid().replace("1.00", "one")), "quantity is no number"),
        (answer(paid().replace("1.00", "NaN")), "quantity is no number"),
        (answer(paid().replace("1.00", "1E999999999")), "quantity is no number"),
        (answer(paid(trace="T" * 51)), "longer than 50"),
        (answer(paid().replace("99213", "9" * 81)), "longer than 80"),
        (answer(paid())[:-30], "not well-formed"),
        (b"<Claim.Submission/>", "starts with <Claim.Submission>"),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Remittance.Advice>&x;</Remittance.Advice>',
            "document type",
        ),
    ],
)
def test_an_answer_that_is_not_whole_or_not_readable_gives_nothing(content: bytes, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        read_answers(UAE, content)


@settings(max_examples=60)
@given(st.binary(max_size=12), st.integers(0, 900), st.integers(0, 12))
def test_a_damaged_answer_is_read_or_refused_and_never_a_stop(put: bytes, at: int, off: int) -> None:
    """Any bytes in place of any others: either it still balances, or it is refused whole."""
    whole = answer(paid(), paid("C2", trace="T2"))
    damaged = whole[:at] + put + whole[at + off :]

    try:
        found = read_answers(UAE, damaged)
    except Rejected:
        return
    assert balanced(found) == []


def test_signs_and_letters_of_a_name_do_no_harm_to_the_file() -> None:
    odd = replace(examples.coverage(), member_id='<A&B>"\x01é')
    assert texts(sent(examples.claim(coverage=odd)), "Claim/MemberID") == ['<A&B>"é']
