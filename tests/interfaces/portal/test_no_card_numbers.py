"""No card number has a place here: no field asks for one, no column is made for one, and one that is sent anyway stays nowhere."""

import json
import re
from pathlib import Path

import pytest

from claims_service import interfaces
from claims_service.gateways.cards.stripe_checkout import StripeCheckout
from claims_service.store import connection, tables
from tests.access.world import Browser
from tests.gateways.stripe_stand_in import KEY, WEBHOOK_SECRET, signed, standing_in
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_portal import checkout, owed

CARD = "4242424242424242"
ASKED = re.compile(
    r"autocomplete\W+cc-|(name|id|field)\W+(card.?n(o|um\w*)|cc.?n|cvc|cvv|security.?code|exp.?(month|year|date)|pan)\b"
    r"|(text_field|field)\(\W*(card|cvc|cvv|pan)",
    re.IGNORECASE,
)
COLUMN = re.compile(r"card.?n(o|um)|\bpan\b|cvc|cvv|expir(y|ation)", re.IGNORECASE)


def fits(digits: str) -> bool:
    """Whether digits are a card number by the check digit of ISO/IEC 7812."""
    doubled = [int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def card_numbers(text: str) -> list[str]:
    found = re.findall(r"(?<![\w.])[3-6](?:[ -]?\d){12,18}(?![\w.])", text)
    return [number for number in found if fits(re.sub(r"\D", "", number))]


def every_row() -> str:
    return "\n".join(repr(row) for model in tables.ALL for row in model.select().tuples())


def test_the_scan_knows_a_card_number_when_it_sees_one() -> None:
    assert card_numbers(f"paid with {CARD}, thanks") == [CARD]
    assert card_numbers("4242 4242 4242 4242") == ["4242 4242 4242 4242"]
    assert not card_numbers("4242424242424241 is none, 1234567893 is an NPI")
    assert ASKED.search('<input name="card_number">')
    assert ASKED.search('form.text_field("cvc", "Code")')


def test_no_form_of_any_page_asks_for_a_card() -> None:
    pages = list(Path(str(interfaces.__file__)).parent.rglob("*.html"))
    assert len(pages) > 60
    for page in pages:
        assert not ASKED.search(page.read_text(encoding="utf-8")), page.name


def test_no_column_of_any_table_is_made_for_a_card() -> None:
    columns = [f"{model._meta.table_name}.{field}" for model in tables.ALL for field in model._meta.columns]
    assert len(columns) > 500
    assert [column for column in columns if COLUMN.search(column.partition(".")[2])] == []


def test_a_card_number_sent_anyway_is_in_no_row_and_no_log(portal: Portal, capfd: pytest.CaptureFixture[str]) -> None:
    """In the amount, the order, the date of birth, and in a signed message of the card company that tells too much."""
    browser = portal.signed_in(portal.clinic.alma)
    pay = f"/portal/bills/{portal.alma_statement}/pay"
    assert browser.post(pay, {"amount": "other", "other": CARD, "card_number": CARD}).status_code == 422
    assert browser.post("/portal/pay", {"order": CARD}).status_code == 400
    Browser(portal.app).post(f"/portal/pay/{CARD}", {"birth": CARD})
    with standing_in() as (company, address):
        portal.app.extensions["card_processor"] = StripeCheckout(KEY, WEBHOOK_SECRET, "https://b.example", base=address)
        assert checkout(portal, browser).startswith("https://checkout.stripe.com/")
        [reference] = company.sessions
        told = json.loads(company.pay(reference))
        told["data"]["object"]["payment_method_details"] = {"card": {"number": CARD, "cvc": "123"}}
        body = json.dumps(told).encode()
        answer = portal.app.test_client().post(
            "/portal/card-events", data=body, headers={"Stripe-Signature": signed(body)}
        )
    assert (answer.status_code, owed(portal)) == (204, 0)
    with connection.opened():
        rows = every_row()
    heard = "".join(capfd.readouterr())
    assert "card_event" in heard
    for text in (rows, heard):
        assert CARD not in text
        assert card_numbers(text) == []
