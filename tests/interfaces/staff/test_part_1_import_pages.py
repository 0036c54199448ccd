"""Importing visits at the desk: look, then say yes; nothing is taken before, and nothing twice."""

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from claims_service.store import tables
from tests.interfaces.staff.billing_desk import BillingDesk, count, plain

HEAD = "reference,patient,served_on,place,provider,diagnoses,procedure"


@pytest.fixture
def desk(billing: BillingDesk) -> BillingDesk:
    tables.Patient.update(reference="P1").where(tables.Patient.id == billing.clinic.alma).execute()
    return billing


def visits(number: int) -> bytes:
    rows = [f"V{n},P1,2026-11-{n % 18 + 1:02},11,1990000022,J06.9,99213" for n in range(number)]
    return "\n".join([HEAD, *rows]).encode()


def dropped(desk: BillingDesk, content: bytes, name: str = "week.csv") -> str:
    """The address of the file's page."""
    sent = {"csrf_token": desk.browser.token(), "file": (BytesIO(content), name)}
    answer: TestResponse = desk.browser.client.post("/staff/imports", data=sent)
    assert answer.status_code == 303, plain(answer.get_data(as_text=True))
    return str(answer.headers["Location"])


def test_a_file_is_looked_at_and_taken_only_on_a_persons_word(desk: BillingDesk) -> None:
    """Two visits of $120.00: nothing is there after the look, both after the yes, and their claims after one press more."""
    page = dropped(desk, visits(2))
    assert "2 visits of 2 would be added." in desk.get(page)
    assert count("encounter") == 0

    taken = desk.answered(page, {"do": "take"})

    assert "2 of 2 visits looked at: 2 added." in taken
    assert count("encounter") == 2
    assert count("claim") == 0
    assert "2 claims built" in desk.answered(page, {"do": "build"})
    assert count("claim") == 2


def test_a_long_file_shows_how_far_it_is_and_goes_on_after_a_break(desk: BillingDesk) -> None:
    """650 visits in parts of 300; pressing once too often takes nothing twice."""
    page = dropped(desk, visits(650))

    first = desk.answered(page, {"do": "take"})
    part = desk.post(page, {"do": "take"}, headers={"HX-Request": "true"}).get_data(as_text=True)
    done = desk.answered(page, {"do": "take"})
    again = desk.answered(page, {"do": "take"})

    assert "300 of 650 visits looked at: 300 added." in first
    assert "600 of 650" in part
    assert "<html" not in part
    assert "650 of 650 visits looked at: 650 added." in done
    assert again == done
    assert count("encounter") == 650


def test_what_is_wrong_is_told_by_line_and_the_rest_is_taken(desk: BillingDesk) -> None:
    page = dropped(desk, visits(2) + b"\nV9,NOBODY,2026-11-02,11,1990000022,J06.9,99213")

    told = desk.get(page)
    taken = desk.answered(page, {"do": "take"})

    assert "2 visits of 3 would be added, 1 can’t be taken as they are." in told
    assert "4 patient V9 No patient here has this record number." in told
    assert "3 of 3 visits looked at: 2 added." in taken


def test_the_same_file_again_adds_nothing(desk: BillingDesk) -> None:
    desk.post(dropped(desk, visits(2)), {"do": "take"})

    assert "0 visits of 2 would be added, 2 are known already." in desk.get(dropped(desk, visits(2)))


def test_a_file_that_is_forgotten_leaves_no_bytes(desk: BillingDesk) -> None:
    page = dropped(desk, visits(1))

    desk.post(page, {"do": "drop"})

    assert "Not taken." in desk.get(page)
    assert bytes(tables.VisitImport.get().content) == b""
    assert "Not taken." in desk.answered(page, {"do": "take"})
    assert count("encounter") == 0


def test_a_file_that_is_no_list_of_visits_is_told_as_such(desk: BillingDesk) -> None:
    told = desk.get(dropped(desk, b"Dear Sir", "letter.txt"))
    fhir = desk.get(dropped(desk, b"Dear Sir", "letter.json"))

    assert "This column is missing." in told
    assert "Take " not in told
    assert "problem" in fhir
    assert "no file" not in desk.browser.post("/staff/imports", {}).get_data(as_text=True)
    assert desk.browser.post("/staff/imports", {}).status_code == 422
