"""Every edit stops the claim it is for and leaves the one that comes close alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from claims_service.domain.claim.edits.checks import CHECKS, may_go, problems_in, problems_of
from claims_service.domain.claim.edits.edit import ClaimEdit, DiagnosisEdit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts
from claims_service.domain.claim.edits.parts import ALIKE, ONLY_WITH_FACTS, ONLY_WITH_LINE, PARTS, SERVICE, Asked, view
from tests.domain.edits import document
from tests.domain.edits.document import EXAMPLES
from tests.domain.edits.made import FACTS, GOOD, Example, case

BY_EDIT = {check.edit.id: check.edit for check in CHECKS}


def found(example: Example, changes: Mapping[str, Any]) -> set[str]:
    return {finding.rule for finding in example.found(changes)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.edit)
def test_an_edit_stops_what_is_wrong_and_leaves_alone_what_is_right(example: Example) -> None:
    assert example.edit in found(example, example.bad), example.words
    assert example.edit not in found(example, example.good), "its good neighbour"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.edit)
def test_what_is_right_may_go(example: Example) -> None:
    assert may_go(example.found(example.good)), example.found(example.good)


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


def test_edits_of_a_part_exist_and_are_given_nothing_else() -> None:
    """What they are given has the part's own fields alone, so that an edit which looks at more can't be on its list."""
    for part in PARTS:
        checks = [check for check in CHECKS if check.edit.id in part.edits]
        assert {check.edit.id for check in checks} == part.edits
        asked_of = {ClaimEdit, LineEdit, DiagnosisEdit} if part is ALIKE else {LineEdit if part.line else ClaimEdit}
        assert {type(check) for check in checks} == asked_of
        given = [view(names, tuple(range(len(names)))) for names in (part.claim, part.line, part.facts)]
        for names, seen in zip((part.claim, part.line, part.facts), given, strict=True):
            assert {name.partition(".")[0] for name in names} == set(vars(seen))


def test_a_claim_is_told_apart_from_others_that_nearly_are_alike() -> None:
    """Every example, bad and good, checked in one batch and each alone: what was found on one is not taken for another."""
    cases = [case(changes) for example in EXAMPLES if example.base is GOOD for changes in (example.bad, example.good)]

    assert problems_of(cases) == [problems_in(claim, facts) for claim, facts in cases]
    assert set(SERVICE.claim) <= set(ALIKE.claim)
    assert set(SERVICE.line) <= set(ALIKE.line)
    assert set(SERVICE.facts) <= set(ALIKE.facts)


def test_an_edit_that_looks_beyond_its_part_fails_at_once() -> None:
    nosy = LineEdit(CHECKS[0].edit, lambda claim, line, facts: line.charge_cents > 0)
    asked = Asked(SERVICE, [nosy])

    about, beside = asked.around(GOOD, FACTS)
    with pytest.raises(AttributeError, match="charge_cents"):
        asked.of_line(about, GOOD.lines[0], beside)


def empty_of(facts: Facts, field: str) -> dict[str, Any]:
    return {field: type(getattr(facts, field))()}


def test_edits_that_are_asked_only_where_a_field_is_filled_find_nothing_where_it_is_empty() -> None:
    """Every example, bad and good, with the field emptied: the edit itself has nothing to say."""
    by_id: dict[str, Any] = {check.edit.id: check for check in CHECKS}
    cases = [case(changes) for example in EXAMPLES if example.base is GOOD for changes in (example.bad, example.good)]
    for only in ONLY_WITH_LINE:
        empty: Any = {"decisions": (), "served_until": None}[only.field]
        for claim, facts in cases:
            bare = [replace(line, **{only.field: empty}) for line in claim.lines]
            assert not any(by_id[name].broken(claim, line, facts) for name in only.edits for line in bare)
    for only in ONLY_WITH_FACTS:
        for claim, facts in cases:
            bare_facts = replace(facts, **empty_of(facts, only.field))
            assert not any(by_id[name].broken(claim, line, bare_facts) for name in only.edits for line in claim.lines)
