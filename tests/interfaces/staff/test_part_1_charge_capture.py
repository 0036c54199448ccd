"""Charge capture at the desk: superbills put codes on a visit at one press, and what the clinic uses stands first."""

import pytest

from claims_service.queries import codes
from claims_service.queries.favorites import favorites, offered
from claims_service.store import connection
from tests.interfaces.staff.billing_desk import BillingDesk, count, value_of
from tests.kept_files import newest


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


def test_a_week_of_therapy_is_saved_for_later_and_billed_together(billing: BillingDesk) -> None:
    """Three visits of $150.00 wait; ticked and billed together they are one claim of $450.00."""
    for day in (2, 3, 4):
        assert billing.code_visit(once=f"day{day}", served_on=f"11/{day:02}/2026", do="later").status_code == 303
    assert count("claim") == 0
    visits = [row[0] for row in connection.run("select id from encounter order by id").fetchall()]

    page = billing.answered("/staff/visits/bill", {"pick": visits, "do": "together"})

    assert "1 claim built." in page
    assert "$450.00" in page
    assert count("claim") == 1
    assert billing.get("/staff/visits").count("Billed with others") == 3


def test_ticked_visits_get_a_claim_each_and_what_does_not_go_together_is_told(billing: BillingDesk) -> None:
    billing.code_visit(once="a", served_on="11/02/2026", do="later")
    billing.code_visit(once="b", served_on="11/03/2026", do="later")
    visits = [row[0] for row in connection.run("select id from encounter order by id").fetchall()]

    assert "Tick the visits first." in billing.answered("/staff/visits/bill", {"do": "each"})
    assert "at least two visits" in billing.answered("/staff/visits/bill", {"pick": visits[:1], "do": "together"})
    assert count("claim") == 0
    assert "2 claims built." in billing.answered("/staff/visits/bill", {"pick": visits, "do": "each"})
    assert "has a claim already" in billing.answered("/staff/visits/bill", {"pick": visits, "do": "together"})
    assert billing.post("/staff/visits/bill", {"pick": [987654], "do": "each"}).status_code == 404


STAY = {
    "kind": "I", "place": "21", "served_on": "11/10/2026", "stay-type_of_bill": "11", "stay-statement_until": "11/12/2026",
    "stay-admitted_on": "11/10/2026", "stay-admitted_time": "09:30", "stay-admission_type": "1", "stay-admission_source": "1",
    "stay-patient_status": "01", "stay-admitting_diagnosis": "R50.9", "stay-present": "YN", "stay-surgeries": "0DTJ4ZZ 11/11/2026",
    "stay-occurrences": "11 11/09/2026", "stay-spans": "72 11/10/2026 11/12/2026", "stay-discharged_time": "1400", "stay-values": "80 2, A1 100.50",
    "stay-conditions": "09 17", "lines-0-more": "rev 0510", "lines-0-pointers": "", "lines-1-more": "rev 305", "lines-1-pointers": "",
}  # fmt: skip


def test_a_stay_is_typed_sent_as_837i_and_shown_again_as_it_was_typed(billing: BillingDesk) -> None:
    """$120.00 + $30.00 of an inpatient; the form of the recorded stay shows every field."""
    claim = billing.coded(once="stay", **STAY)
    key = connection.run("select encounter_id from claim where id = ?", (claim,)).fetchone()[0]
    form = billing.browser.get(f"/staff/visits/{key}").get_data(as_text=True)

    shown = {name: value_of(form, name) for name in STAY if name.startswith(("stay-", "lines-"))}
    typed = {name: text for name, text in STAY.items() if name in shown}
    assert shown == {**typed, "stay-admitted_time": "0930", "lines-1-more": "rev 0305"}
    next_day = {"served_on": "11/11/2026", "stay-admitted_on": "11/11/2026", "stay-values": "80 1"}
    billing.coded(once="sent", do="send", **{**STAY, **next_day})
    assert connection.run("select count(*) from exchange_file where kind = '837I'").fetchone()[0] == 1


def test_every_mistake_of_a_stay_stands_at_its_field(billing: BillingDesk) -> None:
    wrong = {
        **STAY,
        "stay-admitted_on": "soon",
        "stay-values": "80 many",
        "stay-spans": "72 11/10/2026",
        "lines-0-more": "molar",
    }
    page = billing.code_visit(**wrong).get_data(as_text=True)

    for field in ("stay-admitted_on", "stay-values", "stay-spans", "lines-0-more"):
        assert f'id="{field}-error"' in page, field
    bare = billing.code_visit(**{**STAY, "stay-type_of_bill": "", "stay-admission_source": ""}).get_data(as_text=True)
    assert 'id="stay-type_of_bill-error"' in bare
    assert count("encounter") == 0


def test_a_filling_says_its_tooth_and_goes_out_as_837d(billing: BillingDesk) -> None:
    tooth = {
        "kind": "D",
        "lines-0-code": "D2392",
        "lines-0-charge": "210",
        "lines-0-more": "tooth 14 MO",
        "lines-1-code": "",
        "lines-1-pointers": "",
    }
    billing.coded(do="send", **tooth)

    content = newest("kind = '837D'")
    assert b"TOO*JP*14*M:O~" in content


def test_a_form_fee_is_the_patients(billing: BillingDesk) -> None:
    """$25.00 for filling in a form: Alma has a plan, and owes it herself."""
    nothing = dict.fromkeys(("diagnosis-0", "diagnosis-1", "lines-0-pointers", "lines-1-code", "lines-1-pointers"), "")
    fee = {**nothing, "kind": "N", "lines-0-code": "99080", "lines-0-charge": "25"}
    claim = billing.coded(**fee)

    assert "$25.00" in billing.get(f"/staff/claims/{claim}")
    assert connection.run("select sequence, state from claim").fetchall() == [("N", "patient")]


def test_a_drug_keeps_its_number_quantity_and_unit(billing: BillingDesk) -> None:
    claim = billing.coded(**{"lines-1-more": "ndc 00409-7337-01 1.5 ml"})
    key = connection.run("select encounter_id from claim where id = ?", (claim,)).fetchone()[0]

    assert (
        value_of(billing.browser.get(f"/staff/visits/{key}").get_data(as_text=True), "lines-1-more")
        == "ndc 00409733701 1.5 ML"
    )


def test_a_crown_in_place_of_an_old_one_says_when_that_was_placed(billing: BillingDesk) -> None:
    """$1,100.00 on tooth 14: SV305 says R, DTP*441 the day, and the form shows it again as it was typed."""
    crown = {
        "kind": "D", "lines-0-code": "D2740", "lines-0-charge": "1100", "lines-0-more": "tooth 14, replaces 06/01/2015",
        "lines-1-code": "", "lines-1-pointers": "",
    }  # fmt: skip
    claim = billing.coded(**crown)
    key = connection.run("select max(id) from encounter").fetchone()[0]
    form = billing.browser.get(f"/staff/visits/{key}").get_data(as_text=True)
    billing.post("/staff/claims/send", {"pick": claim})

    content = newest("kind = '837D'")
    assert b"*R*1*" in content
    assert b"DTP*441*D8*20150601~" in content
    assert value_of(form, "lines-0-more") == crown["lines-0-more"]
    page = billing.code_visit(once="b", **{**crown, "lines-0-more": "tooth 14, replaces long ago"}).get_data(
        as_text=True
    )
    assert "is not understood" in page
