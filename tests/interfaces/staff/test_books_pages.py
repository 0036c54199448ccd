"""The books as the clinic's manager and its accountant meet them."""

import re
from datetime import date

import pytest
from flask import Flask

from claims_service.access import people, sessions
from claims_service.access.passwords import Passwords
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import PAYER_OWES, REVENUE
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.store import journal, periods
from claims_service.store.connection import run
from tests.access.world import PASSWORD, Browser
from tests.clinic import NOW
from tests.interfaces.staff.billing_desk import BillingDesk, count, open_desk, plain
from tests.workflow.billed_clinic import billed
from tests.workflow.cycle import sent


@pytest.fixture
def manager(app: Flask, config: Config) -> BillingDesk:
    return open_desk(app, config, "manager")


def charge(desk: BillingDesk, day: date, cents: int) -> None:
    """Quillhaven owes for a visit of Alma."""
    clinic = desk.clinic
    transfer = Transfer(PAYER_OWES, REVENUE, cents, 1, 1, clinic.alma, clinic.quillhaven)
    journal.post(clinic.practice, [Entry(day, "charge", f"charge:{day}", "claim", 1, (transfer,))], by="test", at=NOW)


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


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


@pytest.mark.check(8)
def test_a_month_is_closed_after_a_second_look_and_shows_its_trial_balance_for_good(manager: BillingDesk) -> None:
    """October: $150.00 charged. Without saying that one looked nothing is closed; then it is, with its hash, and stays so."""
    charge(manager, date(2026, 10, 5), 150_00)
    charge(manager, date(2026, 11, 5), 99_00)
    path = "/staff/books/months/2026-10"

    assert "2026-10 To close" in manager.get("/staff/books/months")
    assert manager.post(f"{path}/close", {"seen": "0" * 64}).status_code == 422
    digest = seen(manager.browser.get(f"{path}/close").text)
    page = manager.answered(f"{path}/close", {"seen": digest, "sure": "yes"})

    assert "October 2026 is closed." in page
    assert f"Unchanged since Closed by Priya Castellane SHA-256 of the trial balance {digest[:32]}" in page
    assert "Insurers owe $150.00" in page
    (kept,) = periods.closed(manager.clinic.practice)
    assert kept.digest == digest
    assert "It is closed." in manager.get(f"{path}/close")
    again = manager.post(f"{path}/close", {"seen": digest, "sure": "yes"})
    assert again.status_code == 422
    assert manager.browser.get(f"{path}/trial-balance.csv").text.splitlines()[1:3] == [
        "bank,Bank,,", "insurer_clearing,Insurer money on its way,,",
    ]  # fmt: skip


@pytest.mark.check(8)
def test_what_was_posted_since_the_look_asks_for_another_one(manager: BillingDesk) -> None:
    charge(manager, date(2026, 10, 5), 150_00)
    digest = seen(manager.browser.get("/staff/books/months/2026-10/close").text)
    charge(manager, date(2026, 10, 6), 10_00)

    answer = manager.post("/staff/books/months/2026-10/close", {"seen": digest, "sure": "yes"})

    assert answer.status_code == 422
    assert "Something was posted in 2026-10 since you looked" in plain(answer.text)
    assert periods.closed(manager.clinic.practice) == []


@pytest.mark.check(58)
def test_the_three_sums_are_each_counted_from_their_own_rows_and_a_cent_too_much_is_told(manager: BillingDesk) -> None:
    """$282.50 announced for three visits and not in the bank yet: all three sums say $0.00. A remittance a cent larger does not pass."""
    billed(manager.clinic)
    path = "/staff/books/months/2026-11"

    page = manager.get(path)
    assert "as they announced them $282.50" in page
    assert "Less what is not in the bank yet −$282.50" in page
    assert "They agree To the cent" in page
    assert "Closing, aging and accounts agree" in page

    run("update remittance set paid_cents = paid_cents + 1")
    assert "They differ Off by $0.01" in manager.get(path)


def test_what_is_owed_is_shown_by_age_on_a_day_and_taken_along(billing: BillingDesk) -> None:
    """$150.00 charged on October 5 are 36 days old on November 10, and were not owed on October 4."""
    charge(billing, date(2026, 10, 5), 150_00)

    page = billing.get("/staff/books/aging?on=2026-11-10")
    table = billing.browser.get("/staff/books/aging.csv?on=2026-11-10&by=patient").text

    assert "Quillhaven Health $150.00 $150.00 All 1 $0.00 $150.00 $0.00" in page
    assert "The receivable accounts say the same" in page
    assert table.splitlines()[1] == '"Testpatient, Alma",0.00,150.00,0.00,0.00,0.00,150.00'
    assert "Nothing was owed on this day" in billing.get("/staff/books/aging?on=2026-10-04")


@pytest.mark.parametrize("path", ["2026-01", "2026-13", "soon", "2026-01/close", "2026-01/roll-forward.csv"])
def test_a_month_in_which_nothing_happened_has_no_page(manager: BillingDesk, path: str) -> None:
    assert manager.browser.get(f"/staff/books/months/{path}").status_code == 404


def test_a_write_off_above_the_limit_waits_on_the_page_until_somebody_else_agrees(
    manager: BillingDesk, app: Flask, settings: Config
) -> None:
    """A manager asks for $150.00 of charity and sees that somebody else answers; another manager agrees."""
    (claim,) = sent(manager.clinic)
    typed = {"account": PAYER_OWES, "amount": "150.00", "reason": "charity", "why": "No income."}

    page = manager.answered(f"/staff/claims/{claim.id}/write-off", typed)
    assert "$150.00 wait for a second person." in page
    assert "charity Insurers owe No income. Priya Castellane" in manager.get("/staff/approvals")
    assert "Yours: somebody else answers" in manager.get("/staff/approvals")
    assert manager.post("/staff/approvals/1", {"do": "agree"}).status_code == 422

    newcomer = people.Newcomer("second@larkspur.example", "Noor Delacroix", "manager", PASSWORD, None)
    user = people.add(manager.clinic.practice, newcomer, passwords=Passwords(settings), by=COMMAND, now=NOW)
    secret = sessions.start(manager.clinic.practice, user=user, address="127.0.0.1", now=NOW)
    second = BillingDesk(manager.clinic, Browser(app).hold(secret), secret)
    assert second.post("/staff/approvals/1", {"do": "refuse"}).status_code == 422, "without saying why not"
    page = second.answered("/staff/approvals/1", {"do": "agree"})

    assert "Agreed: $150.00 booked." in page
    assert "Noor Delacroix" in page
    assert journal.balance(manager.clinic.practice, PAYER_OWES, claim=claim.id) == 0


def test_what_is_wrong_in_a_write_off_or_refund_is_said_at_its_field(billing: BillingDesk) -> None:
    (claim,) = sent(billing.clinic)
    path = f"/staff/claims/{claim.id}/write-off"

    for typed, told in (
        ({"amount": "a lot"}, "Not an amount"),
        ({"amount": "150.01", "account": PAYER_OWES, "reason": "charity", "why": "x"}, "at most $150.00"),
        ({"amount": "1.00", "account": PAYER_OWES, "reason": "", "why": ""}, "Choose one of the reasons"),
    ):
        answer = billing.post(path, typed)
        assert answer.status_code == 422
        assert told in plain(answer.text)
    billing.post(f"/staff/patients/{billing.clinic.alma}/payments", {"amount": "40", "method": "cash"})
    payment = run("select id from payment").fetchone()[0]
    assert "At most $40.00" in plain(
        billing.post(f"/staff/payments/{payment}/refund", {"amount": "41", "why": "x", "seen": "0"}).text
    )
    page = billing.answered(f"/staff/payments/{payment}/refund", {"amount": "15", "why": "Overpaid.", "seen": "0"})
    assert "$15.00 given back." in page
