"""Part 8, corrections, as a biller does them: correct, compare, void, and always a reason where it asks for one."""

from dataclasses import replace

from claims_service.store import claims
from claims_service.store.connection import run
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY
from tests.factories835 import USUAL, file_835, payment, remittance, reversal
from tests.interfaces.staff.billing_desk import BillingDesk, plain
from tests.workflow.billed_clinic import billed
from tests.workflow.cycle import post, sent
from tests.workflow.receipts import accepted


def newest() -> int:
    return int(run("select max(id) from claim").fetchone()[0])


def test_part_8_an_accepted_claim_is_corrected_in_the_visit_form_and_sent(billing: BillingDesk) -> None:
    """$150.00 accepted; the biopsy was forgotten: the prefilled form, one line more, and claim 7 goes out."""
    (old,) = accepted(billing.clinic)
    form = billing.get(f"/staff/claims/{old.id}/correct")
    typed = billing.visit_form(**{"lines-1-code": "36415", "do": "send", "why": "wrong test"})

    page = billing.answered(f"/staff/claims/{old.id}/correct", typed)

    assert "goes out as a replacement (7)" in form
    assert "Corrected and sent. The earlier version is kept." in page
    head = claims.heads(billing.clinic.practice, [newest()])[newest()]
    assert (head.frequency, head.replaces, head.state, head.charge_cents) == ("7", old.id, "sent", 135_00)
    assert "Another claim took its place." in billing.get(f"/staff/claims/{old.id}")
    assert run("select why from audit where action = 'claim.correct'").fetchone()[0] == "wrong test"


def test_part_8_the_form_finds_no_duplicate_in_the_claim_it_corrects(billing: BillingDesk) -> None:
    """The same services on the same day: of course, it is the same visit."""
    (old,) = accepted(billing.clinic)
    assert "already" not in billing.get(f"/staff/claims/{old.id}/correct").lower()


def test_part_8_two_versions_side_by_side_tell_in_words_what_changed(billing: BillingDesk) -> None:
    """Blood count to blood draw: the code, the charge and the total changed; nothing else is listed."""
    (old,) = accepted(billing.clinic)
    billing.answered(f"/staff/claims/{old.id}/correct", billing.visit_form(**{"lines-1-code": "36415", "do": "send"}))

    page = billing.get(f"/staff/claims/{newest()}/versions")
    everything = billing.get(f"/staff/claims/{newest()}/versions?show=1")

    for words in ("Service 2, code", "85025", "36415", "$150.00", "$135.00", "Changed", "Replacement (7)"):
        assert words in page, words
    assert "Member number" not in page
    assert "Member number" in everything
    assert "Same" in everything


def test_part_8_every_try_of_a_claim_is_a_version_as_its_file_said_it(billing: BillingDesk) -> None:
    """Sent, sent back, mended, sent again as an original: two versions of one claim."""
    (claim,) = sent(billing.clinic)
    run("update claim set state = 'sent_back' where id = ?", (claim.id,))
    billing.answered(
        f"/staff/visits/{claim.encounter}", billing.visit_form(version="1", **{"lines-1-code": "36415", "do": "send"})
    )

    page = billing.get(f"/staff/claims/{claim.id}/versions")

    assert page.count("original (1), sent") >= 2
    assert "85025" in page
    assert "36415" in page


def test_part_8_a_void_asks_for_its_reason_and_then_waits_to_be_sent(billing: BillingDesk) -> None:
    (old,) = accepted(billing.clinic)

    refused = billing.post(f"/staff/claims/{old.id}/void", {"why_void": ""})
    page = billing.answered(f"/staff/claims/{old.id}/void", {"why_void": "billed twice"})

    assert refused.status_code == 422
    assert "ready to send" in page
    assert "This claim asks for nothing" in page
    assert "Mend the visit" not in page, "what goes out as a void is what was billed"


def test_part_8_what_cannot_be_corrected_is_not_offered_and_says_why(billing: BillingDesk) -> None:
    """On its way to the insurer: no button, and who comes by the address is told."""
    (claim,) = sent(billing.clinic)

    page = billing.get(f"/staff/claims/{claim.id}")
    told = billing.answered(f"/staff/claims/{claim.id}/correct", billing.visit_form(do="save"))

    assert "Correct this claim" not in page
    assert "can't be corrected at the insurer" in told


def test_part_8_an_answered_claim_says_what_the_insurer_has_to_take_back(billing: BillingDesk) -> None:
    """Paid and corrected: the old claim's page names the $150.00 decision that is to be reversed."""
    month = billed(billing.clinic, 1)
    billing.answered(
        f"/staff/claims/{month.claims[0]}/correct", billing.visit_form(**{"lines-1-code": "36415", "do": "send"})
    )

    page = billing.get(f"/staff/claims/{month.claims[0]}")
    assert "has yet to take back its decision over $150.00" in page
    assert "$92.50 that it paid, $37.50 of discount and $20.00 of the patient’s stay here" in page


def test_part_8_a_next_plan_is_billed_anew_when_the_first_one_decides_anew(billing: BillingDesk) -> None:
    """$25.00 went on to Northfold; Quillhaven takes its decision back and leaves $40.00. One press bills Northfold that."""
    clinic = billing.clinic
    (first,) = sent(clinic, patient=clinic.bruno)
    decided = payment(first.control_number)
    post(clinic, file_835(remittance([decided])))
    (made,) = bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims
    submit_claims(clinic.practice, [made.claim], by=BILLER, now=NOW)
    run("update claim set state = 'accepted', payer_claim_number = 'NF1' where id = ?", (made.claim,))
    more = (replace(USUAL[0], reasons={"CO45": 15_00, "PR3": 40_00}), USUAL[1])
    anew = payment(first.control_number, more)
    post(clinic, file_835(remittance([reversal(decided), anew], trace="EFT2")))
    told = billing.get(f"/staff/claims/{first.id}")

    page = billing.answered(f"/staff/claims/{made.claim}/bill-anew", {})

    assert "$15.00 more is left for it" in told
    assert "Bill the next plan $15.00" not in told
    assert "Corrected: ready to send. The earlier version is kept." in page
    head = claims.heads(clinic.practice, [newest()])[newest()]
    assert (head.frequency, head.sequence, head.replaces, head.state) == ("7", "S", made.claim, "ready")
    refused = billing.answered(f"/staff/claims/{first.id}/bill-anew", {})
    assert "The next plan was billed with this answer" in refused


def test_part_8_who_would_correct_what_the_next_plan_was_billed_with_is_told_before_typing(
    billing: BillingDesk,
) -> None:
    """Not after: the form of the visit is not shown at all, and the claim to void is named."""
    clinic = billing.clinic
    (first,) = sent(clinic, patient=clinic.bruno)
    post(clinic, file_835(remittance([payment(first.control_number)])))
    (made,) = bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims
    number = claims.heads(clinic.practice, [made.claim])[made.claim].control_number

    page = plain(billing.browser.client.get(f"/staff/claims/{first.id}/correct", follow_redirects=True).text)

    assert f"void claim {number} first" in page
    assert "Where the money went" in page
    assert "What is billed" not in page
