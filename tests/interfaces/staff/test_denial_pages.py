"""Denials as the billing desk works them."""

import csv
import io
from typing import Any

from flask import Flask
from pypdf import PdfReader

from claims_service.config import Config
from claims_service.store.claims import Head
from tests.factories835 import DENIED, Service, file_835, payment, remittance, reversal
from tests.interfaces.staff.billing_desk import BillingDesk, open_desk, plain
from tests.workflow.cycle import post, sent

NOT_NECESSARY = (Service("99213", 120_00, {"CO50": 120_00}), Service("85025", 30_00, {"CO45": 8_00}))


def refused(desk: BillingDesk, services: Any = NOT_NECESSARY) -> Head:
    (claim,) = sent(desk.clinic)
    post(desk.clinic, file_835(remittance([payment(claim.control_number, services)])))
    return claim


def test_the_queue_names_family_reason_insurer_value_and_deadline(billing: BillingDesk) -> None:
    claim = refused(billing)

    page = billing.get("/staff/denials")

    assert (
        f"{claim.control_number} Testpatient, Alma To work Medical necessity CO 50 Payer says not medically necessary"
        " Quillhaven Health Nov 10 $120.00 May 17, 2027" in page
    )
    assert "1 denial, $120.00" in page
    assert "No denial fits" in billing.get("/staff/denials?family=coding")


def test_a_denial_says_why_what_would_have_caught_it_and_what_to_do(billing: BillingDesk) -> None:
    claim = refused(billing, DENIED)

    page = billing.get(f"/staff/denials/{claim.id}")

    assert "Quillhaven Health refused $150.00" in page
    assert "CO 16 Claim lacks information or has a billing error" in page
    assert "None of our edits could know" in page
    assert "Correct the claim and send it again Appeal with a letter Write it off, with a reason" in page
    assert "Never the patient’s." in page
    assert "left to the patient" not in page


def test_a_duplicate_names_the_edit_that_looks_for_duplicates(billing: BillingDesk) -> None:
    claim = refused(billing, (Service("99213", 120_00, {"OA18": 120_00}), Service("85025", 30_00)))

    assert "The same service was billed before billed_before service_twice" in billing.get(f"/staff/denials/{claim.id}")


def test_a_letter_is_made_printed_sent_and_its_end_written_down(billing: BillingDesk) -> None:
    claim = refused(billing)
    page = billing.answered(
        f"/staff/denials/{claim.id}/appeals", {"text": "The records of {patient} show it.\n\nPlease pay."}
    )
    assert "Letter made. Print it, send it, and write down when." in page

    paper = billing.browser.get("/staff/appeals/1/letter")
    told = " ".join(PdfReader(io.BytesIO(paper.data)).pages[0].extract_text().split())
    assert "First appeal: $120.00 refused" in told
    assert "The records of Alma Testpatient show it." in told

    assert "Sent: written down." in billing.answered(
        "/staff/appeals/1", {"kind": "sent", "on": "11/19/2026", "note": "Fax 12"}
    )
    assert "Appealed Nov 19" in billing.get("/staff/denials")
    assert "Letter of appeal" not in billing.get(f"/staff/denials/{claim.id}").split("Appeals")[0]
    assert "Lost: written down." in billing.answered("/staff/appeals/1", {"kind": "lost", "on": "11/20/2026"})
    assert "Letter of appeal, level 2" in billing.get(f"/staff/denials/{claim.id}")
    assert (
        f"{claim.control_number} Testpatient, Alma Lost Nov 20, 2026 Quillhaven Health 1 $120.00 $120.00"
        in billing.get("/staff/appeals")
    )


def test_a_day_that_is_no_day_is_said_at_its_field(billing: BillingDesk) -> None:
    claim = refused(billing)
    billing.answered(f"/staff/denials/{claim.id}/appeals", {"text": "Please."})

    for typed in ("soon", "12/24/2026"):
        answer = billing.post("/staff/appeals/1", {"kind": "sent", "on": typed})
        assert answer.status_code == 422
        assert "There is a problem" in plain(answer.get_data(as_text=True))


def test_a_payment_ends_the_appeal_and_the_page_of_appeals_says_where_it_was_read(billing: BillingDesk) -> None:
    claim = refused(billing, DENIED)
    billing.answered(f"/staff/denials/{claim.id}/appeals", {"text": "Please."})
    billing.answered("/staff/appeals/1", {"kind": "sent", "on": "11/19/2026"})

    no = payment(claim.control_number, DENIED)
    post(billing.clinic, file_835(remittance([reversal(no), payment(claim.control_number)], trace="EFT2")))

    assert "Nothing is denied" in billing.get("/staff/denials")
    assert "Won Nov 20, 2026, $150.00, read in a remittance" in billing.get("/staff/appeals")
    assert billing.browser.get(f"/staff/denials/{claim.id}").status_code == 404


def test_what_the_plan_left_to_the_patient_is_left_with_a_reason(billing: BillingDesk) -> None:
    claim = refused(billing, (Service("99213", 120_00, {"PR96": 30_00, "CO50": 20_00}), Service("85025", 30_00)))

    assert "Say why it is the patient’s" in plain(
        billing.post(f"/staff/denials/{claim.id}/to-patient").get_data(as_text=True)
    ).replace("'", "’")
    assert "$30.00 left to the patient." in billing.answered(
        f"/staff/denials/{claim.id}/to-patient", {"why": "Signed notice of Nov 10."}
    )
    assert "refused $20.00" in billing.get(f"/staff/denials/{claim.id}")


def test_only_a_manager_changes_the_text_of_letters(app: Flask, settings: Config) -> None:
    biller = open_desk(app, settings)
    typed = {"family": "coding", "text": "Please look at {claim} again."}
    assert biller.post("/staff/appeal-texts", typed).status_code == 403
    assert "A manager or administrator changes it." in biller.get("/staff/appeal-texts")


def test_a_manager_keeps_a_text_and_a_wrong_name_in_it_is_refused(app: Flask, settings: Config) -> None:
    manager = open_desk(app, settings, "manager")

    page = manager.answered("/staff/appeal-texts", {"family": "coding", "text": "Please look at {claim} again."})
    assert "Coding: version 1 kept." in page
    refusal = manager.post("/staff/appeal-texts", {"family": "coding", "text": "Dear {doctor}"})
    assert refusal.status_code == 422
    assert "No claim knows {doctor}." in plain(refusal.get_data(as_text=True))


def test_the_table_to_take_along_holds_the_whole_queue(billing: BillingDesk) -> None:
    claim = refused(billing)

    answer = billing.browser.get("/staff/denials.csv")
    (row,) = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))

    assert (row["claim"], row["family"], row["reasons"], row["refused"]) == (
        claim.control_number,
        "Medical necessity",
        "CO50",
        "120.00",
    )


def test_the_report_says_the_rate_and_the_money(billing: BillingDesk) -> None:
    refused(billing)

    page = billing.get("/staff/denials/report")

    assert "Refused 100.0% 1 of 1 claim" in page
    assert "Accepted at first sending 100.0%" in page
    assert "Medical necessity 1 $120.00" in page
