"""The page and the visit form that keep a visit from the plan, and what the clock does about one that is not paid."""

from datetime import timedelta

from claims_service.config import Config
from claims_service.interfaces.jobs import rounds
from claims_service.queries import plan_restrictions
from claims_service.store.connection import run
from tests.clinic import NOW, TODAY
from tests.interfaces.staff.billing_desk import BillingDesk, count, person

LATE = timedelta(days=31)


def test_ticked_on_the_visit_form_nothing_is_sent_even_by_save_and_send(billing: BillingDesk) -> None:
    page = billing.answered(f"/staff/visits/new/{billing.clinic.alma}", billing.visit_form(do="send", self_pay="yes"))

    assert "Plan not told" in page
    assert run("select sequence, state from claim").fetchall() == [("N", "patient")]
    assert count("file_claim") == 0
    assert "Plan not told" in billing.get(f"/staff/patients/{billing.clinic.alma}")


def test_a_built_claim_is_kept_back_and_billed_to_the_plan_when_the_patient_agrees(billing: BillingDesk) -> None:
    claim = billing.coded()
    encounter = run("select encounter_id from claim where id = ?", (claim,)).fetchone()[0]
    path = f"/staff/patients/{billing.clinic.alma}/plan-restriction"
    assert "Nothing." in billing.get(path)
    assert billing.post(path, {"visit": ""}).status_code == 422

    page = billing.answered(path, {"visit": str(encounter)})

    assert "The patient pays this visit, and its plan is not told." in page
    assert "$150.00 to be paid by" in page
    assert "Ended. The claim to the plan is built." in billing.answered(f"{path}/end", {"visit": str(encounter)})
    assert run("select sequence from claim where state <> 'void'").fetchall() == [("P",)]
    assert billing.post(f"{path}/end", {"visit": str(encounter)}).status_code == 404
    assert billing.post(f"{path}/told", {"visit": "x"}).status_code == 404


def test_a_claim_that_went_out_is_refused_in_words(billing: BillingDesk) -> None:
    billing.code_visit(do="send")
    encounter = run("select encounter_id from claim").fetchone()[0]
    refused = billing.post(f"/staff/patients/{billing.clinic.alma}/plan-restriction", {"visit": str(encounter)})

    assert refused.status_code == 422
    assert "the wish comes too late" in refused.get_data(as_text=True)


def test_the_clock_lists_who_is_to_be_told_and_bills_the_plan_after_the_days_of_grace(
    billing: BillingDesk, settings: Config
) -> None:
    practice, alma = billing.clinic.practice, billing.clinic.alma
    billing.code_visit(self_pay="yes")
    encounter = run("select encounter_id from claim").fetchone()[0]
    rounds.restrictions(settings, practice, NOW + LATE, TODAY + LATE)
    [one] = plan_restrictions.to_tell(practice, today=TODAY + LATE)
    assert (one.patient_name, one.open_cents) == ("Alma Testpatient", 150_00)
    run("update plan_restriction set asked_on = ?", (TODAY - LATE,))
    assert "Tell these patients" in billing.get("/staff/reminders")
    page = billing.answered(f"/staff/patients/{alma}/plan-restriction/told", {"visit": str(encounter)})
    assert "The patient was told: the plan is billed after" in page

    rounds.restrictions(settings, practice, NOW, TODAY + timedelta(days=15))

    assert run("select sequence from claim where state <> 'void'").fetchall() == [("P",)]


def test_the_manager_sets_the_days(billing: BillingDesk, settings: Config) -> None:
    manager, _ = person(billing.browser._app, settings, billing.clinic, "manager")
    assert manager.post("/staff/reminders/plan-restrictions", {"days": "10", "grace_days": "0"}).status_code == 303
    assert plan_restrictions.policy(billing.clinic.practice).days == 30
    manager.post("/staff/reminders/plan-restrictions", {"days": "10", "grace_days": "7"})
    found = plan_restrictions.policy(billing.clinic.practice)
    assert (found.days, found.grace_days) == (10, 7)
