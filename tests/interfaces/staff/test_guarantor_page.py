"""The page that names who answers for a patient's bills."""

from datetime import date

from claims_service.store.connection import run
from tests.interfaces.staff.billing_desk import BillingDesk, count

FORM = {
    "name": "Rosa Testparent", "relationship": "parent", "line1": "9 Elm Street", "city": "Salem", "state": "or",
    "zip": "97301-1234", "until": "",
}  # fmt: skip


def test_a_parent_is_named_and_stands_on_the_account(billing: BillingDesk) -> None:
    alma = billing.clinic.alma
    run("update patient set birth_on = ? where id = ?", (date(2016, 1, 5), alma))
    first = billing.get(f"/staff/patients/{alma}/guarantor")
    assert "Left empty for a child" in first

    page = billing.answered(f"/staff/patients/{alma}/guarantor", FORM)

    assert "The next bill goes to Rosa Testparent." in page
    assert "Rosa Testparent To the patient Parent Until" in page
    assert "January 4, 2034" in page or "Jan 4, 2034" in page
    again = billing.answered(f"/staff/patients/{alma}/guarantor", {"alone": "yes"})
    assert "The next bill goes to the patient." in again
    assert "The patient, alone." in again
    assert count("guarantor") == 2


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(billing: BillingDesk) -> None:
    """Alma is of age; the day is no day."""
    path = f"/staff/patients/{billing.clinic.alma}/guarantor"

    grown = billing.post(path, FORM)
    no_day = billing.post(path, {**FORM, "until": "soon"})

    assert (grown.status_code, no_day.status_code) == (422, 422)
    assert 'id="relationship-error"' in grown.get_data(as_text=True)
    assert 'id="until-error"' in no_day.get_data(as_text=True)
    assert 'value="Rosa Testparent"' in no_day.get_data(as_text=True)
    assert count("guarantor") == 0
