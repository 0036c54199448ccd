"""A patient comes in by a link that works once, for a day, with the date of birth."""

from datetime import date, timedelta

import pytest
from flask import Flask

from claims_service.access import portal_links, sessions
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.domain.errors import NotFound
from claims_service.store import tables
from tests.access.world import START, Clinic

BORN = date(1980, 5, 1)


def link(clinic: Clinic) -> str:
    return portal_links.make(clinic.practice, clinic.patients[0], by=COMMAND, now=START)


@pytest.mark.check(69)
def test_the_link_and_the_date_of_birth_open_the_patients_own_session(settings: Config, ours: Clinic) -> None:
    secret = portal_links.open_link(settings, link(ours), BORN, address="", now=START + timedelta(hours=23))

    found = sessions.find(settings, secret, now=START + timedelta(hours=23))
    assert found is not None
    assert (found.patient, found.user, found.role) == (ours.patients[0], None, "patient")


@pytest.mark.check(69)
def test_a_link_opens_once(settings: Config, ours: Clinic) -> None:
    token = link(ours)
    portal_links.open_link(settings, token, BORN, address="", now=START)

    with pytest.raises(NotFound):
        portal_links.open_link(settings, token, BORN, address="", now=START)


@pytest.mark.check(69)
def test_a_link_is_dead_after_a_day(settings: Config, ours: Clinic) -> None:
    token = link(ours)

    with pytest.raises(NotFound):
        portal_links.open_link(settings, token, BORN, address="", now=START + timedelta(hours=24))
    with pytest.raises(AssertionError):
        portal_links.make(ours.practice, ours.patients[0], by=COMMAND, now=START, lasts=timedelta(hours=25))


@pytest.mark.check(69)
def test_five_wrong_dates_kill_a_link(settings: Config, ours: Clinic) -> None:
    """Four wrong dates leave one try; after the fifth the right one is of no use."""
    token = link(ours)
    left = []
    for day in range(2, 7):
        with pytest.raises(portal_links.WrongBirthDate) as wrong:
            portal_links.open_link(settings, token, date(1980, 5, day), address=f"192.0.2.{day}", now=START)
        left.append(wrong.value.left)

    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(NotFound):
        portal_links.open_link(settings, token, BORN, address="", now=START)


@pytest.mark.check(69)
def test_one_address_cannot_try_link_after_link(settings: Config, ours: Clinic) -> None:
    for _ in range(10):
        with pytest.raises(portal_links.WrongBirthDate):
            portal_links.open_link(settings, link(ours), None, address="192.0.2.9", now=START)

    with pytest.raises(portal_links.TooManyTries):
        portal_links.open_link(settings, link(ours), BORN, address="192.0.2.9", now=START)


@pytest.mark.check(69)
def test_tokens_are_long_random_and_kept_only_as_a_hash(app: Flask, ours: Clinic) -> None:
    tokens = {link(ours) for _ in range(50)}

    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 43, "256 bits"
    kept = repr([row.__data__ for row in tables.PortalLink.select()])
    assert not any(token in kept for token in tokens)


def test_nobody_makes_a_link_for_another_clinics_patient(app: Flask, ours: Clinic, theirs: Clinic) -> None:
    with pytest.raises(NotFound):
        portal_links.make(ours.practice, theirs.patients[0], by=COMMAND, now=START)
