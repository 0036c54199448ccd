"""What an estimate and a letter of assistance say on paper: everything the law asks for, in the reader's language."""

import io
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from claims_service.domain.estimate.paper import INSURED, SELF_PAY, Estimate, Line
from claims_service.domain.party import Address
from claims_service.domain.patient.statement import Sender
from claims_service.formats.documents.estimate_pdf import estimate_pdf

HOME = Address("2 Sample Road", "", "Portland", "OR", "97202")
LINES = (
    Line("99213", ("25",), "Office visit", Decimal(1), 120_00, 90_00),
    Line("85025", (), "Blood count", Decimal(2), 60_00),
)


def paper(kind: str) -> Estimate:
    return Estimate(
        "E1-1001", kind, date(2026, 11, 20), "Alma Testpatient", date(1980, 1, 1), HOME, Sender("Lakeside", "5035550142", HOME),
        "1990000014", "990000001", "Imani Voss", "1990000022", ("Office", "Consultorio"), date(2026, 11, 20),
        date(2026, 12, 4), (("J06.9", "Cold"),), LINES, "Surgery of the knee", payer="Quillhaven" if kind == INSURED else "",
    )  # fmt: skip


def said(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Good faith estimate", "December 4, 2026", "Date of birth: January 1, 1980", "It is not a contract", "within 120 days",
                "$400 or more", "Your care stays the same", "Surgery of the knee", "Something may be added")),
        ("es", ("Estimación de buena fe", "4 de diciembre de 2026", "1 de enero de 1980", "No es un contrato", "120 días",
                "$400 o más", "Su atención no cambia", "Surgery of the knee", "Puede agregarse algo")),
    ],
)  # fmt: skip
def test_a_self_payer_reads_everything_the_law_asks_for(language: str, words: tuple[str, ...]) -> None:
    """45 CFR 149.610(c)(1): patient, day, services with codes and charges, diagnoses, NPI, TIN, place, and what it is not."""
    told = said(estimate_pdf(paper(SELF_PAY), language))

    always = (
        "Alma Testpatient", "99213-25", "$120.00", "85025", "$60.00", "$180.00", "J06.9", "1990000022", "1990000014", "99-0000001",
        "Imani Voss", "2 Sample Road", "1-800-985-3059",
    )  # fmt: skip
    assert [one for one in (*always, *words) if one not in told] == []
    assert "www.cms.gov/nosurprises" in told.replace(" ", "")  # it may stand on two lines


def test_a_price_the_plan_did_not_agree_to_is_not_known() -> None:
    """The second service has no agreed price: neither it nor the sum is named."""
    told = said(estimate_pdf(paper(INSURED), "en"))

    assert "$90.00" in told
    assert told.count("not known") == 3  # the service, the sum, the share
    assert "120 days" not in told


def test_the_same_estimate_is_the_same_bytes() -> None:
    assert estimate_pdf(paper(SELF_PAY), "es") == estimate_pdf(paper(SELF_PAY), "es")
