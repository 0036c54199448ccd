"""Puts the shared interface on the application."""

import hashlib
from collections.abc import MutableMapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations
from flask import Blueprint, Flask, g, request, url_for
from flask.templating import Environment
from flask_babel import Babel, Domain
from markupsafe import Markup

from claims_service.interfaces.ui import filters, pictures
from claims_service.interfaces.ui.error_pages import add_error_pages
from claims_service.words import ENGLISH, translations

STATIC = Path(__file__).parent / "static"
FILTERS = (
    filters.money,
    filters.staff_date,
    filters.patient_date,
    filters.form_date,
    filters.iso_date,
    filters.staff_time,
    filters.days_left,
    filters.count,
    filters.counted,
    filters.share,
    filters.quantity,
    filters.percent,
    filters.code,
    filters.initials,
    filters.dial,
    pictures.bar_parts,
    pictures.stair_steps,
    pictures.share_of,
    pictures.spark_path,
)
YEAR = 365 * 24 * 3600


class Templates(Environment):
    """Every macro that a page imports compares its globals with the page's: a plain dict does it in a tenth of the time."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Those of the application as they stand at the first use of a template, and the template's own."""
        return {**self.globals, **(d or {})}


class _Assets(Blueprint):
    """Files asked for by fingerprint never change, so browsers keep them a year; others an hour."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        return YEAR if "v" in request.args else 3600


def _language() -> str:
    found: str = g.get("language", ENGLISH)
    return found


class _Words(Domain):  # type: ignore[misc]
    """The catalogue of the package, read as it is: nothing has to be compiled."""

    def get_translations(self) -> NullTranslations:
        return translations(_language())


def _speak(app: Flask) -> None:
    """Gettext in templates and pages. A site that speaks another language than English sets `g.language`."""
    babel = Babel(app, locale_selector=_language)
    babel.domain_instance = _Words()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: translations(_language()).gettext(text),
        lambda one, many, count: translations(_language()).ngettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: translations(_language()).pgettext(context, text),
        npgettext=lambda context, one, many, count: translations(_language()).npgettext(context, one, many, count),
    )
    app.jinja_env.globals["_"] = _spoken


def _spoken(text: str, **values: object) -> Markup:
    """What `_("...")` of a template says. A page does so some thirty times: Jinja's own takes ten times as long."""
    if values:
        return _said(_language(), text) % values
    return _plain(_language(), text)


@lru_cache(maxsize=4096)
def _said(language: str, text: str) -> Markup:
    return Markup(translations(language).gettext(text))  # noqa: S704 - the catalogue is our own


@lru_cache(maxsize=4096)
def _plain(language: str, text: str) -> Markup:
    return _said(language, text) % {}


def register_ui(app: Flask) -> None:
    """Add filters, templates, /static and error pages. Call it last, after every other blueprint and error handler.

    Raises:
        ValueError: the app serves /static itself; make it with Flask(..., static_folder=None).
    """
    if app.has_static_folder:
        raise ValueError("the shared interface serves /static: make the app with static_folder=None")
    blueprint = _Assets(
        "ui", __name__, template_folder="templates", static_folder=str(STATIC), static_url_path="/static"
    )
    app.register_blueprint(blueprint)
    app.jinja_env.filters.update({function.__name__: function for function in FILTERS})
    _speak(app)
    app.jinja_env.globals["ui_asset"] = ui_asset
    add_error_pages(app)


def ui_asset(filename: str) -> str:
    """Address of a static file with its fingerprint, so that a new version is fetched at once."""
    return _asset(request.script_root, filename)


@lru_cache(maxsize=256)
def _asset(_root: str, filename: str) -> str:
    return url_for("ui.static", filename=filename, v=_fingerprint(filename))


def page_of(endpoint: str) -> str:
    """Address of a page that carries no number: the same for everyone, so it is built once."""
    return _page_of(request.script_root, endpoint)


@lru_cache(maxsize=256)
def _page_of(_root: str, endpoint: str) -> str:
    return url_for(endpoint)


@cache
def _fingerprint(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:12]
