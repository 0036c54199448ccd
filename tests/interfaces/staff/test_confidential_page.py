"""The page that keeps visits confidential, and the badges that tell staff."""

from claims_service.store.connection import run
from claims_service.workflow.bill_patient import bill_patients
from tests.clinic import BILLER, NOW, TODAY
from tests.interfaces.staff.billing_desk import BillingDesk, count
from tests.patient import visits
from tests.patient.visits import FIVE

MAILED = {"how": "mail", "line1": "PO Box 7", "city": "Salem", "state": "or", "zip": "97301-1234"}


def test_a_visit_is_kept_marked_billed_apart_paid_by_name_and_taken_back(billing: BillingDesk) -> None:
    """$100.60 of one visit for everybody's eyes, $30.00 of another for the patient's alone."""
    clinic, alma = billing.clinic, billing.clinic.alma
    visits.decided(clinic)
    secret = visits.decided(clinic, FIVE[:1])
    path = f"/staff/patients/{alma}/confidential"
    assert "Nothing." in billing.get(f"{path}?visit={secret.encounter}")

    page = billing.answered(path, {"visit": str(secret.encounter), **MAILED})

    assert "Only the patient is told of it" in page
    assert "Mailed to PO Box 7, Salem, OR 97301" in page
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    account = billing.get(f"/staff/patients/{alma}")
    assert account.count("Confidential") >= 2
    assert "Confidential bill S" in account
    assert "Confidential" in billing.get(f"/staff/claims/{secret.claim}")
    assert "Confidential" in billing.get("/staff/statements")
    own = run("select id from statement where confidential").fetchone()[0]
    assert "For the patient alone" in billing.get(f"/staff/statements/{own}")
    paying = {"amount": "30.00", "method": "cash", "statement": str(own), "idempotency_key": "k"}
    assert "$30.00 taken." in billing.answered(f"/staff/patients/{alma}/payments", paying)
    left = run("select sum(cents) from balance where account = 'patient_owes' and claim = ?", (secret.claim,))
    assert left.fetchone()[0] == 0
    assert "No longer confidential" in billing.answered(f"{path}/end", {"visit": str(secret.encounter)})
    assert "Do not send this any more" not in billing.get(f"/staff/statements/{own - 1}")


def test_a_bill_that_names_it_says_that_it_must_not_be_sent(billing: BillingDesk) -> None:
    visit = visits.decided(billing.clinic)
    (told,) = bill_patients(billing.clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements
    billing.post(
        f"/staff/patients/{billing.clinic.alma}/confidential", {"visit": str(visit.encounter), "how": "portal"}
    )

    assert "Do not send this any more" in billing.get(f"/staff/statements/{told}")


def test_every_visit_is_asked_for_at_once_and_what_is_missing_is_said(billing: BillingDesk) -> None:
    path = f"/staff/patients/{billing.clinic.alma}/confidential"
    for form, field in (({"visit": ""}, "visit"), ({"visit": "9" * 30}, "visit"), ({"visit": "all"}, "how")):
        refused = billing.post(path, form)
        assert refused.status_code == 422
        assert f'id="{field}-error"' in refused.get_data(as_text=True)
    assert billing.post(path, {"visit": "999", "how": "portal"}).status_code == 404
    assert count("confidential_request") == 0

    assert "Every visit since" in billing.answered(path, {"visit": "all", "how": "email", "email": "own@example.org"})
    assert "No longer" in billing.answered(f"{path}/end", {"visit": "all"})
    assert "It was not confidential" in billing.answered(f"{path}/end", {"visit": "all"})
    assert billing.post(f"{path}/end", {"visit": "none"}).status_code == 404
