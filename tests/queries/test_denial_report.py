"""How often insurers refuse: each claim once, each dollar once."""

from datetime import date

from claims_service.queries.denial_report import report
from tests.clinic import TODAY, Clinic
from tests.factories835 import DENIED, Service, file_835, payment, remittance, reversal
from tests.workflow.cycle import post, sent


def test_one_of_two_claims_is_refused(clinic: Clinic) -> None:
    """$150.00 of two claims refused for missing information; both were accepted at first sending."""
    first, second = sent(clinic, 2)
    post(clinic, file_835(remittance([payment(first.control_number, DENIED), payment(second.control_number)])))

    found = report(clinic.practice, today=TODAY)

    assert (found.decided, found.denied, found.cents) == (2, 1, 150_00)
    assert (found.sent, found.accepted) == (2, 2)
    assert [(f.name, f.claims, f.cents) for f in found.families] == [("Missing information", 1, 150_00)]
    assert [(s.name, s.decided, s.denied, s.cents) for s in found.insurers] == [("Quillhaven Health", 2, 1, 150_00)]
    assert [(s.name, s.decided, s.denied) for s in found.providers] == [("Voss, Imani", 2, 1)]
    assert [(s.name, s.cents) for s in found.months] == [("2026-11", 150_00)]
    assert found.since == date(2026, 6, 1)


def test_a_claim_refused_for_two_reasons_counts_once_and_both_sums_agree(clinic: Clinic) -> None:
    (claim,) = sent(clinic)
    services = (Service("99213", 120_00, {"CO50": 40_00, "CO197": 80_00}), Service("85025", 30_00))
    post(clinic, file_835(remittance([payment(claim.control_number, services)])))

    found = report(clinic.practice, today=TODAY)

    assert (found.denied, found.cents) == (1, 120_00)
    assert sum(f.cents for f in found.families) == found.cents


def test_a_refusal_that_was_taken_back_still_counts(clinic: Clinic) -> None:
    """What is paid in the end was refused first: the work was done."""
    (claim,) = sent(clinic)
    no = payment(claim.control_number, DENIED)
    post(clinic, file_835(remittance([no], method="NON")))
    post(clinic, file_835(remittance([reversal(no), payment(claim.control_number)], trace="EFT2")))

    found = report(clinic.practice, today=TODAY)

    assert (found.decided, found.denied, found.cents) == (1, 1, 150_00)


def test_a_claim_that_was_not_decided_yet_is_in_no_rate(clinic: Clinic) -> None:
    sent(clinic)

    found = report(clinic.practice, today=TODAY)

    assert (found.decided, found.denied, found.insurers) == (0, 0, ())
