"""What the edits let go pleases the judges: claims of 24 kinds as one file, and each on its form, read back."""

import io
from datetime import date

import pytest

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.checks import may_go, problems_in
from claims_service.formats.documents.form_pdf import drawn_form, overlay
from claims_service.formats.paper.cms1500 import cms1500
from claims_service.formats.paper.form import Sheet, form
from claims_service.formats.x12.check import check
from claims_service.formats.x12.findings import errors
from claims_service.formats.x12.read_837p import read_837p
from claims_service.formats.x12.write_837p import write_837p
from tests.domain.edits.good_claims import KINDS, Maker
from tests.domain.edits.made import FACTS
from tests.formats.paper.read_back import drawn, expected, overlaid
from tests.formats.x12.examples import ENVELOPE
from tests.formats.x12.pyx12_judge import judge

DAY = date(2026, 11, 2)


def numbered() -> list[Claim]:
    """One of each kind, each with its own number."""
    maker = Maker(5)
    return [KINDS[kind](maker) for kind in KINDS]


@pytest.mark.check(47)
def test_part_5_every_kind_of_claim_that_may_go_pleases_pyx12_and_our_own_check() -> None:
    """24 kinds in one file: nothing the edits pass is refused by the outside judge, and all of it reads back."""
    claims = numbered()
    assert all(may_go(problems_in(claim, FACTS)) for claim in claims)

    written = write_837p(ENVELOPE, claims)

    assert judge(written) == (True, [])
    assert errors(list(check(io.BytesIO(written)).findings)) == []
    file = read_837p(written)
    assert len(list(file)) == len(claims)
    assert file.findings == []


def on_paper(sheet: Sheet) -> dict[str, str]:
    boxes = form("cms1500").boxes
    return {name: boxes[name].printed(text).strip() for name, text in sheet.items() if name in boxes}


def test_part_5_every_kind_of_claim_reads_back_from_its_cms_1500() -> None:
    """By the place of each word on the overlay, of every eighth by the label before it on our drawing."""
    sheets = tuple(sheet for claim in numbered() for sheet in cms1500(claim, DAY))
    wanted = form("cms1500")

    assert len(sheets) >= len(KINDS)
    assert overlaid(overlay(wanted, sheets, DAY), wanted) == [on_paper(sheet) for sheet in sheets]
    few = sheets[::8]
    assert drawn(drawn_form(wanted, few, DAY), wanted) == [expected(sheet, wanted) for sheet in few]
