"""A session ends on the server: by time, by signing out, by being switched off, by a new password."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from claims_service import clock as clocks
from claims_service.access import people, sessions
from claims_service.access.passwords import Passwords
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.store import tables
from tests.access.world import PASSWORD, START, Browser, Clinic, visitor

PAGE = "/insurer"
NEW = "seven wet bicycles under moss"


def inside(browser: Browser) -> bool:
    return browser.get(PAGE).status_code == 200


@pytest.mark.check(68)
def test_an_unattended_screen_is_signed_out_after_15_minutes(
    app: Flask, ours: Clinic, clock: time_machine.Traveller
) -> None:
    browser = visitor(app, ours, "insurer")
    for _ in range(3):
        clock.shift(timedelta(minutes=14))
        assert inside(browser)

    clock.shift(timedelta(minutes=15))

    assert not inside(browser)
    assert tables.Session.get().ended_at == clocks.now()


@pytest.mark.check(68)
def test_a_busy_session_ends_after_12_hours(app: Flask, ours: Clinic, clock: time_machine.Traveller) -> None:
    browser = visitor(app, ours, "insurer")
    for minutes in range(10, 12 * 60, 10):
        clock.move_to(START + timedelta(minutes=minutes))
        assert inside(browser)

    clock.move_to(START + timedelta(hours=12))

    assert not inside(browser)


@pytest.mark.check(68)
def test_the_times_can_be_set(app: Flask, settings: Config, ours: Clinic) -> None:
    short = replace(settings, session_idle_minutes=2)
    secret = sessions.start(ours.practice, user=ours.users["biller"], address="", now=START)

    assert sessions.find(short, secret, now=START + timedelta(seconds=119))
    assert not sessions.find(short, secret, now=START + timedelta(seconds=240))


@pytest.mark.check(68)
def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, ours: Clinic) -> None:
    browser = Browser(app)
    browser.sign_in("insurer", "insurer@larkspur.example")
    copy = Browser(app)
    copy.client.set_cookie("claims", browser.cookie())
    assert inside(copy)

    browser.post("/insurer/sign-out")

    assert not inside(copy)


@pytest.mark.check(68)
def test_a_person_switched_off_is_out_at_once_on_every_device(app: Flask, ours: Clinic) -> None:
    devices = [visitor(app, ours, "insurer") for _ in range(3)]

    people.switch_off(ours.practice, ours.users["insurer"], by=COMMAND, now=START)

    assert not any(inside(device) for device in devices)
    assert Browser(app).sign_in("insurer", "insurer@larkspur.example").status_code == 422


@pytest.mark.check(68)
def test_a_new_password_ends_all_other_sessions(app: Flask, settings: Config, ours: Clinic) -> None:
    kept, lost = visitor(app, ours, "insurer"), visitor(app, ours, "insurer")
    first = tables.Session.select().order_by(tables.Session.id).get()

    people.change_password(
        ours.practice, ours.users["insurer"], NEW, passwords=Passwords(settings), keep=first.id, by=COMMAND, now=START
    )

    assert (inside(kept), inside(lost)) == (True, False)
    assert Browser(app).sign_in("insurer", "insurer@larkspur.example", PASSWORD).status_code == 422
    assert Browser(app).sign_in("insurer", "insurer@larkspur.example", NEW).status_code == 303


@pytest.mark.check(68)
def test_signing_in_gives_a_new_session(app: Flask, ours: Clinic) -> None:
    """A secret planted before signing in is worth nothing afterwards."""
    browser = Browser(app).hold("planted")

    browser.sign_in("insurer", "insurer@larkspur.example")

    with browser.client.session_transaction() as kept:
        assert kept["key"] != "planted"
        assert tables.Session.get().token_hash == sessions.digest(kept["key"])


def test_the_database_holds_no_secret_that_opens_a_session(app: Flask, ours: Clinic) -> None:
    secret = sessions.start(ours.practice, user=ours.users["biller"], address="", now=START)

    row = tables.Session.get()

    assert secret not in repr(row.__data__)
    assert len(secret) >= 43
