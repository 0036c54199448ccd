"""Rules of the clinic's own through the whole program: kept, tried, switched on, holding claims, let through, replaced."""

from dataclasses import replace
from datetime import date

import pytest
from peewee import DatabaseError

from claims_service.domain.claim.edits.own_rules import HOLD, SET, WARN, Condition, OwnRule
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.queries import clinic_rules as questions
from claims_service.store import claims, clinic_rules
from claims_service.store.connection import run, write
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.keep_rule import keep_rule
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.release_claim import release_claim
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.switch_rule import switch_rule
from tests import clinic as story
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import DENIED, file_835, payment, remittance
from tests.workflow.cycle import post

COUNTS = OwnRule("Blood counts", (Condition("code", "in", "85025"),), HOLD, "Ask Dr. Voss why the count was needed.")


def build(clinic: Clinic, reference: str = "V1", **changes: object) -> int:
    visit = clinic.visit(reference=reference, **changes)  # type: ignore[arg-type]
    recorded = record_encounters(clinic.practice, [visit], by=BILLER, now=NOW).recorded
    return build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY).claims[0].claim


def state(clinic: Clinic, claim: int) -> str:
    return claims.heads(clinic.practice, [claim])[claim].state


def keep(clinic: Clinic, rule: OwnRule = COUNTS) -> int:
    return keep_rule(clinic.practice, rule, by=BILLER, now=NOW)


def switch(clinic: Clinic, rule: int, *, on: bool = True) -> int:
    return len(switch_rule(clinic.practice, rule, on=on, by=BILLER, now=NOW, today=TODAY))


def actions(clinic: Clinic) -> list[str]:
    return [
        row[0]
        for row in run("select action from audit where practice_id = ? order by seq", (clinic.practice,)).fetchall()
    ]


def test_a_rule_that_is_kept_does_nothing_until_it_is_switched_on(clinic: Clinic) -> None:
    """A claim over $150.00 stands ready; the rule, once on, holds it and those that come, and is never in a file."""
    rule, before = keep(clinic), build(clinic)
    assert state(clinic, before) == "ready"

    assert switch(clinic, rule) == 1
    after = build(clinic, "V2", served_on=date(2026, 11, 11))

    assert [state(clinic, one) for one in (before, after)] == ["needs_mending", "needs_mending"]
    assert submit_claims(clinic.practice, [before, after], by=BILLER, now=NOW).claim_count == 0
    assert [one for one in actions(clinic) if one.startswith("rule")] == ["rule.keep", "rule.switch_on"]


def test_switched_off_it_lets_all_go_and_switching_twice_changes_nothing(clinic: Clinic) -> None:
    rule, claim = keep(clinic), build(clinic)
    switch(clinic, rule)

    assert switch(clinic, rule) == 0
    assert switch(clinic, rule, on=False) == 1
    assert state(clinic, claim) == "ready"


def test_a_manager_lets_one_claim_through_and_the_reason_is_kept(clinic: Clinic) -> None:
    """One of two claims goes out; checked again it still may."""
    switch(clinic, keep(clinic))
    one, other = build(clinic), build(clinic, "V2", served_on=date(2026, 11, 11))

    released = release_claim(clinic.practice, one, "Anaemia, seen in the chart", by=BILLER, now=NOW, today=TODAY)
    check_claims(clinic.practice, [one, other], by=BILLER, now=NOW, today=TODAY)

    assert released.state == "ready"
    assert [finding.mend for finding in released.findings] == ["A manager let it through."]
    assert [state(clinic, claim) for claim in (one, other)] == ["ready", "needs_mending"]
    assert "claim.release" in actions(clinic)
    stories = run("select text from claim_event where claim_id = ? and kind = 'note'", (one,)).fetchall()
    assert stories == [("Let through the rule “Blood counts”: Anaemia, seen in the chart",)]
    assert submit_claims(clinic.practice, [one, other], by=BILLER, now=NOW).claim_count == 1
    with pytest.raises(Conflict, match="no rule holds it"):
        release_claim(clinic.practice, one, "again", by=BILLER, now=NOW, today=TODAY)


def test_a_claim_that_no_rule_holds_is_not_let_through_and_no_reason_is_none(clinic: Clinic) -> None:
    claim = build(clinic)
    with pytest.raises(Conflict, match="No rule holds"):
        release_claim(clinic.practice, claim, "why not", by=BILLER, now=NOW, today=TODAY)
    switch(clinic, keep(clinic))
    with pytest.raises(Rejected, match="Say why"):
        release_claim(clinic.practice, claim, " ", by=BILLER, now=NOW, today=TODAY)


def test_a_new_version_takes_the_place_of_the_one_before_and_asks_again(clinic: Clinic) -> None:
    """Let through the first version, the claim is held by the second: it says something else."""
    first, claim = keep(clinic), build(clinic)
    switch(clinic, first)
    release_claim(clinic.practice, claim, "fine", by=BILLER, now=NOW, today=TODAY)
    second = keep(clinic, replace(COUNTS, number=1, message="Attach the order."))
    assert state(clinic, claim) == "ready", "the second is off yet"

    switch(clinic, second)

    assert state(clinic, claim) == "needs_mending"
    assert [(kept.rule.id, kept.is_on) for kept in clinic_rules.listed(clinic.practice)] == [
        ("rule-1.2", True),
        ("rule-1.1", False),
    ]


def test_a_rule_fills_what_is_empty_and_tells_it_in_the_claims_story(clinic: Clinic) -> None:
    """Quillhaven's standing approval GA-7 for blood counts; what a person typed stays."""
    fills = replace(COUNTS, action=SET, filled_field="prior_authorization", filled_value="GA-7", message="")
    switch(clinic, keep(clinic, fills))

    filled = build(clinic)
    typed = build(clinic, "V2", served_on=date(2026, 11, 11), prior_authorization="AP-1")

    approvals = run(
        "select prior_authorization from encounter where practice_id = ? order by id", (clinic.practice,)
    ).fetchall()
    assert approvals == [("GA-7",), ("AP-1",)]
    told = run("select claim_id, text from claim_event where kind = 'note' order by id").fetchall()
    assert told == [(filled, "Rule “Blood counts” wrote the approval number.")]
    assert typed not in {claim for claim, _ in told}


def test_a_rule_may_name_only_a_provider_of_the_clinic_as_referring(clinic: Clinic) -> None:
    refers = replace(COUNTS, action=SET, filled_field="referring", filled_value="1990000030", message="")
    with pytest.raises(Rejected, match="Nobody on the clinic's list"):
        keep(clinic, refers)

    switch(clinic, keep(clinic, replace(refers, filled_value="1990000022")))
    build(clinic)

    assert run("select referring_id from encounter where practice_id = ?", (clinic.practice,)).fetchall() == [
        (clinic.doctor,)
    ]


def test_a_rule_is_tried_on_last_month_before_it_is_switched_on(clinic: Clinic) -> None:
    """Two of October's three claims carry a blood count; November's are not looked at, and nothing is changed."""
    october = [build(clinic, f"O{n}", served_on=date(2026, 10, n)) for n in (5, 6)]
    build(clinic, "O7", served_on=date(2026, 10, 7), lines=clinic.visit(None, "99214").lines)
    build(clinic)

    trial = questions.try_rule(clinic.practice, replace(COUNTS, valid_from=date(2027, 1, 1)), today=TODAY)

    assert (trial.first, trial.until) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (trial.looked_at, trial.caught_count, trial.denied_count, trial.cut) == (3, 2, 0, False)
    assert [one.claim for one in trial.caught] == october[::-1]
    assert trial.caught[0].services == ("85025",)
    assert {state(clinic, claim) for claim in october} == {"ready"}


def test_a_trial_says_how_many_of_the_caught_claims_were_in_fact_denied(clinic: Clinic) -> None:
    """Two of October's claims over $150.00 each: the first was denied with CO 16, the second paid."""
    wrong, right = (build(clinic, f"O{n}", served_on=date(2026, 10, n)) for n in (5, 6))
    submit_claims(clinic.practice, [wrong, right], by=BILLER, now=NOW)
    numbers = {key: head.control_number for key, head in claims.heads(clinic.practice, [wrong, right]).items()}
    post(clinic, file_835(remittance([payment(numbers[wrong], DENIED, status="4"), payment(numbers[right])])))

    trial = questions.try_rule(clinic.practice, COUNTS, today=TODAY)

    assert (trial.caught_count, trial.denied_count) == (2, 1)
    assert {one.claim: one.denied for one in trial.caught} == {wrong: True, right: False}


def test_another_clinics_rules_are_neither_seen_nor_switched_nor_asked(clinic: Clinic) -> None:
    theirs = story.found("Hillside Clinic", "1990000055", suffix="H")
    rule = keep(theirs)
    switch(theirs, rule)

    assert clinic_rules.listed(clinic.practice) == []
    assert state(clinic, build(clinic)) == "ready"
    for refused in (
        lambda: switch(clinic, rule),
        lambda: keep(clinic, replace(COUNTS, number=1)),
        lambda: questions.versions(clinic.practice, rule),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_warning_lets_the_claim_go(clinic: Clinic) -> None:
    switch(clinic, keep(clinic, replace(COUNTS, action=WARN)))
    assert state(clinic, build(clinic)) == "ready"


@pytest.mark.parametrize("table", ["clinic_rule", "clinic_rule_switch", "clinic_rule_release"])
def test_the_database_itself_keeps_rules_as_they_were(clinic: Clinic, table: str) -> None:
    switch(clinic, keep(clinic))
    release_claim(clinic.practice, build(clinic), "fine", by=BILLER, now=NOW, today=TODAY)

    for statement in (f"update {table} set by = 'nobody'", f"delete from {table}"):
        with pytest.raises(DatabaseError), write():
            run(statement)
