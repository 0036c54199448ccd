"""A new insurer format is a folder with a description and a stylesheet; what a stylesheet may do has narrow bounds."""

from datetime import datetime
from pathlib import Path

import pytest

from claims_service.domain.errors import NotFound, Rejected
from claims_service.formats.insurer.canonical import Sending
from claims_service.formats.insurer.insurer_format import format_names, insurer_format, read_format
from claims_service.formats.insurer.stylesheet import Stylesheet
from claims_service.formats.insurer.write_claims import write_claims
from claims_service.formats.xml import read_xml
from tests.formats.paper.facility import stay
from tests.formats.x12 import examples

SENDING = Sending("CLINIC", "FUND", datetime(2026, 11, 2, 9, 0))  # noqa: DTZ001 - local time
XSL = '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" {more}>{body}</xsl:stylesheet>'
LINES = XSL.format(
    more="",
    body="""<xsl:output method="text" encoding="utf-8"/><xsl:template match="/claims"><xsl:for-each select="claim/line">
<xsl:value-of select="concat(../@id, ';', @code, ';', @net, ';', ../all/coverage/@group-number, ';', ../all/patient/@birth-on)"/>
<xsl:text>&#10;</xsl:text></xsl:for-each></xsl:template>""",
)
BILL = XSL.format(
    more="",
    body='<xsl:template match="/claims"><bill total="{claim/@net}"><xsl:copy-of select="claim/all"/></bill></xsl:template>',
)
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="bill"><xs:complexType><xs:sequence>
<xs:any processContents="skip"/></xs:sequence><xs:attribute name="total" type="{kind}" use="required"/></xs:complexType></xs:element></xs:schema>"""


def folder(at: Path, sheet: str, **more: str) -> Path:
    """A format of a made-up insurer."""
    made = at / "fund"
    made.mkdir()
    told = {"title": "Fund", "extension": "csv", "claim": "claim.xsl", **more}
    text = "\n".join(f'{name} = "{value}"' for name, value in told.items())
    (made / "format.toml").write_text(f'{text}\nkinds = ["professional"]\n')
    (made / "claim.xsl").write_text(sheet)
    return made


def test_a_folder_alone_makes_the_file_of_a_new_insurer(tmp_path: Path) -> None:
    """No code: one line a service, with the price, the group of the plan and the patient's birthday."""
    made = write_claims(read_format(folder(tmp_path, LINES)), SENDING, [examples.claim()])

    assert made.decode() == "C1;99213;120.50;GRP100;1980-01-01\nC1;85025;30.00;GRP100;1980-01-01\n"


def test_everything_a_claim_holds_can_be_asked_for(tmp_path: Path) -> None:
    """Adjustments of the first plan, to the cent, in the claim to the second."""
    bill = read_xml(write_claims(read_format(folder(tmp_path, BILL)), SENDING, [examples.secondary()]))

    decided = bill.findall("all/lines/decisions/adjustments")
    assert [(a.get("group"), a.get("reason"), a.get("amount")) for a in decided] == [
        ("CO", "45", "30.50"),
        ("PR", "2", "20.00"),
    ]
    assert [d.text for d in bill.findall("all/diagnoses")] == ["J069", "R509"]


def test_a_format_says_which_claims_it_takes(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="takes no institutional claims"):
        write_claims(read_format(folder(tmp_path, LINES)), SENDING, [stay()])


def test_a_schema_beside_the_stylesheet_is_kept_to(tmp_path: Path) -> None:
    """A total of $150.50 is a decimal and no whole number; what is said names the place and no value of the claim."""
    made = folder(tmp_path, BILL, schema="bill.xsd")
    (made / "bill.xsd").write_text(SCHEMA.format(kind="xs:decimal"))
    assert b'total="150.50"' in write_claims(read_format(made), SENDING, [examples.claim()])

    (made / "bill.xsd").write_text(SCHEMA.format(kind="xs:integer"))
    with pytest.raises(Rejected) as refused:
        write_claims(read_format(made), SENDING, [examples.claim()])
    assert "bill" in str(refused.value)
    assert "150.50" not in str(refused.value)


@pytest.mark.parametrize(
    "sheet",
    [
        XSL.format(more="", body='<xsl:import href="other.xsl"/>'),
        XSL.format(more="", body='<xsl:include href="http://example.org/other.xsl"/>'),
        XSL.format(
            more="",
            body="""<xsl:template match="/"><a><xsl:copy-of select="document ('secret.xml')"/></a></xsl:template>""",
        ),
        XSL.format(
            more='xmlns:e="http://exslt.org/common"',
            body='<xsl:template match="/"><e:document href="out.xml"/></xsl:template>',
        ),
        XSL.format(
            more='xmlns:d="http://exslt.org/dates-and-times"',
            body='<xsl:template match="/"><a t="{d:date-time()}"/></xsl:template>',
        ),
        XSL.format(more='xmlns:x="http://example.org/x" extension-element-prefixes="x"', body=""),
        XSL.format(more="", body='<xsl:template match="[">broken</xsl:template>'),
        '<!DOCTYPE a [<!ENTITY x "y">]>' + XSL.format(more="", body="&x;"),
        "<plan/>",
        "<xsl:broken",
    ],
)
def test_a_stylesheet_that_asks_for_more_than_its_document_is_refused(sheet: str) -> None:
    with pytest.raises(Rejected):
        Stylesheet("mappings/fund/claim.xsl", sheet.encode())


def test_nothing_is_opened_or_written_even_where_the_look_at_the_text_finds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two walls: with the first one taken away, the second keeps the clinic's files shut."""
    (tmp_path / "secret.xml").write_text("<secret>of the clinic</secret>")
    reads = (
        f"""<xsl:template match="/"><a><xsl:copy-of select="document('{tmp_path}/secret.xml')"/></a></xsl:template>"""
    )
    writes = f"""<xsl:template match="/"><xsl:document href="{tmp_path}/out.xml"><a/></xsl:document></xsl:template>"""
    calls = """<xsl:template match="/"><a x="{x:run('ls')}" xmlns:x="http://example.org/x"/></xsl:template>"""
    turns = '<xsl:template match="/"><xsl:apply-templates select="/"/></xsl:template>'
    monkeypatch.setattr(Stylesheet, "_refuse_outside", lambda _self, _element: None)

    for body in (reads, writes, calls, turns):
        with pytest.raises(Rejected):
            Stylesheet("mappings/fund/claim.xsl", XSL.format(more="", body=body).encode()).run(read_xml(b"<claims/>"))
    assert [file.name for file in tmp_path.iterdir()] == ["secret.xml"]


def test_a_format_that_is_not_there_is_said_with_those_that_are() -> None:
    assert "uae" in format_names()
    with pytest.raises(NotFound, match="uae"):
        insurer_format("../payers")
