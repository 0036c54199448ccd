"""The year's payments on the portal: from the list to the page to the paper."""

from tests.clinic import TODAY
from tests.interfaces.portal.conftest import Portal
from tests.patient.statement_stories import as_read
from tests.patient.test_paid_in_year import paid


def test_the_page_leads_to_the_paper_and_an_empty_year_is_not_found(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    assert "For your taxes" not in browser.get("/portal/payments").text
    assert browser.get("/portal/payments/years/2026").status_code == 404
    paid(portal.clinic, 40_00, TODAY)
    assert "/portal/payments/years/2026" in browser.get("/portal/payments").text
    page = browser.get("/portal/payments/years/2026")
    assert (page.status_code, as_read.cents(page.text)[:1]) == (200, [40_00])
    assert "without those visits" not in page.text
    paper = browser.get("/portal/payments/years/2026/pdf")
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert "$40.00" in as_read.paper(paper.data)
    assert portal.signed_in(portal.clinic.bruno).get("/portal/payments/years/2026").status_code == 404
