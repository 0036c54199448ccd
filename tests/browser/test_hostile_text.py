"""Text that would be a program: wherever it is stored, a page shows it as text and runs none of it."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from claims_service import clock
from claims_service.domain.actor import COMMAND
from claims_service.domain.patient import frozen
from claims_service.formats.documents.statement_pdf import statement_pdf
from claims_service.gateways.sandbox_bank import Deposit, camt053
from claims_service.store import connection
from claims_service.workflow.bill_patient import bill_patients
from tests.browser.demo_site import DemoSite, demo_served
from tests.browser.pages import EVERY_PAGE
from tests.browser.visit import Visit
from tests.browser.watched import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.check(74)]

RUN = "document.ran=1"
STRINGS = (
    f"<script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<img src=x onerror='{RUN}'",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<details open ontoggle={RUN}>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'>",
    f"<iframe src=javascript:{RUN}>",
    f"<object data=javascript:{RUN}>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<form action=javascript:{RUN}><button>x",
    f"<base href=//elsewhere.example/><script src=x>{RUN}",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<link rel=stylesheet href=//elsewhere.example/{RUN}>",
    f"<style>@import '//elsewhere.example/{RUN}';</style>",
    f"<math><mtext></p><img src=x onerror={RUN}>",
    f"<template><script>{RUN}</script></template>",
    f"<p hx-on:load={RUN} hx-get=/ hx-trigger=load>",
    f'" autofocus onfocus={RUN} x="',
    f"' onmouseover={RUN} x='",
    f"`onclick={RUN}`",
    f"javascript:{RUN}//",
    f"{{{{ self.__init__.__globals__ }}}}<script>{RUN}</script>",
    f"${{{RUN}}}</script><script>{RUN}</script>",
)
# Every stored text that people, insurers or banks write, and no page reads as anything but text.
FIELDS = {
    "practice": ("name", "contact", "line1", "city"),
    "patient": ("last", "first", "middle", "line1", "city", "phone", "email"),
    "provider": ("last", "first"),
    "payer": ("name", "line1", "city"),
    "coverage": ("member_id", "group_number", "plan_name", "subscriber_last", "subscriber_first"),
    "encounter": ("note", "prior_authorization"),
    "claim": ("payer_claim_number",),
    "claim_problem": ("place", "message", "mend"),
    "claim_event": ("text",),
    "claim_line": ("description",),
    "code": ("label",),
    "exchange_file": ("name",),
    "remittance": ("payer_name", "trace"),
    "held_item": ("place", "message", "mend"),
    "payment": ("check_number",),
    "bank_line": ("description", "trace", "counterparty", "reference"),
    "app_user": ("name",),
}
ANYTHING_ALIVE = """() => [...document.querySelectorAll('*')].filter((part) =>
    part.matches('iframe, object, embed, base, math, video, animate, meta[http-equiv], style, script:not([src]), img')
    || [...part.attributes].some((a) => /^(on|hx-on|hx-get)/.test(a.name) || a.name !== 'value' && /^\\s*javascript:/i.test(a.value))
).map((part) => part.outerHTML)"""
# The lists and the pages with the most text of others; all pages run under `slow`.
TELLING = {
    "staff.today-biller", "claims-all", "claims-needs", "claim-sent_back", "claim-to_mend", "claim-denied", "staff.visit-biller",
    "staff.new_visit-biller", "staff.patients-front_desk", "staff.patient-front_desk", "staff.plan-front_desk",
    "staff.remittances-biller", "staff.remittance-manager", "staff.file-biller", "staff.held-biller", "staff.deposits-biller",
    "staff.bank_line-manager", "staff.statements-front_desk", "insurer.mailbox-insurer", "insurer.answers-insurer",
    "insurer.claim_file-insurer", "portal.home-spanish", "portal.bill_page-owing", "pay-check", "portal.payment_page-paid_up",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demo with one of the strings in every field, and statements issued from it."""
    with demo_served(pytestconfig, tmp_path_factory.mktemp("hostile")) as found:
        with connection.opened():
            connection.run("drop trigger claim_event_no_update")
            with connection.write():
                for table, columns in FIELDS.items():
                    _poison(table, columns)
            today = clock.today("America/Los_Angeles")
            bill_patients(found.practice, None, by=COMMAND, now=clock.now(), today=today)
        yield found


def _poison(table: str, columns: tuple[str, ...]) -> None:
    ids = [row[0] for row in connection.run(f"select id from {table}").fetchall()]
    for k, column in enumerate(columns):
        rows = [(STRINGS[(n + 7 * k) % len(STRINGS)], row) for n, row in enumerate(ids)]
        connection.run_many(f"update {table} set {column} = ? where id = ?", rows)


def shown(browser: "Browser", site: DemoSite, visit: Visit) -> set[str]:
    """Open the page, touch everything on it, and give the strings it shows as text."""
    watched = Watched(browser, site, visit)
    try:
        assert watched.status == visit.status, watched.page.url
        nothing_ran(watched)
        return strings_on(watched.page)
    finally:
        watched.context.close()


def nothing_ran(watched: Watched) -> None:
    page = watched.page
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.evaluate("document.querySelectorAll('input, a, button').forEach((part) => part.focus({preventScroll: true}))")
    assert page.evaluate(ANYTHING_ALIVE) == []
    assert page.evaluate("document.ran") is None
    assert watched.faults == []


def strings_on(page: "Page") -> set[str]:
    text = page.evaluate(
        "document.body.innerText + [...document.querySelectorAll('input, textarea')].map((part) => part.value).join(' ')"
    )
    return {string for string in STRINGS if " ".join(string.split()) in " ".join(text.split())}


def test_what_is_stored_is_shown_and_never_run(site: DemoSite, browser: "Browser") -> None:
    """30 strings in 45 fields; the pages that tell the most show every one of them as it is written."""
    seen = set[str]()
    for visit in EVERY_PAGE:
        if str(visit) in TELLING:
            seen |= shown(browser, site, visit)
    assert seen == set(STRINGS)


@pytest.mark.slow
def test_on_no_page_at_all_anything_stored_is_run(site: DemoSite, browser: "Browser") -> None:
    for visit in EVERY_PAGE:
        shown(browser, site, visit)


def test_names_and_texts_of_uploaded_files_are_shown_and_never_run(site: DemoSite, browser: "Browser") -> None:
    """Files whose names and bank lines are programs: the outcome pages name them, and nothing runs."""
    lines = [Deposit(clock.today("UTC"), 100 + n, text, text) for n, text in enumerate(STRINGS)]
    bank = camt053("000330071", 0, lines, written_at=clock.now())
    names = [text.replace("/", "") for text in STRINGS]
    uploads: tuple[tuple[Visit, list[FilePayload]], ...] = (
        (_page("staff.deposits-biller"), [{"name": names[0], "mimeType": "text/xml", "buffer": bank}]),
        (
            _page("insurer.answers-insurer"),
            [{"name": name, "mimeType": "text/plain", "buffer": name.encode()} for name in names],
        ),
    )
    for visit, files in uploads:
        watched = Watched(browser, site, visit)
        watched.page.locator("main input[type=file]").set_input_files(files)
        watched.page.locator("main form:has(input[type=file]) button").click()
        watched.page.get_by_role("heading", name="What became of").wait_for()
        text = " ".join(watched.page.inner_text("main").split())
        assert [file["name"] for file in files if " ".join(file["name"].split()) not in text] == []
        nothing_ran(watched)
        watched.context.close()


def test_a_statement_on_paper_is_text_alone(site: DemoSite) -> None:
    """A hostile name on the PDF: printed as it is written; the file has no script, action or link to run."""
    with connection.opened():
        (content,) = connection.run("select content from statement order by id desc limit 1").fetchone()
    told = frozen.statement(content)
    assert any(string.split()[0] in told.patient for string in STRINGS), told.patient
    paper = PdfReader(io.BytesIO(statement_pdf(told, "en")))
    printed = "".join("".join(page.extract_text() for page in paper.pages).split())
    assert "".join(told.patient.split()) in printed
    told_to_run = re.findall(rb"/(?:JS|JavaScript|OpenAction|AA|Launch|URI)\b", written_out(paper))
    assert told_to_run == []


def written_out(paper: PdfReader) -> bytes:
    """The PDF with nothing compressed, so that every name in it can be searched."""
    writer = PdfWriter(clone_from=paper)
    bare = io.BytesIO()
    writer.write(bare)
    return bare.getvalue()


def _page(name: str) -> Visit:
    return next(visit for visit in EVERY_PAGE if str(visit) == name)
