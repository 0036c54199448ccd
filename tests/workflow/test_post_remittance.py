"""An insurer's answer in the books: what adds up is posted once, what doesn't waits for a person with its place and cents."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_service.domain.ledger import accounts as a
from claims_service.domain.remittance.advice import ClaimPayment
from claims_service.store import journal, remittances
from claims_service.store.connection import run
from tests.clinic import Clinic
from tests.factories835 import DENIED, USUAL, Service, file_835, payment, plb, remittance, reversal
from tests.workflow.cycle import entries, held, post, sent


def balances(clinic: Clinic, claim: int) -> dict[str, int]:
    found = journal.claim_balances(clinic.practice, [claim])[claim]
    return {account: cents for account, cents in found.items() if cents}


def test_an_answer_goes_where_each_part_of_the_charge_belongs(clinic: Clinic) -> None:
    """$150.00 billed: $87.00 paid, $38.00 discount, $25.00 copay; the insurer owes nothing any more."""
    (claim,) = sent(clinic)

    outcome = post(clinic, file_835(remittance([payment(claim.control_number)])))

    assert outcome.message == "Posted 1 claims, $87.00."
    assert balances(clinic, claim.id) == {
        a.REVENUE: -150_00,
        a.INSURER_CLEARING: 87_00,
        a.CONTRACTUAL: 38_00,
        a.PATIENT_OWES: 25_00,
    }


def test_a_denied_claim_waits_in_review_and_never_becomes_a_discount(clinic: Clinic) -> None:
    """CO-16 on all of $150.00: lacks information. Nothing is written off before a person looked."""
    (claim,) = sent(clinic)

    post(clinic, file_835(remittance([payment(claim.control_number, DENIED, status="4")], method="NON")))

    assert balances(clinic, claim.id) == {a.REVENUE: -150_00, a.IN_REVIEW: 150_00}


@pytest.mark.check(14)
@pytest.mark.parametrize("again", ["another name", "line breaks", "another envelope", "two in one upload"])
def test_the_same_remittance_again_posts_nothing(clinic: Clinic, again: str) -> None:
    """The portal's copy, the mailbox's copy and the insurer's second sending are one payment of $87.00."""
    (claim,) = sent(clinic)
    answer = remittance([payment(claim.control_number)])
    content = file_835(answer)
    post(clinic, content)
    before = journal.trial_balance(clinic.practice)

    second = {
        "another name": content,
        "line breaks": content.replace(b"~", b"~\r\n"),
        "another envelope": file_835(answer, control=77),
        "two in one upload": content,
    }[again]
    outcome = post(clinic, *[second] * (2 if again == "two in one upload" else 1), name="copy.835")

    assert outcome.state == "duplicate"
    assert outcome.counts["posted"] == 0
    assert "Nothing was posted again" in outcome.message
    assert entries() == 1
    assert journal.trial_balance(clinic.practice) == before


@pytest.mark.check(15)
def test_the_same_check_number_with_other_content_waits_for_a_person(clinic: Clinic) -> None:
    """EFT1 over $87.00 came on Monday; on Tuesday EFT1 over $87.00 comes for another claim. Which one holds?"""
    first, second = sent(clinic, 2)
    post(clinic, file_835(remittance([payment(first.control_number)])))

    outcome = post(clinic, file_835(remittance([payment(second.control_number)])))

    assert outcome.state == "held"
    assert entries() == 1
    assert [(kind, cents) for kind, _, cents, _ in held(clinic)] == [("duplicate_trace", 87_00)]
    assert balances(clinic, second.id) == {a.REVENUE: -150_00, a.PAYER_OWES: 150_00}


@pytest.mark.check(41)
@pytest.mark.parametrize("off", [1, -40_00])
def test_a_payment_that_is_not_the_sum_of_its_claims_is_held_whole(clinic: Clinic, off: int) -> None:
    """Claims of $87.00 and $87.00, a transfer of $174.01: not a cent is posted."""
    claims = sent(clinic, 2)
    payments = [payment(claim.control_number) for claim in claims]

    outcome = post(clinic, file_835(remittance(payments, paid_cents=174_00 + off)))

    assert outcome.state == "held"
    assert entries() == 0
    ((kind, place, cents, message),) = held(clinic)
    assert (kind, place, cents) == ("unbalanced", "transaction 0001, BPR02", 174_00 + off)
    assert "off by" in message


def _paid_more(one: ClaimPayment) -> ClaimPayment:
    return replace(one, paid_cents=one.paid_cents + 1)


def _line_paid_more(one: ClaimPayment) -> ClaimPayment:
    first, *rest = one.lines
    return replace(one, lines=(replace(first, paid_cents=first.paid_cents + 1), *rest))


def _line_billed_more(one: ClaimPayment) -> ClaimPayment:
    first, *rest = one.lines
    return replace(one, lines=(first, *(replace(line, charge_cents=line.charge_cents + 1) for line in rest)))


@pytest.mark.check(42)
@pytest.mark.parametrize(
    ("spoil", "place", "off"),
    [
        (_paid_more, "CLP 2 (segment 2", "off by −$0.01"),
        (_line_paid_more, "CLP 2, SVC 1", "off by −$0.01"),
        (_line_billed_more, "CLP 2, SVC 2", "off by $0.01"),
    ],
)
def test_a_cent_off_in_a_claim_or_line_is_held_with_its_place(
    clinic: Clinic, spoil: object, place: str, off: str
) -> None:
    """One cent too much on the second claim: no line is invented to make it fit, and the first claim waits too."""
    first, second = sent(clinic, 2)
    assert callable(spoil)
    payments = [payment(first.control_number), spoil(payment(second.control_number))]

    outcome = post(clinic, file_835(remittance(payments)))

    assert outcome.state == "held"
    assert entries() == 0
    assert place in outcome.problems[0].where
    assert off in outcome.problems[0].message
    assert run("select count(*) from claim_payment where state = 'waiting'").fetchone()[0] == 2
    for claim in (first, second):
        assert balances(clinic, claim.id) == {a.REVENUE: -150_00, a.PAYER_OWES: 150_00}


@pytest.mark.check(43)
def test_a_correction_nets_to_the_corrected_claim_in_any_order(clinic: Clinic) -> None:
    """$87.00 was paid; it is taken back and $102.00 paid. Whatever comes first in the file, $102.00 stands."""
    orders = list(itertools.permutations(range(3)))
    claims = sent(clinic, len(orders))
    answers = []
    for claim, order in zip(claims, orders, strict=True):
        decided = payment(claim.control_number)
        corrected = payment(claim.control_number, (replace(USUAL[0], reasons={"CO45": 30_00, "PR3": 10_00}), USUAL[1]))
        parts = [decided, reversal(decided), corrected]
        answers += [parts[n] for n in order]

    post(clinic, file_835(remittance(answers)))

    for claim in claims:
        assert balances(clinic, claim.id) == {
            a.REVENUE: -150_00,
            a.INSURER_CLEARING: 102_00,
            a.CONTRACTUAL: 38_00,
            a.PATIENT_OWES: 10_00,
        }
        assert len(remittances.payments_of(clinic.practice, [claim.id])[claim.id]) == 3


@pytest.mark.check(44)
@pytest.mark.parametrize("sign", [1, -1])
def test_money_outside_of_claims_is_booked_and_the_payment_still_adds_up(clinic: Clinic, sign: int) -> None:
    """The claims pay $87.00; six amounts are taken or added beside them, and the transfer is booked to the cent."""
    (claim,) = sent(clinic)
    asides = [
        plb("WO", sign * 1_00, claim.control_number),
        plb("WO", sign * 2_00, "OLDCLAIM"),
        plb("FB", sign * 4_00),
        plb("L6", sign * 8_00),
        plb("72", sign * 16_00),
        plb("CS", sign * 32_01),
    ]

    outcome = post(clinic, file_835(remittance([payment(claim.control_number)], asides)))

    assert outcome.state == "read"
    assert journal.balance(clinic.practice, a.INSURER_CLEARING) == 87_00 - sign * 63_01
    assert journal.balance(clinic.practice, a.IN_REVIEW, claim=claim.id) == sign * 1_00
    assert journal.balance(clinic.practice, a.PROVIDER_BALANCE) == sign * 54_01
    assert journal.balance(clinic.practice, a.INTEREST) == sign * 8_00
    assert [cents for kind, _, cents, _ in held(clinic)] == [sign * c for c in (1_00, 2_00, 4_00, 16_00, 32_01)]


def test_money_for_a_claim_we_never_sent_is_kept_in_suspense(clinic: Clinic) -> None:
    """$87.00 for claim C99999999: the bank has it, so the books have it, and a person finds out whose it is."""
    post(clinic, file_835(remittance([payment("C99999999")])))

    assert journal.balance(clinic.practice, a.SUSPENSE) == -87_00
    ((kind, place, cents, _),) = held(clinic)
    assert (kind, cents) == ("unknown_claim", 87_00)
    assert "CLP 1" in place


def test_an_insurer_cannot_pay_another_insurers_claim(clinic: Clinic) -> None:
    """Northfold names a claim that went to Quillhaven: its money is not taken for Quillhaven's."""
    (claim,) = sent(clinic)

    post(
        clinic, file_835(remittance([payment(claim.control_number)], payer_identifier="NF002", payer_name="NORTHFOLD"))
    )

    assert balances(clinic, claim.id) == {a.REVENUE: -150_00, a.PAYER_OWES: 150_00}
    assert journal.balance(clinic.practice, a.SUSPENSE) == -87_00


def test_a_remittance_made_out_to_another_clinic_is_held(clinic: Clinic) -> None:
    """The payee is NPI 1003000126: not ours, so not one cent enters our books."""
    (claim,) = sent(clinic)

    outcome = post(clinic, file_835(remittance([payment(claim.control_number)], payee_npi="1003000126")))

    assert outcome.state == "held"
    assert entries() == 0
    assert {kind for kind, *_ in held(clinic)} == {"wrong_payee"}


CENTS = st.integers(0, 40_00)
REASONS = st.sampled_from(["CO45", "CO16", "CO97", "PR1", "PR2", "PR3", "OA23", "PI45", "CO253", "OA18", "PR204"])
DECISION = st.lists(st.dictionaries(REASONS, CENTS, max_size=3), min_size=2, max_size=2)
SETTLED = (a.INSURER_CLEARING, a.CONTRACTUAL, a.PATIENT_OWES, a.IN_REVIEW, a.PAYER_OWES, a.NEXT_PAYER_OWES)


@pytest.mark.check(10)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(DECISION, min_size=1, max_size=4), stop=st.booleans())
def test_each_charge_is_paid_discounted_owed_or_in_review_to_the_cent(
    clinic: Clinic, history: list[list[dict[str, int]]], stop: bool
) -> None:
    """However often an insurer decides, takes back and decides anew: all parts together are the $150.00 billed."""
    claims = [*sent(clinic), *sent(clinic, patient=clinic.bruno)]
    for claim in claims:
        before: ClaimPayment | None = None
        for n, decision in enumerate(history):
            codes = (("99213", 120_00), ("85025", 30_00))
            services = [Service(*code, _within(code[1], cut)) for code, cut in zip(codes, decision, strict=True)]
            decided = payment(claim.control_number, services)
            answers = [decided] if before is None else [reversal(before), decided]
            if stop and n == len(history) - 1 and before:
                answers = answers[:1]
            outcome = post(clinic, file_835(remittance(answers, trace=f"EFT{claim.id}X{n}")))
            assert outcome.state == "read", outcome
            before = decided
            parts = balances(clinic, claim.id)
            assert sum(parts.get(account, 0) for account in SETTLED) == 150_00
            assert parts[a.REVENUE] == -150_00
            if answers[-1].is_reversal:
                assert parts == {a.REVENUE: -150_00, a.PAYER_OWES: 150_00}
            else:
                assert parts.get(a.INSURER_CLEARING, 0) == decided.paid_cents
                # what the first plan says about another plan's payment (OA23) is a question, never money
                assert parts.get(a.PAYER_OWES, 0) == 0


def _within(charge_cents: int, cut: dict[str, int]) -> dict[str, int]:
    """As much of the reductions as the charge holds."""
    taken: dict[str, int] = {}
    for reason, cents in cut.items():
        taken[reason] = min(cents, charge_cents - sum(taken.values()))
    return taken
