"""Three hundred claims with one fault each are caught by the edit that is for it; five hundred good ones of 24 kinds all pass."""

import pytest

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.checks import CHECKS, problems_in, problems_of
from claims_service.domain.claim.edits.finding import MUST, Facts
from tests.domain.edits.faults import FAULTS, Fault
from tests.domain.edits.good_claims import KINDS, Maker
from tests.domain.edits.made import FACTS, changed

EACH = 2  # claims seeded with each fault


def seeded(fault: Fault, good: Claim) -> tuple[Claim, Facts]:
    """The good claim and what is known beside it, with the one fault."""
    claim, facts = good, FACTS
    for path, value in fault.change.items():
        made = value(good) if callable(value) else value
        if path.startswith("facts."):
            facts = changed(facts, path.removeprefix("facts."), made)
        else:
            claim = changed(claim, path, made)
    return claim, facts


def cases() -> list[tuple[Fault, Claim]]:
    maker = Maker(300)
    return [(fault, KINDS[fault.kind](maker)) for fault in FAULTS for _ in range(EACH)]


def test_part_4_three_hundred_faulty_claims_are_caught_by_the_edit_that_is_for_the_fault() -> None:
    """At least 98 in 100; the good claim before the fault had none of it."""
    judged = cases()
    missed = []
    for fault, good in judged:
        assert fault.edit not in {finding.rule for finding in problems_in(good, FACTS)}, fault.words
        if fault.edit not in {finding.rule for finding in problems_in(*seeded(fault, good))}:
            missed.append(fault.words)

    assert len(judged) >= 300
    assert len(missed) <= len(judged) * 0.02, missed


def test_the_faults_are_told_apart_and_know_their_edit() -> None:
    assert len({fault.words for fault in FAULTS}) == len(FAULTS) >= 150
    assert {fault.edit for fault in FAULTS} <= {check.edit.id for check in CHECKS}
    assert len({fault.edit for fault in FAULTS}) >= 150


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_part_4_five_hundred_good_claims_are_never_blocked(seed: int) -> None:
    """Families, children, births, joints, wards, rides, drugs, second plans ...: as many of each kind."""
    maker, kinds = Maker(seed), list(KINDS.values())
    good = [kinds[n % len(kinds)](maker) for n in range(500)]
    found = problems_of((claim, FACTS) for claim in good)

    assert len({(claim.place_of_service, claim.diagnoses, claim.lines) for claim in good}) == len(good)
    assert [finding for findings in found for finding in findings if finding.severity == MUST] == []


def test_a_batch_is_judged_as_each_of_its_claims_alone() -> None:
    """What claims share is looked at once and never mixed up."""
    judged = [seeded(*case) for case in cases()]

    assert problems_of(judged) == [problems_in(*one) for one in judged]
