"""Files in any order, twice, renamed, wrapped anew, with other control numbers: the books end the same, or the early one parks and applies itself."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_service.domain.ledger import accounts as a
from claims_service.domain.remittance.advice import ClaimPayment, ProviderAdjustment
from claims_service.domain.remittance.standing import decision_that_holds
from claims_service.formats.x12.write_835 import Remittance
from claims_service.store import claims, journal, remittances
from claims_service.store.claims import Head
from claims_service.workflow.retry_held_payments import retry_held_payments
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import USUAL, Service, file_835, payment, plb, remittance, reversal
from tests.workflow.cycle import held, post, ready, sent

CORRECTED = (replace(USUAL[0], reasons={"CO45": 30_00, "PR3": 10_00}), USUAL[1])
BESIDE = (a.SUSPENSE, a.PROVIDER_BALANCE, a.INTEREST)
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Month:
    """Claims and what insurers send about them; late: a claim that we come to know of only on the way."""

    claims: dict[str, Head]
    files: tuple[Remittance, ...]
    late: Head


def month(clinic: Clinic) -> Month:
    """Corrected, taken back, two plans, paid twice, known late, never known; interest, a recovery, a balance carried forward."""
    run = next(NUMBERS)
    corrected, back, twice = sent(clinic, 3)
    (first,) = sent(clinic, patient=clinic.bruno)
    (late,) = ready(clinic, 1)
    on = {h.control_number: h.served_on for h in (corrected, back, twice, first, late)}

    def decided(head: Head, services: Sequence[Service] = USUAL) -> ClaimPayment:
        one = payment(head.control_number, services)
        return replace(one, lines=tuple(replace(line, served_on=on[head.control_number]) for line in one.lines))

    def check(number: int, *payments: ClaimPayment, aside: Sequence[ProviderAdjustment] = ()) -> Remittance:
        return remittance(payments, aside, trace=f"R{run}N{number}")

    forward = f"FB{run}"
    unknown = replace(
        decided(back, (Service("99213", 60_00),)), control_number=f"X{run}", payer_claim_number=f"X{run}", member_id=""
    )
    files = (
        check(1, decided(corrected), decided(back), aside=[plb("L6", -3_00, "INTEREST")]),
        check(2, reversal(decided(corrected)), decided(corrected, CORRECTED)),
        check(3, reversal(decided(back)), aside=[plb("FB", -87_00, forward)]),
        check(4, decided(first), aside=[plb("WO", 20_00, corrected.control_number), plb("FB", 87_00, forward)]),
        check(5, decided(twice)),
        check(6, decided(twice)),
        check(7, decided(late), unknown),
    )
    known = {"corrected": corrected, "back": back, "twice": twice, "first": first, "late": late}
    return Month(known, files, late)


def ends(clinic: Clinic, told: Month) -> dict[str, object]:
    """Everything that must not depend on the order."""
    keys = {head.id: name for name, head in told.claims.items()}
    books = journal.claim_balances(clinic.practice, list(keys))
    decisions = remittances.payments_of(clinic.practice, list(keys))
    holds = {keys[key]: decision_that_holds(found) for key, found in decisions.items()}
    return {
        "books": {keys[key]: {name: cents for name, cents in found.items() if cents} for key, found in books.items()},
        "holds": {name: found and found[1].paid_cents for name, found in holds.items()},
        "states": {keys[key]: head.state for key, head in claims.heads(clinic.practice, list(keys)).items()},
    }


EXPECTED = {
    "books": {
        "corrected": {a.REVENUE: -150_00, a.INSURER_CLEARING: 82_00, a.CONTRACTUAL: 38_00, a.PATIENT_OWES: 10_00, a.IN_REVIEW: 20_00},
        "back": {a.REVENUE: -150_00, a.PAYER_OWES: 150_00},
        "twice": {a.REVENUE: -150_00, a.INSURER_CLEARING: 87_00, a.CONTRACTUAL: 38_00, a.PATIENT_OWES: 25_00},
        "first": {a.REVENUE: -150_00, a.INSURER_CLEARING: 87_00, a.CONTRACTUAL: 38_00, a.NEXT_PAYER_OWES: 25_00},
        "late": {a.REVENUE: -150_00, a.INSURER_CLEARING: 87_00, a.CONTRACTUAL: 38_00, a.PATIENT_OWES: 25_00},
    },
    "holds": {"corrected": 102_00, "back": None, "twice": 87_00, "first": 87_00, "late": 87_00},
    "states": dict.fromkeys(("corrected", "back", "twice", "first", "late"), "decided"),
}  # fmt: skip
ADDED = {"decided_twice": 87_00, "unknown_claim": 60_00, "provider_adjustment": 20_00}

DISGUISES: tuple[Callable[[bytes], bytes], ...] = (
    lambda content: content,
    lambda content: content.replace(b"~", b"~\r\n"),
    lambda content: b"\r\n".join(content[n : n + 80] for n in range(0, len(content), 80)),
    lambda content: b"\xef\xbb\xbf" + content,
)
PLACES = 7
LATE = PLACES  # beside the seven files: the claim that becomes known
ORDER = st.permutations(range(PLACES + 1))
AGAIN = st.lists(st.integers(0, PLACES - 1), max_size=6)
CLOTHES = st.lists(st.tuples(st.integers(0, len(DISGUISES) - 1), st.integers(1, 999)), min_size=14, max_size=14)


def play(clinic: Clinic, order: Sequence[int], clothes: Sequence[tuple[int, int]]) -> None:
    told = month(clinic)
    before = [(kind, cents) for kind, _, cents, _ in held(clinic)]
    beside = {name: journal.balance(clinic.practice, name) for name in BESIDE}
    for step, (what, (disguise, control)) in enumerate(zip(order, clothes, strict=False)):
        if what == LATE:
            submit_claims(clinic.practice, [told.late.id], by=BILLER, now=NOW)
        else:
            content = DISGUISES[disguise](file_835(told.files[what], control=control))
            assert post(clinic, content, name=f"{step}.txt").state in ("read", "duplicate")
    retry_held_payments(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert ends(clinic, told) == EXPECTED
    after = [(kind, cents) for kind, _, cents, _ in held(clinic)]
    for one in before:
        after.remove(one)
    assert sorted(after) == sorted(ADDED.items())
    grown = {name: journal.balance(clinic.practice, name) - beside[name] for name in BESIDE}
    assert grown == {a.SUSPENSE: -147_00, a.PROVIDER_BALANCE: 0, a.INTEREST: -3_00}
    assert journal.check(clinic.practice) == []


@pytest.mark.check(20)
@pytest.mark.parametrize("engine", ["sqlite"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=ORDER, again=AGAIN, clothes=CLOTHES)
def test_in_whatever_order_files_come_the_books_end_the_same(
    clinic: Clinic, order: list[int], again: list[int], clothes: list[tuple[int, int]]
) -> None:
    """Seven remittances and a claim that is known late, some files twice: $82.00, $0.00, $87.00, $87.00 and $87.00 in the end."""
    play(clinic, [*order, *again], clothes)


@pytest.mark.slow
@pytest.mark.check(20)
@pytest.mark.parametrize("part", range(4))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=ORDER, again=AGAIN, clothes=CLOTHES)
def test_in_two_hundred_orders_the_books_end_the_same(
    clinic: Clinic, part: int, order: list[int], again: list[int], clothes: list[tuple[int, int]]
) -> None:
    """The same two hundred times in four clinics, each with a day for every claim, on both databases."""
    play(clinic, [*order, *again], clothes)
