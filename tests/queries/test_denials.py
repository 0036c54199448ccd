"""Denied claims in the order in which a biller works them."""

from dataclasses import replace
from datetime import date

import pytest

from claims_service.domain.errors import NotFound
from claims_service.queries import denials
from tests.clinic import Clinic
from tests.factories835 import DENIED, USUAL, Service, file_835, payment, remittance, reversal
from tests.workflow.cycle import post, sent


def refuse(
    clinic: Clinic,
    number: str,
    reasons: tuple[tuple[str, int], ...],
    *,
    trace: str = "EFT1",
    paid_on: date = date(2026, 11, 18),
    remark: str = "",
) -> None:
    """Quillhaven refuses parts of the office visit of $120.00; the blood count is paid as usual."""
    one = payment(number, (Service("99213", 120_00, dict(reasons)), USUAL[1]))
    if remark:
        one = replace(one, lines=(replace(one.lines[0], remarks=(remark,)), one.lines[1]))
    post(clinic, file_835(remittance([one], trace=trace, paid_on=paid_on, produced_on=paid_on)))


def test_the_nearest_deadline_comes_first_then_the_dearest(clinic: Clinic) -> None:
    """Refused on Nov 4, Nov 18 and Nov 18: 180 days run from each."""
    small, large, early = sent(clinic, 3)
    refuse(clinic, small.control_number, (("CO50", 50_00),), trace="A")
    refuse(clinic, large.control_number, (("CO50", 120_00),), trace="B")
    refuse(clinic, early.control_number, (("CO29", 10_00),), trace="C", paid_on=date(2026, 11, 4))

    found = denials.queue(clinic.practice)

    assert [(d.claim, d.cents, d.due_on) for d in found] == [
        (early.id, 10_00, date(2027, 5, 3)), (large.id, 120_00, date(2027, 5, 17)), (small.id, 50_00, date(2027, 5, 17)),
    ]  # fmt: skip
    assert [(g.family.name, g.count, g.cents) for g in denials.groups(found)] == [
        ("medical_necessity", 2, 170_00), ("timely_filing", 1, 10_00),
    ]  # fmt: skip


def test_a_claim_falls_into_the_family_of_its_largest_part(clinic: Clinic) -> None:
    """$80.00 for want of approval, $40.00 as not necessary: authorization."""
    (claim,) = sent(clinic)
    refuse(clinic, claim.control_number, (("CO50", 40_00), ("CO197", 80_00)))

    (found,) = denials.queue(clinic.practice)

    assert found.family.name == "authorization"
    assert [(r.code, r.cents) for r in found.refusals] == [("CO197", 80_00), ("CO50", 40_00)]


def test_a_discount_is_never_a_denial(clinic: Clinic) -> None:
    """CO 45 on a paid claim: nothing to work."""
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)])))

    assert denials.queue(clinic.practice) == []
    with pytest.raises(NotFound):
        denials.denial(clinic.practice, claim.id)


def test_the_cause_names_the_edit_that_would_have_caught_it(clinic: Clinic) -> None:
    """CO 16 with N290: the provider's NPI was missing; our edit on it is named."""
    (claim,) = sent(clinic)
    refuse(clinic, claim.control_number, (("CO16", 120_00),), remark="N290")

    (cause,) = denials.denial(clinic.practice, claim.id).causes

    assert (cause.line, cause.refusal.remarks, [edit.id for edit in cause.edits]) == (1, ("N290",), ["rendering_npi"])


def test_only_what_the_plan_left_to_the_patient_may_be_left_to_the_patient(clinic: Clinic) -> None:
    """$30.00 refused as PR, $20.00 as CO: at most $30.00 can become the patient's."""
    (claim,) = sent(clinic)
    refuse(clinic, claim.control_number, (("PR96", 30_00), ("CO50", 20_00)))

    found = denials.denial(clinic.practice, claim.id)

    assert found.patient_cents == 30_00
    assert "patient" in found.steps


def test_a_denial_that_is_taken_back_and_paid_leaves_the_queue_by_itself(clinic: Clinic) -> None:
    (claim,) = sent(clinic)
    refused = payment(claim.control_number, DENIED, status="4")
    post(clinic, file_835(remittance([refused], method="NON")))
    assert len(denials.queue(clinic.practice)) == 1

    post(clinic, file_835(remittance([reversal(refused), payment(claim.control_number)], trace="EFT2")))

    assert denials.queue(clinic.practice) == []
