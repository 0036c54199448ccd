"""What an insurer takes or adds outside of claims stays open until something clears it, to the cent."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.remittance.open_items import Adjustment, Item, cleared

MONDAY = date(2026, 11, 2)


def adjustment(
    key: int, reason: str, cents: int, reference: str = "", *, day: int = 0, claim: int | None = None
) -> Adjustment:
    account = "in_review" if claim else "provider_balance"
    return Adjustment(key, MONDAY + timedelta(day), f"EFT{day}", key, reason, reference, cents, account, claim)


def left(*adjustments: Adjustment, settled: dict[int, int] | None = None) -> dict[int, int]:
    return {item.adjustment.id: item.left_cents for item in cleared(adjustments, settled or {})}


def test_a_balance_forwarded_out_of_one_payment_and_into_the_next_is_gone() -> None:
    """On Monday Quillhaven could not take $87.00 back, so it forwards it; on Tuesday it takes it off: nothing is left."""
    assert left(adjustment(1, "FB", -87_00, "EFT0"), adjustment(2, "FB", 87_00, "EFT1", day=1)) == {1: 0, 2: 0}


def test_half_of_a_forwarded_balance_leaves_the_other_half_open() -> None:
    """$87.00 is forwarded, the next payment has only $50.00 to take it from: we still owe $37.00."""
    assert left(adjustment(1, "FB", -87_00), adjustment(2, "FB", 50_00, day=1)) == {1: -37_00, 2: 0}


def test_a_recovery_clears_the_overpayment_it_names_and_no_other() -> None:
    """Two overpayments of $87.00 are announced; the recovery names the second one's claim number."""
    announced = adjustment(1, "WO", -87_00, "ICN1"), adjustment(2, "WO", -87_00, "ICN2")

    assert left(*announced, adjustment(3, "WO", 87_00, " icn2", day=1)) == {1: -87_00, 2: 0, 3: 0}


def test_a_recovery_that_names_the_patients_account_finds_the_overpayment_by_its_claim() -> None:
    """Opened under the insurer's number of claim 7, taken under ours: both stand on claim 7."""
    assert left(adjustment(1, "WO", -87_00, "ICN1", claim=7), adjustment(2, "WO", 87_00, "C10", day=1, claim=7)) == {
        1: 0,
        2: 0,
    }


def test_a_recovery_with_an_unknown_number_stays_open() -> None:
    """Nothing is guessed from equal amounts: $87.00 owed and $87.00 taken stand beside each other."""
    assert left(adjustment(1, "WO", -87_00, "ICN1"), adjustment(2, "WO", 87_00, "ICN9", day=1)) == {1: -87_00, 2: 87_00}


def test_the_credit_for_a_check_we_sent_clears_the_recovery_of_the_same_letter() -> None:
    """We repaid $40.00 by check and they took it as well: the authorized return (72) gives it back."""
    assert left(adjustment(1, "WO", 40_00, "LETTER7"), adjustment(2, "72", -40_00, "LETTER7", day=9)) == {1: 0, 2: 0}


def test_a_bonus_is_ours_and_an_advance_is_not() -> None:
    """A bonus of $30.00 only waits to be booked; what is forwarded or taken back of a bonus is no income."""
    assert adjustment(1, "BN", -30_00).is_income
    assert not adjustment(2, "BN", 30_00).is_income
    assert not adjustment(3, "FB", -30_00).is_income


def test_what_a_person_placed_is_not_open_and_clears_nothing() -> None:
    """A rebate of $30.00 was booked as income; a later charge under the same number opens anew."""
    found = left(adjustment(1, "B2", -30_00, "R1"), adjustment(2, "B2", 30_00, "R1", day=1), settled={1: -30_00})

    assert found == {1: 0, 2: 30_00}


ONE = st.builds(
    adjustment, st.integers(1, 10**6), st.sampled_from(["WO", "FB", "72", "CS", "J1"]),
    st.integers(-90_00, 90_00).filter(bool), st.sampled_from(["", "A", "B"]), day=st.integers(0, 3),
    claim=st.sampled_from([None, None, 7, 8]),
)  # fmt: skip
MANY = st.lists(ONE, max_size=30, unique_by=lambda a: a.id)


def by_account(items: list[Item]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for item in items:
        sums[item.adjustment.account] += item.left_cents
    return {account: cents for account, cents in sums.items() if cents}


@given(MANY, st.data())
def test_what_is_open_is_always_what_was_posted_less_what_was_settled(
    many: list[Adjustment], data: st.DataObject
) -> None:
    """Whatever clears whatever, no cent appears or disappears, account by account."""
    settled = {a.id: data.draw(st.integers(min(a.cents, 0), max(a.cents, 0))) for a in many}
    expected: dict[str, int] = defaultdict(int)
    for a in many:
        expected[a.account] += a.cents - settled[a.id]

    assert by_account(cleared(many, settled)) == {account: cents for account, cents in expected.items() if cents}


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_in_which_files_arrive_changes_nothing(many: list[Adjustment], random: object) -> None:
    """Tuesday's file before Monday's: the same items are open in the end."""
    shuffled = list(many)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert cleared(shuffled, {}) == cleared(many, {})


@given(MANY)
def test_each_clearing_stands_on_both_sides_and_never_takes_more_than_there_was(many: list[Adjustment]) -> None:
    items = {item.adjustment.id: item for item in cleared(many, {})}
    for item in items.values():
        whole, took = item.adjustment.cents, sum(c.cents for c in item.clearings)
        assert abs(item.left_cents) + took == abs(whole)
        assert not item.left_cents or (item.left_cents > 0) == (whole > 0)
        for clearing in item.clearings:
            assert clearing in items[clearing.opened].clearings
            assert clearing in items[clearing.cleared_by].clearings


@given(MANY)
def test_nothing_stays_open_on_both_sides_of_one_reference(many: list[Adjustment]) -> None:
    sides: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for item in cleared([replace(a, reference=a.reference or "Z") for a in many], {}):
        if item.left_cents:
            sides[(item.adjustment.account, item.adjustment.reference)].add(item.left_cents > 0)

    assert all(len(found) == 1 for found in sides.values())
