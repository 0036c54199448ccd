"""Check a file: what a file says and what is wrong with it, and nothing posted, kept or told to anyone else."""

from io import BytesIO

from flask import Flask

from claims_service.config import Config
from claims_service.formats.x12.tree import Tree
from claims_service.formats.x12.write_837p import write_837p
from claims_service.interfaces.staff.x12_files import sections
from claims_service.store.connection import run
from tests.factories835 import file_835, payment, remittance
from tests.formats.x12.examples import ENVELOPE, claim
from tests.interfaces.staff.billing_desk import BillingDesk, count, open_desk, plain

CLAIMS = write_837p(ENVELOPE, [claim(), claim(control_number="C2")])


def explained(desk: BillingDesk, content: bytes, name: str = "some.x12") -> str:
    sent = {"csrf_token": desk.browser.token(), "file": (BytesIO(content), name)}
    answer = desk.browser.client.post("/staff/x12", data=sent)
    assert answer.status_code == 200
    return plain(answer.get_data(as_text=True))


def test_a_file_is_explained_with_its_faults_and_its_claims(billing: BillingDesk) -> None:
    """Ann's birth date is wrong: the page names the place, then shows her claim of $150.50."""
    page = explained(billing, CLAIMS.replace(b"DMG*D8*19800101", b"DMG*D8*19801399", 1))

    assert "whoever takes this file may send it back." in page
    assert "ST 0001, loop 2010BA, segment 18, DMG02" in page
    assert "is not a date" in page
    assert "Claim C1" in page
    assert "Claim C2" in page
    assert "charge 150.5" in page


def test_looking_into_a_remittance_posts_and_keeps_nothing_and_is_in_the_audit_trail(billing: BillingDesk) -> None:
    entries = count("journal_entry")

    page = explained(billing, file_835(remittance([payment("C1")])), "jane-doe.835")

    assert "Claim payment C1" in page
    assert count("exchange_file") == count("remittance") == 0
    assert count("journal_entry") == entries
    told = run("select action, subject, patient from audit order by id desc limit 1").fetchone()
    assert tuple(told) == ("file.check", "", None)


def test_what_is_no_x12_is_told_in_words(billing: BillingDesk) -> None:
    assert "This is no X12 file that can be read." in explained(billing, b"Dear Sir or Madam")
    assert "This is no X12 file that can be read." in explained(billing, b"")


def test_a_file_that_would_be_a_page_is_shown_as_text(billing: BillingDesk) -> None:
    sent = {
        "csrf_token": billing.browser.token(),
        "file": (BytesIO(CLAIMS.replace(b"LAKESIDE CLINIC", b"<script>alert(1)</script>")), "<b>.x12"),
    }

    page = billing.browser.client.post("/staff/x12", data=sent).get_data(as_text=True)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>.x12" not in page


def test_nothing_chosen_is_told_at_the_field(billing: BillingDesk) -> None:
    answer = billing.post("/staff/x12", {})

    assert answer.status_code == 422
    assert 'id="file-error"' in answer.get_data(as_text=True)


def test_who_may_not_take_files_in_may_not_look_into_them(app: Flask, settings: Config) -> None:
    desk = open_desk(app, settings, "front_desk")

    assert desk.browser.get("/staff/x12").status_code == 403
    assert desk.browser.get("/staff").status_code == 200


def test_a_long_file_is_shown_from_its_beginning(billing: BillingDesk) -> None:
    page = explained(billing, write_837p(ENVELOPE, [claim(control_number=f"C{number}") for number in range(300)]))

    assert "This is the beginning of a long file." in page
    assert "Claim C299" not in page


def test_what_belongs_to_one_claim_unfolds_with_it() -> None:
    """Each claim comes with its subscriber; clinic and envelope stand once before them; no entry is lost."""
    entries = list(Tree(CLAIMS))

    made = sections(entries)

    assert [section.title for section in made] == ["The file", "Claim C1", "Claim C2"]
    assert [entry for section in made for entry in section.entries] == entries
