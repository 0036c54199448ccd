"""A person of the staff signed in at a small clinic, and the visit form as a browser sends it."""

import html
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from claims_service.access import people, sessions
from claims_service.access.passwords import Passwords
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.store import setting_up
from claims_service.store.connection import run
from tests import clinic as clinics
from tests.access.world import PASSWORD, Browser
from tests.clinic import NOW, Clinic

CODES = (("99213", "Office visit, established patient"), ("85025", "Blood count with cells"), ("11102", "Skin biopsy"))
DIAGNOSES = (
    ("J069", "Cold, unspecified"),
    ("R509", "Fever, unspecified"),
    ("E119", "Type 2 diabetes"),
    ("K029", "Tooth decay"),
)


@dataclass(frozen=True)
class BillingDesk:
    """clinic: ids of what is there; browser: of the signed-in person; secret: of the session."""

    clinic: Clinic
    browser: Browser
    secret: str

    def get(self, path: str) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return plain(answer.get_data(as_text=True))

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.browser.post(path, form, **more)

    def answered(self, path: str, form: dict[str, Any] | None = None) -> str:
        """The page that a press leads to."""
        return plain(self.post(path, form, follow_redirects=True).get_data(as_text=True))

    def visit_form(self, once: str = "once-1", **changes: str) -> dict[str, str]:
        """Alma's visit of $150.00: an office visit for a cold, a blood count for the cold and the fever."""
        typed = {
            "idempotency_key": once, "served_on": "11/10/2026", "rendering": str(self.clinic.doctor), "place": "11",
            "diagnosis-0": "j06.9", "diagnosis-1": "R50.9", "lines-0-code": "99213", "lines-0-pointers": "A",
            "lines-1-code": "85025", "lines-1-pointers": "BA", "do": "save",
        }  # fmt: skip
        return {**typed, **changes}

    def code_visit(self, **changes: str) -> TestResponse:
        return self.post(f"/staff/visits/new/{self.clinic.alma}", self.visit_form(**changes))

    def coded(self, **changes: str) -> int:
        """The claim of a visit that was coded."""
        return int(self.code_visit(**changes).headers["Location"].rpartition("/")[2])

    def upload(self, content: bytes, name: str = "answer.835") -> str:
        sent = {"csrf_token": self.browser.token(), "answers": (BytesIO(content), name)}
        return plain(self.browser.client.post("/staff/remittances", data=sent).get_data(as_text=True))


def open_desk(app: Flask, settings: Config, role: str = "biller") -> BillingDesk:
    """The clinic of tests.clinic, with look-up lists."""
    clinic = clinics.found("Larkspur Family Clinic")
    setting_up.add_codes(clinic.practice, "procedure", CODES)
    setting_up.add_codes(clinic.practice, "icd10", DIAGNOSES)
    return BillingDesk(clinic, *person(app, settings, clinic, role))


def person(app: Flask, settings: Config, clinic: Clinic, role: str) -> tuple[Browser, str]:
    """Somebody of the clinic's staff, signed in; and the secret of the session."""
    newcomer = people.Newcomer(f"{role}@larkspur.example", "Priya Castellane", role, PASSWORD, None)
    user = people.add(clinic.practice, newcomer, passwords=Passwords(settings), by=COMMAND, now=NOW)
    secret = sessions.start(clinic.practice, user=user, address="127.0.0.1", now=NOW)
    return Browser(app).hold(secret), secret


def plain(page: str) -> str:
    """The main part of a page as it reads, without its tags."""
    main = page[page.index("<main") : page.index("</main>")] if "<main" in page else page
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def value_of(page: str, name: str) -> str:
    """What stands in a field."""
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
    assert found, name
    value = re.search(r'value="([^"]*)"', found[0])
    return html.unescape(value[1]) if value else ""


def count(table: str) -> int:
    return int(run(f"select count(*) from {table}").fetchone()[0])
