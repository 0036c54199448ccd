"""From recorded visits to checked claims."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims_service.domain.encounter import ServiceLine
from claims_service.domain.line_detail import MINUTES, LineDetail
from claims_service.store import claim_values
from claims_service.store.claim_values import Assembled
from claims_service.workflow import build_claim
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.checked import Checked, checked
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic
from tests.workflow import stays


def test_the_same_service_twice_on_a_day_stops_the_second_claim_even_in_one_batch(clinic: Clinic) -> None:
    """Two visits of Alma on November 10 with 99213: the first goes, the second waits for modifier 76 or its removal."""
    visits = [clinic.visit(reference="V1"), clinic.visit(reference="V2")]
    record_encounters(clinic.practice, visits, by=BILLER, now=NOW)

    first, second = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims

    assert first.findings == ()
    assert [finding.rule for finding in second.findings] == ["billed_before", "billed_before"]


@pytest.mark.parametrize("most", [1, 1000])
def test_a_visit_is_judged_by_all_of_its_batch_however_it_is_cut(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Alma is billed as a new patient on November 10; her visit of November 1 comes later in the same batch."""
    monkeypatch.setattr(build_claim, "_BATCH", most)
    new = clinic.visit(None, "99203", reference="V1")
    before = clinic.visit(None, "99213", reference="V2", served_on=VISIT_DAY - timedelta(days=9))
    visits = record_encounters(clinic.practice, [new, before], by=BILLER, now=NOW).recorded

    made = build_claims(clinic.practice, visits, by=BILLER, now=NOW, today=TODAY).claims

    rules = {one.encounter: {finding.rule for finding in one.findings} for one in made}
    assert "new_patient_seen" in rules[visits[0]]
    assert not rules[visits[1]]


def test_a_claim_is_checked_as_it_is_kept(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the checks are given without reading it back, of each kind of visit, is what is read back."""
    seen: list[int] = []

    def compared(
        practice: int, wanted: Sequence[int], *, listed: Sequence[Assembled], **more: Any
    ) -> tuple[Checked, ...]:
        assert list(listed) == claim_values.assemble(practice, wanted)
        seen.extend(wanted)
        return checked(practice, wanted, listed=listed, **more)

    monkeypatch.setattr(build_claim, "checked", compared)
    shot = ServiceLine(
        "J1885", (1, 2), ("LT",), Decimal("2.50"), 40_00, VISIT_DAY - timedelta(days=1), "12", "00641037725", "By hand",
        LineDetail(ndc_quantity=Decimal(1), ndc_unit="ML"),
    )  # fmt: skip
    minutes = ServiceLine("00400", (1,), units=Decimal(30), charge_cents=90_00, detail=LineDetail(basis=MINUTES))
    plain = clinic.visit(
        None, "99213", "99999", reference="PLAIN", prior_authorization="A1", referring_id=clinic.doctor
    )
    more = clinic.visit(clinic.bruno, reference="MORE", lines=(shot, minutes))
    visits = [plain, more, stays.hospital(clinic), stays.dentist(clinic)]
    record_encounters(clinic.practice, visits, by=BILLER, now=NOW)

    made = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert len(made.claims) == len(seen) == 4
