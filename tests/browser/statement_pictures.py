"""Pictures of every story of the statement book, to be looked at: `python -m tests.browser.statement_pictures FOLDER [words]`.

Each bill's page at 1280 and 390 pixels, light, and at 390 dark; each page of its paper where pdftoppm (poppler-utils) is installed.
"""

import tests.written_x12  # isort: skip  # noqa: F401 - listens to the writers, so it comes before them
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from claims_service.app import create_app
from claims_service.store import connection, migrate
from tests.browser.demo_site import QUIET
from tests.browser.visits import PHONE, WIDE
from tests.browser_fixtures import chromium
from tests.patient.statement_stories.told import BOOK, Told, file_name, told
from tests.workflow.remittance_stories.teller import Story

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

SITE = "http://clinic.test"
VIEWS = ((WIDE, "light"), (PHONE, "light"), (PHONE, "dark"))


def main(folder: Path, words: str = "") -> None:
    """Writes <story>-<width>-<scheme>.png and <story>-paper-<page>.png of the stories whose name holds the words."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for story in BOOK:
            if words.lower() in story.name.lower():
                _draw(browser, story, folder)
        browser.close()


def _draw(browser: "Browser", story: Story, folder: Path) -> None:
    name = folder / file_name(story)
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/claims.db"
        app = create_app(replace(QUIET, database_url=url, data_dir=Path(place)))
        migrate.upgrade()
        found = told(app, story)
        for width, scheme in VIEWS:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
            )
            page = context.new_page()
            page.route("**/*", _answering(found))
            page.goto(f"{SITE}{found.path}")
            page.screenshot(path=f"{name}-{width}-{scheme}.png", full_page=True)
            context.close()
        connection.database.close()
    if found.paper:
        paper = name.with_suffix(".pdf")
        paper.write_bytes(found.paper)
        if program := shutil.which("pdftoppm"):
            subprocess.run([program, "-png", "-r", "80", str(paper), f"{name}-paper"], check=True)
    print(name.name)


def _answering(found: Told) -> "Callable[[Route], None]":
    """The site answers from this process, at the hour of the story."""

    def answer(route: "Route") -> None:
        address = urlsplit(route.request.url)
        told_back = found.get(f"{address.path}?{address.query}")
        route.fulfill(status=told_back.status_code, headers=dict(told_back.headers), body=told_back.data)

    return answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), " ".join(sys.argv[2:]))
