"""An insurer fetches claim files and sends its answers, and sees what became of each."""

import io
import zipfile
from dataclasses import dataclass

import pytest
from flask import Flask

from claims_service.access import people
from claims_service.access.passwords import Passwords
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.store import audit, journal, tables
from tests.access.world import PASSWORD, START, Browser
from tests.clinic import Clinic, found
from tests.kept_files import newest, stored
from tests.workflow.billed_clinic import billed, remittance


@dataclass(frozen=True)
class Desk:
    """An insurer's person at work: Quillhaven Health with one file of three claims, $150.00 each."""

    browser: Browser
    clinic: Clinic
    file: int
    claims: tuple[int, ...]


@pytest.fixture
def desk(app: Flask, settings: Config) -> Desk:
    clinic = found()
    month = billed(clinic, 3, answered=False)
    person = people.Newcomer("r.ashdown@quillhaven.example", "R. Ashdown", "insurer", PASSWORD, clinic.quillhaven)
    people.add(clinic.practice, person, passwords=Passwords(settings), by=COMMAND, now=START)
    browser = Browser(app)
    browser.sign_in("insurer", person.email)
    return Desk(browser, clinic, tables.ExchangeFile.get().id, month.claims)


def send(desk: Desk, *files: tuple[str, bytes]) -> str:
    listed = [(io.BytesIO(content), name) for name, content in files]
    answer = desk.browser.post("/insurer/answers", {"answers": listed}, content_type="multipart/form-data")
    assert answer.status_code == 200
    return answer.text


def test_a_new_file_is_announced_with_its_claims_and_charges(desk: Desk) -> None:
    page = desk.browser.get("/insurer").text

    assert "1 new file from Lakeside Clinic" in page
    assert "$450.00" in page
    assert "New" in page


def test_fetching_a_file_is_receipted_and_told_in_every_claims_story(desk: Desk) -> None:
    """The bytes are those that were written; the file is no longer new; each claim says it was fetched, once."""
    answer = desk.browser.post("/insurer/files/fetch", {"file": desk.file})
    desk.browser.post("/insurer/files/fetch", {"file": desk.file})

    made = tables.ExchangeFile.get_by_id(desk.file)
    assert answer.data == newest(f"id = {desk.file}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={made.name}"
    assert tables.FileReceipt.select().count() == 2
    assert tables.ClaimEvent.select().where(tables.ClaimEvent.kind == "fetched").count() == 3
    assert "No new files" in desk.browser.get("/insurer").text
    assert "1 receipt expected from you" in desk.browser.get("/insurer").text


def test_several_files_come_as_one_zip(desk: Desk) -> None:
    from claims_service.workflow.build_claim import build_claims
    from claims_service.workflow.record_encounter import record_encounters
    from claims_service.workflow.submit_claims import submit_claims
    from tests.clinic import BILLER, TODAY

    visit = desk.clinic.visit(None, "99214", "93000", reference="V9")
    recorded = record_encounters(desk.clinic.practice, [visit], by=BILLER, now=START)
    build_claims(desk.clinic.practice, recorded.recorded, by=BILLER, now=START, today=TODAY)
    (sent,) = submit_claims(desk.clinic.practice, by=BILLER, now=START).files

    answer = desk.browser.post("/insurer/files/fetch", {"file": [str(desk.file), str(sent.file)]})

    with zipfile.ZipFile(io.BytesIO(answer.data)) as folder:
        assert {name: folder.read(name) for name in folder.namelist()} == {
            name: content for _, name, content in stored()
        }


def test_a_remittance_sent_twice_posts_once_and_says_so(desk: Desk) -> None:
    """Three claims paid and $5.00 interest; the same file again: seen before, not a cent more."""
    content = remittance(desk.clinic, desk.claims)

    first = send(desk, ("QH_835.edi", content))
    after = journal.trial_balance(desk.clinic.practice)
    again = send(desk, ("QH_835_again.edi", content))

    assert "Taken" in first
    assert "Seen before" in again
    assert journal.trial_balance(desk.clinic.practice) == after
    assert journal.check() == []
    assert "Answered" in desk.browser.get("/insurer?show=all").text


def test_each_of_several_files_gets_its_own_result(desk: Desk) -> None:
    """A good remittance, the half of one, a claim file and a letter: one is taken, three change nothing."""
    content = remittance(desk.clinic, desk.claims)
    claim_file = newest(f"id = {desk.file}")

    page = send(
        desk,
        ("cut.edi", content[: len(content) // 2]),
        ("letter.txt", b"Dear clinic,"),
        ("claims.837", claim_file),
        ("good.edi", content),
    )

    parts = page.split('<section class="card"')[1:5]
    said = [
        ("Not taken" in part, "Taken<" in part, name)
        for part, name in zip(parts, "cut letter claims good".split(), strict=True)
    ]
    assert said == [(True, False, "cut"), (True, False, "letter"), (True, False, "claims"), (False, True, "good")]
    assert tables.Remittance.select().count() == 1


def test_an_answer_can_be_looked_up_again_later(desk: Desk) -> None:
    send(desk, ("QH_835.edi", remittance(desk.clinic, desk.claims)))
    file = tables.ExchangeFile.select().where(tables.ExchangeFile.direction == "in").get().id

    page = desk.browser.get(f"/insurer/answers/{file}").text

    assert "QH_835.edi" in page
    assert "Posted" in page
    assert "QH_835.edi" in desk.browser.get("/insurer/answers").text


def test_a_name_with_marks_is_shown_as_text_and_stored_without_its_folders(desk: Desk) -> None:
    page = send(desk, ("../../<script>alert(1)</script>.edi", remittance(desk.clinic, desk.claims)))

    assert "<script>alert" not in page
    assert "/" not in tables.ExchangeFile.select().where(tables.ExchangeFile.direction == "in").get().name


@pytest.mark.parametrize("count", [0, 51])
def test_no_file_and_too_many_files_are_told_beside_the_field(count: int, desk: Desk) -> None:
    files = [(io.BytesIO(b"x"), f"{n}.edi") for n in range(count)]

    answer = desk.browser.post("/insurer/answers", {"answers": files}, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert 'id="answers-error"' in answer.text


@pytest.mark.check(83)
def test_the_audit_chain_holds_after_all_of_it(desk: Desk) -> None:
    desk.browser.get(f"/insurer/files/{desk.file}")
    desk.browser.post("/insurer/files/fetch", {"file": desk.file})
    send(desk, ("QH_835.edi", remittance(desk.clinic, desk.claims)))

    assert audit.verify() == []
    whose = tables.Audit.select().where(tables.Audit.action.in_(["claim_file.read", "claim_file.fetch"]))
    assert [row.patient for row in whose] == [desk.clinic.alma] * 2
