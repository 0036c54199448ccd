"""The books as the clinic's manager and its accountant meet them."""

import pytest

from tests.interfaces.staff.billing_desk import BillingDesk, count
from tests.workflow.billed_clinic import billed


@pytest.mark.check(59)
def test_the_journal_is_taken_along_without_names_and_that_is_written_down(billing: BillingDesk) -> None:
    """A file per program; the audit trail says which days somebody took."""
    billed(billing.clinic, 1)
    before = count("audit")

    for kind, begins in (("hledger", "decimal-mark"), ("beancount", "option"), ("csv", "JournalNo"), ("xero", "*Narr")):
        answer = billing.browser.get(f"/staff/books/journal?format={kind}&from=11/01/2026&until=11/30/2026")
        assert answer.status_code == 200
        assert answer.text.startswith(begins)
        assert "Testpatient" not in answer.text
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="journal-2026-11-01-2026-11-30')

    assert count("audit") == before + 4


@pytest.mark.parametrize(
    "query", ["format=hledger&from=soon", "format=ods", "format=csv&from=11/02/2026&until=11/01/2026"]
)
def test_days_or_a_format_that_are_none_are_refused_on_the_page(billing: BillingDesk, query: str) -> None:
    answer = billing.browser.get(f"/staff/books/journal?{query}")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/staff/books"
