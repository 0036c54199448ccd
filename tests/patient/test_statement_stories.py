"""The story book of statements: what happened to a bill, and the page, paper and message the patient then reads."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from claims_service.app import create_app
from claims_service.config import Config
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.patient.invoice import TENDER
from claims_service.domain.patient.reminder import EMAIL
from claims_service.queries import payment_plans
from claims_service.store import connection
from claims_service.store.connection import run
from tests.patient.statement_stories import as_read
from tests.patient.statement_stories.told import BOOK, Told, file_name, told
from tests.store_fixtures import Databases, Engine
from tests.workflow.remittance_stories.teller import Story


@pytest.fixture
def app(config: Config, databases: Databases, engine: Engine) -> Iterator[Flask]:
    url = databases.migrated(engine)
    yield create_app(replace(config, database_url=url))
    if not connection.database.is_closed():
        connection.database.close()
    databases.remove(url)


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
@pytest.mark.parametrize("story", BOOK, ids=[story.name for story in BOOK])
def test_what_the_patient_reads_is_what_the_books_say(
    app: Flask, golden: Callable[[str, bytes | str], None], story: Story
) -> None:
    """Page, paper and e-mail ask for the same amount and give each service the same share: that of the journal."""
    found = told(app, story)
    if found.bill is not None:
        _the_books_agree(found)
    for message in found.messages:
        _the_message_agrees(found, message.channel, f"{message.subject} {message.text}")
    golden(f"statements/{file_name(story)}.txt", found.as_text)


def _the_books_agree(found: Told) -> None:
    assert found.bill is not None
    statement = found.bill.statement
    shares = [line.share_cents for visit in statement.visits for line in visit.invoice.lines]
    assert as_read.shares_on_page(found.page) == shares
    paper = as_read.paper(found.paper)
    assert Counter(shares) - Counter(as_read.cents(paper)) == Counter()
    assert statement.owed_cents in as_read.cents(paper)
    if found.bill.changed or found.teller.is_taken_back:
        return
    booked = _shares_in_the_journal([visit.invoice.encounter for visit in statement.visits])
    assert shares == booked
    owed = _owed([visit.invoice.encounter for visit in statement.visits])
    assert owed == found.bill.open_cents
    assert as_read.asked_on_page(found.page) == _asked(found)


def _asked(found: Told) -> int:
    """All that is open and not disputed; by a payment plan its next payment, or what it does not pay."""
    bill = found.bill
    assert bill is not None
    with connection.opened():
        plan = payment_plans.on_bill(found.practice, found.teller.patient, bill, today=found.teller.today)
    if plan is None:
        return max(bill.asked_cents, 0)
    return plan.rest_cents if plan.rest_cents > 0 else plan.plan.standing.next_cents


def _shares_in_the_journal(encounters: list[int]) -> list[int]:
    """By visit and line, what patients came to owe, before they pay; lines without any movement are left out."""
    sql = (
        "select c.encounter_id, coalesce(t.line, 0), sum(case when t.debit = ? then t.cents else 0 end)"
        " - sum(case when t.credit = ? then t.cents else 0 end) from journal_transfer t join claim c on c.id = t.claim"
        f" where c.encounter_id in ({', '.join('?' * len(encounters))}) and t.debit not in ({{0}}) and t.credit not in ({{0}})"
        " group by c.encounter_id, coalesce(t.line, 0)"
    ).format(", ".join("?" * len(TENDER)))
    with connection.opened():
        rows = run(sql, (PATIENT_OWES, PATIENT_OWES, *encounters, *TENDER, *TENDER)).fetchall()
    found = {(encounter, line): int(cents) for encounter, line, cents in rows}
    order = sorted(found, key=lambda place: (encounters.index(place[0]), place[1] == 0, place[1]))
    return [found[place] for place in order if place[1] or found[place]]


def _owed(encounters: list[int]) -> int:
    sql = (
        "select coalesce(sum(b.cents), 0) from balance b join claim c on c.id = b.claim where b.account = ?"
        f" and c.encounter_id in ({', '.join('?' * len(encounters))})"
    )
    with connection.opened():
        return int(run(sql, (PATIENT_OWES, *encounters)).fetchone()[0])


def _the_message_agrees(found: Told, channel: str, text: str) -> None:
    """An e-mail asks for what the page asks for; a text message, which others may see, has no amount."""
    assert as_read.cents(text) == ([as_read.asked_on_page(found.page)] if channel == EMAIL else [])


def test_the_book_tells_twenty_five_stories_and_more() -> None:
    assert len({story.name for story in BOOK}) == len(BOOK) >= 25


def test_a_day_gone_by_is_not_promised_for_an_answer(app: Flask) -> None:
    """Promised for December 8, not answered by December 19: bill, list and question say that the clinic is late and whom to call."""
    found = told(app, next(story for story in BOOK if story.name == "A line is disputed, and the rest goes on"))
    assert found.get("/portal/questions").text.count("We are late. Call us to hear more.") == 1
    for page in (found.page, found.get("/portal/questions/1").text):
        assert "We promised to answer by Tuesday, December 8, 2026. We are late and we are sorry." in page
        assert "To hear where it stands, call" in page
        assert "We answer by" not in page
