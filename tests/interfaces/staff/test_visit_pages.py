"""Coding a visit: nothing typed is lost, every problem stands at its field, and one press makes one claim."""

import re

import pytest

from claims_service.domain import codes
from claims_service.domain.claim import lifecycle
from claims_service.queries import claim_page
from tests.code_files import import_icd10cm
from tests.interfaces.staff.billing_desk import BillingDesk, count, plain, value_of


def test_a_saved_visit_becomes_a_claim_that_is_ready(billing: BillingDesk) -> None:
    """$120.00 + $30.00 = $150.00, by the clinic's price list; the contract allows $112.50."""
    claim = billing.coded()

    page = billing.get(f"/staff/claims/{claim}")

    assert "Ready to send" in page
    assert "$150.00 charged. It has not gone out yet." in page
    assert "By contract Quillhaven Health allows $112.50" in page
    assert "99213 Office visit, established patient · for A $120.00" in page
    assert "85025 Blood count with cells · for BA $30.00" in page


@pytest.mark.check(11)
def test_the_same_form_pressed_twice_makes_one_visit_and_one_claim(billing: BillingDesk) -> None:
    """The second press of a $150.00 visit shows the first one's claim."""
    first, second = billing.coded(once="twice"), billing.coded(once="twice")

    assert first == second
    assert count("encounter") == count("claim") == 1


def test_save_and_send_lays_the_claim_into_the_insurers_mailbox(billing: BillingDesk) -> None:
    claim = billing.coded(do="send")

    page = billing.get(f"/staff/claims/{claim}")

    assert "Saved and sent." in page
    assert "Quillhaven Health has not answered yet." in page
    assert "Claim file, 837P" in page


def test_every_problem_is_told_at_once_beside_its_field_and_nothing_typed_is_lost(billing: BillingDesk) -> None:
    """Six mistakes in one visit: all six are named, and the form holds every word."""
    wrong = {
        "served_on": "31/31/2026", "rendering": "", "diagnosis-0": "cold", "lines-0-pointers": "C", "lines-1-code": "850",
        "lines-1-units": "many", "lines-1-charge": "12.345", "note": "call back",
    }  # fmt: skip
    answer = billing.code_visit(**wrong)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "<title>Error: Code a visit" in page
    for field in (
        "served_on",
        "rendering",
        "diagnosis-0",
        "lines-0-pointers",
        "lines-1-code",
        "lines-1-units",
        "lines-1-charge",
    ):
        assert f'id="{field}-error"' in page, field
        assert f'href="#{field}"' in page, field
    assert "Diagnosis C is empty." in page
    for field in ("served_on", "diagnosis-0", "lines-0-pointers", "lines-1-code", "lines-1-units", "lines-1-charge"):
        assert value_of(page, field) == wrong[field]
    assert "call back</textarea>" in page
    assert count("encounter") == 0


def test_a_problem_the_visit_itself_finds_stands_at_the_line_it_is_on_even_after_empty_lines(
    billing: BillingDesk,
) -> None:
    """Lines 1 and 3 are empty; line 4 has five modifiers."""
    typed = {name: text for name, text in billing.visit_form().items() if not name.startswith("lines-0")}
    typed.update({"lines-0-code": "", "lines-2-code": "", "lines-3-code": "99213", "lines-3-pointers": "A",
                  "lines-3-modifiers": "25 59 76 77 91"})  # fmt: skip

    page = billing.post(f"/staff/visits/new/{billing.clinic.alma}", typed).get_data(as_text=True)

    assert 'id="lines-3-modifiers-error"' in page
    assert "Line 4: up to four modifiers" in plain(page)


def test_check_and_price_shows_what_would_happen_and_saves_nothing(billing: BillingDesk) -> None:
    """Without scripts the same button answers: charge $150.00, discount $37.50, agreed $112.50."""
    page = plain(billing.code_visit(do="check").get_data(as_text=True))

    assert "Charge $150.00 Plan discount $37.50 Agreed price $112.50" in page
    assert "checks passed" in page
    assert count("encounter") == 0


def test_the_running_price_shows_while_the_form_is_unfinished(billing: BillingDesk) -> None:
    """Only one service is typed yet: $120.00."""
    typed = {"served_on": "11/10/2026", "lines-0-code": "99213"}

    page = plain(billing.post(f"/staff/visits/outlook/{billing.clinic.alma}", typed).get_data(as_text=True))

    assert "Charge $120.00" in page
    assert "Choose who gave the care." in page


def test_a_stopped_claim_is_mended_at_the_field_and_then_ready(billing: BillingDesk) -> None:
    """A skin biopsy on the day of the office visit needs modifier 25; the biller adds it."""
    stopped = billing.coded(**{"lines-1-code": "11102"})
    page = billing.browser.get(f"/staff/claims/{stopped}").get_data(as_text=True)
    assert "Must fix" in page
    link = re.search(r'href="(/staff/visits/\d+)#(lines-0-modifiers)"', page)
    assert link

    form = billing.browser.get(link[1]).get_data(as_text=True)
    mended = {name: value_of(form, name) for name in set(re.findall(r'name="((?:lines-\d+|diagnosis-\d+|served_on)[^"]*)"', form))
              if "__n__" not in name}  # fmt: skip
    mended |= {
        "rendering": str(billing.clinic.doctor),
        "place": "11",
        "version": value_of(form, "version"),
        "do": "save",
    }
    page = billing.answered(link[1], mended | {link[2]: "25"})

    assert "Mended. The claim is ready to send." in page
    assert "99213-25" in page
    assert "Found by the checks and mended" in page


def test_what_another_person_saved_meanwhile_is_not_overwritten(billing: BillingDesk) -> None:
    """Two people open the same visit; the second to save keeps the words and is told."""
    claim = billing.coded(**{"lines-1-code": "11102"})
    encounter = claim_page.claim_page(billing.clinic.practice, claim).head.encounter
    mended = billing.visit_form(**{"lines-0-modifiers": "25", "lines-1-code": "11102", "version": "1"})
    assert billing.post(f"/staff/visits/{encounter}", mended).status_code == 303

    answer = billing.post(f"/staff/visits/{encounter}", {**mended, "note": "mine"})

    assert answer.status_code == 409
    assert "Nothing was saved" in answer.get_data(as_text=True)
    assert "mine</textarea>" in answer.get_data(as_text=True)


def test_a_visit_whose_claim_is_with_the_insurer_stays_as_it_is(billing: BillingDesk) -> None:
    claim = billing.coded(do="send")
    encounter = claim_page.claim_page(billing.clinic.practice, claim).head.encounter

    answer = billing.browser.get(f"/staff/visits/{encounter}")

    assert answer.headers["Location"] == f"/staff/claims/{claim}"
    assert claim_page.claim_page(billing.clinic.practice, claim).head.state == lifecycle.SENT


def test_codes_are_found_by_code_by_its_dot_and_by_words_with_the_clinics_price(billing: BillingDesk) -> None:
    def hits(code_set: str, typed: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = billing.browser.get(
            f"/staff/codes/{code_set}", query_string={"q": typed}
        ).get_json()
        return found

    assert hits("procedure", "blood") == [{"code": "85025", "words": "Blood count with cells", "more": "$30.00"}]
    assert [hit["code"] for hit in hits("icd10", "j06.")] == [codes.dotted("J069")]
    assert [hit["code"] for hit in hits("icd10", "type diab")] == ["E11.9"]
    assert hits("icd10", "%") == []


def test_look_up_offers_what_holds_on_the_day_of_the_visit(billing: BillingDesk) -> None:
    """R50.8 ended on September 30. A visit of that day, coded in November, may still have it."""
    import_icd10cm(2026, ["J069", "R508"])
    import_icd10cm(2027, ["J069"])

    def hits(on: str) -> list[str]:
        asked = billing.browser.get("/staff/codes/icd10", query_string={"q": "r50.8", "on": on}).get_json()
        return [hit["code"] for hit in asked]

    assert hits("09/30/2026") == ["R50.8"]
    assert hits("10/01/2026") == []
    assert hits("13/45") == hits("") == []


def test_a_patient_is_found_by_name_record_or_birth_and_no_name_stands_in_an_address(billing: BillingDesk) -> None:
    for typed in ("alma testp", "P1", "1/1/1980"):
        page = billing.post("/staff/visits/new", {"patient": typed}).get_data(as_text=True)
        assert "Alma Testpatient" in page
        assert "Bruno" not in plain(page)
    assert not re.search(r'href="[^"]*(alma|testp)', page, re.IGNORECASE)
