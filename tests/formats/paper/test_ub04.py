"""A hospital's claim on a UB-04: form locators as the insurer's clerk reads them."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.claim.circumstances import Note
from claims_service.domain.claim.claim import OtherPayer
from claims_service.domain.claim.institutional import CodedValue, FoundDiagnosis, InstitutionalClaim, Occurrence
from claims_service.domain.party import Address, Provider
from claims_service.formats.paper.form import form, left_out, print_image
from claims_service.formats.paper.ub04 import ub04
from claims_service.formats.x12.read_837i import read_837i
from tests.formats.paper.facility import stay
from tests.formats.x12.examples import ACME, ANN, CLINIC, DEMO, coverage

MADE = date(2026, 11, 2)


def only(claim: InstitutionalClaim) -> dict[str, str]:
    """The boxes of a claim that fits on one sheet."""
    (sheet,) = ub04(claim, MADE)
    return sheet


@pytest.mark.corpus
def test_the_837i_sample_fills_the_form_locators_it_should(shared_data: Path) -> None:
    """Gil's stay of $5,250.00: each value of the shared list stands in its form locator, and no other is filled but the
    phone number, the count of pages and the room's price of a day ($3,000.00 for three), which the list leaves out."""
    wanted = json.loads((shared_data / "layouts/paper/ub04_SYNI001.json").read_text())
    del wanted["synthetic"]
    sheet = only(next(iter(read_837i((shared_data / "layouts/x12/837i_inpatient.x12").read_bytes()))))
    told = dict(_told(wanted))

    assert {name: sheet.get(name) for name in told} == told
    assert sheet.keys() - told.keys() == {"1.phone", "43.23.page", "43.23.of", "44.1"}
    assert sheet["44.1"] == "1000.00"


PARTS = {
    "FL1": ["1.name", "1.street", "1.place"],
    "FL6": ["6.from", "6.until"],
    "FL9": ["9a", "9b", "9c", "9d"],
    "FL31a": ["31a", "31a.on"],
    "FL35a": ["35a", "35a.from", "35a.until"],
    "FL74": ["74", "74.on"],
    "FL76": ["76", "76.last", "76.first"],
    "FL77": ["77", "77.last", "77.first"],
    "FL81a": ["81a.qualifier", "81a"],
}


def _told(wanted: dict[str, Any]) -> list[tuple[str, str]]:
    """The shared list under our names of the boxes."""
    told: list[tuple[str, str]] = []
    for name, value in wanted.items():
        if name == "lines":
            for row in value:
                number = "23" if row["FL42"] == "0001" else str(value.index(row) + 1)
                told += [
                    (f"{n[2:].split('_')[0]}.{number}", v.replace(".", " ") if n == "FL47" else v)
                    for n, v in row.items()
                ]
        elif name in ("FL39a", "FL40a"):
            told += [(name[2:], value[0]), (f"{name[2:]}.amount", value[1].replace(".", " "))]
        elif name.startswith("FL67"):
            told += [(name[2:], value[:-1]), (f"{name[2:]}.poa", value[-1])]
        else:
            told += zip(PARTS.get(name, [name[2:]]), value if isinstance(value, list) else [value], strict=True)
    return told


def test_twenty_three_lines_take_two_sheets_and_only_the_last_has_the_total() -> None:
    """$100.00 a line: 22 on the first sheet, one and 0001 with $2,300.00 on the second, page numbers on both."""
    first, second = ub04(stay(lines=23), MADE)

    assert "47.22" in first
    assert [box for box in second if box.startswith("47.")] == ["47.1", "47.23"]
    assert ("42.23" in first, second["42.23"], second["47.23"]) == (False, "0001", "2300 00")
    assert (first["43.23.page"], first["43.23.of"], second["43.23.page"]) == ("1", "2", "2")
    assert first["45.23"] == second["45.23"] == "110226"


def test_plans_stand_in_the_order_in_which_they_pay() -> None:
    """DEMO is asked after ACME paid $70.00: ACME is row A with its payment, DEMO row B with our authorization."""
    paid = OtherPayer(ACME, ANN, "18", "M1", "P", "GRP1", 7000, "ICN1")
    sheet = only(stay(coverage=coverage(DEMO), sequence="S", other_payers=(paid,)))

    assert (sheet["50A"], sheet["54A"], sheet["64A"]) == ("ACME HEALTH PLAN", "70 00", "ICN1")
    assert (sheet["50B"], sheet["63B"]) == ("DEMO MUTUAL", "AUTH1")
    assert "54B" not in sheet


def test_counts_stand_left_of_the_line_for_cents_and_dollars_across_it() -> None:
    """Value code 80 counts three days, 01 names $1,000.50."""
    sheet = only(stay())
    boxes = form("ub04").boxes

    assert (sheet["39a"], sheet["39a.amount"], sheet["40a"], sheet["40a.amount"]) == ("80", "3", "01", "1000 50")
    assert boxes["39a.amount"].printed("3") == "       3  "
    assert boxes["40a.amount"].printed("1000 50") == "    100050"


def test_codes_without_room_go_on_in_81_behind_the_taxonomy() -> None:
    """Twelve conditions for eleven boxes, nine occurrences for eight, thirteen values for twelve."""
    claim = stay(
        conditions=tuple(f"{n:02}" for n in range(1, 13)),
        occurrences=tuple(Occurrence(f"{n:02}", date(2026, 10, n)) for n in range(1, 10)),
        values=tuple(CodedValue(f"B{n:X}", Decimal(n)) for n in range(13)),
    )
    sheet = only(claim)

    assert (sheet["81a.qualifier"], sheet["81a"]) == ("B3", CLINIC.taxonomy)
    assert (sheet["81b.qualifier"], sheet["81b"]) == ("A1", "12")
    assert (sheet["81c.qualifier"], sheet["81c"], sheet["81c.value"]) == ("A2", "09", "100926")
    assert (sheet["81d.qualifier"], sheet["81d"], sheet["81d.value"]) == ("A4", "BC", "12 00")
    assert left_out(form("ub04"), [sheet]) == ()


def test_what_the_form_has_no_box_for_is_named() -> None:
    """A nineteenth diagnosis and a third other provider stay off the paper, and whoever prints it is told."""
    doctor = Provider("1987654328", "HEALER", "HAL")
    claim = stay(
        diagnoses=tuple(FoundDiagnosis(f"J{n}") for n in range(10, 29)),
        other_operating=doctor, rendering=doctor, referring=doctor,
    )  # fmt: skip
    sheets = ub04(claim, MADE)

    assert left_out(form("ub04"), sheets) == ("67R", "79.more.kind", "79.more", "79.more.last", "79.more.first")
    assert sheets[0]["78.kind"] == "ZZ"
    assert b"J28" not in print_image(form("ub04"), sheets)


def test_a_drug_its_procedure_with_modifiers_and_what_is_not_covered() -> None:
    drug = replace(
        stay(lines=1).lines[0], ndc="00000000101", ndc_quantity=Decimal("2.50"), ndc_unit="ML", modifiers=("JW", "59"),
        not_covered_cents=25_00,
    )  # fmt: skip
    sheet = only(replace(stay(), lines=(drug,)))

    assert (sheet["43.1"], sheet["44.1"]) == ("N400000000101ML2.5", "85025JW59")
    assert (sheet["48.1"], sheet["48.23"]) == ("25 00", "25 00")


def test_a_room_shows_its_price_of_a_day() -> None:
    """Three days for $2,700.00 are $900.00 a day; three days for $1,000.00 come to no whole cents, and the box stays empty."""
    room = replace(
        stay(lines=1).lines[0], revenue_code="0120", procedure="", modifiers=(), unit_basis="DA", units=Decimal(3)
    )
    even, odd = replace(room, charge_cents=2700_00), replace(room, charge_cents=1000_00)

    sheet = only(replace(stay(), lines=(even, odd)))

    assert (sheet["44.1"], sheet["46.1"], sheet.get("44.2")) == ("900.00", "3", None)


def test_a_replacement_names_the_claim_it_replaces_and_remarks_are_laid_in_four_lines() -> None:
    words = "Replaces the claim of last month because the days were counted wrong."
    sheet = only(stay(frequency="7", payer_claim_number="ICN9", notes=(Note(words),)))

    assert (sheet["4"], sheet["64A"]) == ("0117", "ICN9")
    assert [sheet[f"80.{n}"] for n in (1, 2, 3)] == [
        "REPLACES THE CLAIM OF",
        "LAST MONTH BECAUSE THE",
        "DAYS WERE COUNTED WRONG",
    ]


def test_where_to_send_it_and_where_to_pay() -> None:
    payer = replace(ACME, address=Address("7 PAYER BLVD", "", "PEORIA", "IL", "61602"))
    billing = replace(CLINIC, pay_to=Address("PO BOX 9", "", "PEORIA", "IL", "61602"))
    sheet = only(stay(coverage=coverage(payer), billing=billing))

    assert [sheet[f"38.{n}"] for n in (1, 2, 3)] == ["ACME HEALTH PLAN", "7 PAYER BLVD", "PEORIA IL 61602"]
    assert (sheet["2.street"], sheet["2.place"]) == ("PO BOX 9", "PEORIA IL 61602")


@given(st.integers(1, 70))
def test_every_line_is_on_exactly_one_sheet(lines: int) -> None:
    sheets = ub04(stay(lines=lines), MADE)
    units = [sheet[f"46.{row}"] for sheet in sheets for row in range(1, 23) if f"46.{row}" in sheet]

    assert units == [str(n) for n in range(1, lines + 1)]
    assert sheets[-1]["47.23"] == f"{lines * 100} 00"
    assert len(sheets) == -(-lines // 22)


def test_no_two_boxes_share_a_place_and_all_fit_on_the_sheet() -> None:
    taken: dict[tuple[int, int], str] = {}
    for box in form("ub04").boxes.values():
        assert box.line <= form("ub04").lines
        for column in range(box.column, box.column + box.length):
            assert column <= form("ub04").columns
            assert taken.setdefault((box.line, column), box.name) == box.name
