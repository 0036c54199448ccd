"""From recorded visits to checked claims."""

from datetime import timedelta

import pytest

from claims_service.workflow import build_claim
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic


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
