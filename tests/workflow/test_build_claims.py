"""From recorded visits to checked claims."""

from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, TODAY, Clinic


def test_the_same_service_twice_on_a_day_stops_the_second_claim_even_in_one_batch(clinic: Clinic) -> None:
    """Two visits of Alma on November 10 with 99213: the first goes, the second waits for modifier 76 or its removal."""
    visits = [clinic.visit(reference="V1"), clinic.visit(reference="V2")]
    record_encounters(clinic.practice, visits, by=BILLER, now=NOW)

    first, second = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims

    assert first.findings == ()
    assert [finding.rule for finding in second.findings] == ["billed_before", "billed_before"]
