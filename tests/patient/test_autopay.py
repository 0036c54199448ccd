"""Autopay: a patient agrees, is told before, is charged once on the day, and everything that casts a doubt stops it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.patient import autopay as rules
from claims_service.domain.patient.agreement import PORTAL
from claims_service.domain.patient.pay_link import PayLinks
from claims_service.gateways.cards.processor import CardRefused
from claims_service.gateways.cards.stripe_checkout import StripeCheckout
from claims_service.gateways.messages.outbox import FolderOutbox, NoOutbox
from claims_service.store import autopay, connection, journal, tables
from claims_service.workflow.agree_payment_plan import Wish, agree_payment_plans
from claims_service.workflow.open_disputes import Complaint, open_disputes
from claims_service.workflow.pause_bills import Pause, choose_contact, pause_bills
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.remind_patients import remind_patients
from claims_service.workflow.save_method import (
    Agreement,
    SaveWish,
    agree_autopay,
    remove_method,
    start_saving,
    stop_autopay,
)
from claims_service.workflow.take_payment import DeskPayment, settle_payments, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.gateways.stripe_stand_in import KEY, WEBHOOK_SECRET, signed, standing_in
from tests.patient import visits
from tests.patient.autopay_home import DAY, Home
from tests.patient.visits import FIVE

ALMA = Actor("patient:1", "patient", "127.0.0.1")


@pytest.fixture
def home(clinic: Clinic, tmp_path: Path) -> Iterator[Home]:
    choose_contact(clinic.practice, clinic.alma, by_email=True, by_text=False, via="desk", by=BILLER, now=NOW)
    with standing_in() as (company, address):
        stripe = StripeCheckout(KEY, WEBHOOK_SECRET, "https://b.example", base=address)
        yield Home(clinic, company, stripe, FolderOutbox(tmp_path / "mail"), tmp_path / "mail")
    assert not journal.check()


@pytest.fixture
def agreed(home: Home) -> Home:
    """Alma agreed to have new bills up to $500.00 charged; a bill of $100.60 is out and was announced."""
    home.agree(home.save())
    visits.decided(home.clinic)
    home.bill()
    home.round()
    return home


def test_only_names_of_the_card_company_are_kept(home: Home) -> None:
    method = autopay.method(home.clinic.practice, home.save())
    assert method.saved.token.startswith("pm_")
    assert method.saved.customer.startswith("cus_")
    assert (rules.method_name(method.saved, "en"), len(method.saved.last_digits)) == ("Visa ending in 4242", 4)
    [session] = home.company.sessions.values()
    assert session["metadata"] == {"practice": str(home.clinic.practice), "key": "save-0"}
    assert home.taken() == 0


def test_what_was_agreed_is_kept_word_for_word_and_the_database_keeps_it(home: Home) -> None:
    consent = autopay.consent(home.clinic.practice, home.agree(home.save(), most=150_00))
    assert "Never more than $150.00 at once." in " ".join(consent.words)
    assert (consent.version, consent.agreed_on, consent.address) == (rules.VERSION, TODAY, "10.0.0.1")
    for sql in ("update autopay set most_cents = 1", "update autopay set words = 'x'", "delete from autopay"):
        with pytest.raises(Exception, match="never changed"), connection.write():
            connection.run(sql)


@pytest.mark.parametrize("most", [0, 4_99, 10_000_01])
def test_a_limit_that_makes_no_sense_is_refused(home: Home, most: int) -> None:
    with pytest.raises(Rejected):
        home.agree(home.save(), most=most)


def test_without_email_nobody_can_be_told_so_nobody_can_agree(home: Home) -> None:
    choose_contact(
        home.clinic.practice, home.clinic.alma, by_email=False, by_text=False, via="desk", by=BILLER, now=NOW
    )
    with pytest.raises(Rejected):
        home.agree(home.save())


def test_a_bill_is_charged_once_on_its_day_after_ten_days_of_notice(agreed: Home) -> None:
    """$100.60, billed today: told today, charged on the 21st day, and the hourly round never charges it again."""
    [told] = agreed.mails()
    assert "we charge $100.60 to your Visa ending in 4242" in told
    assert "December 11, 2026" in told
    assert "Doctor visit" not in told
    ran = agreed.live(20)
    assert (agreed.taken(), sum(one.paid for one in ran)) == (0, 0)
    ran = agreed.live(60)
    assert (agreed.taken(), agreed.owed(), sum(one.paid for one in ran)) == (100_60, 0, 1)
    assert agreed.charge().state == rules.PAID
    assert len([call for call in agreed.company.calls if call == ("POST", "/v1/payment_intents")]) == 1


def test_no_reminder_leaves_for_what_is_about_to_be_charged(agreed: Home) -> None:
    links, later = PayLinks("https://b.example", "a secret"), 15 * DAY
    found = remind_patients(
        agreed.clinic.practice, outbox=agreed.outbox, links=links, today=TODAY + later, by=BILLER, now=NOW + later
    )
    assert found.stopped == {"Autopay is about to pay it": 1}


@pytest.mark.parametrize(("paid", "takes"), [(40_60, 60_00), (100_60, 0)])
def test_what_was_paid_by_hand_meanwhile_is_not_charged(agreed: Home, paid: int, takes: int) -> None:
    desk = DeskPayment(agreed.clinic.alma, paid, "cash", "desk")
    take_desk_payments(agreed.clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)
    agreed.live(40)
    assert (agreed.taken(), agreed.owed()) == (takes, 0)
    assert agreed.charge().why == ("" if takes else rules.NOTHING)


def _dispute(home: Home) -> None:
    encounter = tables.EncounterRow.get().id
    wish = Complaint(
        home.clinic.alma, home.charge().statement, ((encounter, 2),), "wrong_amount", "Too much.", "form-d"
    )
    open_disputes(home.clinic.practice, [wish], by=ALMA, now=NOW, today=TODAY)


def _hardship(home: Home) -> None:
    pause_bills(home.clinic.practice, [Pause(home.clinic.alma, "hardship")], by=BILLER, now=NOW, today=TODAY)


def _stop(home: Home) -> None:
    [consent] = autopay.holding(home.clinic.practice)
    assert stop_autopay(home.clinic.practice, consent.id, by=ALMA, now=NOW, patient=home.clinic.alma)
    assert not stop_autopay(home.clinic.practice, consent.id, by=ALMA, now=NOW)


def _remove(home: Home) -> None:
    [method] = autopay.methods_of(home.clinic.practice, home.clinic.alma)
    assert remove_method(home.clinic.practice, method.id, processor=home.stripe, by=ALMA, now=NOW)
    assert home.company.methods == {}


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (_dispute, rules.DISPUTED),
        (_hardship, rules.RESTS),
        (_stop, rules.ENDED),
        (_remove, rules.ENDED),
    ],
)
def test_a_doubt_stops_the_charge_and_the_patient_is_told(agreed: Home, happens: object, why: str) -> None:
    happens(agreed)  # type: ignore[operator]
    agreed.live(21)
    agreed.round()
    assert (agreed.taken(), agreed.charge().state, agreed.charge().why) == (0, rules.STOPPED, why)
    agreed.live(22)
    assert any("we do not charge $100.60" in mail for mail in agreed.mails())


def test_a_newer_bill_calls_the_older_charge_off_and_is_announced_itself(agreed: Home) -> None:
    """$100.60 becomes $130.60 on a second bill on the fifth day: one charge of $130.60, three weeks after that bill."""
    agreed.live(5)
    visits.decided(agreed.clinic, FIVE[:1])
    agreed.bill()
    agreed.live(25)
    assert agreed.taken() == 0
    agreed.live(26)
    assert (agreed.taken(), agreed.owed()) == (130_60, 0)
    states = {(one.state, one.why) for one in autopay.charges_of(agreed.clinic.practice, agreed.clinic.alma)}
    assert states == {(rules.STOPPED, rules.CHANGED), (rules.PAID, "")}


def test_a_bill_above_the_limit_is_not_charged_and_the_patient_is_told(home: Home) -> None:
    home.agree(home.save(), most=100_00)
    visits.decided(home.clinic)
    home.bill()
    home.live(40)
    assert (home.taken(), home.charge().why) == (0, rules.ABOVE)
    assert any("more than the limit you set" in mail for mail in home.mails())


def test_a_bill_from_before_is_never_charged(home: Home) -> None:
    visits.decided(home.clinic)
    home.bill()
    home.day = 1
    home.agree(home.save())
    home.live(26)
    assert (home.taken(), autopay.charges_of(home.clinic.practice, home.clinic.alma)) == (0, [])


def test_who_could_not_be_told_is_not_charged(home: Home) -> None:
    home.agree(home.save())
    visits.decided(home.clinic)
    home.bill()
    home.outbox = NoOutbox()
    home.live(22)
    assert (home.taken(), home.charge().why) == (0, rules.UNTOLD)


def test_a_declined_charge_is_tried_once_more_after_three_days_and_then_left(home: Home) -> None:
    """Declined on days 21 and 24: two tries in all, an e-mail about each, nothing taken, and reminders go on."""
    home.agree(home.save(declines=True))
    visits.decided(home.clinic)
    home.bill()
    home.round()
    home.live(21)
    assert (home.charge().state, home.charge().charge_on) == (rules.RETRY, TODAY + 24 * DAY)
    home.live(60)
    assert (home.taken(), home.owed(), home.charge().state, home.charge().tries) == (0, 100_60, rules.FAILED, 2)
    assert len([call for call in home.company.calls if call == ("POST", "/v1/payment_intents")]) == 2
    told = " ".join(home.mails())
    assert "We try once more on Monday, December 14, 2026" in told
    assert "the second try" in told


def test_a_second_try_that_goes_through_pays(home: Home) -> None:
    home.agree(home.save(declines=True))
    visits.decided(home.clinic)
    home.bill()
    home.round()
    home.live(21)
    for method in home.company.methods.values():
        method["declines"] = False
    home.live(24)
    assert (home.taken(), home.owed(), home.charge().state) == (100_60, 0, rules.PAID)


def test_a_company_that_does_not_answer_is_asked_again_under_the_same_key(agreed: Home) -> None:
    agreed.live(20)
    agreed.company.down, agreed.day = True, 21
    assert agreed.round().waiting == 1
    agreed.company.down = False
    assert agreed.round().paid == 1
    assert (agreed.taken(), tables.Payment.select().count()) == (100_60, 1)


def test_an_answer_that_got_lost_is_not_a_second_charge(agreed: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The company took $100.60 and the line broke: asked again it tells the same charge; its own message comes ten times beside it."""
    agreed.live(20)
    ask = agreed.stripe.charge_saved

    def broken(*args: object, **options: object) -> None:
        ask(*args, **options)  # type: ignore[arg-type]
        raise CardRefused("the card company does not answer")

    agreed.day = 21
    with monkeypatch.context() as patch:
        patch.setattr(agreed.stripe, "charge_saved", broken)
        assert agreed.round().waiting == 1
    [intent] = agreed.company.intents
    body = agreed.company.charged(intent)
    event = agreed.stripe.read_event(body, signed(body), now=NOW)
    for _ in range(10):
        settle_payments(agreed.clinic.practice, [event], by=BILLER, now=NOW, today=agreed.today)
        agreed.round()
    assert (agreed.taken(), agreed.owed(), len(agreed.company.intents)) == (100_60, 0, 1)
    assert agreed.charge().state == rules.PAID


def test_a_bank_debit_is_on_its_way_until_it_is_told(home: Home) -> None:
    home.agree(home.save(kind="us_bank_account"))
    visits.decided(home.clinic)
    home.bill()
    home.round()
    home.live(23)
    assert (home.taken(), home.charge().state, tables.Payment.get().state) == (0, rules.CHARGING, "pending")
    [intent] = home.company.intents.values()
    body = home.company.charged(intent["id"])
    told = home.company.message("payment_intent.succeeded", intent | {"amount_received": 100_60})
    assert body != told
    settle_payments(
        home.clinic.practice,
        [home.stripe.read_event(told, signed(told), now=NOW)],
        by=BILLER,
        now=NOW,
        today=home.today,
    )
    home.round()
    assert (home.taken(), home.owed(), home.charge().state) == (100_60, 0, rules.PAID)


def test_a_charge_is_refunded_to_the_method_it_came_from(agreed: Home) -> None:
    agreed.live(21)
    payment = tables.Payment.get().id
    back = Refund(payment, 40_60, 0, "wrong visit")
    refund_payments(agreed.clinic.practice, [back], processor=agreed.stripe, by=BILLER, now=NOW, today=agreed.today)
    [charge] = agreed.company.charges.values()
    assert (charge["amount_refunded"], agreed.taken(), agreed.owed()) == (40_60, 60_00, 40_60)


def test_a_plan_is_charged_payment_by_payment(home: Home) -> None:
    """$100.60 in four: $25.15 on each due day, told three days before, until nothing is open."""
    visits.decided(home.clinic)
    statement = home.bill()
    wish = Wish(home.clinic.alma, statement, 4, 100_60, "plan", "Alma Testpatient", PORTAL, "10.0.0.1", "en")
    (plan,) = agree_payment_plans(home.clinic.practice, [wish], by=ALMA, now=NOW, today=TODAY)
    home.agree(home.save(), plan=plan.plan)
    home.live(29)
    assert home.taken() == 0
    assert any("we charge $25.15" in mail for mail in home.mails())
    home.live(31)
    assert home.taken() == 25_15
    home.live(130)
    assert (home.taken(), home.owed(), len(home.company.intents)) == (100_60, 0, 4)


def test_another_patients_method_plan_or_consent_is_not_there(home: Home) -> None:
    method = home.save()
    consent = home.agree(method)
    wish = Agreement(home.clinic.bruno, method, None, 100_00, "k", "Bruno", "", "en")
    with pytest.raises(NotFound):
        agree_autopay(home.clinic.practice, wish, by=ALMA, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        stop_autopay(home.clinic.practice, consent, by=ALMA, now=NOW, patient=home.clinic.bruno)
    with pytest.raises(NotFound):
        remove_method(home.clinic.practice, method, processor=None, by=ALMA, now=NOW, patient=home.clinic.bruno)
    other = SaveWish(home.clinic.bruno, "save-0", "w", "/", "/")
    with pytest.raises(Conflict):
        start_saving(home.clinic.practice, other, processor=home.stripe, by=ALMA, now=NOW)


def test_a_charge_never_takes_more_than_was_announced_or_agreed() -> None:
    for announced, most, asked in ((100, 500, 80), (100, 500, 300), (100, 90, 300)):
        cents, why = rules.charge_now(announced, most, rules.Stands(asked, 0, still_due=True))
        assert cents <= min(announced, most, asked)
        assert bool(why) == (cents == 0)
