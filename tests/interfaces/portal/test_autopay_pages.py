"""Autopay on the portal: a card is saved elsewhere, the agreement is read before it is made, charges are seen, a press stops it."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from claims_service.gateways.cards.stripe_checkout import StripeCheckout
from claims_service.interfaces.jobs import rounds
from claims_service.store import connection, journal, tables
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.pause_bills import choose_contact
from tests.access.world import Browser
from tests.clinic import BILLER, NOW, TODAY
from tests.gateways.stripe_stand_in import KEY, WEBHOOK_SECRET, signed, standing_in
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_no_card_numbers import CARD, card_numbers, every_row
from tests.interfaces.portal.test_portal import owed, plain
from tests.patient import visits
from tests.patient.visits import FIVE


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return unescape(found[1])


def save(browser: Browser, *, card: str = "good") -> None:
    """Save a card on the company's page; pressing twice opens one page."""
    once = field(browser.get("/portal/autopay").text, "once")
    pages = {browser.post("/portal/autopay/methods", {"once": once}).location for _ in range(2)}
    assert len(pages) == 1
    assert browser.post(pages.pop(), {"card": card}).location == "/portal/autopay"


def by_email(portal: Portal) -> None:
    with connection.opened():
        choose_contact(
            portal.clinic.practice, portal.clinic.alma, by_email=True, by_text=False, via="portal", by=BILLER, now=NOW
        )


def read(browser: Browser, most: str = "500.00") -> str:
    """The page with the agreement."""
    method = tables.SavedMethodRow.get().id
    answer = browser.post("/portal/autopay/check", {"what": "statements", "method": str(method), "most": most})
    assert answer.status_code == 200, plain(answer.text)
    return answer.text


@pytest.fixture
def agreed(portal: Portal) -> tuple[Portal, Browser]:
    """Alma turned autopay on for new bills up to $500.00."""
    by_email(portal)
    browser = portal.signed_in(portal.clinic.alma)
    save(browser)
    wish = field(read(browser), "wish")
    for _ in range(2):
        assert browser.post("/portal/autopay/agree", {"wish": wish}).location == "/portal/autopay"
    return portal, browser


def test_what_is_read_is_what_is_kept_and_stands_on_the_page(agreed: tuple[Portal, Browser]) -> None:
    """Pressing twice agrees once; the page shows the words, the day and the version, and a way out."""
    portal, browser = agreed
    [row] = tables.Autopay.select()
    page = plain(browser.get("/portal/autopay").text)
    for sentence in row.words.split("\n"):
        assert sentence in page
    assert "Autopay for new bills is on" in page
    assert "You agreed on Friday, November 20, 2026 (version 2026-11)." in page
    assert (row.address, row.accepted_by, row.most_cents) == ("127.0.0.1", "Alma Testpatient", 500_00)
    assert owed(portal) == 100_60, "nothing is charged by agreeing"


def test_a_press_stops_it_at_once_and_a_second_one_changes_nothing(agreed: tuple[Portal, Browser]) -> None:
    _, browser = agreed
    key = tables.Autopay.get().id
    for _ in range(2):
        assert browser.post(f"/portal/autopay/{key}/stop").location == "/portal/autopay"
    page = plain(browser.get("/portal/autopay").text)
    assert "Stopped. Nothing more is charged." in page
    assert "new bills is on" not in page


def test_removing_the_card_ends_what_uses_it(agreed: tuple[Portal, Browser]) -> None:
    _, browser = agreed
    browser.post(f"/portal/autopay/methods/{tables.SavedMethodRow.get().id}/remove")
    page = plain(browser.get("/portal/autopay").text)
    assert "Removed. Nothing is charged to it any more." in page
    assert "None is saved." in page
    assert tables.Autopay.get().ended_at is not None


def test_a_new_bill_is_announced_on_its_page_and_charged_by_the_clock(agreed: tuple[Portal, Browser]) -> None:
    """A second visit: the bill of $130.60 says when it is charged; three weeks later the round charges it, once."""
    portal, browser = agreed
    config = replace(portal.app.extensions["claims_access"].config, site_url="https://b.example")
    with connection.opened():
        visits.decided(portal.clinic, FIVE[:1])
        made = bill_patients(portal.clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    rounds.run(config, rounds.autopay)
    page = plain(browser.get(f"/portal/bills/{made.statements[0]}").text)
    assert "Autopay pays this bill on Friday, December 11, 2026 $130.60, as you agreed." in page
    assert "Comes next" in plain(browser.get("/portal/autopay").text)
    with time_machine.travel(NOW + timedelta(days=21), tick=False):
        for _ in range(3):
            assert rounds.run(config, rounds.autopay) == 0
        rounds.run(config, rounds.receipts)
    page = plain(browser.get("/portal/autopay").text)
    assert "Friday, December 11, 2026" in page
    assert "Paid" in page
    assert owed(portal) == 0
    assert [row.cents for row in tables.Payment.select()] == [130_60]
    kinds = [row.kind for row in tables.PaymentNotice.select().where(tables.PaymentNotice.state == "sent")]
    assert sorted(kinds) == ["autopay_soon", "receipt"]
    with connection.opened():
        assert not journal.check()


def test_what_makes_no_sense_is_said_beside_its_field(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    save(browser)
    assert "First choose e-mail" in plain(browser.get("/portal/autopay").text)
    by_email(portal)
    for most in ("", "x", "4.99", "10000.01", "-5", "1e3"):
        form = {"what": "statements", "method": str(tables.SavedMethodRow.get().id), "most": most}
        answer = browser.post("/portal/autopay/check", form)
        assert answer.status_code == 422
        assert 'id="most-error"' in answer.text
    assert browser.post("/portal/autopay/check", {"what": "99", "method": "99", "most": "50"}).status_code == 422
    for changed in ("", "abc", field(read(browser), "wish")[:-3] + "abc"):
        assert browser.post("/portal/autopay/agree", {"wish": changed}).status_code == 400
    assert tables.Autopay.select().count() == 0


def test_another_patients_agreement_and_card_are_not_there(agreed: tuple[Portal, Browser]) -> None:
    portal, alma = agreed
    wish = field(read_again(alma), "wish")
    bruno = portal.signed_in(portal.clinic.bruno)
    assert bruno.post("/portal/autopay/agree", {"wish": wish}).status_code == 404
    assert bruno.post(f"/portal/autopay/{tables.Autopay.get().id}/stop").status_code == 404
    assert bruno.post(f"/portal/autopay/methods/{tables.SavedMethodRow.get().id}/remove").status_code == 404
    assert "Visa" not in bruno.get("/portal/autopay").text


def read_again(browser: Browser) -> str:
    browser.post(f"/portal/autopay/{tables.Autopay.get().id}/stop")
    return read(browser)


def test_the_agreement_is_kept_in_the_language_it_was_read_in(portal: Portal) -> None:
    by_email(portal)
    browser = portal.signed_in(portal.clinic.alma)
    save(browser)
    browser.get("/portal/autopay?lang=es")
    page = read(browser)
    assert "Nunca más de $500.00 a la vez." in plain(page)
    browser.post("/portal/autopay/agree", {"wish": field(page, "wish")})
    row = tables.Autopay.get()
    assert (row.language, "Nunca más de $500.00 a la vez." in row.words) == ("es", True)


def test_a_card_number_told_with_a_saved_card_is_in_no_row_and_no_log(
    portal: Portal, capfd: pytest.CaptureFixture[str]
) -> None:
    """Stripe's message and answer tell too much: only its names, the brand and the last four digits are kept."""
    browser = portal.signed_in(portal.clinic.alma)
    with standing_in() as (company, address):
        portal.app.extensions["card_processor"] = StripeCheckout(KEY, WEBHOOK_SECRET, "https://b.example", base=address)
        once = field(browser.get("/portal/autopay").text, "once")
        assert browser.post("/portal/autopay/methods", {"once": once, "card_number": CARD}).status_code == 303
        [reference] = company.sessions
        told = json.loads(company.save(reference))
        told["data"]["object"]["card"] = {"number": CARD}
        for method in company.methods.values():
            method["card"] |= {"number": CARD, "last4": CARD}
        body = json.dumps(told).encode()
        for _ in range(10):
            answer = portal.app.test_client().post(
                "/portal/card-events", data=body, headers={"Stripe-Signature": signed(body)}
            )
            assert answer.status_code == 204
    [row] = tables.SavedMethodRow.select()
    assert (row.state, row.brand, row.last_digits) == ("ready", "visa", "4242")
    with connection.opened():
        rows = every_row()
    heard = "".join(capfd.readouterr())
    for text in (rows, heard, browser.get("/portal/autopay").text):
        assert CARD not in text
        assert card_numbers(text) == []
