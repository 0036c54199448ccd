"""What an insurer holds or pays outside of claims: open until a later payment or a person clears it, and always what the books say."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.ledger import accounts as a
from claims_service.queries import held_balances
from claims_service.store import journal
from claims_service.workflow.settle_open_items import CLAIM, COST, INCOME, Settlement, settle_open_items
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import file_835, payment, plb, remittance, reversal
from tests.workflow.cycle import held, post, sent


def left(clinic: Clinic) -> list[tuple[str, str, int]]:
    """What Quillhaven has open: (reason, reference, cents)."""
    found = held_balances.held(clinic.practice, clinic.quillhaven)
    assert found.open_cents == found.balance_cents == journal.balance(clinic.practice, a.PROVIDER_BALANCE)
    return [(line.adjustment.reason, line.adjustment.reference, line.left_cents) for line in found.open_lines]


def settle(clinic: Clinic, cents: int, way: str, why: str = "Letter of Nov 3.", claim: int | None = None) -> None:
    """Place part of the only open item."""
    (line,) = held_balances.held(clinic.practice, clinic.quillhaven).open_lines
    wanted = Settlement(line.adjustment.id, cents, way, why, claim)
    settle_open_items(clinic.practice, [wanted], by=BILLER, now=NOW, today=TODAY)


def test_a_balance_forwarded_into_the_next_payment_is_gone_from_the_books_and_the_list(clinic: Clinic) -> None:
    """Quillhaven reverses $87.00 with nothing to take it from and forwards it; the next payment of $87.00 is kept: $0.00 is paid."""
    first, second = sent(clinic, 2)
    paid = payment(first.control_number)
    post(clinic, file_835(remittance([paid])))

    post(clinic, file_835(remittance([reversal(paid)], [plb("FB", -87_00, "EFT2")], trace="EFT2", method="NON")))
    assert left(clinic) == [("FB", "EFT2", -87_00)]
    assert len(held(clinic)) == 1

    post(
        clinic,
        file_835(remittance([payment(second.control_number)], [plb("FB", 87_00, "EFT2")], trace="EFT3", method="NON")),
    )
    assert left(clinic) == []
    assert held(clinic) == []


def test_the_files_of_a_forwarded_balance_may_come_in_any_order(clinic: Clinic) -> None:
    """The payment that takes the $87.00 arrives before the one that forwarded it."""
    first, second = sent(clinic, 2)
    out = file_835(remittance([payment(first.control_number)], [plb("FB", -87_00, "EFT1")], trace="EFT1"))
    back = file_835(
        remittance([payment(second.control_number)], [plb("FB", 87_00, "EFT1")], trace="EFT2", method="NON")
    )

    post(clinic, back)
    assert left(clinic) == [("FB", "EFT1", 87_00)]
    post(clinic, out)

    assert left(clinic) == []
    assert held(clinic) == []


def test_a_recovery_clears_the_overpayment_it_belongs_to(clinic: Clinic) -> None:
    """The overpayment of an old claim is told with WO −$54.00 under OLD7; two weeks later WO $54.00 under OLD7 takes it."""
    (claim,) = sent(clinic)
    post(
        clinic,
        file_835(remittance([payment(claim.control_number)], [plb("WO", -54_00, "OLD7"), plb("WO", -9_00, "OLD8")])),
    )
    post(clinic, file_835(remittance([], [plb("WO", 54_00, "OLD7"), plb("B2", -60_00, "R1")], trace="EFT2")))

    assert left(clinic) == [("WO", "OLD8", -9_00), ("B2", "R1", -60_00)]
    found = held_balances.held(clinic.practice, clinic.quillhaven)
    opened = next(line for line in found.lines if line.adjustment.reference == "OLD7")
    ((clearing, by),) = opened.clearings
    assert (clearing.cents, clearing.why, by.trace) == (54_00, "reference", "EFT2")


def test_a_recovery_on_a_claim_of_ours_stands_on_the_claim_and_not_on_the_running_balance(clinic: Clinic) -> None:
    """WO $20.00 naming our claim: it waits on the claim, and giving it up there clears it here."""
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)], [plb("WO", 20_00, claim.control_number)])))

    assert left(clinic) == [("WO", claim.control_number, 20_00)]
    assert held_balances.held(clinic.practice, clinic.quillhaven).balance_cents == 0


@pytest.mark.parametrize(("way", "account"), [(INCOME, a.INSURER_INCOME), (COST, a.PENALTIES)])
def test_a_person_books_a_bonus_as_income_and_a_levy_as_a_cost(clinic: Clinic, way: str, account: str) -> None:
    """$30.00 of a bonus of $50.00 are placed: $20.00 stay open, and the account says the same."""
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)], [plb("BN", -50_00, "Q3")])))

    settle(clinic, 30_00, way)
    assert left(clinic) == [("BN", "Q3", -20_00)]
    assert journal.balance(clinic.practice, account) == -30_00
    assert len(held(clinic)) == 1

    settle(clinic, 20_00, way)
    assert left(clinic) == []
    assert held(clinic) == []


def test_a_recovery_whose_claim_a_person_found_goes_onto_that_claim(clinic: Clinic) -> None:
    """WO $20.00 under a letter's number: the letter names Alma's claim, so it waits there like any refusal."""
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)], [plb("WO", 20_00, "LETTER7")])))

    settle(clinic, 20_00, CLAIM, claim=claim.id)

    assert left(clinic) == []
    assert journal.balance(clinic.practice, a.IN_REVIEW, claim=claim.id) == 20_00
    assert journal.check(clinic.practice) == []


@pytest.mark.parametrize(
    ("cents", "way", "why", "says"),
    [
        (50_01, INCOME, "Bonus", "at most $50.00"),
        (0, INCOME, "Bonus", "more than $0.00"),
        (50_00, INCOME, " ", "Say why"),
        (50_00, "gift", "Bonus", "Choose where"),
        (50_00, CLAIM, "Bonus", "Name the claim"),
    ],
)
def test_what_is_placed_needs_an_amount_that_is_there_a_way_and_a_reason(
    clinic: Clinic, cents: int, way: str, why: str, says: str
) -> None:
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)], [plb("BN", -50_00, "Q3")])))

    with pytest.raises(Rejected) as refused:
        settle(clinic, cents, way, why)

    assert says in refused.value.problems[0].message
    assert left(clinic) == [("BN", "Q3", -50_00)]


def test_another_clinics_item_is_not_there(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        settle_open_items(clinic.practice, [Settlement(999, 1, INCOME, "x")], by=BILLER, now=NOW, today=TODAY)


PAIR = st.tuples(
    st.sampled_from(["WO", "FB", "72", "CS", "L6", "50", "B2"]),
    st.integers(-40_00, 40_00).filter(bool),
    st.sampled_from("ABC"),
)
TRACES = itertools.count()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(PAIR, max_size=3), st.integers(0, 100)), min_size=1, max_size=4))
def test_what_the_page_adds_up_to_is_the_account_whatever_insurers_send(
    clinic: Clinic, files: list[tuple[list[tuple[str, int, str]], int]]
) -> None:
    """Payments with any adjustments, some percent of an open one placed by a person: list = account, to the cent."""
    for pairs, percent in files:
        asides = [plb(reason, cents, reference) for reason, cents, reference in pairs]
        post(clinic, file_835(remittance([], asides, trace=f"E{next(TRACES)}", method="NON")))
        found = held_balances.held(clinic.practice, clinic.quillhaven)
        assert found.open_cents == found.balance_cents == journal.balance(clinic.practice, a.PROVIDER_BALANCE)
        if found.open_lines and (cents := abs(found.open_lines[0].left_cents) * percent // 100):
            wanted = Settlement(found.open_lines[0].adjustment.id, cents, INCOME, "Letter.")
            settle_open_items(clinic.practice, [wanted], by=BILLER, now=NOW, today=TODAY)
    found = held_balances.held(clinic.practice, clinic.quillhaven)
    assert found.open_cents == found.balance_cents
    assert (found.movements[-1].balance_cents if found.movements else 0) == found.balance_cents
    totals = held_balances.totals(clinic.practice)
    assert sum(t.balance_cents for t in totals) == sum(t.holds_cents - t.ahead_cents for t in totals)
