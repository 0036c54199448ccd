"""A page drawn once and kept, whole, until a row it was drawn from is another, or the next day begins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app, g, get_flashed_messages, request, session
from flask_wtf.csrf import generate_csrf

from claims_service import clock
from claims_service.access import guard
from claims_service.interfaces.portal.site import language, zone
from claims_service.queries.kept import Kept, KeptOfReads

MOST_BYTES = 24 * 1024 * 1024
_EXTENSION = "portal_pages"
_TOKENS: Kept[str] = Kept(1024 * 1024)


@dataclass(frozen=True, slots=True)
class Page:
    """parts: between them stands the token of its forms, another in each session. on: the day in the zone of the clinic."""

    parts: tuple[bytes, ...]
    zone: str
    on: date

    def is_of_today(self) -> bool:
        return clock.today(self.zone) == self.on

    def size(self) -> int:
        return sum(map(len, self.parts))


def keep_pages(app: Flask, most_bytes: int = MOST_BYTES) -> None:
    """Pages are kept by an application, whose settings they show."""
    app.extensions[_EXTENSION] = KeptOfReads(most_bytes, Page.size)


def kept_page(draw: Callable[[], str]) -> bytes:
    """The page of this address, drawn now unless it is still there.

    draw: makes it of what it reads, of the visitor, the language and the day; never of another hour or of what the browser sent.
    """
    token = _form_token()
    if get_flashed_messages():  # shown once
        return draw().encode()
    who = guard.current()
    kept: KeptOfReads[Page] = current_app.extensions[_EXTENSION]
    key = (who.practice, who.patient_id, who.statement_id, who.name, language(), request.script_root, request.path)
    page = kept.made(key, lambda: _page(draw, token), Page.is_of_today)
    return token.encode().join(page.parts)


def _form_token() -> str:
    """The token of the session's forms, good as long as the session is: signed once, not for each page."""
    made_of = session.get("csrf_token")
    if made_of is None:
        return str(generate_csrf())
    g.csrf_token = _TOKENS.made((current_app.secret_key, made_of), generate_csrf)  # where Flask-WTF looks for it
    return str(g.csrf_token)


def _page(draw: Callable[[], str], token: str) -> Page:
    g.pop("portal_clinic", None)  # so that reading it is among what the page was made of
    return Page(tuple(draw().encode().split(token.encode())), zone(), clock.today(zone()))
