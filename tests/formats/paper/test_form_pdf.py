"""Forms as PDF: the words on the paper, read back, are the values of the claim, on our drawing and on the overlay."""

import io
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.formats.documents.claim_paper import Look, claim_paper
from claims_service.formats.documents.form_pdf import NO_ROOM, choices_of, drawn_form, overlay
from claims_service.formats.paper.cms1500 import cms1500
from claims_service.formats.paper.form import Form, Sheet, form, form_names, left_out
from claims_service.formats.paper.ub04 import ub04
from tests.formats.paper.facility import stay
from tests.formats.paper.read_back import drawn, expected, overlaid
from tests.formats.x12 import examples
from tests.formats.x12.claim_strategies import institutional, professional
from tests.formats.x12.examples import line

DAY = date(2026, 10, 20)
PROFESSIONAL = cms1500(
    examples.claim(lines=tuple(line(n, 1000 * n) for n in range(1, 8)), referring=examples.DOCTOR), DAY
)
FILLED: list[tuple[str, tuple[dict[str, str], ...]]] = [("cms1500", PROFESSIONAL), ("ub04", ub04(stay(lines=30), DAY))]


def printed(wanted: Form, sheet: Sheet) -> dict[str, str]:
    """What a sheet looks like once it is on paper: cut where a box ends, cents without their blank."""
    boxes = wanted.boxes
    return {name: boxes[name].printed(text).strip() for name, text in sheet.items() if name in boxes}


@pytest.mark.parametrize(("name", "sheets"), FILLED)
def test_the_overlay_read_back_by_place_gives_the_same_values(name: str, sheets: tuple[dict[str, str], ...]) -> None:
    """Two sheets each: every word lies in the column and on the line of its box, within a thirtieth of it."""
    paper = overlay(form(name), sheets, DAY)

    assert len(sheets) == 2
    assert overlaid(paper, form(name)) == [printed(form(name), sheet) for sheet in sheets]


@pytest.mark.parametrize(("name", "sheets"), FILLED)
def test_the_drawing_read_back_by_label_gives_the_same_values(name: str, sheets: tuple[dict[str, str], ...]) -> None:
    paper = drawn_form(form(name), sheets, DAY)

    assert drawn(paper, form(name)) == [expected(sheet, form(name)) for sheet in sheets]


@settings(max_examples=10)
@given(st.one_of(professional(), institutional()))
def test_whatever_a_claim_holds_is_on_its_paper(claim: Claim | InstitutionalClaim) -> None:
    """Any claim an 837 can carry: what the papers say is what the boxes say, and nothing else."""
    name, sheets = ("cms1500", cms1500(claim, DAY)) if isinstance(claim, Claim) else ("ub04", ub04(claim, DAY))
    wanted = form(name)

    assert overlaid(overlay(wanted, sheets, DAY), wanted) == [printed(wanted, sheet) for sheet in sheets]
    assert drawn(drawn_form(wanted, sheets, DAY), wanted) == [expected(sheet, wanted) for sheet in sheets]


def test_what_the_printed_form_has_no_room_for_stands_below_our_drawing() -> None:
    """A second number for item 23: on our drawing it has a place, on the overlay it has none."""
    sheets = cms1500(examples.claim(prior_authorization="AUTH1", clia="11D2222222"), DAY)
    wanted = form("cms1500")
    text = PdfReader(io.BytesIO(drawn_form(wanted, sheets, DAY))).pages[0].extract_text()

    assert left_out(wanted, sheets) == ("23.more",)
    assert "11D2222222" in text.partition(NO_ROOM)[2]
    assert b"11D2222222" not in claim_paper("cms1500", sheets, Look("text"), DAY)
    assert NO_ROOM not in PdfReader(io.BytesIO(drawn_form(wanted, PROFESSIONAL, DAY))).pages[0].extract_text()


def test_a_printer_that_is_off_is_set_right_by_thousandths_of_an_inch() -> None:
    """50 to the right and 30 up: every word moves, none changes."""
    sheets = PROFESSIONAL[:1]
    paper = overlay(form("cms1500"), sheets, DAY, right=50, down=-30)

    assert overlaid(paper, form("cms1500"), right=50, down=-30) == [printed(form("cms1500"), sheets[0])]


@pytest.mark.parametrize("name", form_names())
def test_the_drawing_shows_every_box_of_the_form_once(name: str) -> None:
    shown: Counter[str] = Counter()
    for section in form(name).sections:
        for cell in (cell for row in section.get("rows", ()) for cell in row):
            shown.update(cell.get("holds", [cell["box"]]))
            shown.update(box for box, _ in choices_of(cell))
        if table := section.get("table"):
            names = [
                *(n for c in table["columns"] for n in c["holds"]),
                *([table["above"]] if "above" in table else []),
            ]
            shown.update(n.format(row) for n in names for row in table["rows"])
    boxes = form(name).boxes

    assert {box: count for box, count in shown.items() if box in boxes and count > 1} == {}
    assert boxes.keys() - shown.keys() == set()


@pytest.mark.parametrize(("name", "sheets"), FILLED)
def test_a_sheet_is_one_letter_page_tagged_and_named(name: str, sheets: tuple[dict[str, str], ...]) -> None:
    for made in (drawn_form(form(name), sheets, DAY), overlay(form(name), sheets, DAY)):
        paper = PdfReader(io.BytesIO(made))
        root: Any = paper.trailer["/Root"].get_object()
        assert [(page.mediabox.width, page.mediabox.height) for page in paper.pages] == [(612, 792)] * len(sheets)
        assert root["/MarkInfo"]["/Marked"]
        assert paper.metadata is not None
        assert paper.metadata.title == form(name).title


def test_the_same_claim_is_the_same_bytes_and_markup_in_a_name_is_only_a_name() -> None:
    sheet = {"2": '#read("x") $y$ *b*', "19": "A   B"}
    wanted = form("cms1500")

    assert overlay(wanted, [sheet], DAY) == overlay(wanted, [sheet], DAY)
    assert overlaid(overlay(wanted, [sheet], DAY), wanted)[0]["2"] == '#read("x") $y$ *b*'
