"""Reminders: each step once, nothing where nothing is owed, no money in what others may read."""

import email as mail_format
import smtplib
import socket
import threading
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.config import Config
from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.patient import letters, reminder
from claims_service.domain.patient.letters import About
from claims_service.domain.patient.pay_link import PayLinks
from claims_service.domain.patient.reminder import (
    CLEARED,
    EMAIL,
    PAPER,
    TEXT,
    Contact,
    OpenBill,
    Policy,
    Step,
    due_step,
    stopped_by,
)
from claims_service.gateways.messages.outbox import FolderOutbox, MailServer, Message, NotSent, Outbox, outbox_for
from claims_service.store import reminders, tables
from claims_service.store.connection import run
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.pause_bills import Pause, choose_contact, pause_bills, resume_bills, set_policy
from claims_service.workflow.remind_patients import Outcome, remind_patients
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits

BILL = OpenBill(1, 1, TODAY, newest=True, open_cents=70_60, paid_since_cents=0, changed=False, holds=())
ABOUT = About(
    "Larkspur Family Clinic", "(503) 555-0142", "Nadia", date(2026, 10, 6), date(2026, 12, 18), 70_60,
    "https://billing.example.org/portal", "en",
)  # fmt: skip


@pytest.fixture
def outbox(tmp_path: Path) -> FolderOutbox:
    return FolderOutbox(tmp_path / "messages")


@pytest.fixture
def billed(clinic: Clinic) -> Clinic:
    """Alma owes $100.60 on one statement of today, and chose e-mail."""
    visits.decided(clinic)
    choose_contact(clinic.practice, clinic.alma, by_email=True, by_text=False, via="desk", by=BILLER, now=NOW)
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    return clinic


def remind(clinic: Clinic, outbox: Outbox, days: int = 0, *, at: datetime = NOW) -> Outcome:
    now, today = at + timedelta(days=days), TODAY + timedelta(days=days)
    site = "https://billing.example.org"
    return remind_patients(
        clinic.practice, outbox=outbox, links=PayLinks(site, "a secret of the tests"), by=BILLER, now=now, today=today
    )


def messages(outbox: FolderOutbox) -> list[str]:
    return [file.read_text() for file in sorted(outbox._folder.glob("*"), key=lambda one: one.stat().st_mtime_ns)]


def test_a_new_bill_is_told_once_however_often_the_clock_asks(billed: Clinic, outbox: FolderOutbox) -> None:
    assert remind(billed, outbox).sent == 1
    assert remind(billed, outbox).sent == 0
    [message] = messages(outbox)
    assert "$100.60" in message
    assert "To: alma@example.org" in message


def test_each_step_leaves_on_its_day_and_a_clock_that_stood_still_sends_the_latest_alone(
    billed: Clinic, outbox: FolderOutbox
) -> None:
    """Day 0, then nothing until day 30: the second reminder goes, the first one is left out."""
    assert [remind(billed, outbox, days).sent for days in (0, 13, 30, 31, 45, 60, 400)] == [1, 0, 1, 0, 1, 0, 0]
    rows = run("select letter, state from reminder order by id").fetchall()
    assert [tuple(row) for row in rows] == [("ready", "sent"), ("second", "sent"), ("last", "sent")]


def test_nobody_is_reminded_after_paying(billed: Clinic, outbox: FolderOutbox) -> None:
    remind(billed, outbox)
    paid = [DeskPayment(billed.alma, 100_60, "cash", "desk-1")]
    take_desk_payments(billed.practice, paid, by=BILLER, now=NOW, today=TODAY)
    assert remind(billed, outbox, 14).stopped == {"Nothing is owed any more": 1}
    assert len(messages(outbox)) == 1


def test_a_part_payment_stops_the_reminders_of_that_bill(billed: Clinic, outbox: FolderOutbox) -> None:
    take_desk_payments(
        billed.practice, [DeskPayment(billed.alma, 40_00, "cash", "desk-1")], by=BILLER, now=NOW, today=TODAY
    )
    assert remind(billed, outbox, 14).stopped == {"A payment or a credit came in since": 1}


@pytest.mark.parametrize("kind", sorted(set(reminder.HOLDS) - {"other"}))
def test_bills_rest_while_they_are_held_and_go_on_when_it_is_lifted(
    billed: Clinic, outbox: FolderOutbox, kind: str
) -> None:
    [hold] = pause_bills(billed.practice, [Pause(billed.alma, kind)], by=BILLER, now=NOW, today=TODAY)
    assert pause_bills(billed.practice, [Pause(billed.alma, kind)], by=BILLER, now=NOW, today=TODAY) == []
    assert remind(billed, outbox).stopped == {reminder.HOLDS[kind]: 1}
    later = TODAY + timedelta(days=40)
    assert bill_patients(billed.practice, None, by=BILLER, now=NOW, today=later).statements == ()
    assert resume_bills(billed.practice, billed.alma, hold, by=BILLER, now=NOW)
    assert not resume_bills(billed.practice, billed.alma, hold, by=BILLER, now=NOW)
    assert remind(billed, outbox).sent == 1
    assert len(bill_patients(billed.practice, None, by=BILLER, now=NOW, today=later).statements) == 1


def test_a_hold_of_another_patient_is_not_there(billed: Clinic) -> None:
    [hold] = pause_bills(billed.practice, [Pause(billed.alma, "death")], by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        resume_bills(billed.practice, billed.bruno, hold, by=BILLER, now=NOW)
    with pytest.raises(NotFound):
        pause_bills(billed.practice, [Pause(999_999, "death")], by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(Rejected):
        pause_bills(billed.practice, [Pause(billed.alma, "other")], by=BILLER, now=NOW, today=TODAY)


def test_less_than_the_small_balance_is_not_billed_by_itself(clinic: Clinic) -> None:
    """Alma owes $100.60 and the practice bills from $101.00 on."""
    visits.decided(clinic)
    set_policy(clinic.practice, Policy(small_balance_cents=101_00), by=BILLER, now=NOW)
    assert bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements == ()
    set_policy(clinic.practice, Policy(small_balance_cents=100_60), by=BILLER, now=NOW)
    assert len(bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements) == 1


def test_who_agreed_to_nothing_gets_paper(clinic: Clinic, outbox: FolderOutbox) -> None:
    visits.decided(clinic)
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    assert remind(clinic, outbox) == Outcome(to_print=1)
    assert messages(outbox) == []


def test_stop_holds_from_the_moment_it_is_said(billed: Clinic, outbox: FolderOutbox) -> None:
    choose_contact(billed.practice, billed.alma, by_email=False, by_text=False, via="portal", by=BILLER, now=NOW)
    assert remind(billed, outbox).to_print == 1
    assert messages(outbox) == []


def test_a_number_is_needed_before_a_text_can_be_chosen(billed: Clinic) -> None:
    with pytest.raises(Rejected):
        choose_contact(billed.practice, billed.alma, by_email=True, by_text=True, via="portal", by=BILLER, now=NOW)


def test_nothing_leaves_in_quiet_hours_and_all_of_it_the_next_morning(billed: Clinic, outbox: FolderOutbox) -> None:
    """Ten in the evening in Portland is six in the morning of the next day by UTC."""
    night = datetime.fromisoformat("2026-11-21T06:00:00+00:00")
    assert remind(billed, outbox, at=night) == Outcome()
    assert remind(billed, outbox, at=night + timedelta(hours=11)).sent == 1


def test_what_a_mail_server_refuses_is_kept_with_its_reason_and_not_sent_again(billed: Clinic) -> None:
    class Down(FolderOutbox):
        def send(self, message: Message) -> None:
            raise NotSent("The mail server did not take it.")

    down = Down(Path("unused"))
    assert remind(billed, down).failed == 1
    assert remind(billed, down).failed == 0
    [row] = run("select state, reason from reminder").fetchall()
    assert tuple(row) == ("failed", "The mail server did not take it.")


def test_a_step_whose_sending_was_cut_off_is_not_sent_twice(billed: Clinic, outbox: FolderOutbox) -> None:
    class Killed(FolderOutbox):
        def send(self, message: Message) -> None:
            super().send(message)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remind(billed, Killed(outbox._folder))
    assert remind(billed, outbox).sent == 0
    assert len(messages(outbox)) == 1
    assert tables.Reminder.get().state == reminders.SENDING


def test_steps_go_up_in_days() -> None:
    for steps in (
        (),
        (Step("first", 5), Step("second", 5)),
        (Step("ready", -1),),
        (Step("shout", 1),),
        (Step("last", 400),),
    ):
        with pytest.raises(ValueError):
            Policy(steps)


@given(
    days=st.lists(st.integers(0, 120), min_size=1, max_size=40),
    stops=st.sampled_from(["", "paid", "hold", "changed", "older", "plan", "nothing"]),
)
def test_whatever_the_days_no_step_leaves_twice_and_none_goes_back(days: list[int], stops: str) -> None:
    policy, sent = Policy(), list[str]()
    bill = {
        "": BILL, "paid": replace(BILL, paid_since_cents=1), "hold": replace(BILL, holds=("death",)),
        "changed": replace(BILL, changed=True), "older": replace(BILL, newest=False), "plan": replace(BILL, on_plan=True),
        "nothing": replace(BILL, open_cents=0),
    }[stops]  # fmt: skip
    for day in sorted(days):
        step = due_step(policy, replace(bill, sent=tuple(sent)), TODAY + timedelta(days=day))
        if step and not stopped_by(policy, bill):
            sent.append(step.letter)
    order = [step.letter for step in policy.steps]
    assert [order.index(letter) for letter in sent] == sorted({order.index(letter) for letter in sent})
    assert not (stops and sent)


@given(st.times())
def test_quiet_hours_may_span_midnight_or_not(at: time) -> None:
    assert Policy().is_quiet(at) == (at >= time(21) or at < time(8))
    assert Policy(quiet_from=time(12), quiet_until=time(13)).is_quiet(at) == (time(12) <= at < time(13))


def test_paper_is_what_is_left_where_nothing_else_was_agreed_to() -> None:
    both = Contact("a@example.org", "5035550100", "en", frozenset({EMAIL, TEXT}))
    assert both.channel({EMAIL, TEXT}) == EMAIL
    assert both.channel({TEXT}) == TEXT
    assert both.channel(()) == PAPER
    assert replace(both, email="").channel({EMAIL, TEXT}) == TEXT
    assert replace(both, agreed=frozenset()).channel({EMAIL, TEXT}) == PAPER


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("letter", reminder.LETTERS)
def test_no_money_stands_where_others_may_read_it(letter: str, language: str) -> None:
    about = replace(ABOUT, language=language)
    assert "$" not in letters.text_message(letter, about).text
    mail = letters.email(letter, about)
    assert "$" not in mail.subject
    assert "$70.60" in mail.text
    assert "{" not in mail.subject + mail.text + letters.text_message(letter, about).text
    assert len(letters.text_message(letter, about).text) <= 320


def test_in_production_without_a_mail_server_everyone_gets_paper(billed: Clinic, tmp_path: Path) -> None:
    """A message that only lies in a folder was never sent."""
    live = outbox_for(Config(mode="production", data_dir=tmp_path))
    assert remind(billed, live).to_print == 1
    with pytest.raises(NotSent):
        live.send(Message(EMAIL, "a@example.org", "Your bill", "Hello", "k"))
    assert isinstance(outbox_for(Config(data_dir=tmp_path)), FolderOutbox)


def test_an_address_can_not_smuggle_in_a_header(outbox: FolderOutbox) -> None:
    with pytest.raises(NotSent):
        outbox.send(Message(EMAIL, "a@example.org\nBcc: b@example.org", "Your bill", "Hello", "k"))
    assert messages(outbox) == []


def test_a_mail_server_without_encryption_gets_nothing() -> None:
    """It offers no STARTTLS: the message stays here."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener.accept()[0] as line:
            line.sendall(b"220 mail.example.org\r\n")
            while said := line.recv(4096):
                heard.append(said)
                line.sendall(b"221 bye\r\n" if said.upper().startswith(b"QUIT") else b"250 mail.example.org\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    server = MailServer(f"smtp://127.0.0.1:{listener.getsockname()[1]}", "Clinic <billing@example.org>", "")
    with pytest.raises(NotSent):
        server.send(Message(EMAIL, "alma@example.org", "Your bill", "Hello", "k"))
    thread.join(5)
    listener.close()
    assert b"alma" not in b"".join(heard)


def test_mail_names_its_sender_its_reader_and_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *_: (220, b""))
    monkeypatch.setattr(smtplib.SMTP, "starttls", lambda *_, **__: (220, b""))
    monkeypatch.setattr(smtplib.SMTP, "login", lambda *_: (235, b""))
    monkeypatch.setattr(smtplib.SMTP, "send_message", lambda _, mail: sent.append(mail.as_bytes()))
    server = MailServer("smtp://clinic@mail.example.org:587", "Clinic <billing@example.org>", "secret")
    server.send(Message(EMAIL, "alma@example.org", "Su factura está lista", "Hola", "k1"))
    mail = mail_format.message_from_bytes(sent[0])
    assert (mail["From"], mail["To"], mail["Auto-Submitted"]) == (
        "Clinic <billing@example.org>", "alma@example.org", "auto-generated",
    )  # fmt: skip
    assert mail["Message-ID"].endswith("@example.org>")


def test_a_bill_that_asks_for_nothing_is_told_once_and_never_reminded_of() -> None:
    """The plan paid all of it in the end: one message says so, whatever the steps; a hold and a newer bill stop it like any other."""
    cleared = replace(BILL, open_cents=0, asks_nothing=True)
    assert stopped_by(Policy(small_balance_cents=10_00), cleared) == ""
    assert stopped_by(Policy(), replace(cleared, sent=(CLEARED,))) == "It is known already"
    assert stopped_by(Policy(), replace(cleared, holds=("death",))) == "The patient has died"
    assert stopped_by(Policy(), replace(BILL, open_cents=0)) == "Nothing is owed any more"
