"""Contracts, prices and underpayments as the staff sees them."""

import csv
import io
from io import BytesIO
from typing import Any

from flask import Flask

from claims_service.config import Config
from claims_service.store import tables
from tests.clinic import NOW, TODAY
from tests.contract_files import contract
from tests.interfaces.staff.billing_desk import BillingDesk, open_desk, plain
from tests.queries.test_underpayments import answered, payment, sent
from tests.workflow.billed_clinic import billed


def added(desk: BillingDesk, content: bytes, how: str = "import", **more: Any) -> tuple[int, str]:
    form = {
        "csrf_token": desk.browser.token(),
        "payer": desk.clinic.quillhaven,
        "how": how,
        "terms": (BytesIO(content), "ppo.csv"),
    }
    answer = desk.browser.client.post("/staff/contracts", data={**form, **more}, follow_redirects=True)
    return answer.status_code, plain(answer.get_data(as_text=True))


def test_contracts_are_listed_in_plain_words_with_who_has_none(billing: BillingDesk) -> None:
    page = billing.get("/staff/contracts")
    (key,) = [row.id for row in tables.ContractRow.select()]
    terms = billing.get(f"/staff/contracts/{key}")

    assert "Quillhaven Health Quillhaven contract Jan 1, 2026 until the next one 6 In force" in page
    assert "Without a contract in force Northfold Mutual: what they should pay is not known" in page
    assert "99213 $90.00 a unit, or the charge if that is less" in terms
    assert "99214 $135.00 a unit" in terms


def test_terms_are_narrowed_by_a_code(billing: BillingDesk) -> None:
    (key,) = [row.id for row in tables.ContractRow.select()]

    assert "99214" not in billing.get(f"/staff/contracts/{key}?code=99213")
    assert "No term holds 99499" in billing.get(f"/staff/contracts/{key}?code=99499")


def test_a_file_is_tried_before_it_is_added(billing: BillingDesk) -> None:
    file = contract("MPFS,99202,99499,,F,NP,85,,0210201,Y", "CHARGE,,,,,,55,,,", first="2026-10-01")
    status, tried = added(billing, file, "try")
    assert status == 200
    assert "PPO 2026: 2 terms can be added" in tried
    assert "take over from “Quillhaven contract”" in tried
    assert "The locality 0210201 is in no GPCI file" in tried
    assert tables.ContractRow.select().count() == 1

    _, page = added(billing, file)
    assert (
        "99202 to 99499, in a facility, by nurse practitioners 85% of Medicare in locality 0210201, or the charge if that is less"
        in page
    )
    assert "Any code 55% of the charge" in page
    assert tables.ContractRow.select().count() == 2


def test_a_bad_file_says_every_line_and_nothing_is_added(billing: BillingDesk) -> None:
    status, page = added(billing, contract("FLAT,9921,,,,,,1,,", "FLAT,99213,,,,,,,,"))

    assert status == 422
    assert "PPO" not in page.split("not taken")[0]
    assert "2 things to mend Line 2 : '9921' is no procedure code." in page
    assert tables.ContractRow.select().count() == 1


def test_a_form_without_a_file_says_what_to_choose(billing: BillingDesk) -> None:
    answer = billing.post("/staff/contracts", {"how": "try"})

    assert answer.status_code == 422
    assert "Choose the file with the terms." in plain(answer.get_data(as_text=True))


def test_a_price_is_tried_and_explains_itself(billing: BillingDesk) -> None:
    where = f"/staff/contracts/price?payer={billing.clinic.quillhaven}&code=99213&units=2"

    assert "$180.00 Quillhaven Health: contract “Quillhaven contract” from 01/01/2026 on." in billing.get(where)
    assert "$90.00 × 2 units = $180.00. $180.00 is expected." in billing.get(where)
    assert "The charge is less: $150.00 is expected." in billing.get(f"{where}&charge=150")
    assert "Nothing is expected" in billing.get(f"/staff/contracts/price?payer={billing.clinic.northfold}&code=99213")
    answer = billing.browser.get("/staff/contracts/price?code=9921&units=0&date=soon&charge=x&modifiers=1")
    page = plain(answer.get_data(as_text=True))
    assert answer.status_code == 422
    for told in ("Choose an insurer.", "Not a procedure code", "More than 0", "Not a date", "Two characters each"):
        assert told in page


def test_an_empty_list_says_what_to_do_next(billing: BillingDesk) -> None:
    billed(billing.clinic)
    page = billing.get("/staff/underpayments")

    assert "Every answer agrees with its contract" in page
    assert "add what it agreed to pay" in page
    assert "With these filters nothing is missing" in billing.get("/staff/underpayments?least=5")
    assert billing.browser.get("/staff/underpayments?least=much").status_code == 422


def test_underpayments_are_listed_summed_and_given_as_a_table(billing: BillingDesk) -> None:
    """$70.00 allowed where $90.00 is agreed: $20.00 to ask Quillhaven for; whoever looks stands in the audit trail."""
    claim = sent(billing.clinic)
    answered(billing.clinic, payment(claim, (("CO", "45", 50_00), ("PR", "3", 20_00)), (("CO", "45", 7_50),)))

    page = billing.get("/staff/underpayments")
    table = billing.browser.get("/staff/underpayments.csv")

    assert f"{claim.control_number} Quillhaven Health QHC1 Nov 10 99213 Line 1 $90.00 $70.00 $20.00" in page
    assert "Together $90.00 $70.00 $20.00" in page
    assert table.mimetype == "text/csv"
    assert f"underpayments-{TODAY}.csv" in table.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(table.get_data(as_text=True)))
    assert row == {
        "insurer": "Quillhaven Health", "claim": claim.control_number, "insurer_claim": "QHC1", "visit": "2026-11-10", "line": "1",
        "procedure": "99213", "modifiers": "", "units": "1", "charge": "120.00", "expected": "90.00", "allowed": "70.00", "missing": "20.00",
    }  # fmt: skip
    seen = {
        row.action
        for row in tables.Audit.select().where(tables.Audit.patient == billing.clinic.alma, tables.Audit.at >= NOW)
    }
    assert {"underpayment.list", "underpayment.export"} <= seen


def test_a_name_that_looks_like_a_formula_is_text_in_the_table(billing: BillingDesk) -> None:
    tables.Payer.update(name="=SUM(A1)").execute()
    claim = sent(billing.clinic)
    answered(billing.clinic, payment(claim, (("CO", "45", 50_00),), (("CO", "45", 7_50),)))

    assert "\n'=SUM(A1)," in billing.browser.get("/staff/underpayments.csv").get_data(as_text=True).replace("\r", "")


def test_the_front_desk_sees_neither_contracts_nor_underpayments(app: Flask, settings: Config) -> None:
    desk = open_desk(app, settings, "front_desk")

    for path in ("/staff/contracts", "/staff/contracts/price", "/staff/underpayments", "/staff/underpayments.csv"):
        assert desk.browser.get(path).status_code == 403


def test_part_3_claims_built_before_a_contract_came_are_looked_at_and_then_priced_by_it(billing: BillingDesk) -> None:
    """$112.50 were expected of Alma's visit; the contract that comes now holds since October and says $135.00."""
    claim = billing.coded()
    added(billing, contract("FLAT,99213,,,,,,110.00,,", "FLAT,85025,,,,,,25.00,,", first="2026-10-01"))
    key = max(row.id for row in tables.ContractRow.select())

    seen = billing.answered(f"/staff/contracts/{key}/reprice", {"how": "try"})
    kept = tables.ClaimRow.get_by_id(claim).expected_cents
    done = billing.answered(f"/staff/contracts/{key}/reprice", {"how": "change"})
    again = billing.answered(f"/staff/contracts/{key}/reprice", {"how": "try"})

    assert "1 claim would be expected to bring $135.00 for 2 services , until now $112.50" in seen
    assert kept == 112_50
    assert "1 claim now expected to bring what this contract says." in done
    assert "Nothing changes" in again
    assert "Expected amount changed" in billing.get(f"/staff/claims/{claim}")
