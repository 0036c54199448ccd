"""What the staff see of a patient's autopay, and how they stop it for the patient."""

import pytest

from claims_service.config import Config
from claims_service.store import connection, tables
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.run_autopay import announce_charges
from tests.access.world import Browser
from tests.clinic import BILLER, NOW, TODAY
from tests.interfaces.portal.conftest import Portal, living_portal, portal
from tests.interfaces.portal.test_autopay_pages import agreed
from tests.interfaces.staff.billing_desk import person, plain
from tests.patient import visits
from tests.patient.visits import FIVE

__all__ = ["agreed", "living_portal", "portal"]


@pytest.fixture
def account(agreed: tuple[Portal, Browser], config: Config) -> tuple[Browser, str, Portal]:
    """The front desk, and the address of Alma's account: a new bill of $130.60 is announced for December 11."""
    at = agreed[0]
    with connection.opened():
        visits.decided(at.clinic, FIVE[:1])
        bill_patients(at.clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
        announce_charges(at.clinic.practice, by=BILLER, now=NOW, today=TODAY)
        desk, _ = person(at.app, config, at.clinic, "front_desk")
    return desk, f"/staff/patients/{at.clinic.alma}", at


def test_the_account_says_what_is_saved_agreed_and_charged_next(account: tuple[Browser, str, Portal]) -> None:
    desk, path, _ = account
    page = plain(desk.get(path).text)
    assert "New bills On Charged to Visa ending in 4242 At most $500.00 Agreed on Nov 20, 2026" in page
    assert "Pays next $130.60 on Dec 11 Statement S1-1003" in page


def test_it_is_stopped_for_the_patient_at_once_and_what_was_announced_is_called_off(
    account: tuple[Browser, str, Portal],
) -> None:
    desk, path, _ = account
    stop = f"{path}/autopay/{tables.Autopay.get().id}/stop"
    first, second = (plain(desk.post(stop, follow_redirects=True).text) for _ in range(2))
    assert "Autopay is stopped. Nothing more is charged." in first
    assert "Off: a card is saved, nothing is charged by itself." in first
    assert "Pays next" not in first
    assert "This autopay had ended." in second
    assert [row.state for row in tables.AutopayCharge.select()] == ["stopped"]
    assert tables.Audit.select().where(tables.Audit.action == "autopay.stop").count() == 1


def test_a_removed_card_is_gone_and_what_used_it_ends(account: tuple[Browser, str, Portal]) -> None:
    desk, path, _ = account
    form = f"{path}/saved-methods/{tables.SavedMethodRow.get().id}/remove"
    page = plain(desk.post(form, follow_redirects=True).text)
    assert "Removed. Nothing is charged to it any more." in page
    assert "Visa" not in page
    assert tables.Autopay.get().ended_at is not None


def test_under_the_account_of_another_patient_nothing_is_stopped(account: tuple[Browser, str, Portal]) -> None:
    desk, _, at = account
    for deed in (
        f"autopay/{tables.Autopay.get().id}/stop",
        f"saved-methods/{tables.SavedMethodRow.get().id}/remove",
    ):
        assert desk.post(f"/staff/patients/{at.clinic.bruno}/{deed}").status_code == 404
    assert tables.Autopay.get().ended_at is None
