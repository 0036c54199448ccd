"""Pay links: sent with a bill or printed on it, opened with the date of birth, good for that bill alone while it is open."""

from datetime import date, datetime

from claims_service.access import limits, sessions
from claims_service.access.portal_links import TooManyTries, WrongBirthDate
from claims_service.access.sessions import digest
from claims_service.config import Config
from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound
from claims_service.domain.patient.pay_link import MOST_FAILURES, PayLinks
from claims_service.queries import bills
from claims_service.store import audit, pay_links
from claims_service.store.connection import write
from claims_service.store.pay_links import PayLinkRecord


def links_of(config: Config) -> PayLinks:
    """How this service signs its links."""
    return PayLinks(config.site_url or "", config.secret_key)


def alive(config: Config, token: str, *, now: datetime) -> PayLinkRecord:
    """The link behind a token.

    Raises:
        NotFound: not ours, revoked, too old, failed too often, or its bill is paid: they all look the same.
    """
    key = links_of(config).link(token)
    link = pay_links.by_id(key) if key is not None else None
    if link is None or link.revoked_at or now >= link.expires_at or link.failures >= MOST_FAILURES:
        raise NotFound("link")
    bill = bills.bill(link.practice, link.patient, link.statement)
    if bill.open_cents <= 0 or bill.misplaced:
        raise NotFound("link")
    return link


def open_link(config: Config, token: str, birth_on: date | None, *, address: str, now: datetime) -> str:
    """Start a session for the link's bill; gives the secret for `guard.enter`. The link can be opened again.

    Raises:
        NotFound: the link is not alive.
        WrongBirthDate: try again, at most ten times until it is right.
        TooManyTries: wait for the window to pass.
    """
    link = alive(config, token, now=now)
    subject = f"pay_link:{link.id}"
    if limits.too_many(config, subject, address, now=now):
        raise TooManyTries("too many tries")
    by = Actor(f"patient:{link.patient}", "bill_link", address)
    if birth_on != link.birth_on:
        with write():
            if not pay_links.count_failure(link.id, most=MOST_FAILURES):
                raise NotFound("link")
            limits.note(config, subject, address, succeeded=False, now=now)
            audit.record(link.practice, [audit.Event("sign_in.fail", link.patient, subject)], by=by, at=now)
        raise WrongBirthDate(MOST_FAILURES - link.failures - 1)
    with write():
        limits.note(config, subject, address, succeeded=True, now=now)
        audit.record(link.practice, [audit.Event("sign_in", link.patient, subject)], by=by, at=now)
        secret = sessions.start(link.practice, patient=link.patient, address=address, now=now)
        pay_links.note_visit(link.practice, digest(secret), link.id)
    return secret


def living_until(practice: int, statement: int, *, now: datetime) -> datetime | None:
    """Until when the link of a statement works, None where it has none."""
    return pay_links.of_statement(practice, statement, most=MOST_FAILURES, at=now)
