"""The clinic's own rules: each kind of field and operator, the sentence a rule tells itself in, and what can't be kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.claim.edits.checks import may_go, problems_in
from claims_service.domain.claim.edits.finding import LOOK, MUST
from claims_service.domain.claim.edits.own_rules import (
    ANY,
    BLOCK,
    HOLD,
    SET,
    WARN,
    Condition,
    OwnRule,
    problems_of,
    ready,
    sentence,
)
from claims_service.domain.claim.edits.rule_fields import FIELDS
from claims_service.domain.claim.edits.rule_operators import OPERATORS, comparison
from tests.domain.edits.made import DAY, FACTS, GOOD, case

MESSAGE = "Quillhaven wants a photo."
RULE = OwnRule("Photo", (Condition("code", "in", "17000-17004"),), HOLD, MESSAGE, number=3, version=2)


def rule(*conditions: tuple[str, str, str], **changes: Any) -> OwnRule:
    return replace(RULE, conditions=tuple(Condition(*one) for one in conditions), **changes)


def hits(wanted: OwnRule, changes: dict[str, object] | None = None) -> list[int]:
    """Numbers of the lines it speaks of."""
    claim, facts = case(changes or {})
    return [line.number for line in ready([wanted])[0].lines(claim, facts.today)]


@pytest.mark.parametrize(
    ("field", "operator", "met", "not_met"),
    [
        ("insurer", "in", "QH001,NF002", "NF002"), ("insurer", "not_in", "NF002", "QH001"), ("plan_kind", "in", "CI", "MB"),
        ("plan_order", "in", "P", "S"), ("member_number", "begins", "qhm", "NFM"), ("member_number", "contains", "0000", "9"),
        ("group_number", "is", "g100", "G10"), ("group_number", "filled", "", ""), ("age", "between", "40 to 46", "47 to 99"),
        ("age", "ge", "46", "47"), ("age", "lt", "47", "46"), ("sex", "in", "F", "M"), ("state", "in", "OR, WA", "WA"),
        ("diagnosis", "in", "J06.9", "J06.8"), ("diagnosis", "in", "J00-J06", "J07-J09"), ("diagnosis", "in", "r*", "S*"),
        ("diagnosis", "not_in", "S*, T*", "R50.9"), ("first_diagnosis", "in", "J06*", "R50*"), ("provider", "in", "1990000022", "1990000030"),
        ("specialty", "in", "207Q*", "208*"), ("referred_by", "empty", "", ""), ("approval", "empty", "", ""),
        ("services", "eq", "2", "3"), ("total", "eq", "150", "150.01"), ("total", "between", "$100 to $150.00", "151 to 200"),
        ("visit_day", "lt", "10/16/2026", "10/15/2026"), ("visit_day", "ge", "10/15/2026", "10/16/2026"),
        ("visit_day", "between", "10/01/2026 to 10/31/2026", "11/01/2026 to 11/30/2026"), ("days_waiting", "gt", "17", "18"),
        ("code", "in", "99202-99215", "99217-99239"), ("code", "in", "850*", "86*"), ("modifier", "empty", "", ""),
        ("units", "le", "1", "0.5"), ("charge", "gt", "119.99", "120"), ("place", "in", "11, 22", "22"), ("reasons", "in", "J06*", "S*"),
        ("drug", "empty", "", ""), ("description", "empty", "", ""),
    ],
)  # fmt: skip
def test_a_condition_holds_for_what_it_names_and_for_nothing_else(
    field: str, operator: str, met: str, not_met: str
) -> None:
    assert hits(rule((field, operator, met)))
    other = {"empty": "filled", "filled": "empty"}.get(operator, operator)
    assert not hits(rule((field, other, not_met)))


def test_every_field_is_asked_by_a_test_and_every_kind_has_its_operators() -> None:
    marks = test_a_condition_holds_for_what_it_names_and_for_nothing_else.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} == {field.name for field in FIELDS}
    assert {field.kind for field in FIELDS} == set(OPERATORS)


def test_conditions_on_services_must_hold_for_one_and_the_same_service() -> None:
    """The visit is dear and the blood count cheap: no service is both a blood count and above $100.00."""
    assert hits(rule(("code", "in", "85025"), ("charge", "lt", "100"))) == [2]
    assert hits(rule(("code", "in", "85025"), ("charge", "gt", "100"))) == []
    assert hits(rule(("code", "in", "85025"), ("charge", "gt", "100"), joined=ANY)) == [1, 2]
    assert hits(rule(("code", "in", "99213"), ("insurer", "in", "NF002"))) == []


@pytest.mark.parametrize(
    ("action", "severity", "goes"), [(HOLD, MUST, False), (BLOCK, MUST, False), (WARN, LOOK, True)]
)
def test_hold_and_block_stop_a_claim_and_warn_lets_it_go(action: str, severity: str, goes: bool) -> None:
    mine = ready([rule(("code", "in", "99213"), action=action)])
    (found,) = problems_in(GOOD, replace(FACTS, rules=mine))

    assert (found.rule, found.severity, found.place, found.message) == (
        "rule-3.2",
        severity,
        "lines[0].procedure",
        MESSAGE,
    )
    assert may_go((found,)) is goes


def test_a_claim_that_was_let_through_is_no_longer_held_but_still_told_of() -> None:
    mine = ready([rule(("code", "in", "99213"))])
    (found,) = problems_in(GOOD, replace(FACTS, rules=mine, released=frozenset({"rule-3.2"})))
    (held,) = problems_in(GOOD, replace(FACTS, rules=mine, released=frozenset({"rule-3.1"})))

    assert (found.severity, found.mend) == (LOOK, "A manager let it through.")
    assert held.severity == MUST


def test_a_rule_holds_for_visits_of_its_days_alone() -> None:
    day = ("code", "in", "99213")
    assert hits(rule(day, valid_from=DAY, valid_until=DAY)) == [1]
    assert hits(rule(day, valid_from=date(2026, 10, 16))) == []
    assert hits(rule(day, valid_until=date(2026, 10, 14))) == []


def test_a_rule_tells_itself_in_one_sentence() -> None:
    told = rule(
        ("insurer", "in", "QH001"),
        ("code", "in", "17000-17004"),
        ("age", "between", "18 to 64"),
        valid_from=date(2026, 1, 1),
    )

    assert sentence(told, {"QH001": "Quillhaven Health"}) == (
        "Hold a claim if the insurer is Quillhaven Health and the code of a service is one of 17000-17004 and the patient's age is between"
        " 18 and 64, for visits from January 1, 2026, and say “Quillhaven wants a photo”."
    )
    fills = rule(
        ("total", "gt", "$1,000"), action=SET, filled_field="prior_authorization", filled_value="GA-1", message=""
    )
    assert (
        sentence(fills)
        == "Write “GA-1” as the approval number of a claim that has none if the claim's charge is more than $1,000.00."
    )


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": " "}, "name"), ({"message": ""}, "message"), ({"action": "explode"}, "action"), ({"joined": "some"}, "joined"),
        ({"conditions": ()}, "conditions[0].field"), ({"conditions": (Condition("ssn", "is", "1"),)}, "conditions[0].field"),
        ({"conditions": (Condition("age", "contains", "1"),)}, "conditions[0].operator"),
        ({"conditions": (Condition("age", "ge", "old"),)}, "conditions[0].value"),
        ({"conditions": (Condition("age", "ge", "NaN"),)}, "conditions[0].value"),
        ({"conditions": (Condition("age", "between", "18"),)}, "conditions[0].value"),
        ({"conditions": (Condition("age", "between", "64 to 18"),)}, "conditions[0].value"),
        ({"conditions": (Condition("code", "in", "99213; drop"),)}, "conditions[0].value"),
        ({"conditions": (Condition("code", "in", "99215-99202"),)}, "conditions[0].value"),
        ({"conditions": (Condition("code", "in", ""),)}, "conditions[0].value"),
        ({"conditions": (Condition("visit_day", "lt", "soon"),)}, "conditions[0].value"),
        ({"valid_from": DAY, "valid_until": date(2026, 1, 1)}, "valid_until"), ({"action": SET}, "filled_field"),
        ({"name": "x" * 61}, "name"),
    ],
)  # fmt: skip
def test_a_rule_that_says_nothing_clear_is_not_kept(changes: dict[str, object], where: str) -> None:
    assert where in {problem.where for problem in problems_of(replace(RULE, **changes))}  # type: ignore[arg-type]


@given(field=st.sampled_from(FIELDS), typed=st.text(max_size=40), pick=st.integers(0, 10))
def test_whatever_is_typed_is_read_or_refused_in_words(field, typed: str, pick: int) -> None:  # type: ignore[no-untyped-def]
    """Never another error; what is read can be asked of a claim and told."""
    kind = OPERATORS[field.kind]
    wanted = rule((field.name, kind[pick % len(kind)].name, typed))
    if not problems_of(wanted):
        hits(wanted)
        assert sentence(wanted)


def test_an_amount_is_compared_to_the_cent() -> None:
    charge = next(field for field in FIELDS if field.name == "charge")
    assert comparison(charge, "eq", "0.10")(10)
    assert not comparison(charge, "eq", "0.10")(Decimal("10.5"))
