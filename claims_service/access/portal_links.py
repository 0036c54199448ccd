"""One-time links into the portal: sent to a patient, opened with the date of birth, dead after a day or five wrong dates."""

import secrets
from datetime import date, datetime, timedelta

from claims_service.access import limits, sessions
from claims_service.access.sessions import digest
from claims_service.config import Config
from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound
from claims_service.store import audit, keys
from claims_service.store.connection import write
from claims_service.store.keys import LinkRecord

LONGEST = timedelta(hours=24)
MOST_FAILURES = 5


class WrongBirthDate(Conflict):
    """The date of birth is not the patient's; `left` tries remain."""

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__("the date of birth does not fit the link")


class TooManyTries(Conflict):
    """This address failed too often; the link itself is untouched."""


def make(practice: int, patient: int, *, by: Actor, now: datetime, lasts: timedelta = LONGEST) -> str:
    """A new link for a patient; gives its token of 256 random bits.

    Raises:
        NotFound: no such patient of this practice.
    """
    assert timedelta() < lasts <= LONGEST, "a link lasts a day at most"
    token = secrets.token_urlsafe(32)
    with write():
        made = keys.add_link(practice, patient, token_hash=digest(token), at=now, expires_at=now + lasts)
        audit.record(practice, [audit.Event("portal_link.make", patient, f"link:{made}")], by=by, at=now)
    return token


def alive(token: str, *, now: datetime) -> LinkRecord:
    """The link behind a token.

    Raises:
        NotFound: unknown, used, too old or failed too often: they all look the same.
    """
    link = keys.link_by_token(digest(token))
    if link is None or link.used_at or now >= link.expires_at or link.failures >= MOST_FAILURES:
        raise NotFound("link")
    return link


def open_link(config: Config, token: str, birth_on: date | None, *, address: str, now: datetime) -> str:
    """Use the link up and start the patient's session; gives the secret for `guard.enter`.

    Raises:
        NotFound: the link is not alive.
        WrongBirthDate: try again, at most five times.
        TooManyTries: wait for the window to pass.
    """
    link = alive(token, now=now)
    subject = f"link:{link.id}"
    if limits.too_many(config, subject, address, now=now):
        raise TooManyTries("too many tries")
    by = Actor(f"patient:{link.patient}", "patient", address)
    if birth_on != link.birth_on:
        with write():
            if not keys.count_failure(link.id, most=MOST_FAILURES):
                raise NotFound("link")
            limits.note(config, subject, address, succeeded=False, now=now)
            audit.record(link.practice, [audit.Event("sign_in.fail", link.patient, subject)], by=by, at=now)
        raise WrongBirthDate(MOST_FAILURES - link.failures - 1)
    with write():
        if not keys.use_link(link.id, most=MOST_FAILURES, at=now):
            raise NotFound("link")
        limits.note(config, subject, address, succeeded=True, now=now)
        audit.record(link.practice, [audit.Event("sign_in", link.patient, subject)], by=by, at=now)
        return sessions.start(link.practice, patient=link.patient, address=address, now=now)
