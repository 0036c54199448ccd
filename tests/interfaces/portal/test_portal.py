"""A patient opens a bill, understands it, pays it; nobody else can. All of it without JavaScript."""

import re
from html import unescape

import pytest

from claims_service.access import portal_links
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.store import audit, connection, journal, tables
from tests.access.world import Browser
from tests.clinic import NOW
from tests.interfaces.portal.conftest import Portal


def plain(page: str) -> str:
    """The text of a page as it is read."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def cents(text: str) -> list[int]:
    found = re.findall(r"(−?)\$([\d,]+)\.(\d\d)", text)
    return [int(f"{sign.replace('−', '-')}{whole.replace(',', '')}{part}") for sign, whole, part in found]


def order_on(page: str) -> str:
    found = re.search(r'name="order" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


def checkout(portal: Portal, browser: Browser, **amount: str) -> str:
    """Choose an amount, check it, go on: the address of the card company's page."""
    checked = browser.post(f"/portal/bills/{portal.alma_statement}/pay", amount or {"amount": "all"})
    assert checked.status_code == 200, plain(checked.text)
    started = browser.post("/portal/pay", {"order": order_on(checked.text)})
    assert started.status_code == 303
    return started.location


def owed(portal: Portal) -> int:
    with connection.opened():
        return journal.balance(portal.clinic.practice, PATIENT_OWES, patient=portal.clinic.alma)


def test_a_link_and_the_date_of_birth_open_the_portal_once(portal: Portal) -> None:
    token = portal_links.make(portal.clinic.practice, portal.clinic.alma, by=COMMAND, now=NOW)
    browser = Browser(portal.app)
    assert browser.post(f"/portal/link/{token}", {"birth": "01/02/1980"}).status_code == 422
    assert browser.post(f"/portal/link/{token}", {"birth": "nonsense"}).status_code == 422
    assert browser.post(f"/portal/link/{token}", {"birth": "01/01/1980"}).location == "/portal"
    assert browser.get("/portal").status_code == 200
    assert Browser(portal.app).get(f"/portal/link/{token}").status_code == 404


def test_home_says_what_is_owed_and_what_not_to_pay_yet(portal: Portal) -> None:
    text = plain(portal.signed_in(portal.clinic.alma).get("/portal").text)
    assert "You owe" in text
    assert "$100.60" in text
    assert "Please do not pay yet" in text
    assert "340" not in text, "no figure for a visit the plan has not answered"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_amounts_on_the_bill_add_up(portal: Portal, language: str) -> None:
    """The page itself is read: the staircase and every service come out even."""
    page = portal.signed_in(portal.clinic.alma).get(f"/portal/bills/{portal.alma_statement}?lang={language}").text
    stairs = page.partition('class="stairs"')[2].partition("</ol>")[0]
    steps = [cents(re.search(r'class="money[^"]*">([^<]+)', step)[1])[0] for step in stairs.split("<li")[1:]]  # type: ignore[index]
    assert steps == [515_00, -234_00, -180_40, 100_60, 100_60]
    shares = 0
    for table in page.split('<table class="sums">')[1:]:
        *parts, share = cents(plain(f"<main>{table.partition('</table>')[0]}</main>"))
        assert sum(parts) == share
        shares += share
    assert shares == 100_60
    assert f'<html lang="{language}"' in page


def test_the_bill_explains_each_service_in_the_patients_language(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    english = plain(browser.get(f"/portal/bills/{portal.alma_statement}").text)
    assert "Your plan paid 80% of the agreed $24.00 and you pay 20%: $4.80 coinsurance." in english
    browser.get("/portal?lang=es")
    spanish = plain(browser.get(f"/portal/bills/{portal.alma_statement}").text)
    assert "Su plan pagó el 80% de los $24.00 acordados y usted el 20%: $4.80 de coseguro." in spanish


@pytest.mark.check(87)
def test_a_bill_is_paid_on_the_card_companys_page_and_no_card_number_comes_near_us(portal: Portal) -> None:
    """Alma pays $100.60: no page of ours asks for a card, the amount is the one we signed, and the account is zero."""
    browser = portal.signed_in(portal.clinic.alma)
    page = checkout(portal, browser)
    seen = [browser.get(page).text, browser.get(f"/portal/bills/{portal.alma_statement}/pay").text]
    for shown in seen:
        for word in ("cc-number", "cc-csc", "cardnumber", "cvv", "cvc"):
            assert word not in shown.lower()
    assert owed(portal) == 100_60, "nothing is booked before the card company says so"
    done = browser.post(page, {"card": "good"})
    confirmation = plain(browser.get(done.location).text)
    assert "Paid. Thank you, Alma." in confirmation
    assert "Nothing is open on this bill." in confirmation
    assert owed(portal) == 0
    everything = "".join(
        str(row)
        for name in ("payment", "processor_event", "audit")
        for row in connection.run(f"select * from {name}").fetchall()
    )
    assert not [digits for digits in re.findall(r"(?<![\w.-])[3-6]\d{12,18}(?![\w.-])", everything) if _is_card(digits)]
    assert browser.get(f"{done.location}/receipt").data.startswith(b"%PDF")
    with connection.opened():
        assert not journal.check()
        assert not audit.verify()


def _is_card(digits: str) -> bool:
    """Luhn; numbers of cards begin with 3 to 6 and stand alone, the inside of a hash or a key does not."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


@pytest.mark.check(87)
def test_an_amount_changed_on_the_way_is_refused(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    checked = browser.post(f"/portal/bills/{portal.alma_statement}/pay", {"amount": "other", "other": "20.00"})
    order = order_on(checked.text)
    for changed in (order[:-3] + "abc", "WzEsMSwxLCJ4Il0.x.y", ""):
        assert browser.post("/portal/pay", {"order": changed, "cents": "1", "amount": "0.01"}).status_code == 400
    browser.post("/portal/pay", {"order": order, "cents": "1"})
    assert [row.cents for row in tables.Payment.select()] == [20_00]


def test_part_of_a_bill_can_be_paid_and_the_rest_stays_open(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    done = browser.post(checkout(portal, browser, amount="other", other="$40.60"), {"card": "good"})
    assert "Still open on this bill: $60.00" in plain(browser.get(done.location).text)
    text = plain(browser.get(f"/portal/bills/{portal.alma_statement}").text)
    assert "You have paid −$40.60" in text
    assert "Pay $60.00" in text


@pytest.mark.parametrize("amount", ["0", "-5", "0.99", "100.61", "1e3", "NaN", "12.345", ""])
def test_no_more_than_is_owed_can_be_paid(portal: Portal, amount: str) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    answer = browser.post(f"/portal/bills/{portal.alma_statement}/pay", {"amount": "other", "other": amount})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert tables.Payment.select().count() == 0


def test_pressing_pay_twice_pays_once(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    checked = browser.post(f"/portal/bills/{portal.alma_statement}/pay", {"amount": "all"})
    order = {"order": order_on(checked.text)}
    pages = {browser.post("/portal/pay", order).location for _ in range(3)}
    assert len(pages) == 1
    for _ in range(2):
        browser.post(pages.copy().pop(), {"card": "good"})
    assert browser.post("/portal/pay", order).status_code == 409, "and the form is spent"
    assert [row.state for row in tables.Payment.select()] == ["paid"]
    assert owed(portal) == 0


def test_a_declined_card_is_told_as_not_charged(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    answer = browser.post(checkout(portal, browser), {"card": "declined"})
    assert "You have not been charged" in plain(answer.text)
    payment = tables.Payment.get().id
    assert "The payment did not go through" in plain(browser.get(f"/portal/payments/{payment}").text)
    assert owed(portal) == 100_60


def test_a_message_without_the_card_companys_signature_is_refused(portal: Portal) -> None:
    for body, signature in [(b"{}", ""), (b'{"kind": "paid"}', "t=1,v1=00"), (b"\xff", "t=,v1=")]:
        answer = portal.app.test_client().post("/portal/card-events", data=body, headers={"Card-Signature": signature})
        assert answer.status_code == 400
    assert tables.ProcessorEvent.select().count() == 0


def test_the_card_companys_message_counts_once_however_often_it_is_sent(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    reference = checkout(portal, browser).rpartition("/")[2]
    message = portal.app.extensions["card_processor"].pay(reference, good=True, now=NOW)
    sender = portal.app.test_client()
    for _ in range(3):
        answer = sender.post("/portal/card-events", data=message.body, headers={"Card-Signature": message.signature})
        assert answer.status_code == 204
    assert owed(portal) == 0


def test_another_patients_bill_payment_and_order_are_not_there(portal: Portal) -> None:
    bruno = portal.signed_in(portal.clinic.bruno)
    done = bruno.post(f"/portal/bills/{portal.bruno_statement}/pay", {"amount": "all"})
    order = order_on(done.text)
    alma = portal.signed_in(portal.clinic.alma)
    for path in ("", "/pdf", "/pay"):
        assert alma.get(f"/portal/bills/{portal.bruno_statement}{path}").status_code == 404
    assert alma.post("/portal/pay", {"order": order}).status_code == 404
    location = bruno.post("/portal/pay", {"order": order}).location
    bruno.post(location, {"card": "good"})
    payment = tables.Payment.get().id
    assert alma.get(f"/portal/payments/{payment}").status_code == 404
    assert alma.get(f"/portal/payments/{payment}/receipt").status_code == 404


def test_who_looked_at_a_bill_is_in_the_audit_trail(portal: Portal) -> None:
    portal.signed_in(portal.clinic.alma).get(f"/portal/bills/{portal.alma_statement}")
    rows = connection.run("select who, action, subject from audit where action = 'statement.read'").fetchall()
    assert [tuple(row) for row in rows] == [
        (f"patient:{portal.clinic.alma}", "statement.read", f"statement:{portal.alma_statement}")
    ]


def test_in_production_nobody_pays_with_test_cards(portal: Portal) -> None:
    portal.app.extensions["card_processor"] = None
    browser = portal.signed_in(portal.clinic.alma)
    page = browser.get(f"/portal/bills/{portal.alma_statement}/pay")
    assert "How to pay" in plain(page.text)
    assert "order" not in page.text
    assert browser.get("/test-processor/checkout/co_1").status_code == 404


@pytest.mark.parametrize("path", ["", "/bills", "/payments", "/help", "/bills/{statement}", "/bills/{statement}/pay"])
def test_every_page_speaks_both_languages(portal: Portal, path: str) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    address = f"/portal{path.format(statement=portal.alma_statement)}"
    english, spanish = plain(browser.get(address).text), plain(browser.get(f"{address}?lang=es").text)
    assert english != spanish
    for word in ("You owe", "Your share", "Price of", "Pay your"):
        assert word not in spanish


def test_the_english_name_of_a_service_is_marked_on_a_spanish_page(portal: Portal) -> None:
    """So that a screen reader says "Office visit" in English within a Spanish sentence (WCAG 3.1.2)."""
    browser = portal.signed_in(portal.clinic.alma)
    address = f"/portal/bills/{portal.alma_statement}"
    english, spanish = browser.get(f"{address}?lang=en").text, browser.get(f"{address}?lang=es").text
    assert 'lang="es"' in spanish.split(">", 2)[1]
    names = re.findall(r'<b><span lang="en">([^<]+)</span></b>', spanish)
    assert names
    assert all(f"<b><span>{name}</span></b>" in english for name in names)


def test_the_frame_of_a_page_and_its_errors_speak_the_readers_language(portal: Portal) -> None:
    """Menu, foot and error page in Spanish, and in English again for the next reader."""
    browser = portal.signed_in(portal.clinic.alma)
    said = (
        ("Sign out", "Salir"),
        ("Talk to a person", "Hable con una persona"),
        ("nothing at this", "No hay nada en esta"),
        ("Go to my bills", "Ir a mis facturas"),
    )
    for language, mine, other in (("en", 0, 1), ("es", 1, 0), ("en", 0, 1)):
        page = browser.get(f"/portal/bills/999999?lang={language}").text
        assert [words[mine] in page for words in said] == [True] * len(said)
        assert [words[other] in page for words in said] == [False] * len(said)
