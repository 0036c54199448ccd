"""A professional claim on a CMS-1500: what stands in which box, as the insurer's clerk will read it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.claim.circumstances import Accident, Attachment, ClaimDates, EpsdtReferral, Note
from claims_service.domain.claim.claim import Claim, OtherPayer
from claims_service.domain.party import Address, Payer, Person, Provider
from claims_service.formats.paper.cms1500 import cms1500
from claims_service.formats.paper.form import form, left_out, print_image
from claims_service.formats.x12.read_837p import read_837p
from tests.formats.x12 import examples
from tests.formats.x12.examples import ACME, ANN, DEMO, TIM, coverage, line

DAY = date(2026, 10, 20)
MEDICARE = Payer("MCR01", "MEDICARE", "MB")


def only(claim: Claim) -> dict[str, str]:
    """The boxes of a claim that fits on one sheet."""
    (sheet,) = cms1500(claim, DAY)
    return sheet


@pytest.mark.corpus
def test_the_print_image_is_the_one_a_clearinghouse_took(shared_data: Path) -> None:
    """Alma's $150.00 visit, character by character; the file has no address of the plan, so it is added here."""
    content = (shared_data / "layouts/x12/837p_basic.x12").read_bytes()
    alma = next(iter(read_837p(content)))
    payer = replace(alma.coverage.payer, address=Address("7 PAYER BOULEVARD", "", "SPRINGFIELD", "IL", "627010007"))
    alma = replace(alma, coverage=replace(alma.coverage, payer=payer, plan_name="TESTWELL PPO"))

    printed = print_image(form("cms1500"), cms1500(alma, date(2026, 10, 15)))

    assert printed == (shared_data / "layouts/paper/cms1500_print_SYNA001.txt").read_bytes()


@pytest.mark.corpus
def test_every_box_lies_where_the_shared_list_of_positions_says(shared_data: Path) -> None:
    """First line and column of each box; parts of a date follow in its text, and two boxes were widened to the manual's."""
    listed = (shared_data / "layouts/paper/cms1500_positions.csv").read_text().split()[1:]
    places = {tuple(int(part) for part in row.split(",")[1:3]) for row in listed}
    dates_later = {
        tuple(int(p) for p in row.split(",")[1:3]) for row in listed if row.split(",")[0][-3:] in ("_dd", "_yy")
    }
    dates_later |= {tuple(int(p) for p in row.split(",")[1:3]) for row in listed if row.split(",")[0].endswith("_ccyy")}
    ours = {(box.line, box.column) for box in form("cms1500").boxes.values()}
    added = {(22, 53), (26, 30)} | {(43 + 2 * n, 63) for n in range(6)} | {(44 + 2 * n, 22) for n in range(6)}

    assert ours - places == added
    assert places - dates_later - ours == {(26, 34), (61, 65)}  # 10d begins further left, 33b with its qualifier


def test_dates_and_money_have_no_punctuation_and_cents_stand_behind_a_blank() -> None:
    sheet = only(examples.claim(patient_paid_cents=2000))

    assert (sheet["3"], sheet["24A.1"], sheet["24A.1.to"]) == ("01 01 1980", "10 15 26", "10 15 26")
    assert (sheet["24F.1"], sheet["28"], sheet["29"]) == ("120 50", "150 50", "20 00")
    assert sheet["2"] == "EXAMPLE, ANN, Q"
    assert (sheet["21A"], sheet["21B"], sheet["24E.1"], sheet["24E.2"]) == ("J069", "R509", "AB", "A")


def test_seven_services_take_two_sheets_and_only_the_last_has_the_total() -> None:
    """Seven visits of $10.00: six on the first sheet, one and the $70.00 on the second, everything else on both."""
    lines = tuple(line(n, 1000) for n in range(1, 8))
    first, second = cms1500(examples.claim(lines=lines), DAY)

    assert "24F.6" in first
    assert [box for box in second if box.startswith("24F")] == ["24F.1"]
    assert "28" not in first
    assert "29" not in first
    assert second["28"] == "70 00"
    repeated = [box for box in first if not box.startswith("24")]
    assert {box: second[box] for box in repeated} == {box: first[box] for box in repeated}


def test_a_childs_claim_names_the_parent_as_insured() -> None:
    mother = replace(ANN, address=Address("9 OTHER ST", "", "PEORIA", "IL", "61602"))
    sheet = only(examples.claim(patient=TIM, coverage=coverage(relationship="19", subscriber=mother)))

    assert (sheet["2"], sheet["4"]) == ("EXAMPLE, TIM", "EXAMPLE, ANN, Q")
    assert (sheet["6.child"], sheet["7.city"], sheet["5.city"]) == ("X", "PEORIA", "SPRINGFIELD")
    assert "6.self" not in sheet
    assert (sheet["3.M"], sheet["11a"], sheet["11a.F"]) == ("X", "01 01 1980", "X")


def test_a_second_plan_is_told_of_the_first_and_what_it_paid() -> None:
    """ACME paid $70.00 of $120.50; the claim to DEMO says so in 29 and names ACME's policy in 9."""
    sheet = only(examples.secondary())

    assert (sheet["11d.yes"], sheet["9"], sheet["9a"], sheet["9d"]) == (
        "X",
        "EXAMPLE, ANN, Q",
        "GRP100",
        "ACME HEALTH PLAN",
    )
    assert (sheet["28"], sheet["29"]) == ("120 50", "70 00")
    assert sheet["carrier.name"] == "DEMO MUTUAL"


def test_a_first_plan_is_told_of_the_one_that_is_asked_next() -> None:
    later = OtherPayer(DEMO, ANN, "18", "D9", "S")
    sheet = only(examples.claim(other_payers=(later,)))

    assert (sheet["11d.yes"], sheet["9a"], sheet["9d"]) == ("X", "D9", "DEMO MUTUAL")
    assert "11d.no" in only(examples.claim())


def test_medicare_first_reads_none_in_11_and_nothing_about_the_insured() -> None:
    sheet = only(examples.claim(coverage=coverage(MEDICARE), patient_paid_cents=500))

    assert (sheet["1.medicare"], sheet["11"], sheet["29"]) == ("X", "NONE", "5 00")
    assert not [box for box in sheet if box in ("4", "9", "11a", "11c", "11d.yes", "11d.no") or box.startswith("7.")]


def test_medicare_second_names_the_plan_that_paid_first_and_29_holds_only_the_patients_money() -> None:
    first = OtherPayer(ACME, ANN, "01", "M1", "P", "GRP100", 7000)
    sheet = only(
        examples.claim(coverage=coverage(MEDICARE), sequence="S", other_payers=(first,), patient_paid_cents=500)
    )

    assert (sheet["4"], sheet["11"], sheet["11c"], sheet["29"]) == (
        "EXAMPLE, ANN, Q",
        "GRP100",
        "ACME HEALTH PLAN",
        "5 00",
    )


@pytest.mark.parametrize(
    ("filing", "box"),
    [("MB", "medicare"), ("MC", "medicaid"), ("CH", "tricare"), ("VA", "champva"), ("BL", "group"), ("WC", "other")],
)
def test_item_1_is_marked_by_the_kind_of_plan(filing: str, box: str) -> None:
    sheet = only(examples.claim(coverage=coverage(replace(ACME, filing=filing))))
    assert [name for name in sheet if name.startswith("1.")] == [f"1.{box}"]


def test_a_car_accident_is_marked_with_its_state_and_day() -> None:
    sheet = only(examples.claim(accident=Accident(("AA",), date(2026, 10, 1), "IL"), property_claim_number="PC-7"))

    assert (sheet["10a.no"], sheet["10b.yes"], sheet["10b.state"], sheet["10c.no"]) == ("X", "X", "IL", "X")
    assert (sheet["15.qualifier"], sheet["15"]) == ("439", "10 01 2026")
    assert (sheet["11b.qualifier"], sheet["11b"]) == ("Y4", "PC-7")


def test_item_17_names_who_referred_before_who_ordered_or_supervised() -> None:
    """DN referred, DK ordered, DQ supervised: the form has room for one."""
    sent = Provider("1111111112", "SENDER", "SUE", middle="B", suffix="MD", numbers=(("G2", "P-77"),))
    ordered, watched = Provider("1222222223", "ORDER", "OLA"), Provider("1333333334", "WATCH", "WIM")
    lines = (line(ordering=ordered),)

    sheet = only(examples.claim(referring=sent, supervising=watched, lines=lines))
    assert (sheet["17.qualifier"], sheet["17"], sheet["17b"]) == ("DN", "SUE B SENDER MD", "1111111112")
    assert (sheet["17a.qualifier"], sheet["17a"]) == ("G2", "P-77")
    assert only(examples.claim(supervising=watched, lines=lines))["17.qualifier"] == "DK"
    assert only(examples.claim(supervising=watched))["17.qualifier"] == "DQ"


def test_a_replacement_names_the_claim_it_replaces() -> None:
    sheet = only(examples.claim(frequency="7", payer_claim_number="ICN900"))

    assert (sheet["22"], sheet["22.reference"]) == ("7", "ICN900")
    assert "22" not in only(examples.claim(payer_claim_number="ICN900"))


def test_item_23_holds_the_authorization_and_else_the_referral_or_the_laboratorys_number() -> None:
    assert only(examples.claim(prior_authorization="A1", referral_number="R1", clia="11D1111111"))["23"] == "A1"
    assert only(examples.claim(referral_number="R1", clia="11D1111111"))["23"] == "R1"
    assert only(examples.claim(clia="11D1111111"))["23"] == "11D1111111"


def test_a_drug_stands_in_the_shaded_half_with_its_number_and_quantity() -> None:
    drug = replace(examples.drug(), ndc_quantity=Decimal("2.50"), ndc_unit="ML", notes=(Note("Left arm."),))
    sheet = only(examples.claim(lines=(line(), drug)))

    assert sheet["24.2"] == "N400000000101   ML2.5   LEFT ARM"
    assert (sheet["24D.2"], sheet["24G.2"]) == ("J1885", "4")
    assert "24.1" not in sheet


def test_modifiers_emergency_screening_and_the_providers_other_number_have_their_columns() -> None:
    doctor = Provider("1987654328", "HEALER", "HAL", numbers=(("0B", "IL-55"),))
    one = line(modifiers=("25", "59"), emergency=True, epsdt=True, rendering=doctor, served_until=date(2026, 10, 17))
    sheet = only(examples.claim(lines=(one,), epsdt=EpsdtReferral(True, ("S2",))))

    assert (sheet["24D.1.modifiers"], sheet["24C.1"], sheet["24H.1"], sheet["24H.1.reason"]) == (
        "25 59",
        "Y",
        "Y",
        "S2",
    )
    assert (sheet["24I.1"], sheet["24J.1.other"], sheet["24J.1"]) == ("0B", "IL-55", "1987654328")
    assert sheet["24A.1.to"] == "10 17 26"


def test_notes_and_papers_that_follow_share_item_19() -> None:
    sheet = only(examples.claim(notes=(Note("See letter, please."),), attachments=(Attachment("OZ", "FX", "A12"),)))
    assert sheet["19"] == "SEE LETTER PLEASE PWKOZFXACA12"


def test_days_away_from_work_and_in_hospital() -> None:
    dates = ClaimDates(onset_on=date(2026, 10, 1), disabled_on=date(2026, 10, 2), disabled_until=date(2026, 10, 9),
                       admitted_on=date(2026, 10, 3), discharged_on=date(2026, 10, 5))  # fmt: skip
    sheet = only(examples.claim(dates=dates))

    assert (sheet["14"], sheet["14.qualifier"]) == ("10 01 2026", "431")
    assert (sheet["16.from"], sheet["16.to"]) == ("10 02 2026", "10 09 2026")
    assert (sheet["18.from"], sheet["18.to"]) == ("10 03 2026", "10 05 2026")


def test_the_place_of_service_is_the_clinic_unless_another_is_named_or_it_was_at_home() -> None:
    elsewhere = Provider("1444444445", "COUNTY HOSPITAL", address=Address("5 HILL RD", "", "PEORIA", "IL", "61602"))

    assert only(examples.claim())["32.name"] == "LAKESIDE CLINIC"
    assert only(examples.claim(facility=elsewhere))["32.place"] == "PEORIA IL 61602"
    assert "32.name" not in only(examples.claim(place_of_service="12"))


def test_nobody_signs_or_accepts_what_the_claim_does_not_say() -> None:
    sheet = only(
        examples.claim(signature="N", benefits_assigned="N", release_of_information="N", accept_assignment="C")
    )

    assert not {"12", "13", "31", "31.date", "27.yes"} & sheet.keys()
    assert sheet["27.no"] == "X"


def test_accents_and_punctuation_leave_a_name_readable() -> None:
    person = Person(
        "O'Niño-Díaz", "José", "", date(1980, 1, 1), "M", Address("1 St. Mary’s Pl., Apt. 4", "", "X", "IL", "1")
    )
    sheet = only(examples.claim(patient=person))

    assert (sheet["2"], sheet["5.street"]) == ("ONINO-DIAZ, JOSE", "1 ST MARYS PL APT 4")


def test_what_the_form_has_no_room_for_is_named() -> None:
    """Item 19 has 48 characters; the print is cut there, and whoever prints it is told."""
    long = examples.claim(notes=(Note("A" * 60),))

    assert left_out(form("cms1500"), cms1500(long, DAY)) == ("19",)
    assert left_out(form("cms1500"), cms1500(examples.claim(), DAY)) == ()
    assert "A" * 49 not in print_image(form("cms1500"), cms1500(long, DAY)).decode()


@given(st.lists(st.integers(0, 99_999_99), min_size=1, max_size=20))
def test_every_charge_is_on_exactly_one_sheet_and_the_last_adds_them_up(charges: list[int]) -> None:
    claim = examples.claim(lines=tuple(line(n, cents) for n, cents in enumerate(charges, 1)))
    sheets = cms1500(claim, DAY)
    found = [sheet[f"24F.{row}"] for sheet in sheets for row in range(1, 7) if f"24F.{row}" in sheet]

    assert [int(text.replace(" ", "")) for text in found] == charges
    assert int(sheets[-1]["28"].replace(" ", "")) == sum(charges)
    assert len(sheets) == -(-len(charges) // 6)
    assert set().union(*sheets) <= form("cms1500").boxes.keys()


def test_no_two_boxes_share_a_place_and_all_fit_on_the_sheet() -> None:
    taken: dict[tuple[int, int], str] = {}
    for box in form("cms1500").boxes.values():
        assert box.line <= form("cms1500").lines
        for column in range(box.column, box.column + box.length):
            assert column <= form("cms1500").columns
            assert taken.setdefault((box.line, column), box.name) == box.name
