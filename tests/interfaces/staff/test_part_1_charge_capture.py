"""Charge capture at the desk: superbills put codes on a visit at one press, and what the clinic uses stands first."""

import pytest

from claims_service.queries import codes
from claims_service.queries.favorites import favorites, offered
from claims_service.store import connection
from tests.interfaces.staff.billing_desk import BillingDesk, count, value_of


def test_a_press_of_the_superbill_adds_the_code_and_records_nothing(billing: BillingDesk) -> None:
    """No script is needed: the button sends the form, which comes back with 99214-25 on line 3 and nothing told as wrong."""
    before = {"add": "procedure:99214-25", "rendering": "", "do": ""}
    page = billing.code_visit(**before).get_data(as_text=True)

    assert value_of(page, "lines-2-code") == "99214"
    assert value_of(page, "lines-2-modifiers") == "25"
    assert value_of(page, "lines-0-code") == "99213"
    assert 'aria-invalid="true"' not in page
    assert count("encounter") == 0


def test_a_diagnosis_goes_to_the_first_free_letter_and_never_twice(billing: BillingDesk) -> None:
    page = billing.code_visit(add="icd10:I10", **{"diagnosis-2": "R5383"}).get_data(as_text=True)
    again = billing.code_visit(add="icd10:J069", do="").get_data(as_text=True)

    assert [value_of(page, f"diagnosis-{n}") for n in range(4)] == ["j06.9", "R50.9", "R5383", "I10"]
    assert [value_of(again, f"diagnosis-{n}") for n in range(3)] == ["j06.9", "R50.9", ""]


def test_what_the_clinic_used_last_and_most_stands_first(billing: BillingDesk) -> None:
    """Two visits with 99213 and 85025, one with 93000: the look-up shows 99213 before 93000, and both when nothing is typed."""
    billing.coded(once="one", served_on="11/02/2026")
    billing.coded(once="two", served_on="11/03/2026")
    billing.coded(once="three", served_on="11/04/2026", **{"lines-0-code": "93000"})
    practice = billing.clinic.practice

    with connection.opened():
        used = favorites(practice, "procedure")
        hits = codes.find(practice, "procedure", "")
        fitting = codes.find(practice, "procedure", "8")

    assert used == ["85025", "99213", "93000"]
    assert [hit.code for hit in hits] == used
    assert fitting[0].code == "85025"
    assert favorites(practice + 1, "procedure") == []
    assert favorites(practice, "modifier") == []


def test_a_code_that_ended_is_no_favorite_for_a_visit_after_its_end(billing: BillingDesk) -> None:
    billing.coded()
    release = "insert into code_release (kind, name, digest, complete, listed, added, changed, closed, imported_by, imported_at) values"
    connection.run(f"{release} ('cpt', 'x', 'x', ?, 0, 0, 0, 0, 'x', 'x')", (True,))
    key = connection.run("select max(id) from code_release").fetchone()[0]
    connection.run(
        "insert into listed_code (code_set, code, valid_from, valid_until, short, long, billable, release_id)"
        " values ('cpt', '85025', '2020-01-01', '2025-12-31', '', 'x', ?, ?)",
        (True, key),
    )

    hits = codes.find(billing.clinic.practice, "procedure", "")

    assert [hit.code for hit in hits] == ["99213"]


def test_a_clinic_makes_a_published_superbill_its_own(billing: BillingDesk) -> None:
    """Until then the visit form offers the one of its specialty; afterwards its own and no other."""
    assert [bill.name for bill in offered(billing.clinic.practice)] == ["Family medicine"]
    page = billing.get("/staff/superbills/new?from=pediatrics")
    assert "# Check-ups" in page

    text = {"name": "Saturdays", "procedures": "# Quick\n99213-25 Short visit", "diagnoses": "", "from": "pediatrics"}
    answer = billing.browser.post("/staff/superbills/new", text)

    assert answer.status_code == 303
    assert [(bill.name, bill.specialty) for bill in offered(billing.clinic.practice)] == [("Saturdays", "pediatrics")]
    form = billing.get(f"/staff/visits/new/{billing.clinic.alma}")
    assert "99213-25 Short visit" in form
    assert "Child check-up" not in form


def test_a_superbill_with_a_wrong_line_is_not_saved_and_nothing_typed_is_lost(billing: BillingDesk) -> None:
    answer = billing.browser.post(
        "/staff/superbills/new", {"name": "Ours", "procedures": "99213 Visit\nnonsense", "diagnoses": ""}
    )

    assert answer.status_code == 422
    assert "Line 2: not a procedure code" in answer.get_data(as_text=True)
    assert "nonsense" in answer.get_data(as_text=True)
    assert count("superbill") == 0


def test_two_superbills_never_have_one_name_and_one_can_be_removed(billing: BillingDesk) -> None:
    text = {"name": "Ours", "procedures": "99213 Visit", "diagnoses": ""}
    billing.browser.post("/staff/superbills/new", text)
    assert billing.browser.post("/staff/superbills/new", text).status_code == 409
    key = connection.run("select id from superbill").fetchone()[0]

    assert billing.browser.post(f"/staff/superbills/{key}", {**text, "procedures": "99214 Visit"}).status_code == 303
    assert "99214 Visit" in billing.get(f"/staff/visits/new/{billing.clinic.alma}")
    assert billing.browser.post(f"/staff/superbills/{key}", {"do": "remove"}).status_code == 303
    assert count("superbill") == count("superbill_code") == 0


@pytest.mark.parametrize("pressed", ["", "icd10:", "nothing", "procedure:<b>", "icd10:J069" * 40])
def test_a_press_that_names_no_code_does_no_harm(billing: BillingDesk, pressed: str) -> None:
    assert billing.code_visit(add=pressed).status_code == 200
    assert count("encounter") == 0
