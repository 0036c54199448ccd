"""The family account at the desk."""

from datetime import date

from claims_service.workflow.bill_patient import bill_patients
from tests.clinic import BILLER, NOW, TODAY
from tests.interfaces.staff.billing_desk import BillingDesk, count
from tests.patient import visits
from tests.patient.test_guarantors import ROSA, born, name
from tests.patient.visits import FIVE


def test_one_check_for_two_children(billing: BillingDesk) -> None:
    """Alma owes $100.60, Bruno $30.00: one check of $130.60, a receipt each."""
    clinic = billing.clinic
    path = f"/staff/patients/{clinic.alma}/family"
    assert billing.browser.get(path).status_code == 404
    for child in (clinic.alma, clinic.bruno):
        born(child, date(2016, 1, 5))
        name(clinic, ROSA, child)
    visits.decided(clinic)
    visits.decided(clinic, FIVE[:1], patient=clinic.bruno)
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    assert "Everybody Rosa Testparent answers for" in billing.get(f"/staff/patients/{clinic.alma}")
    assert "Together $130.60" in billing.get(path)
    form = {"amount": "130.60", "method": "check", "check_number": "7", "idempotency_key": "one"}
    for wrong, field in (("x", "amount"), ("130.61", "amount")):
        refused = billing.post(path, {**form, "amount": wrong})
        assert refused.status_code == 422
        assert f'id="{field}-error"' in refused.get_data(as_text=True)

    page = billing.answered(path, form)

    assert "$130.60 taken. Receipts" in page
    assert "Together $0.00" in page
    assert "$130.60 was taken already" in billing.answered(path, form)
    assert count("payment") == 2
