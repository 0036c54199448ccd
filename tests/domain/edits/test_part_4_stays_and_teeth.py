"""Five hundred good bills of facilities and dentists of 18 kinds all pass; those with one fault each are caught by its edit."""

import random
from collections.abc import Callable, Mapping

import pytest

from claims_service.domain.claim.dental import DentalClaim
from claims_service.domain.claim.edits.finding import MUST, PayerRules
from claims_service.domain.claim.edits.other_kinds import findings_of, own_findings
from claims_service.domain.claim.institutional import InstitutionalClaim
from tests.domain.edits.faults import Fault
from tests.domain.edits.faults_others import DENTAL, STAYS
from tests.domain.edits.good_others import DENTAL_KINDS, DENTIST, EMERGENCY, STAY, STAY_KINDS
from tests.domain.edits.made import FACTS, changed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_part_4_five_hundred_good_stays_and_dental_visits_are_never_blocked(seed: int) -> None:
    dice = random.Random(seed)
    kinds: list[tuple[str, Callable[[random.Random], InstitutionalClaim | DentalClaim]]] = [
        *STAY_KINDS.items(), *DENTAL_KINDS.items(),
    ]  # fmt: skip
    judged = [
        (name, list(own_findings(make(dice), FACTS))) for n in range(500) for name, make in [kinds[n % len(kinds)]]
    ]

    assert [(name, one) for name, found in judged for one in found if one.severity == MUST] == []


EACH = 2  # bills seeded with each fault


@pytest.mark.parametrize(("faults", "kinds"), [(STAYS, STAY_KINDS), (DENTAL, DENTAL_KINDS)], ids=["stays", "teeth"])
def test_part_4_sixty_faulty_bills_are_caught_by_the_edit_that_is_for_the_fault(
    faults: list[Fault], kinds: Mapping[str, Callable[[random.Random], InstitutionalClaim | DentalClaim]]
) -> None:
    """At least 98 in 100; the good bill before the fault had none of it."""
    dice = random.Random(60)
    judged = [(fault, kinds[fault.kind](dice)) for fault in faults for _ in range(EACH)]
    missed = []
    for fault, good in judged:
        bad = good
        for path, value in fault.change.items():
            bad = changed(bad, path, value(good) if callable(value) else value)
        assert fault.edit not in {one.rule for one in own_findings(good, FACTS)}, fault.words
        if fault.edit not in {one.rule for one in own_findings(bad, FACTS)}:
            missed.append(fault.words)

    assert len(judged) >= 60
    assert len({fault.words for fault in faults}) == len(faults)
    assert len(missed) <= len(judged) * 0.02, missed


def test_what_is_good_has_nothing_to_look_at() -> None:
    assert [list(own_findings(claim, FACTS)) for claim in (STAY, EMERGENCY, DENTIST)] == [[], [], []]


def test_an_insurer_turns_an_edit_for_stays_off_by_its_name() -> None:
    bad = changed(STAY, "admitted_time", "")

    assert [one.rule for one in own_findings(bad, FACTS)] == ["admission_hour"]
    off = changed(FACTS, "payer", PayerRules(off=frozenset({"admission_hour"})))
    assert list(own_findings(bad, off)) == []


def test_what_must_be_mended_stands_before_what_to_look_at() -> None:
    bad = changed(changed(STAY, "operating", None), "admitted_time", "")

    assert [one.rule for one in findings_of((), bad, FACTS)] == ["admission_hour", "surgeon_missing"]
