"""A remittance on paper, typed by hand: posted like a file, and not before it adds up to the check."""

import re
from io import BytesIO
from typing import Any

import pytest

from claims_service.domain.ledger import accounts as a
from claims_service.store import claims, journal
from claims_service.store.claims import Head
from claims_service.store.connection import run
from tests.factories835 import file_835, payment, remittance
from tests.interfaces.staff.billing_desk import BillingDesk, count
from tests.kept_files import newest
from tests.workflow.cycle import held, post, sent

PAPER = "/staff/remittances/paper"
PDF = b"%PDF-1.7 a scanned sheet"


def typed(billing: BillingDesk, head: Head, **changes: Any) -> dict[str, Any]:
    """$87.00 by check for the claim of $150.00: $38.00 discount, $25.00 copay."""
    one, two = f"{head.id}-1", f"{head.id}-2"
    form = {
        "payer": str(billing.clinic.quillhaven), "paid_by": "check", "trace": "CHK1001", "paid_on": "11/18/2026", "paid": "87.00",
        "claims": head.control_number.lower(), f"paid-{one}": "65.00", f"discount-{one}": "30.00", f"copay-{one}": "25.00",
        f"paid-{two}": "22.00", f"discount-{two}": "8.00", "do": "post",
    }  # fmt: skip
    return {**form, **changes}


def balances(billing: BillingDesk, head: Head) -> dict[str, int]:
    found = journal.claim_balances(billing.clinic.practice, [head.id])[head.id]
    return {name: cents for name, cents in found.items() if cents}


def test_a_paper_that_adds_up_is_posted_like_a_file(billing: BillingDesk) -> None:
    """A check of $87.00: paid $87.00, discount $38.00, copay $25.00; the scan is kept with it."""
    (head,) = sent(billing.clinic)

    answer = billing.post(PAPER, typed(billing, head, scan=(BytesIO(PDF), "eob.pdf")), follow_redirects=True)

    shown = answer.get_data(as_text=True)
    assert "Balances to the cent" in shown
    (link,) = re.findall(r'href="([^"]+)"[^>]*>Open the scan', shown)
    kept = billing.browser.get(link.replace("&amp;", "&"))
    assert (kept.data, kept.headers["Content-Disposition"].endswith(".pdf")) == (PDF, True)
    assert balances(billing, head) == {
        a.REVENUE: -150_00, a.INSURER_CLEARING: 87_00, a.CONTRACTUAL: 38_00, a.PATIENT_OWES: 25_00
    }  # fmt: skip
    ((paid_by, scan),) = run("select paid_by, scan_id from paper_remittance").fetchall()
    assert (paid_by, newest(f"id = {scan}")) == ("check", PDF)
    assert claims.heads(billing.clinic.practice, [head.id])[head.id].state == "decided"


def test_a_paper_that_is_a_cent_off_posts_nothing_and_shows_by_how_much(billing: BillingDesk) -> None:
    (head,) = sent(billing.clinic)

    answer = billing.post(PAPER, typed(billing, head, paid="87.01"))
    line_off = billing.post(PAPER, typed(billing, head, **{f"discount-{head.id}-1": "29.00"}))

    assert answer.status_code == line_off.status_code == 422
    assert "Check less its parts: $0.01" in answer.get_data(as_text=True)
    assert "Some lines are off as well" in line_off.get_data(as_text=True)
    assert count("remittance") == 0
    assert balances(billing, head) == {a.REVENUE: -150_00, a.PAYER_OWES: 150_00}


def test_the_services_of_the_claims_are_shown_and_added_up_before_anything_is_posted(billing: BillingDesk) -> None:
    (head,) = sent(billing.clinic)

    shown = billing.post(PAPER, {"claims": head.control_number, "do": "show"}).get_data(as_text=True)
    summed = billing.post(PAPER, typed(billing, head, do="add")).get_data(as_text=True)

    assert "99213" in shown
    assert "It adds up to the check" in summed
    assert count("remittance") == 0


def test_a_denial_interest_and_an_overpayment_kept_are_typed_too(billing: BillingDesk) -> None:
    """A virtual card of $60.00: $65.00 paid, $5.00 interest, $10.00 kept for an old claim; the blood count is denied."""
    (head,) = sent(billing.clinic)
    denied = {
        f"paid-{head.id}-2": "",
        f"discount-{head.id}-2": "",
        f"other-{head.id}-2": "30",
        f"reason-{head.id}-2": "co97",
    }

    billing.post(
        PAPER, typed(billing, head, paid="60", paid_by="card", interest="5", taken="10", taken_for="OLD1", **denied)
    )

    assert balances(billing, head)[a.IN_REVIEW] == 30_00
    assert journal.balance(billing.clinic.practice, a.INSURER_CLEARING) == 60_00
    assert journal.balance(billing.clinic.practice, a.INTEREST) == -5_00
    assert journal.balance(billing.clinic.practice, a.PROVIDER_BALANCE) == 10_00
    assert journal.check() == []


def test_the_file_of_a_check_that_was_typed_before_posts_nothing(billing: BillingDesk) -> None:
    """The check is typed on Monday; on Tuesday its 835 comes: it is asked about, not posted twice."""
    (head,) = sent(billing.clinic)
    billing.post(PAPER, typed(billing, head))

    again = billing.answered(PAPER, typed(billing, head))
    outcome = post(billing.clinic, file_835(remittance([payment(head.control_number)], trace="CHK1001")))

    assert "Nothing was posted again" in again
    assert outcome.state == "held"
    assert [kind for kind, *_ in held(billing.clinic)] == ["duplicate_trace"]
    assert journal.balance(billing.clinic.practice, a.INSURER_CLEARING) == 87_00


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"payer": "999"}, "Choose the insurer."),
        ({"trace": "<b>"}, "Type the number of the check or card"),
        ({"paid_on": "soon"}, "Type the day on the check"),
        ({"paid": "a lot"}, "Type an amount like 87.00."),
        ({"claims": "C9"}, "We have no claim C9 with an insurer."),
        ({"scan": (BytesIO(b"MZ a program"), "eob.pdf")}, "Send a photo"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field_and_posts_nothing(
    billing: BillingDesk, change: dict[str, Any], told: str
) -> None:
    (head,) = sent(billing.clinic)

    answer = billing.post(PAPER, typed(billing, head, **change))

    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert count("remittance") == count("paper_remittance") == 0
    assert count("exchange_file") == 1
