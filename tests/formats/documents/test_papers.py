"""Statements and receipts on paper: one page, tagged, the same bytes again, and what is in a name is only a name."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from claims_service.domain.money import spoken
from claims_service.domain.party import Address
from claims_service.domain.patient.explanation import explained
from claims_service.domain.patient.invoice import Invoice, InvoiceLine, PlanAnswer, Reason
from claims_service.domain.patient.statement import PromptPay, Sender, Statement, StatementVisit
from claims_service.formats.documents.receipt_pdf import Receipt, receipt_pdf
from claims_service.formats.documents.statement_pdf import statement_pdf
from tests.patient.visits import FIVE

DAY = date(2026, 10, 6)
CLINIC = Sender("Larkspur Family Clinic", "5035550142", Address("214 Alder Street", "", "Marlow Falls", "OR", "97000"))
HOME = Address("9 Tannery Lane", "Apt 4", "Marlow Falls", "OR", "97000")


def statement(services: int = 5, patient: str = "Nadia Brennholt") -> Statement:
    told = []
    for number in range(services):
        line = FIVE[number % 5]
        reasons = tuple(Reason(key[:2], key[2:], cents) for key, cents in line.reasons.items())
        amounts = (line.charge_cents, line.discount_cents, line.paid_cents, 0, 0, sum(line.reasons.values()))
        told.append(explained(InvoiceLine(number + 1, line.code, line.words, DAY, *amounts, reasons), insured=True))
    plan = PlanAnswer("Quillhaven Health", 180_40, date(2026, 11, 17), "QH8820")
    invoice = Invoice("I1-1001", DAY, 1, DAY, "Imani Voss", (1,), (plan,), tuple(told))
    visit = StatementVisit(invoice, 30_00)
    return Statement("S1-2043", date(2026, 11, 18), date(2026, 12, 18), CLINIC, patient, HOME, (visit,))


def read(paper: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(paper))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("services", [1, 5, 8])
def test_a_statement_of_up_to_eight_services_is_one_letter_page(language: str, services: int) -> None:
    told = statement(services)
    pages = read(statement_pdf(told, language)).pages
    assert len(pages) == 1
    assert (pages[0].mediabox.width, pages[0].mediabox.height) == (612, 792)
    text = pages[0].extract_text()
    for cents in (told.charge_cents, told.share_cents, told.owed_cents):
        assert spoken(cents) in text


def test_what_each_line_says_adds_up_across_it() -> None:
    """Also where something was taken off, or a plan has yet to answer for it: each has a column then, and none otherwise."""
    amounts = {"taken": (60_00, 15_00, 0, 45_00, 0, 0), "asked": (60_00, 0, 20_00, 0, 30_00, 10_00)}
    lines = [
        explained(InvoiceLine(n, "93000", words, DAY, *cents, ()), insured=True)
        for n, (words, cents) in enumerate(amounts.items(), 1)
    ]
    told = statement()
    visit = replace(told.visits[0], invoice=replace(told.visits[0].invoice, lines=tuple(lines)))
    text = read(statement_pdf(replace(told, visits=(visit,)), "en")).pages[0].extract_text()
    assert "Price Discount Plan paid We took off In review Your share" in " ".join(text.split())
    for words in amounts:
        row = next(part for part in text.split("\n") if part.startswith(words))
        *parts, share = [
            round(float(each.replace("−", "-").replace("$", "")) * 100) for each in row.split() if "$" in each
        ]
        assert len(parts) == 5
        assert sum(parts) == share, row
    assert "We took off" not in read(statement_pdf(told, "en")).pages[0].extract_text()


@pytest.mark.parametrize(("services", "larger"), [(2, True), (12, True), (7, False)])
def test_a_bill_with_room_left_is_in_larger_print(services: int, larger: bool) -> None:
    """The first page of many services too, as they stand on the next one."""
    sizes: set[float] = set()

    def note(text: str, matrix: object, at: object, font: object, size: float) -> None:
        if "What we charge everyone" in text or "Tell us before you pay" in text:
            sizes.add(size)

    read(statement_pdf(statement(services), "en")).pages[0].extract_text(visitor_text=note)
    assert sizes
    assert (min(sizes) > 10) is larger


def test_more_services_go_to_a_second_page_and_the_pay_slip_stays_on_the_first() -> None:
    first, second = (page.extract_text() for page in read(statement_pdf(statement(12), "en")).pages)
    assert "To pay by mail" in first
    assert "Heart tracing" in second
    assert "Heart tracing" not in first


def test_the_address_stands_behind_the_window_of_the_envelope() -> None:
    """2.5 to 3.2 inches from the top and 0.9 to 1.3 inches from the left edge of the sheet."""
    found: list[tuple[float, float]] = []

    def note(text: str, cm: list[float], tm: list[float], _font: object, _size: object) -> None:
        if "Tannery" in text:
            left, top = cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5]
            found.append((left / 72, 11 - top / 72))

    read(statement_pdf(statement(), "en")).pages[0].extract_text(visitor_text=note)
    assert found
    assert all(0.9 < left < 1.3 and 2.5 < top < 3.2 for left, top in found)


def test_a_statement_is_tagged_named_and_in_its_language() -> None:
    paper = read(statement_pdf(statement(), "es"))
    root: Any = paper.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("es")
    assert paper.metadata is not None
    assert paper.metadata.title == "Estado de cuenta S1-2043, Larkspur Family Clinic"
    assert paper.xmp_metadata is not None
    assert b"pdfuaid" in paper.xmp_metadata.stream.get_data()


def test_the_same_statement_is_the_same_bytes() -> None:
    assert statement_pdf(statement(), "en") == statement_pdf(statement(), "en")
    assert statement_pdf(statement(), "en") != statement_pdf(statement(), "es")


@pytest.mark.parametrize(
    "name", ['#read("/etc/passwd")', "$x$ *b* _i_ <l> @r", "\\#strong[x]", "= Heading", "`raw` // gone"]
)
def test_markup_in_a_name_is_only_a_name(name: str) -> None:
    text = read(statement_pdf(statement(patient=name), "en")).pages[0].extract_text()
    assert name.replace(" ", "") in text.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Pay $60.60 by Monday, November 30, 2026, and we take $10.00 off"),
        ("es", "Pague $60.60 a más tardar el lunes 30"),
    ],
)
def test_a_statement_says_what_paying_early_saves_and_stays_one_page(language: str, words: str) -> None:
    """$70.60 is owed, $10.00 is off until November 30."""
    told = replace(statement(7), prompt_pay=PromptPay(10_00, date(2026, 11, 30), (1,)))
    told = replace(told, visits=(replace(told.visits[0], paid_cents=told.share_cents - 70_60),))
    pages = read(statement_pdf(told, language)).pages
    assert len(pages) == 1
    assert words in " ".join(pages[0].extract_text().split())


def test_a_receipt_lists_what_it_paid() -> None:
    """$70.60 for two visits, $5.00 kept for the next bill, $7.00 off for paying early."""
    visits = ((DAY, "Imani Voss", 40_60), (date(2026, 10, 20), "", 25_00))
    receipt = Receipt("R1-1001", DAY, CLINIC, "Nadia Brennholt", 70_60, 0, "card", "S1-2043", visits, 5_00, 7_00)
    text = " ".join(read(receipt_pdf(receipt, "en")).pages[0].extract_text().split())
    for part in (
        "October 6, 2026 with Imani Voss",
        "$40.60",
        "October 20, 2026",
        "$25.00",
        "next bill",
        "$5.00",
        "paying early",
        "−$7.00",
    ):
        assert part in text
    assert "Pagado por su visita" in read(receipt_pdf(receipt, "es")).pages[0].extract_text()


def test_a_receipt_says_what_was_paid_and_given_back() -> None:
    receipt = Receipt("R1-1001", DAY, CLINIC, "Nadia Brennholt", 70_60, 20_00, "card", "S1-2043")
    text = read(receipt_pdf(receipt, "en")).pages[0].extract_text()
    for part in ("R1-1001", "Nadia Brennholt", "$70.60", "−$20.00", "$50.60", "Tuesday, October 6, 2026", "S1-2043"):
        assert part in text


def test_the_code_on_a_statement_stands_there_only_where_there_is_a_link_and_something_to_pay() -> None:
    link = "https://billing.larkspur.example/portal/pay/7.abc"
    with_code, without = statement_pdf(statement(), "en", pay_link=link), statement_pdf(statement(), "en")
    assert "Scan to see and pay this bill." in read(with_code).pages[0].extract_text()
    assert "Escanee" in read(statement_pdf(statement(), "es", pay_link=link)).pages[0].extract_text()
    assert "Scan" not in read(without).pages[0].extract_text()
    assert len(read(with_code).pages) == len(read(without).pages)


@pytest.mark.parametrize("language", ["en", "es"])
def test_large_print_says_the_same_with_nothing_under_eighteen_points(language: str) -> None:
    """Every amount and sentence of the usual paper stands in the large one, on more pages."""
    told = statement(8)
    usual, large = (
        read(statement_pdf(told, language, pay_link="https://x.example/1", large=is_large))
        for is_large in (False, True)
    )
    sizes: list[float] = []

    def note(text: str, _: Any, matrix: list[float], _font: Any, size: float) -> None:
        if text.strip():
            sizes.append(abs(matrix[3]) * size)

    text = " ".join(page.extract_text(visitor_text=note) for page in large.pages)
    assert min(sizes) >= 18
    assert len(large.pages) > len(usual.pages) == 1
    words = {word for page in usual.pages for word in page.extract_text().split()}
    assert {word for word in words if word not in text} == set()
    root: Any = large.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
