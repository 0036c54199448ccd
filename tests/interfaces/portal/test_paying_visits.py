"""One payment for chosen visits, what is left out said so, what paying early saves, and the receipt that lists it all."""

from datetime import timedelta

from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.patient.prompt_pay import Policy
from claims_service.store import connection, journal, prompt_pay, tables
from claims_service.store.connection import write
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.open_disputes import Complaint, open_disputes
from tests.access.world import Browser
from tests.clinic import BILLER, NOW, TODAY
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_portal import order_on, owed, plain
from tests.patient import visits
from tests.patient.visits import Line, Visit

OWN = (Line("99213", 200_00, words="Doctor visit"),)


def second_visit(portal: Portal, *, percent: int = 0) -> tuple[int, Visit]:
    """Alma's newest bill: $100.60 left by her plan, and $200.00 of a visit that no plan pays."""
    with connection.opened():
        if percent:
            with write(portal.clinic.practice):
                prompt_pay.add_policy(portal.clinic.practice, Policy(percent), by=BILLER.name, at=NOW)
        own = visits.sent(portal.clinic, OWN, plan=False, on=TODAY - timedelta(days=9))
        made = bill_patients(portal.clinic.practice, [portal.clinic.alma], by=BILLER, now=NOW, today=TODAY)
    return made.statements[0], own


def pay(browser: Browser, statement: int, **form: object) -> str:
    """Choose, check, pay with a good card; the text of the page that says thank you."""
    checked = browser.post(f"/portal/bills/{statement}/pay", form)
    assert checked.status_code == 200, plain(checked.text)
    page = browser.post("/portal/pay", {"order": order_on(checked.text)}).location
    return plain(browser.get(browser.post(page, {"card": "good"}).location).text)


def test_two_visits_of_three_on_the_bill_are_paid_at_once(portal: Portal) -> None:
    """$200.00 is chosen and $100.60 stays; the receipt names the visit and the sum."""
    statement, own = second_visit(portal)
    browser = portal.signed_in(portal.clinic.alma)
    page = plain(browser.get(f"/portal/bills/{statement}/pay").text)
    assert "Only some visits" in page
    assert "Please do not pay for them yet" in page
    checked = browser.post(f"/portal/bills/{statement}/pay", {"amount": "visits", "visit": str(own.encounter)})
    assert "Visit on November 11, 2026, with Imani Voss: $200.00" in plain(checked.text)
    done = pay(browser, statement, amount="visits", visit=str(own.encounter))
    assert "What it paid Visit on November 11, 2026, with Imani Voss $200.00" in done
    assert "Still open on this bill: $100.60" in done
    assert owed(portal) == 100_60


def test_all_visits_chosen_are_the_whole_bill(portal: Portal) -> None:
    statement, _ = second_visit(portal)
    every = [str(row.id) for row in tables.EncounterRow.select()]
    done = pay(portal.signed_in(portal.clinic.alma), statement, amount="visits", visit=every)
    assert "Nothing is open on this bill." in done
    assert owed(portal) == 0


def test_no_visit_chosen_or_one_of_somebody_else_is_a_clear_message(portal: Portal) -> None:
    statement, _ = second_visit(portal)
    bruno = tables.EncounterRow.get(tables.EncounterRow.patient == portal.clinic.bruno).id
    browser = portal.signed_in(portal.clinic.alma)
    for picked in ([], [str(bruno)], ["x", "-1", "999999999999"]):
        answer = browser.post(f"/portal/bills/{statement}/pay", {"amount": "visits", "visit": picked})
        assert answer.status_code == 422
        assert "Choose at least one visit." in plain(answer.text)
    assert tables.Payment.select().count() == 0


def test_what_was_checked_is_not_charged_once_something_else_is_open(portal: Portal) -> None:
    """Between the page and the press a part was disputed: nothing is charged, and the page says so."""
    statement, own = second_visit(portal)
    browser = portal.signed_in(portal.clinic.alma)
    checked = browser.post(f"/portal/bills/{statement}/pay", {"amount": "visits", "visit": str(own.encounter)})
    wish = Complaint(portal.clinic.alma, statement, ((own.encounter, 1),), "wrong_amount", "Too much.", "form-d")
    with connection.opened():
        open_disputes(portal.clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    answer = browser.post("/portal/pay", {"order": order_on(checked.text)})
    assert answer.status_code == 409
    page = plain(answer.text)
    assert "Nothing was charged. Please look again." in page
    assert "You asked us about $200.00. You need not pay it while we look into it." in page
    assert tables.Payment.select().count() == 0


def test_paying_early_saves_what_the_bill_says(portal: Portal) -> None:
    """10% of $200.00: the bill says $280.60 by November 30, the card is charged that, and nothing is open."""
    statement, _ = second_visit(portal, percent=10)
    browser = portal.signed_in(portal.clinic.alma)
    bill = plain(browser.get(f"/portal/bills/{statement}").text)
    assert "Pay early and save $20.00 Pay $280.60 by Monday, November 30, 2026, and we take $20.00 off." in bill
    assert "Pay $280.60" in bill
    assert "All of it, and save $20.00" in plain(browser.get(f"/portal/bills/{statement}/pay").text)
    done = pay(browser, statement, amount="all")
    assert "$280.60" in done
    assert "We took off, because you paid early $20.00" in done
    assert "Nothing is open on this bill." in done
    assert [row.cents for row in tables.Payment.select()] == [280_60]
    with connection.opened():
        assert not journal.check()
        assert journal.balance(portal.clinic.practice, PATIENT_OWES, patient=portal.clinic.alma) == 0


def test_another_amount_is_charged_without_the_discount(portal: Portal) -> None:
    statement, _ = second_visit(portal, percent=10)
    done = pay(portal.signed_in(portal.clinic.alma), statement, amount="other", other="50.00")
    assert "because you paid early" not in done
    assert owed(portal) == 250_60


def test_the_pages_of_choosing_speak_spanish(portal: Portal) -> None:
    statement, own = second_visit(portal, percent=10)
    browser = portal.signed_in(portal.clinic.alma)
    page = plain(browser.get(f"/portal/bills/{statement}/pay?lang=es").text)
    assert "Todo, y ahorre $20.00" in page
    assert "Solo algunas visitas" in page
    done = pay(browser, statement, amount="visits", visit=str(own.encounter))
    assert "Qué pagó Visita del 11 de noviembre de 2026, con Imani Voss $200.00" in done
