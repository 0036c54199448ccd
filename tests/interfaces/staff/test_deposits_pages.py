"""The deposits pages: what is in the bank, what explains it, and one press for each thing that waits."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from claims_service.config import Config
from claims_service.domain.ledger.accounts import INSURER_CLEARING, UNEXPLAINED
from claims_service.store import deposits, journal
from tests.access.fixtures import app, clock, settings
from tests.interfaces.staff.deposit_desk import COUNTER, INSURER, PAYOUT, UNKNOWN, Desk, open_desk

__all__ = ["app", "clock", "settings"]


@pytest.fixture
def desk(app: Flask, settings: Config) -> Desk:
    return open_desk(app, settings)


def board(desk: Desk) -> str:
    return _plain(desk.browser.client.get("/staff/deposits").get_data(as_text=True))


def _plain(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def line_of(desk: Desk, cents: int) -> int:
    found = deposits.open_lines(desk.clinic.practice)
    return next(line.id for line in found if line.cents == cents)


def test_a_bank_file_is_matched_at_once_and_the_three_numbers_agree(desk: Desk) -> None:
    """$282.50, $97.20 and $20.00 are matched; $780.00 nobody announced stays not explained."""
    page = _plain(desk.upload(INSURER, PAYOUT, COUNTER, UNKNOWN).get_data(as_text=True))
    assert "4 new lines, $1,179.70." in page
    assert "Matched now, 3 bank lines $399.70" in page

    page = board(desk)

    assert "In the bank $1,179.70 − Matched $399.70 = Not explained yet $780.00" in page
    assert page.count("All three agree") == 3
    assert "Money without an answer" in page
    assert "$100.00 less fees $2.80" in page
    assert "3 lines $399.70 $399.70 $399.70" in page


def test_a_short_deposit_is_matched_with_one_press_and_undone_with_another(desk: Desk) -> None:
    """$246.50 of $282.50 came: press, then undo."""
    desk.upload(replace(INSURER, cents=246_50))
    assert "The amounts differ by $36.00" in board(desk)
    assert "Match $246.50, wait for $36.00" in board(desk)
    line = line_of(desk, 246_50)
    answer = deposits.expected(desk.clinic.practice)[0]

    page = desk.post(f"/staff/deposits/lines/{line}/match", pick=f"remittance:{answer.subject}").get_data(as_text=True)

    assert "$246.50 matched." in page
    assert journal.balance(desk.clinic.practice, INSURER_CLEARING) == 36_00
    assert "Taken apart: $246.50 is open again." in desk.post(f"/staff/deposits/lines/{line}/undo").get_data(
        as_text=True
    )
    assert journal.balance(desk.clinic.practice, UNEXPLAINED) == -246_50
    assert "Nothing is matched to this bank line." in desk.post(f"/staff/deposits/lines/{line}/undo").get_data(
        as_text=True
    )


def test_a_file_that_does_not_add_up_says_where_and_how_much(desk: Desk) -> None:
    answer = desk.send_file(b"Date,Amount,Balance\n2026-11-18,5.00,5.00\n2026-11-19,5.00,11.00\n", "bank.csv")

    page = _plain(answer.get_data(as_text=True))
    assert "Not taken" in page
    assert "The running balance does not follow from the line before: off by $1.00" in page
    assert "No bank lines in this month." in board(desk)


def test_the_same_file_again_is_seen_before(desk: Desk) -> None:
    desk.upload(INSURER)

    assert "Seen before" in _plain(desk.upload(INSURER).get_data(as_text=True))
    assert "In the bank $282.50" in board(desk)


def test_no_file_chosen_is_said_at_the_field(desk: Desk) -> None:
    answer = desk.browser.client.post("/staff/deposits/files", data={"csrf_token": desk.browser.token()})

    assert answer.status_code == 422
    assert "Choose a file from your bank." in answer.get_data(as_text=True)


def test_a_bank_line_and_its_file_show_every_cent(desk: Desk) -> None:
    desk.upload(INSURER, UNKNOWN)
    line = line_of(desk, 780_00)
    client = desk.browser.client

    source = client.get(f"/staff/deposits/lines/{line}").get_data(as_text=True)
    page = _plain(source)
    assert "$780.00 to explain" in page
    assert "Card payout PO-118" in page
    assert "Choose at least one payment." in desk.post(f"/staff/deposits/lines/{line}/match").get_data(as_text=True)

    file = _plain(client.get(re.findall("/staff/deposits/files/[0-9]+", source)[0]).get_data(as_text=True))
    assert "Opening balance $1,000.00 + 2 lines $1,062.50 = Closing balance $2,062.50" in file


@pytest.mark.parametrize("path", ["lines/999", "files/1", "files/999", "?month=2026-13", "?month=x"])
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    desk.upload(INSURER)
    joined = path if path.startswith("?") else f"/{path}"

    assert desk.browser.client.get(f"/staff/deposits{joined}").status_code == 404


def test_who_may_only_read_is_offered_nothing_to_press(app: Flask, settings: Config) -> None:
    desk = open_desk(app, settings, "administrator")

    assert "Add a bank file" not in board(desk)
    assert desk.send_file(b"x", "x").status_code == 403
