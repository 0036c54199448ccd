"""Every edit stops the claim it is for and leaves the one that comes close alone; together they let good claims pass."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.checks import CHECKS, may_go, problems_in
from claims_service.domain.claim.edits.finding import LOOK, MUST
from tests.domain.edits import document
from tests.domain.edits.document import EXAMPLES
from tests.domain.edits.examples_who import OTHERS, SECOND, SECOND_BY_LINE
from tests.domain.edits.made import COLLEAGUE, DAY, FACTS, GOOD, Example, case

BY_EDIT = {check.edit.id: check.edit for check in CHECKS}


def found(example: Example, changes: object) -> set[str]:
    return {finding.rule for finding in problems_in(*case(changes))}  # type: ignore[arg-type]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.edit)
def test_an_edit_stops_what_is_wrong_and_leaves_alone_what_is_right(example: Example) -> None:
    assert example.edit in found(example, example.bad), example.words
    assert example.edit not in found(example, example.good), "its good neighbour"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.edit)
def test_what_is_right_may_go(example: Example) -> None:
    assert may_go(problems_in(*case(example.good))), problems_in(*case(example.good))


def test_every_edit_has_an_example_and_there_are_at_least_120() -> None:
    assert sorted(BY_EDIT) == sorted({example.edit for example in EXAMPLES})
    assert len(BY_EDIT) == len(CHECKS) >= 120


def test_every_edit_says_what_is_wrong_how_to_mend_it_and_who_asks() -> None:
    for edit in BY_EDIT.values():
        assert edit.severity in {MUST, LOOK}, edit.id
        assert (edit.sentence[-1], edit.mend[-1]) == (".", "."), edit.id
        assert all((edit.x12, edit.fhir, edit.source)), edit.id
        assert len(edit.sentence) < 110, edit.id


def test_the_list_of_edits_is_up_to_date() -> None:
    """`python -m tests.domain.edits.document` writes docs/edits.md."""
    assert document.FILE.read_text("utf-8") == document.text()


BASES = (GOOD, case(OTHERS)[0], case(SECOND_BY_LINE)[0])  # the patient's own plan, the spouse's plan, a second plan


def test_three_hundred_faulty_claims_are_caught() -> None:
    """Each fault of the table on the patient's own plan and on the spouse's: at least 98 in 100 are found, by their own edit."""
    claims = [(example, base) for example in EXAMPLES for base in BASES[:2]]
    missed = []
    for example, base in claims:
        rules = {finding.rule for finding in problems_in(*case(example.bad, base))}
        if example.edit not in rules:
            missed.append(example.edit)

    assert len(claims) >= 300
    assert len(missed) <= len(claims) * 0.02, missed


def good_claim(dice: random.Random) -> Claim:
    """One of many claims as a clinic makes them: people, days, services and plans drawn by lot."""
    base = dice.choice(BASES)
    day = DAY - timedelta(dice.randrange(200))
    codes = dice.sample(["99213", "99214", "85025", "80053", "81002", "93000", "87880", "83036"], dice.randint(1, 5))
    diagnoses = tuple(dice.sample(["J069", "R509", "E119", "I10", "M545", "R05", "Z79899", "F411"], dice.randint(1, 4)))
    if base.other_payers:
        base = case(SECOND)[0]
    lines = tuple(
        replace(
            base.lines[0], number=n, reference=f"L{n}", procedure=code, charge_cents=dice.randrange(10_00, 400_00), served_on=day,
            pointers=tuple(sorted(dice.sample(range(1, len(diagnoses) + 1), dice.randint(1, len(diagnoses))))),
            units=Decimal(1), decisions=(),
        )
        for n, code in enumerate(codes, 1)
    )  # fmt: skip
    born = date(dice.randint(1940, 2005), dice.randint(1, 12), dice.randint(1, 28))
    person = replace(base.patient, birth_on=born, sex=dice.choice("FM"))
    own = base.coverage.relationship == "18"
    coverage = replace(base.coverage, subscriber=person) if own else base.coverage
    return replace(
        base, control_number=f"C{dice.randrange(10**9)}", patient=person, coverage=replace(coverage, valid_from=date(2026, 1, 1)),
        diagnoses=diagnoses, lines=lines, referring=dice.choice([None, COLLEAGUE]), place_of_service=dice.choice(["11", "22"]),
    )  # fmt: skip


def test_five_hundred_good_claims_all_pass() -> None:
    """Nothing that must be mended is found on any."""
    dice = random.Random(20261102)
    blocked = [found for _ in range(500) for found in problems_in(good_claim(dice), FACTS) if found.severity == MUST]

    assert blocked == []
