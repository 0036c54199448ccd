"""The letter of appeal on paper."""

import io
from dataclasses import replace

from pypdf import PdfReader

from claims_service.domain.appeal import Letter, RefusedLine, letter_from, letter_text
from claims_service.domain.party import Address
from claims_service.formats.documents.appeal_pdf import appeal_pdf

LETTER = Letter(
    1, "2026-11-20", "2027-05-17", "Lakeside Clinic", "5035550142", Address("1 Example Street", "", "Portland", "OR", "972010001"),
    "Quillhaven Health", Address("7 Payer Boulevard", "", "Salem", "OR", "973010001"),
    (("Patient", "Alma Testpatient"), ("Your claim number", "ICN7")),
    (RefusedLine("2026-11-10", "99213", 120_00, 120_00, "CO 50 Payer says not medically necessary"),),
    ("We ask you to look again.", "Please pay the claim."), 120_00, "Priya Castellane",
)  # fmt: skip


def words(letter: Letter) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(appeal_pdf(letter))).pages)


def test_the_letter_names_the_insurer_the_claim_and_what_was_refused() -> None:
    told = words(LETTER)

    for part in (
        "Quillhaven Health", "7 Payer Boulevard", "November 20, 2026", "First appeal: $120.00 refused", "ICN7", "99213",
        "CO 50 Payer says not medically necessary", "We ask you to look again.", "Priya Castellane",
    ):  # fmt: skip
        assert part in told


def test_a_text_is_never_read_as_markup() -> None:
    """What a manager or an insurer writes stays what it is."""
    assert "#image(x) *bold* $1$" in words(replace(LETTER, paragraphs=("#image(x) *bold* $1$",)))


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert appeal_pdf(LETTER) == appeal_pdf(letter_from(letter_text(LETTER)))


def test_a_long_letter_goes_on_over_pages() -> None:
    told = PdfReader(io.BytesIO(appeal_pdf(replace(LETTER, paragraphs=("Word " * 400,) * 5))))

    assert len(told.pages) > 1
