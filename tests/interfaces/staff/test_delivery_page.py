"""What is stuck on its way to an insurer, and who has not answered, as the biller sees it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from claims_service.gateways.folder import Folder
from claims_service.store import receivers
from claims_service.workflow.deliver_files import deliver_files
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.workflow.courier import watched_folder
from tests.workflow.cycle import ready


def test_a_clinic_without_routes_is_told_that_insurers_fetch(billing: BillingDesk) -> None:
    page = billing.get("/staff/deliveries")

    assert "Every insurer fetches its files here" in page
    assert "Nothing is stuck" in page
    assert "Nobody is late" in page


def test_a_file_that_is_stuck_stands_on_todays_page_and_says_why(billing: BillingDesk, tmp_path: Path) -> None:
    """Quillhaven's folder is gone; after five tries in a row somebody has to look."""
    practice, receiver = billing.clinic.practice, watched_folder(tmp_path)
    receivers.put(practice, receiver, at=NOW)
    ready(billing.clinic)
    submit_claims(practice, by=BILLER, now=NOW)
    Path(receiver.outbound).rmdir()
    for hour in range(5):
        deliver_files(practice, open_place=Folder, by=BILLER, now=NOW + timedelta(hours=hour))

    today, page = billing.get("/staff"), billing.get("/staff/deliveries")

    assert "Files stuck or not answered Quillhaven Health 1 file" in today
    assert "No such file or directory" in page
    assert "5 times" in page


def test_a_file_without_a_receipt_is_listed_with_what_is_awaited(billing: BillingDesk, tmp_path: Path) -> None:
    """Two claims lie in Quillhaven's folder for three days, its limit is six hours."""
    practice, long_ago = billing.clinic.practice, NOW - timedelta(days=3)
    receivers.put(practice, replace(watched_folder(tmp_path), answer_hours=6), at=long_ago)
    ready(billing.clinic, 2)
    submit_claims(practice, by=BILLER, now=long_ago)
    deliver_files(practice, open_place=Folder, by=BILLER, now=long_ago)

    page = billing.get("/staff/deliveries")

    assert "The file receipt, 999 2 claims" in page
    assert "6 hours" in page
    assert "Watched folder" in page
    assert "Delivered" in billing.get("/staff/claims/1")


@pytest.mark.parametrize("words", ["shows another key <script>"])
def test_a_changed_host_key_stands_above_everything(words: str, billing: BillingDesk, tmp_path: Path) -> None:
    practice = billing.clinic.practice
    receiver = receivers.put(practice, watched_folder(tmp_path), at=NOW)
    receivers.set_alarm(practice, receiver, words, at=NOW)

    page = billing.get("/staff/deliveries")

    assert words in page, "as text"
    assert "Needs you" in page
    assert "Files stuck or not answered Quillhaven Health 1 file" in billing.get("/staff")
