"""Four walks through the billing of a patient, by keyboard alone on a phone, axe-core on every page that is passed."""

import re

import pytest

from claims_service.domain.ledger.accounts import WRITE_OFF
from claims_service.domain.patient.dispute import REASONS
from claims_service.store import connection, journal
from tests.browser.walks.conftest import Town
from tests.browser.walks.walker import Walker
from tests.clinic import TODAY

pytestmark = pytest.mark.browser


def test_link_statement_part_payment_plan_receipt(town: Town) -> None:
    """Alma owes $100.60: she opens her link, pays $30.60, agrees to two payments for the rest, pays the first, has its receipt."""
    alma = town.patient()
    alma.reads("$100.60")
    alma.follows("See why and pay")
    alma.pays_a_part("$30.60")
    assert town.owed() == 70_00

    alma.follows("Home")
    alma.follows("See why and pay")
    alma.follows(re.compile(alma.say("Pay over time")))
    alma.chooses(re.compile(f"2 {alma.say('payments of')} .35.00"))
    alma.presses("Continue")
    alma.presses("I agree to this plan")
    alma.reads(alma.say("Agreed. Thank you."))
    alma.presses(f"{alma.say('Pay')} $35.00")
    alma.pays("$35.00")
    alma.reads(alma.say("Plan: %(paid)s of %(count)s paid", paid=1, count=2))
    alma.gets_the_receipt()
    assert town.owed() == 35_00


def test_dispute_hold_answer_credit(town: Town) -> None:
    """Alma says the heart tracing was not done: its $42.00 waits; Priya takes it off; the new bill asks for $58.60 and says why."""
    alma = town.patient()
    alma.follows("See why and pay")
    alma.opens_up(alma.page.locator("#line-2 summary"))
    alma.goes(alma.page.locator("#line-2").get_by_role("link", name=alma.say("Something is wrong here")))
    alma.chooses(alma.say(REASONS["not_received"].words))
    alma.writes("In your own words", "The nurse said it was not done.")
    alma.presses("Send")
    alma.reads(f"$42.00 {alma.say('is on hold. You need not pay it now.')}")
    alma.follows("Bills")
    alma.follows(re.compile("^S1-"))
    alma.reads(f"{alma.say('We are looking into')} $42.00")
    alma.reads("$58.60")

    desk = town.staff("biller")
    desk.follows(re.compile("^Disputes"))
    desk.follows(re.compile("^D1-"))
    desk.reads("The nurse said it was not done.")
    desk.chooses("We give a credit")
    desk.writes("Take off: Heart tracing (ECG)", "42.00")
    desk.writes("What you found, for the patient", "The notes show no heart tracing on that day.")
    desk.presses("Answer")
    desk.reads("A new statement that says so is out.")

    alma.follows("Questions")
    alma.follows(re.compile("^D1-"))
    alma.reads(alma.say("We took %(off)s off your bill.", off="$42.00"))
    alma.follows("See your bills")
    alma.follows(re.compile("^S1-"))
    alma.reads(alma.say("You asked about %(about)s. We took %(off)s off.", about="Heart tracing (ECG)", off="$42.00"))
    alma.control("link", f"{alma.say('Pay')} $58.60").wait_for()
    assert town.owed() == 58_60
    with connection.opened():
        assert journal.balance(town.clinic.practice, WRITE_OFF) == 42_00


def test_estimate_visit_bill_over_warning(town: Town) -> None:
    """Cora pays herself and is told $120.00; the visit costs $550.00: the bill waits for a reason, then tells her right to dispute."""
    cora = town.self_payer()
    desk = town.staff("manager")
    the_account(desk)
    desk.follows("Estimate")
    desk.writes("Planned day", f"{TODAY:%m/%d/%Y}")
    desk.writes("Line 1 service", "99213")
    desk.presses("Give the estimate")
    desk.reads("The patient pays $120.00.")

    the_account(desk)
    desk.follows("Code a visit")
    desk.writes("Date of the visit", f"{TODAY:%m/%d/%Y}")
    desk.writes("A", "J06.9")
    desk.writes("Line 1 service", "99213")
    desk.writes("Line 1 charge, if not from the price list", "550.00")
    desk.presses("Save")
    desk.reads("$550.00")
    desk.follows(re.compile("^Statements"))
    desk.presses("Bill 1 patient")
    desk.reads("1 visit held: far above the estimate.")
    desk.follows(re.compile("^Estimates"))
    desk.reads("$430.00")
    desk.writes("Why the bill is right", "The visit took longer: a wound was closed.")
    desk.presses("Let this bill go")
    desk.reads("Released: the bill is out, with the right to dispute it.")

    told = town.patient(cora)
    told.follows("See why and pay")
    told.reads(told.say("This is more than we told you."))
    told.reads("$120.00")
    told.reads("1-800-985-3059")
    told.control("link", f"{told.say('Pay')} $550.00").wait_for()
    assert town.owed(cora) == 550_00


def test_assistance_granted_balance_gone(town: Town) -> None:
    """Alma owes $100.60 and lives alone on $20,000.00 a year: the scale takes all of it off, and her bill asks for nothing."""
    alma = town.patient()
    alma.follows("Help")
    alma.follows("Ask for help with your bills")
    alma.writes("How many people live from this income?", "1")
    alma.writes("Income of all of you in a year, before taxes", "20,000")
    ask = alma.page.locator("form[action$=assistance] button[type=submit]").last
    alma.goes(ask)
    alma.reads(alma.say("Your bills rest until we answer. You need not pay now."))
    assert town.owed() == 100_60

    desk = town.staff("biller")
    desk.follows(re.compile("^Financial help"))
    desk.follows(re.compile("^A1-"))
    desk.reads("$100.60")
    desk.presses("Decide and write the letter")
    desk.reads("Your bills are forgiven")

    alma.follows("Help")
    alma.follows("Ask for help with your bills")
    alma.follows(re.compile("^A1-"))
    alma.reads(alma.say("Your bills are forgiven"))
    alma.follows("See your bills")
    alma.follows(re.compile("^S1-"))
    alma.reads(alma.say("Nothing is open on this bill."))
    alma.follows("Home")
    alma.reads(alma.say("Nothing to pay"))
    assert town.owed() == 0


def the_account(desk: Walker) -> None:
    """Cora's, found by her name."""
    desk.follows("Accounts")
    desk.writes("Find a patient", "Testpatient, Cora")
    desk.presses("Find")
    desk.follows(re.compile("Testpatient"))
