"""Part 8 for facilities and dentists: a stay and a filling corrected, compared and voided at the desk, and printed."""

from collections.abc import Iterator

import pytest

from claims_service.domain.errors import Rejected
from claims_service.formats.paper.form import form
from claims_service.formats.paper.ub04 import ub04
from claims_service.formats.x12.check import check
from claims_service.formats.x12.findings import errors
from claims_service.formats.x12.read_837d import read_837d
from claims_service.formats.x12.read_837i import read_837i
from claims_service.store import claim_values, encounters
from claims_service.store.connection import run
from claims_service.workflow.print_claims import print_claims
from tests.clinic import BILLER, NOW, TODAY
from tests.formats.paper.read_back import drawn, expected, overlaid
from tests.formats.x12.pyx12_judge import judge
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.interfaces.staff.typed_stays import STAY, TOOTH
from tests.workflow import stays


def newest() -> int:
    return int(run("select max(id) from claim").fetchone()[0])


def rows_of(page: str, *labels: str) -> Iterator[str]:
    """What stands behind a label of the comparison, up to the word for the difference."""
    for label in labels:
        after = page[page.index(label) + len(label) :]
        yield after[: after.index("Changed")].strip()


def test_a_stay_typed_in_the_form_is_the_stay_of_the_other_tests(billing: BillingDesk) -> None:
    billing.coded(**STAY)
    key = run("select max(id) from encounter").fetchone()[0]

    typed = encounters.load(billing.clinic.practice, [key])[key].encounter

    wanted = stays.hospital(billing.clinic, reference=typed.reference)
    assert typed == wanted


def test_part_8_a_stay_is_replaced_through_the_form_and_both_versions_compare(billing: BillingDesk) -> None:
    """$1,830.00 accepted as QH77. The patient left a day later: three days, $2,730.00, and claim 7 says so."""
    old = stays.accepted(billing.clinic, stays.hospital(billing.clinic))
    shown = billing.browser.get(f"/staff/claims/{old}/correct").get_data(as_text=True)
    later = {
        "stay-statement_until": "11/13/2026", "stay-spans": "72 11/10/2026 11/13/2026", "stay-values": "80 3", "stay-drg": "195",
        "stay-patient_status": "06", "stay-present": "YY", "lines-0-units": "3", "lines-0-charge": "2700",
    }  # fmt: skip

    typed = billing.visit_form(**{**STAY, **later, "do": "send", "why": "left a day later"})
    billing.answered(f"/staff/claims/{old}/correct", typed)
    page = billing.get(f"/staff/claims/{newest()}/versions")

    assert 'value="0DTJ4ZZ 11/11/2026"' in shown
    content = stays.newest("837I")
    (sent,) = read_837i(content)
    assert (sent.frequency, sent.payer_claim_number, sent.charge_cents) == ("7", "QH77", 2730_00)
    assert judge(content) == (True, [])
    labels = (
        "Last day billed",
        "DRG",
        "Left how",
        "Occurrence spans",
        "Value codes",
        "Diagnosis B",
        "Service 1, units",
    )
    assert list(rows_of(page, *labels)) == [
        "2026-11-12 2026-11-13", "194 195", "01 06", "72 2026-11-10 to 2026-11-12 72 2026-11-10 to 2026-11-13", "80 2 80 3",
        "R50.9 (N on admission) R50.9 (Y on admission)", "2 days 3 days",
    ]  # fmt: skip
    assert "Occurrence codes" not in page
    assert "Occurrence codes 11 2026-11-09" in billing.get(f"/staff/claims/{newest()}/versions?show=1")


def test_part_8_a_stay_is_voided_through_the_form(billing: BillingDesk) -> None:
    """The wrong patient: claim 8 over the same $1,830.00 with the insurer's number, and nothing is owed."""
    old = stays.accepted(billing.clinic, stays.hospital(billing.clinic))
    billing.answered(f"/staff/claims/{old}/void", {"why_void": "wrong patient"})
    billing.answered("/staff/claims/send", {"pick": newest()})

    content = stays.newest("837I")

    (sent,) = read_837i(content)
    assert (sent.frequency, sent.payer_claim_number, sent.charge_cents) == ("8", "QH77", 1830_00)
    assert judge(content) == (True, [])
    assert sum(cents for (cents,) in run("select cents from balance where account = 'payer_owes'").fetchall()) == 0


def test_part_8_a_filling_is_replaced_and_voided_through_the_form(billing: BillingDesk) -> None:
    """Tooth 14 was tooth 15, three surfaces for two: claim 7 over $250.00 says it, then claim 8 takes it back."""
    old = stays.accepted(billing.clinic, stays.dentist(billing.clinic))
    better = {"lines-0-code": "D2393", "lines-0-more": "tooth 15 MOD", "lines-0-charge": "250"}

    billing.answered(f"/staff/claims/{old}/correct", billing.visit_form(**{**TOOTH, **better, "do": "send"}))

    (sent,) = read_837d(stays.newest("837D"))
    assert (sent.frequency, sent.payer_claim_number, sent.charge_cents) == ("7", "QH77", 250_00)
    page = billing.get(f"/staff/claims/{newest()}/versions")
    assert list(rows_of(page, "Service 1, tooth", "Service 1, surfaces")) == ["14 15", "MO MOD"]
    run("update claim set state = 'accepted', payer_claim_number = 'QH78' where id = ?", (newest(),))
    billing.answered(f"/staff/claims/{newest()}/void", {"why_void": "never placed"})
    billing.answered("/staff/claims/send", {"pick": newest()})
    content = stays.newest("837D")
    (sent,) = read_837d(content)
    assert (sent.frequency, sent.payer_claim_number, sent.charge_cents) == ("8", "QH78", 250_00)
    assert errors(list(check(content).findings)) == []


def test_a_stay_of_30_lines_is_printed_on_two_ub_04_that_read_back(billing: BillingDesk) -> None:
    """As it is stored: 22 lines and eight, every form locator by its place on the overlay and by its label on ours."""
    lines = (stays.ROOM, *(stays.PHARMACY for _ in range(29)))
    claim = stays.sent(billing.clinic, stays.hospital(billing.clinic, lines=lines))
    found = claim_values.assemble(billing.clinic.practice, [claim])[0].other
    sheets, wanted = ub04(found, TODAY), form("ub04")  # type: ignore[arg-type]

    page = billing.get(f"/staff/claims/{claim}")
    readable = billing.browser.get(f"/staff/claims/{claim}/paper").data
    laid = billing.browser.get(f"/staff/claims/{claim}/paper?as=overlay").data

    assert [(sheet["4"], sheet["12"], sheet["17"], sheet["67"]) for sheet in sheets] == [
        ("0111", "111026", "01", "J069")
    ] * 2
    assert (sheets[0]["42.1"], sheets[0]["46.1"], sheets[1]["47.23"]) == ("0120", "2", "2670 00")
    assert overlaid(laid, wanted) == [
        {name: wanted.boxes[name].printed(text).strip() for name, text in sheet.items()} for sheet in sheets
    ]
    assert drawn(readable, wanted) == [expected(sheet, wanted) for sheet in sheets]
    assert "UB-04" in page
    assert "Revenue 0120" in page


def test_a_dentists_claim_is_offered_no_form_that_is_not_its_own(billing: BillingDesk) -> None:
    claim = stays.sent(billing.clinic, stays.dentist(billing.clinic))

    assert "On paper" not in billing.get(f"/staff/claims/{claim}")
    assert billing.browser.get(f"/staff/claims/{claim}/paper").status_code == 422
    with pytest.raises(Rejected, match="dentist's"):
        print_claims(billing.clinic.practice, [claim], by=BILLER, now=NOW, today=TODAY)
