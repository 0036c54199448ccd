"""The three-way match: what is told for sure is matched to the cent, the rest waits with its reason."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.deposits.matching import Expected, Matching, OpenLine, match, payer_key
from claims_service.domain.deposits.returned import Receipt, returns_in
from claims_service.domain.deposits.trace import NO_TRACE, Trace

DAY = date(2026, 11, 17)
QH, NF = "Quillhaven Health", "Northfold Mutual"


def line(key: int, cents: int, trace: Trace = NO_TRACE, payer: str = QH, after: int = 0) -> OpenLine:
    return OpenLine(key, DAY + timedelta(days=after), cents, trace, payer)


def remittance(key: int, cents: int, trace: Trace = NO_TRACE, payer: str = QH, after: int = 0) -> Expected:
    return Expected("remittance", key, cents, DAY + timedelta(days=after), trace, payer)


def desk(key: int, cents: int, after: int) -> Expected:
    return Expected("desk", key, cents, DAY + timedelta(days=after))


def told(found: Matching) -> list[tuple[str, list[int], list[int]]]:
    pairings = (*found.matched, *found.differing)
    return sorted((p.verdict, [x.id for x in p.lines], [e.subject for e in p.expected]) for p in pairings)


T1, T2 = Trace("QH26-1", "1990000002"), Trace("QH26-2", "1990000002")


def test_a_number_and_its_originator_match_whenever_the_money_comes() -> None:
    """$89.45 announced November 17 comes 40 days late."""
    assert told(match([line(1, 8945, T1, after=40)], [remittance(7, 8945, T1)])) == [("matched", [1], [7])]


@pytest.mark.parametrize(("bank", "verdict", "off"), [(20_400, "short", -3_600), (25_000, "over", 1_000)])
def test_another_amount_under_the_same_number_waits_for_a_person(bank: int, verdict: str, off: int) -> None:
    """$240.00 was announced; the bank has $204.00 or $250.00."""
    pairing = match([line(1, bank, T1)], [remittance(7, 24_000, T1)]).differing[0]

    assert (pairing.verdict, pairing.off_cents) == (verdict, off)
    assert sum(part.cents for part in pairing.parts()) == min(bank, 24_000)


def test_one_deposit_pays_several_remittances_and_several_deposits_one() -> None:
    """$300.00 for $100.00 + $200.00 under one number; $70.00 + $30.00 for $100.00 under another."""
    lines = [line(1, 30_000, T1), line(2, 7_000, T2), line(3, 3_000, T2)]

    found = match(lines, [remittance(7, 10_000, T1), remittance(8, 20_000, T1), remittance(9, 10_000, T2)])

    assert told(found) == [("matched", [1], [7, 8]), ("matched", [2, 3], [9])]
    assert [[part.cents for part in p.parts()] for p in found.matched] == [[10_000, 20_000], [7_000, 3_000]]


def test_the_same_number_of_two_payers_is_told_apart_by_the_originator() -> None:
    other = Trace(T1.number, "1880000009")
    lines = [line(1, 500, T1), line(2, 700, other, NF), line(3, 700, Trace(T1.number), "")]

    found = match(lines, [remittance(7, 500, T1), remittance(8, 700, other, NF)])

    assert told(found) == [("matched", [1], [7]), ("matched", [2], [8])]
    assert found.lines_left[0].reason == "several payers use this payment number"


def test_amount_payer_and_date_match_only_when_each_side_has_one_choice() -> None:
    assert told(match([line(1, 500, after=2)], [remittance(7, 500)])) == [("matched", [1], [7])]
    assert told(match([line(1, 500), line(2, 500)], [remittance(7, 500)])) == []
    twice = match([line(1, 500)], [remittance(7, 500), remittance(8, 500)])
    assert told(twice) == []
    assert [e.subject for e in twice.lines_left[0].candidates] == [7, 8]
    assert twice.lines_left[0].reason == "2 answers have this amount"


def test_what_a_line_may_be_is_the_closest_amounts_of_its_payer_whatever_the_day_then_others_of_its_amount() -> None:
    """A $50.00 deposit: near amounts announced on three days, one too early, and $50.00 of another insurer."""
    near = [remittance(n, 5000 + off, after=n % 3) for n, off in enumerate((900, -10, 40, -700, 7, 2000, -3000), 1)]
    far = [remittance(20, 5000, payer=NF), remittance(21, 5001, after=-9)]

    found = match([line(1, 5000, after=2)], [*near, *far])

    assert [e.subject for e in found.lines_left[0].candidates] == [5, 2, 3, 4, 1]
    found = match([line(1, 5000, after=2)], [near[1], *far])
    assert [e.subject for e in found.lines_left[0].candidates] == [2, 20]


@pytest.mark.parametrize(
    ("bank", "answer"),
    [
        (line(1, 500, after=6), remittance(7, 500)),
        (line(1, 500, payer=NF), remittance(7, 500)),
        (line(1, 500, payer=""), remittance(7, 500)),
        (line(1, 500, T1), remittance(7, 500, T2)),
        (line(1, 501), remittance(7, 500)),
    ],
    ids=["too late", "another payer", "no payer", "another number", "another cent"],
)
def test_what_does_not_fit_in_everything_is_left(bank: OpenLine, answer: Expected) -> None:
    found = match([bank], [answer])

    assert told(found) == []
    assert (len(found.lines_left), len(found.expected_left)) == (1, 1)


def test_a_deposit_of_a_payers_whole_day_is_matched() -> None:
    """A lockbox deposit of $147.00 for two checks of $112.00 and $35.00."""
    found = match([line(1, 14_700)], [remittance(7, 11_200), remittance(8, 3_500)])

    assert told(found) == [("matched", [1], [7, 8])]


def test_a_counter_deposit_holds_what_the_desk_took_on_some_days() -> None:
    """Friday $100.00 and $55.00, Monday $200.00: the deposit of $355.00 on Tuesday is all of it."""
    takings = [desk(1, 10_000, -4), desk(2, 5_500, -4), desk(3, 20_000, -1)]

    assert told(match([line(9, 35_500, payer="COUNTER DEPOSIT")], takings)) == [("matched", [9], [1, 2, 3])]
    unsure = match([line(9, 5_000, payer="COUNTER DEPOSIT")], [desk(1, 5_000, -4), desk(2, 5_000, -1)])
    assert told(unsure) == []
    assert unsure.lines_left[0].reason == "2 different spans of days at the desk have this sum"


def test_a_match_a_person_took_apart_is_not_made_again() -> None:
    found = match([line(1, 8945, T1)], [remittance(7, 8945, T1)], refused={(1, "remittance", 7)})

    assert told(found) == []
    assert found.lines_left[0].reason == "a person took this match apart"


@pytest.mark.parametrize(
    ("bank", "ours"),
    [("TESTWELL HP", "Testwell Health Plan, Inc."), ("OLD MILL TR", "Old Mill Trust"), ("DEPOSIT 0412", "Deposit")],
)
def test_a_payer_is_known_by_what_banks_leave_of_its_name(bank: str, ours: str) -> None:
    assert payer_key(bank) == payer_key(ours)


@pytest.mark.check(57)
def test_a_return_finds_the_one_receipt_of_its_number_and_amount() -> None:
    """A check of $35.00 bounces; the fee of $12.00 under the same number is no return."""
    check = Receipt(1, 3_500, DAY, Trace("991"), match=4)
    debits = [line(2, -3_500, Trace("991"), after=3), line(3, -1_200, Trace("991"), after=3)]

    assert [(found.line.id, found.receipt) for found in returns_in(debits, [check])] == [(2, check)]
    assert returns_in(debits, [check, Receipt(8, 3_500, DAY, Trace("991"))]) == ()
    assert returns_in([line(2, -3_500, Trace("991"), after=-1)], [check]) == ()


names = st.sampled_from([QH, NF, "", "COUNTER DEPOSIT"])
numbers = st.sampled_from(["", "1", "2", "3"])
traces = st.builds(lambda n, o: Trace(n, o if n else ""), numbers, st.sampled_from(["", "1990000002", "1880000009"]))
few_cents = st.sampled_from([-500, 100, 200, 300, 500])
few_days = st.integers(-8, 8)
lines_drawn = st.lists(st.tuples(few_cents, traces, names, few_days), max_size=12).map(
    lambda drawn: [line(key, *values) for key, values in enumerate(drawn, 1)]
)
expected_drawn = st.lists(
    st.tuples(
        st.sampled_from(["remittance", "card_payout", "desk"]),
        few_cents.filter(lambda c: c > 0),
        traces,
        names,
        few_days,
    ),
    max_size=12,
).map(
    lambda drawn: [
        Expected(kind, key, cents, DAY + timedelta(days=after), trace, payer)  # type: ignore[arg-type]
        for key, (kind, cents, trace, payer, after) in enumerate(drawn, 1)
    ]
)


@given(lines_drawn, expected_drawn)
def test_every_item_stands_in_one_place_and_no_cent_is_lost(lines: list[OpenLine], expected: list[Expected]) -> None:
    found = match(lines, expected)

    _everything_once(found, lines, expected)
    assert all(pairing.off_cents == 0 for pairing in found.matched)
    for pairing in found.matched:
        assert sum(part.cents for part in pairing.parts()) == pairing.bank_cents
    assert told(match(lines[::-1], expected[::-1])) == told(found)


def _everything_once(found: Matching, lines: Sequence[OpenLine], expected: Sequence[Expected]) -> None:
    pairings = (*found.matched, *found.differing)
    seen_lines = [x.id for p in pairings for x in p.lines] + [u.line.id for u in found.lines_left if u.line]
    seen = [e.key for p in pairings for e in p.expected] + [u.expected.key for u in found.expected_left if u.expected]
    assert Counter(seen_lines) == Counter(x.id for x in lines)
    assert Counter(seen) == Counter(e.key for e in expected)
    assert sum(p.bank_cents for p in pairings) + sum(u.cents for u in found.lines_left) == sum(x.cents for x in lines)
    off = sum(p.expected_cents for p in pairings) + sum(u.cents for u in found.expected_left)
    assert off == sum(e.cents for e in expected)


@pytest.mark.check(55)
@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_deposits_with_all_that_goes_wrong_give_no_false_match(seed: int) -> None:
    """One in a hundred each is missing, unknown, short, over, split, merged, late or without its number."""
    lines, expected, truth = _a_thousand(random.Random(seed))

    found = match(lines, expected)

    _everything_once(found, lines, expected)
    for pairing in (*found.matched, *found.differing):
        assert {truth[x.id] for x in pairing.lines} == {frozenset(e.subject for e in pairing.expected)}
    verdicts = Counter(p.verdict for p in (*found.matched, *found.differing))
    assert (verdicts["short"], verdicts["over"]) == (10, 10)
    assert [u.line.id for u in found.lines_left if u.line] == [x.id for x in lines if not truth[x.id]]
    known = frozenset().union(*truth.values())
    assert [u.expected.subject for u in found.expected_left if u.expected] == [
        e.subject for e in expected if e.subject not in known
    ]


def _a_thousand(chance: random.Random) -> tuple[list[OpenLine], list[Expected], dict[int, frozenset[int]]]:
    wrongs = ["missing", "unknown", "short", "over", "split", "merged", "late", "numberless"]
    fates = [wrong for wrong in wrongs for _ in range(10)] + ["plain"] * 920
    chance.shuffle(fates)
    lines: list[OpenLine] = []
    expected: list[Expected] = []
    truth: dict[int, frozenset[int]] = {}
    for key, fate in enumerate(fates, 1):
        payer, after = f"Payer{key % 7} Health", chance.randrange(90)
        trace, cents = Trace(f"E{key:05}", f"19900000{key % 7:02}"), chance.randrange(1_000, 1_000_000)
        amounts = {"missing": [], "split": [cents - 400, 400], "short": [cents - 300], "over": [cents + 300]}.get(
            fate, [cents]
        )
        told_trace = NO_TRACE if fate == "numberless" else trace
        for amount in amounts:
            late = 30 if fate == "late" else chance.randrange(3)
            lines.append(line(len(lines) + 1, amount, told_trace, payer, after + late))
            truth[len(lines)] = (
                frozenset() if fate == "unknown" else frozenset({key, -key} if fate == "merged" else {key})
            )
        if fate == "merged":
            expected += [remittance(key, cents - 700, trace, payer, after), remittance(-key, 700, trace, payer, after)]
        elif fate != "unknown":
            expected.append(remittance(key, cents, trace, payer, after))
    return lines, expected, truth
