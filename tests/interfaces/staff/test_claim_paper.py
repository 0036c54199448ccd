"""A claim printed from its page: the paper holds the claim, and the trail who printed it."""

from claims_service.formats.paper.cms1500 import cms1500
from claims_service.formats.paper.form import form
from claims_service.store import claim_values, tables
from tests.clinic import TODAY
from tests.formats.paper.read_back import drawn, expected, overlaid
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.workflow.cycle import ready


def test_a_claim_is_printed_on_our_form_on_an_overlay_and_as_text(billing: BillingDesk) -> None:
    """Alma's visit of $150.00: each of the three says what the claim says."""
    (head,) = ready(billing.clinic, 1)
    wanted = form("cms1500")
    (sheet,) = cms1500(claim_values.assemble(billing.clinic.practice, [head.id])[0].claim, TODAY)
    page = billing.get(f"/staff/claims/{head.id}")

    readable = billing.browser.get(f"/staff/claims/{head.id}/paper")
    laid = billing.browser.get(f"/staff/claims/{head.id}/paper?as=overlay")
    text = billing.browser.get(f"/staff/claims/{head.id}/paper?as=text")

    assert "Overlay for preprinted sheets" in page
    assert sheet["28"] == "150 00"
    assert drawn(readable.data, wanted) == [expected(sheet, wanted)]
    assert overlaid(laid.data, wanted) == [sheet]
    assert text.data.endswith(b"\f")
    assert b"TESTPATIENT, ALMA" in text.data
    assert readable.headers["Content-Disposition"] == f"attachment; filename=cms1500-{head.control_number}.pdf"
    assert (readable.mimetype, text.mimetype) == ("application/pdf", "text/plain")


def test_every_print_is_in_the_audit_trail_and_changes_nothing_else(billing: BillingDesk) -> None:
    (head,) = ready(billing.clinic, 1)
    events = tables.ClaimEvent.select().count()

    billing.browser.get(f"/staff/claims/{head.id}/paper")

    printed = tables.Audit.select().where(tables.Audit.action == "claim.print")
    assert [(row.patient, row.subject) for row in printed] == [(billing.clinic.alma, f"claim:{head.id}")]
    assert tables.ClaimEvent.select().count() == events
    assert tables.ClaimRow.get_by_id(head.id).state == "ready"


def test_a_visit_the_patient_pays_alone_has_no_insurers_form(billing: BillingDesk) -> None:
    (head,) = ready(billing.clinic, 1)
    tables.ClaimRow.update(payer=None, coverage=None, sequence="N", state="patient").where(
        tables.ClaimRow.id == head.id
    ).execute()

    assert "On paper" not in billing.get(f"/staff/claims/{head.id}")
    assert billing.browser.get(f"/staff/claims/{head.id}/paper").status_code == 404
