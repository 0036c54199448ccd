"""Pages that fail the test on any script error or refusal by the content policy, and an app to show them.

A conftest elsewhere can use it too: `from tests.browser.visits import open_page`.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from playwright.sync_api import Browser, ConsoleMessage, Page

WIDE, PHONE, NARROWEST, ZOOMED = 1280, 390, 320, 640  # CSS pixels; ZOOMED: WIDE at 200 percent

OpenPage = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[OpenPage]:
    """`open_page(address, width=1280, scheme="light")`: a page in a context of its own; anything in its console fails the test."""
    contexts, noise = [], []

    def heard(message: "ConsoleMessage") -> None:
        if message.type in {"error", "warning"}:
            noise.append(message.text)

    def opened(address: str, *, width: int = WIDE, scheme: str = "light", scripts: bool = True) -> "Page":
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not noise, noise


def _whole(app: Flask) -> "WSGIApplication":
    """Each answer is whole before it is sent: a browser that hangs up in the middle leaves no file of ours open."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> "Iterable[bytes]":
        parts, status, sent = run_wsgi_app(app, environ, buffered=True)
        start(status, sent.to_wsgi_list())
        return parts

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the app on a free port of this machine, for as long as the block lasts."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
