"""The clinic's own rules as a manager builds, tries, switches and changes them, with and without script; claims let through."""

from html import unescape

import pytest
from flask import Flask

from claims_service.config import Config
from claims_service.store import clinic_rules
from tests.interfaces.staff.billing_desk import BillingDesk, open_desk, person, plain

CONDITION = {"condition-0-field": "code", "condition-0-operator": "in", "condition-0-value": "85025"}
RULE = {"name": "Blood counts", "joined": "all", "action": "hold", "message": "Attach the order.", **CONDITION}


@pytest.fixture
def manager(app: Flask, settings: Config) -> BillingDesk:
    return open_desk(app, settings, "manager")


def sent(desk: BillingDesk, address: str, form: dict[str, object]) -> tuple[int, str]:
    """The answer to a form, after what it leads to."""
    data = {"csrf_token": desk.browser.token(), **form}
    answer = desk.browser.client.post(address, data=data, follow_redirects=True)
    return answer.status_code, plain(unescape(answer.get_data(as_text=True)))


def kept(desk: BillingDesk, **changes: object) -> int:
    status, _ = sent(desk, "/staff/rules/new", {**RULE, "do": "keep", **changes})
    assert status == 200
    return clinic_rules.listed(desk.clinic.practice)[-1].id


def test_conditions_are_added_and_taken_away_by_plain_buttons(manager: BillingDesk) -> None:
    """Nothing but forms: what was typed stays, and each field offers how to compare it."""
    _, page = sent(manager, "/staff/rules/new", {**RULE, "do": "add"})
    assert "Condition 2" in page
    assert "There is a problem" not in page

    two = {**RULE, "condition-1-field": "insurer", "condition-1-operator": "in"}
    _, page = sent(manager, "/staff/rules/new", {**two, "do": "show"})
    assert "Quillhaven Health" in page
    assert "Northfold Mutual" in page

    _, page = sent(manager, "/staff/rules/new", {**two, "do": "remove-0"})
    assert "Condition 2" not in page
    assert "Quillhaven Health" in page


def test_a_rule_is_tried_kept_switched_on_and_told_in_a_sentence(manager: BillingDesk) -> None:
    _, page = sent(manager, "/staff/rules/new", {**RULE, "do": "try"})
    assert "Hold a claim if the code of a service is one of 85025 and say “Attach the order”." in page
    assert "October 2026" in page
    assert clinic_rules.listed(manager.clinic.practice) == []

    rule = kept(manager)
    status, page = sent(manager, f"/staff/rules/{rule}/switch", {"to": "on"})

    assert status == 200
    assert "The rule is on." in page
    assert "Blood counts" in manager.get("/staff/rules")
    assert clinic_rules.active(manager.clinic.practice)[0].name == "Blood counts"


def test_what_is_missing_is_told_at_its_field_and_nothing_is_kept(manager: BillingDesk) -> None:
    status, page = sent(
        manager, "/staff/rules/new", {**RULE, "name": "", "condition-0-value": "99215-99202", "do": "keep"}
    )

    assert status == 422
    assert "Give the rule a name." in page
    assert "Condition 1: 99215-99202 is no code" in page
    assert clinic_rules.listed(manager.clinic.practice) == []


def test_a_changed_rule_is_its_next_version_and_the_first_stays_on(manager: BillingDesk) -> None:
    first = kept(manager)
    sent(manager, f"/staff/rules/{first}/switch", {"to": "on"})
    assert "Attach the order." in unescape(manager.browser.get(f"/staff/rules/{first}/change").get_data(as_text=True))

    _, page = sent(manager, f"/staff/rules/{first}/change", {**RULE, "message": "Attach the result.", "do": "keep"})

    assert "Version 1 is on" in page
    assert "A newer version waits" in manager.get("/staff/rules")
    assert [(one.rule.id, one.is_on) for one in clinic_rules.listed(manager.clinic.practice)] == [
        ("rule-1.2", False),
        ("rule-1.1", True),
    ]


def test_a_held_claim_is_let_through_on_its_page_by_a_manager_alone(
    manager: BillingDesk, app: Flask, settings: Config
) -> None:
    """$150.00 stand still until a manager says why they may go; the biller sees the rule and no button."""
    sent(manager, f"/staff/rules/{kept(manager)}/switch", {"to": "on"})
    claim = manager.coded()
    biller = BillingDesk(manager.clinic, *person(app, settings, manager.clinic, "biller"))
    assert "Attach the order." in biller.get(f"/staff/claims/{claim}")
    assert "Let it through" not in biller.get(f"/staff/claims/{claim}")
    assert "Held by a rule of the clinic: Blood counts" in manager.get(f"/staff/claims/{claim}")
    assert biller.post(f"/staff/claims/{claim}/release", {"released_because": "because"}).status_code == 403

    _, page = sent(manager, f"/staff/claims/{claim}/release", {"released_because": "  "})
    assert "To mend before it can go" in page
    _, page = sent(manager, f"/staff/claims/{claim}/release", {"released_because": "The order came by fax"})

    assert "Ready to send" in page
    assert "Let through the rule “Blood counts”: The order came by fax" in page


def test_a_rule_is_heard_while_a_visit_is_typed(manager: BillingDesk) -> None:
    sent(manager, f"/staff/rules/{kept(manager)}/switch", {"to": "on"})

    page = plain(manager.code_visit(do="check").get_data(as_text=True))

    assert "Attach the order. Mend it, or a manager lets it through." in page


def test_billers_and_the_front_desk_build_no_rules(app: Flask, settings: Config) -> None:
    desk = open_desk(app, settings, "biller")
    assert desk.browser.get("/staff/rules").status_code == 403
    assert "/staff/rules" not in desk.browser.get("/staff").get_data(as_text=True)
