"""More ways to pay by keyboard alone on a phone: from the code on a bill, one visit of two, by itself."""

import re

import pytest

from claims_service import clock
from claims_service.access import guard
from claims_service.access.pay_links import links_of
from claims_service.domain.actor import COMMAND
from claims_service.store import connection, tables
from claims_service.workflow.open_pay_links import open_pay_links
from tests.browser.walks.conftest import BORN, Town
from tests.browser.walks.walker import Walker
from tests.interfaces.portal.test_autopay_pages import by_email
from tests.interfaces.portal.test_paying_visits import second_visit

pytestmark = pytest.mark.browser


def test_a_part_of_the_bill_is_paid_from_its_pay_link(town: Town) -> None:
    """Alma scans the code on her bill, pays $30.60 of $100.60 and owes $70.00."""
    bill = town.portal.alma_statement
    with connection.opened():
        made = open_pay_links(town.clinic.practice, [(bill, town.clinic.alma)], by=COMMAND, now=clock.now())
    alma = town.stranger()
    token = links_of(guard.access_of(town.portal.app).config).token(made[bill])
    alma.opens(f"/portal/pay/{token}?lang={town.language}")
    alma.writes("Date of birth of the patient", BORN)
    alma.presses("Open my bill")
    alma.pays_a_part("$30.60")
    assert town.owed() == 70_00


def test_one_of_two_visits_is_paid(town: Town) -> None:
    """Alma ticks the visit of $200.00 with the space bar and leaves $100.60 open."""
    second_visit(town.portal)
    alma = town.patient()
    alma.follows("See why and pay")
    alma.follows(f"{alma.say('Pay')} $300.60")
    alma.chooses("Only some visits")
    alma.ticks(re.compile(r"\$200\.00"))
    alma.presses("Continue")
    alma.pays("$200.00")
    alma.reads(alma.say("What it paid"))
    assert town.owed() == 100_60


def test_autopay_is_turned_on_and_stopped(town: Town) -> None:
    by_email(town.portal)
    alma = town.patient()
    alma.follows("Help")
    alma.follows("See autopay")
    save = alma.say("Save a card or bank account")
    alma.at_the_card_company(save, "Save a good test card", "**/portal/autopay")
    alma.writes("Never more at once than", "150.00")
    alma.presses("Continue")
    alma.reads(alma.say("Read and agree"))
    alma.presses("I agree, turn autopay on")
    alma.reads(alma.say("Autopay for new bills is on"))
    assert [row.most_cents for row in tables.Autopay.select()] == [150_00]
    alma.presses("Stop this autopay")
    alma.reads(alma.say("Stopped. Nothing more is charged."))
    assert [row.ended_at is None for row in tables.Autopay.select()] == [False]


def test_a_payment_that_the_bank_takes_back_is_told_on_its_page_and_to_the_staff(town: Town) -> None:
    """Alma pays $100.60 and her bank takes it back: owed again, said on the payment's page, waiting for Priya until it is won."""
    alma = town.patient()
    alma.follows("See why and pay")
    alma.follows(f"{alma.say('Pay')} $100.60")
    alma.presses("Continue")
    alma.pays("$100.60")
    paid = alma.page.url
    reference = tables.Payment.get().processor_reference
    play_the_bank(alma, reference, "Take the payment back (chargeback)")
    alma.page.goto(paid)
    alma.looks()
    alma.reads(alma.say("Your bank took back %(cents)s", cents="$100.60"))
    alma.reads(alma.say("This payment was taken back"))
    alma.follows("See your bills")
    assert town.owed() == 100_60

    desk = town.staff("biller")
    desk.follows(re.compile("^Chargebacks"))
    desk.reads("Answer it")
    desk.follows("Alma Testpatient")
    desk.reads("Owes $100.60")

    play_the_bank(alma, reference, "The clinic wins: it gets the money again")
    alma.page.goto(paid)
    alma.reads(f"{alma.say('Paid. Thank you, ')}Alma.")
    desk.follows(re.compile("^Chargebacks"))
    desk.reads("Won: the money is back")
    assert town.owed() == 0


def play_the_bank(walker: Walker, reference: str, does: str) -> None:
    """On the test page of the built-in card company."""
    walker.page.goto(f"{walker.address}/test-processor/checkout/{reference}")
    walker.opens_up(walker.page.get_by_text("Play the bank"))
    walker.reach(walker.control("button", does))
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Enter")
