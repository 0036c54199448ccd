"""Fifty files of a quarter in whatever order they come: six rounds of remittances, two hundred orders, and receipts before and after."""

import random
from collections.abc import Callable

import pytest

from claims_service.domain.claim.acknowledgement import GroupAnswer, TransactionAnswer
from claims_service.domain.ledger import accounts as a
from claims_service.formats.x12.acknowledgements import write_999
from claims_service.queries import receivables
from claims_service.store import claims, journal
from claims_service.store.connection import run
from claims_service.workflow.retry_held_payments import retry_held_payments
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import file_835
from tests.workflow.cycle import held, post, ready
from tests.workflow.receipts import envelope, receipt, told
from tests.workflow.test_any_order import ADDED, BESIDE, EXPECTED, ends, month

ROUNDS, SENT = 6, 4  # 6 x 7 remittances, and of 4 files of claims the 999 and the 277CA: 50 files
Step = Callable[[], object]


def quarter(clinic: Clinic, chance: random.Random) -> dict[str, object]:
    """Fifty files and six claims that are known late in a random order; what is there at the end, less what was before."""
    before = held(clinic)
    beside = {name: journal.balance(clinic.practice, name) for name in BESIDE}
    aged = receivables.by_insurer(clinic.practice, TODAY)
    months = [month(clinic) for _ in range(ROUNDS)]
    receipts, awaited = _receipts(clinic)
    steps: list[Step] = [_remittance(clinic, file_835(file)) for one in months for file in one.files] + receipts
    assert len(steps) == 50
    steps += [_late(clinic, one.claims["late"].id) for one in months]
    chance.shuffle(steps)
    for step in steps:
        step()
    retry_held_payments(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert [ends(clinic, one) for one in months] == [EXPECTED] * ROUNDS
    assert journal.check(clinic.practice) == []
    kinds = [(kind, cents) for kind, _, cents, _ in held(clinic)]
    for kind, _, cents, _ in before:
        kinds.remove((kind, cents))
    return {
        "held": sorted(kinds),
        "beside": {name: journal.balance(clinic.practice, name) - beside[name] for name in BESIDE},
        "aged": _difference(receivables.by_insurer(clinic.practice, TODAY), aged),
        "states": [head.state for head in claims.heads(clinic.practice, awaited).values()],
    }


def _remittance(clinic: Clinic, content: bytes) -> Step:
    def step() -> None:
        assert post(clinic, content).state == "read"

    return step


def _late(clinic: Clinic, claim: int) -> Step:
    return lambda: submit_claims(clinic.practice, [claim], by=BILLER, now=NOW)


def _receipts(clinic: Clinic) -> tuple[list[Step], list[int]]:
    """Of each file the 999 that takes it and the 277CA that takes one claim of it and sends the other back."""
    steps: list[Step] = []
    awaited: list[int] = []
    for _ in range(SENT):
        good, bad = ready(clinic, 2)
        (file,) = submit_claims(clinic.practice, [good.id, bad.id], by=BILLER, now=NOW).files
        answer = GroupAnswer(_group(file.file), "HC", "005010X222A1", "A", (TransactionAnswer("0001", "A"),), 1, 1, 1)
        contents = (write_999(envelope(), [answer]), receipt(clinic, [good], [bad]))
        steps += [_told(clinic, content) for content in contents]
        awaited += [good.id, bad.id]
    return steps, awaited


def _group(file: int) -> str:
    return str(run("select group_control from exchange_file where id = ?", (file,)).fetchone()[0])


def _told(clinic: Clinic, content: bytes) -> Step:
    return lambda: told(clinic, content)


def _difference(now: list[receivables.Aged], before: list[receivables.Aged]) -> dict[str, tuple[int, ...]]:
    known = {one.name: one.cents for one in before}
    nothing = (0,) * len(now[0].cents)
    return {
        one.name: tuple(cents - less for cents, less in zip(one.cents, known.get(one.name, nothing), strict=True))
        for one in now
    }


OUTCOME = {
    "held": sorted([*ADDED.items()] * ROUNDS),
    "beside": {a.SUSPENSE: ROUNDS * -147_00, a.PROVIDER_BALANCE: 0, a.INTEREST: ROUNDS * -3_00},
    "states": ["accepted", "sent_back"] * SENT,
}


def play(clinic: Clinic, orders: int, seed: int) -> None:
    chance = random.Random(seed)
    ended = [quarter(clinic, chance) for _ in range(orders)]
    aged = ended[0].pop("aged")
    assert ended[0] == OUTCOME
    assert all(one == {**OUTCOME, "aged": aged} for one in ended[1:])


@pytest.mark.thorough
@pytest.mark.check(20)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_fifty_files_in_any_order_end_in_the_same_books_and_aging(clinic: Clinic) -> None:
    """Reversals before their originals, secondary before primary, 277CA before 999: two orders, one end."""
    play(clinic, 2, 20)


PARTS = [("sqlite", part) for part in range(40)] + [("postgresql", part) for part in range(4)]


@pytest.mark.slow
@pytest.mark.check(20)
@pytest.mark.parametrize(("engine", "part"), PARTS)
def test_fifty_files_in_two_hundred_orders_end_in_the_same_books_and_aging(clinic: Clinic, part: int) -> None:
    """Five orders in each of forty clinics, as a patient has one visit a day; in four on PostgreSQL."""
    play(clinic, 5, part)
