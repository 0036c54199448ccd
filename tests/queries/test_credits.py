"""Money that belongs to others: whose, since when, and by when it goes back."""

from datetime import date, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.credit import Clock, clock, in_credit_since
from claims_service.domain.ledger.accounts import DESK_CLEARING, PATIENT_CREDIT, PATIENT_OWES, PAYER_OWES
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.queries.credits import INSURER, PATIENT, in_credit
from claims_service.store import journal
from claims_service.store.claims import Head
from claims_service.store.connection import run
from tests.clinic import NOW, TODAY, Clinic
from tests.factories835 import file_835, payment, remittance
from tests.workflow.cycle import post, sent

MONDAY = date(2026, 9, 7)


def paid(clinic: Clinic, account: str, cents: int, on: date, claim: Head | None = None) -> None:
    """Money at the desk for a patient's bill, or on account."""
    about = (claim.id, None, claim.patient) if claim else (None, None, clinic.alma)
    entry = Entry(
        on,
        "payment",
        f"test:{account}:{on}:{cents}",
        "payment",
        None,
        (Transfer(DESK_CLEARING, account, cents, *about),),
    )
    journal.post(clinic.practice, [entry], by="test", at=NOW)


def test_what_a_patient_paid_too_much_is_used_for_other_bills_or_given_back(clinic: Clinic) -> None:
    """Alma owes $25.00 on each of two visits and pays $40.00 on the first: $15.00 in credit, $25.00 open elsewhere."""
    first, second = sent(clinic, 2)
    post(clinic, file_835(remittance([payment(one.control_number) for one in (first, second)])))
    paid(clinic, PATIENT_OWES, 40_00, TODAY, first)

    (found,) = in_credit(clinic.practice)

    assert (found.owner, found.claim, found.cents, found.since, found.owes_cents) == (
        PATIENT,
        first.id,
        15_00,
        TODAY,
        25_00,
    )
    assert found.clock is None


def test_money_on_account_that_no_bill_used_is_in_credit(clinic: Clinic) -> None:
    paid(clinic, PATIENT_CREDIT, 30_00, date(2026, 11, 2))

    (found,) = in_credit(clinic.practice)

    assert (found.claim, found.patient, found.cents, found.since) == (None, clinic.alma, 30_00, date(2026, 11, 2))


def test_what_medicare_paid_twice_goes_back_within_sixty_days(clinic: Clinic) -> None:
    """A claim is paid again by check, $160.00: 60 days by 42 CFR 401.305."""
    run("update payer set filing = 'MB' where id = ?", (clinic.quillhaven,))
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)])))
    twice = Transfer(DESK_CLEARING, PAYER_OWES, 160_00, claim.id, None, claim.patient, claim.payer)
    entry = Entry(date(2026, 11, 5), "payment", "test", "payment", None, (twice,))
    journal.post(clinic.practice, [entry], by="test", at=NOW)

    (found,) = in_credit(clinic.practice)

    assert (found.owner, found.cents) == (INSURER, 160_00)
    assert found.clock is not None
    assert found.clock.rule == "42 CFR 401.305"
    assert found.clock.repay_by == found.since + timedelta(60)


def test_a_commercial_plan_has_no_federal_clock() -> None:
    assert clock(MONDAY, "CI") is None
    assert clock(MONDAY, "16") == Clock(date(2026, 11, 6), "42 CFR 422.326")


def test_nothing_is_in_credit_when_everything_is_paid_once(clinic: Clinic) -> None:
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)])))

    assert in_credit(clinic.practice) == []


def test_a_balance_that_was_settled_in_between_counts_from_the_second_time() -> None:
    """In credit on Monday, even on Tuesday, in credit again on Wednesday: since Wednesday."""
    moves = [(MONDAY, -10_00), (MONDAY + timedelta(1), 10_00), (MONDAY + timedelta(2), -5_00)]

    assert in_credit_since(moves) == MONDAY + timedelta(2)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-50, 50)), max_size=12))
def test_since_is_the_day_after_which_no_day_ended_even(moves: list[tuple[int, int]]) -> None:
    """Told by the balance at the end of each day alone."""
    moves.sort(key=lambda move: move[0])
    ends = {day: total for (day, _), total in zip(moves, accumulate(cents for _, cents in moves), strict=True)}
    expected = None
    for day, total in ends.items():
        expected = None if total >= 0 else expected if expected is not None else day

    found = in_credit_since((MONDAY + timedelta(day), cents) for day, cents in moves)

    assert found == (None if expected is None else MONDAY + timedelta(expected))
