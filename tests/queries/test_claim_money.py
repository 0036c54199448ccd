"""Where a charge is now: the parts always make the whole, on the claim and on each service."""

from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.ledger.accounts import BY_NAME
from claims_service.queries import claim_money
from claims_service.queries.claim_money import Money, money_from
from claims_service.workflow.giving_up import WriteOff
from claims_service.workflow.write_off import write_off
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.billed_clinic import billed

PARTS = (
    "discount_cents", "plan_paid_cents", "denied_cents", "next_plan_cents", "passed_cents", "patient_paid_cents",
    "patient_owes_cents", "given_up_cents", "insurer_owes_cents",
)  # fmt: skip
# what a claim's own transfers touch; the others never name a claim
OF_CLAIMS = sorted(
    set(BY_NAME)
    - {"bank", "unexplained_deposit", "suspense", "card_fees", "revenue", "insurer_income", "till", "till_difference"}
)


def parts(money: Money) -> int:
    return sum(getattr(money, name) for name in PARTS)


@given(
    st.lists(st.tuples(st.sampled_from(OF_CLAIMS), st.sampled_from([*OF_CLAIMS, "revenue"]), st.integers(1, 10_000)))
)
def test_whatever_is_posted_to_a_claim_its_parts_make_its_charge(moves: list[tuple[str, str, int]]) -> None:
    balances: dict[str, int] = {}
    for debit, credit, cents in moves:
        balances[debit] = balances.get(debit, 0) + cents
        balances[credit] = balances.get(credit, 0) - cents

    money = money_from(balances)

    assert parts(money) == money.whole_cents


def test_a_claim_and_its_services_tell_the_same_sums(clinic: Clinic) -> None:
    """$150.00 = $37.50 + $92.50 + $20.00, from two services of $120.00 and $30.00."""
    claim = billed(clinic, 1).claims[0]

    whole = claim_money.of_claims(clinic.practice, [claim])[claim]
    lines = claim_money.of_lines(clinic.practice, [claim])[claim]

    assert (whole.charge_cents, whole.discount_cents, whole.plan_paid_cents, whole.patient_owes_cents) == (
        15000,
        3750,
        9250,
        2000,
    )
    for name in ("charge_cents", *PARTS):
        assert getattr(whole, name) == sum(getattr(line.money, name) for line in lines.values()), name
    assert [(reason.account, reason.code, reason.cents) for reason in lines[1].reasons] == [
        ("contractual", "CO45", 3000), ("patient_owes", "PR3", 2000)
    ]  # fmt: skip


def test_what_the_clinic_gave_up_is_told_as_no_reason_of_the_insurer(clinic: Clinic) -> None:
    """$20.00 of copay are taken off as charity: the copay is still why they were the patient's."""
    claim = billed(clinic, 1).claims[0]
    wanted = [WriteOff(claim, "patient_owes", 20_00, "financial help", "charity")]

    write_off(clinic.practice, wanted, by=BILLER, now=NOW, today=TODAY)

    told = claim_money.of_lines(clinic.practice, [claim])[claim]
    assert {reason.code for line in told.values() for reason in line.reasons} == {"CO45", "PR3"}
    assert sum(line.money.given_up_cents for line in told.values()) == 20_00
