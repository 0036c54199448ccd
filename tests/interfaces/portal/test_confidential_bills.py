"""A confidential bill in the portal, by link and by e-mail: the patient's alone."""

from claims_service.access import guard
from claims_service.access.pay_links import links_of
from claims_service.domain.patient.confidential import EMAIL, PORTAL, Reach
from claims_service.gateways.messages.outbox import Message
from claims_service.store import connection, tables
from claims_service.store.connection import run
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.keep_confidential import Wish, keep_confidential
from claims_service.workflow.open_pay_links import open_pay_links
from claims_service.workflow.remind_patients import Outcome, remind_patients
from claims_service.workflow.send_receipts import send_receipts
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.access.world import Browser
from tests.clinic import BILLER, NOW, TODAY
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_portal import plain
from tests.patient import visits
from tests.patient.visits import FIVE


class Letters:
    """An outbox that keeps what leaves."""

    channels = frozenset({"email"})

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)


def keep(portal: Portal, reach: Reach) -> int:
    """A new visit of $30.00 is kept confidential and billed; gives its statement."""
    clinic = portal.clinic
    with connection.opened():
        secret = visits.decided(clinic, FIVE[:1], on=TODAY)
        wish = Wish(clinic.alma, secret.encounter, reach)
        keep_confidential(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
        bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
        return int(run("select id from statement where confidential").fetchone()[0])


def test_the_patient_sees_both_bills_and_pays_each_by_itself(portal: Portal) -> None:
    own = keep(portal, Reach(PORTAL))
    browser = portal.signed_in(portal.clinic.alma)

    home = plain(browser.get("/portal").text)
    page = plain(browser.get(f"/portal/bills/{own}").text)

    assert "100.60" in home
    assert "You also owe $30.00 for visits only you see" in home
    assert "This bill is confidential" in page
    assert "Pay over time" not in page
    assert "Confidential" in plain(browser.get("/portal/bills").text)
    assert "100.60" in plain(browser.get(f"/portal/bills/{portal.alma_statement}").text)
    assert browser.get(f"/portal/bills/{own}/pdf").data.startswith(b"%PDF")


def test_the_link_of_a_bill_that_names_it_is_dead(portal: Portal) -> None:
    """A link that was made after the visit became confidential opens nothing either."""
    practice, clinic = portal.clinic.practice, portal.clinic
    with connection.opened():
        visit = run("select id from encounter where patient_id = ? order by id", (clinic.alma,)).fetchone()[0]
        wish = Wish(clinic.alma, visit, Reach(PORTAL))
        keep_confidential(practice, [wish], by=BILLER, now=NOW, today=TODAY)
        links = open_pay_links(practice, [(portal.alma_statement, clinic.alma)], by=BILLER, now=NOW)
    token = links_of(guard.access_of(portal.app).config).token(links[portal.alma_statement])

    assert Browser(portal.app).get(f"/portal/pay/{token}").status_code == 404
    page = plain(portal.signed_in(clinic.alma).get(f"/portal/bills/{portal.alma_statement}").text)
    assert "A visit on it now has a bill of its own" in page


def test_its_messages_and_receipts_go_where_the_patient_said_and_nowhere_else(portal: Portal) -> None:
    """Alma agreed to e-mail; the confidential bill of $30.00 goes to the address she named for it."""
    own = keep(portal, Reach(EMAIL, "own@example.org"))
    practice, links = portal.clinic.practice, links_of(guard.access_of(portal.app).config)
    letters = Letters()
    with connection.opened():
        tables.ContactChoice.create(
            practice=practice, patient=portal.clinic.alma, channel="email", answer="yes", via="desk", by="x", at=NOW
        )
        remind_patients(practice, outbox=letters, links=links, by=BILLER, now=NOW, today=TODAY)
        sent = {message.to: message.text for message in letters.sent}
        assert "$30.00" in sent["own@example.org"]
        assert "$30.00" not in sent["alma@example.org"]
        desk = DeskPayment(portal.clinic.alma, 30_00, "cash", "k", "", own)
        take_desk_payments(practice, [desk], by=BILLER, now=NOW, today=TODAY)
        letters.sent.clear()
        send_receipts(practice, outbox=letters, site_url="https://x", by=BILLER, now=NOW)
    assert [message.to for message in letters.sent] == ["own@example.org"]


def test_nothing_leaves_where_the_patient_asked_for_nothing(portal: Portal) -> None:
    keep(portal, Reach(PORTAL))
    letters, links = Letters(), links_of(guard.access_of(portal.app).config)
    with connection.opened():
        made: Outcome = remind_patients(
            portal.clinic.practice, outbox=letters, links=links, by=BILLER, now=NOW, today=TODAY
        )
        assert made.stopped == {"The patient asked that nothing is mailed": 1}
        assert (
            run(
                "select count(*) from reminder r join statement s on s.id = r.statement_id where s.confidential"
            ).fetchone()[0]
            == 0
        )
