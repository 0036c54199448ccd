"""Underpayments: what an insurer allowed too little by its contract, to the cent, and nothing that only looks like it."""

from dataclasses import replace
from datetime import date, timedelta

from claims_service.domain.claim.claim import Adjustment, Claim
from claims_service.domain.party import Address
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment, LinePayment
from claims_service.formats.x12 import write_835
from claims_service.formats.x12.interchange import Interchange
from claims_service.queries.underpayments import Underpaid, by_insurer, underpaid
from claims_service.store import claim_values
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic
from tests.contract_files import contract, taken
from tests.workflow.billed_clinic import billed

Cuts = tuple[tuple[str, str, int], ...]


def sent(clinic: Clinic, reference: str = "V1", on: date = VISIT_DAY) -> Claim:
    """A visit of $120.00 and a count of $30.00, for which $90.00 and $22.50 are agreed."""
    record_encounters(clinic.practice, [clinic.visit(reference=reference, served_on=on)], by=BILLER, now=NOW)
    build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    (file,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
    return claim_values.assemble(clinic.practice, file.claims)[0].claim


def payment(claim: Claim, *cuts: Cuts) -> ClaimPayment:
    """Each line with its (group, reason, cents); what is left of the charge is paid."""
    lines = tuple(
        LinePayment(
            n, line.procedure, line.charge_cents, line.charge_cents - sum(c for _, _, c in each), line.reference,
            served_on=line.served_on, adjustments=tuple(Adjustment(*cut) for cut in each),
        )
        for n, (line, each) in enumerate(zip(claim.lines, cuts, strict=True), 1)
    )  # fmt: skip
    return ClaimPayment(
        1, claim.control_number, "1", claim.charge_cents, sum(x.paid_cents for x in lines), "QHC1", 0, "12", "11", "1",
        "Testpatient", "Alma", "QHM0000001", served_on=claim.served_on, lines=lines,
    )  # fmt: skip


def answered(clinic: Clinic, *payments: ClaimPayment, number: int = 1) -> None:
    numbered = tuple(replace(p, position=n) for n, p in enumerate(payments, 1))
    paid = sum(p.paid_cents for p in numbered)
    advice = Advice(
        f"{number:09}", "1", "0001", f"EFT{number:04}", "1990000099", paid, "ACH" if paid > 0 else "NON", TODAY, "Quillhaven Health",
        "QH001", "Lakeside Clinic", "1990000014", "990000001", TODAY,
    )  # fmt: skip
    envelope = Interchange(sender="QH001", receiver="LAKESIDE", control=number, group_control=number, written_at=NOW)
    payer = write_835.PayerDetails(
        Address("7 Payer Boulevard", "", "Salem", "OR", "973010001"), "EDI DESK", "5035550170"
    )
    content = write_835.write_835(envelope, [(advice, numbered, AdviceEnd(len(numbered), ()))], payer)
    (done,) = post_remittance(
        clinic.practice, [IncomingFile(f"{number}.835", content)], by=BILLER, now=NOW, today=TODAY
    )
    assert done.state == "read", done


def found(clinic: Clinic, **asked: int) -> list[Underpaid]:
    return underpaid(clinic.practice, today=TODAY, **asked)


def short(clinic: Clinic, **asked: int) -> list[tuple[int, int, int]]:
    """(line, expected, allowed)"""
    return [(one.line, one.expected_cents, one.allowed_cents) for one in found(clinic, **asked)]


def test_a_line_allowed_below_the_contract_is_listed_with_what_is_missing(clinic: Clinic) -> None:
    """$90.00 agreed, $50.00 of $120.00 cut by contract: $70.00 allowed, of which the patient pays $20.00; $20.00 are missing."""
    claim = sent(clinic)
    answered(clinic, payment(claim, (("CO", "45", 50_00), ("PR", "3", 20_00)), (("CO", "45", 7_50),)))

    (one,) = found(clinic)
    assert (one.control_number, one.payer_name, one.line, one.procedure) == (
        claim.control_number, "Quillhaven Health", 1, "99213",
    )  # fmt: skip
    assert (one.expected_cents, one.allowed_cents, one.missing_cents) == (90_00, 70_00, 20_00)


def test_what_was_paid_as_agreed_is_no_underpayment_whoever_pays_it(clinic: Clinic) -> None:
    """Deductible, copay and coinsurance are the patient's, not missing."""
    billed(clinic)

    assert found(clinic, least_cents=0) == []


def test_a_discount_of_the_whole_charge_is_missing_too_but_a_denial_waits_elsewhere(clinic: Clinic) -> None:
    """The visit is cut to nothing by CO-45; the count is denied for lack of information (CO-16) and waits under Denials."""
    answered(clinic, payment(sent(clinic), (("CO", "45", 120_00),), (("CO", "16", 30_00),)))

    assert short(clinic) == [(1, 90_00, 0)]


def test_the_cut_of_medicare_payments_by_law_is_no_underpayment(clinic: Clinic) -> None:
    """CO-253 takes 2% of what is paid: no contract foresees it."""
    answered(
        clinic,
        payment(sent(clinic), (("CO", "45", 30_00), ("CO", "253", 1_80)), (("CO", "45", 7_50), ("CO", "253", 45))),
    )

    assert short(clinic) == []


def test_a_dollar_is_rounding_unless_a_person_asks_for_less(clinic: Clinic) -> None:
    answered(clinic, payment(sent(clinic), (("CO", "45", 31_00),), (("CO", "45", 7_51),)))

    assert short(clinic) == []
    assert short(clinic, least_cents=99) == [(1, 90_00, 89_00)]
    assert short(clinic, least_cents=0) == [(1, 90_00, 89_00), (2, 22_50, 22_49)]


def test_the_dearest_comes_first_and_each_insurer_is_summed(clinic: Clinic) -> None:
    first, second = sent(clinic, "V1"), sent(clinic, "V2", VISIT_DAY - timedelta(1))
    answered(clinic, payment(first, (("CO", "45", 35_00),), (("CO", "45", 12_50),)))
    answered(clinic, payment(second, (("CO", "45", 70_00),), (("CO", "45", 7_50),)), number=2)

    listed = found(clinic)
    assert [one.missing_cents for one in listed] == [40_00, 5_00, 5_00]
    (total,) = by_insurer(listed)
    assert (total.name, total.services, total.missing_cents) == ("Quillhaven Health", 3, 50_00)
    assert len(found(clinic, most=2)) == 2
    assert found(clinic, payer=clinic.northfold) == []
    assert len(found(clinic, payer=clinic.quillhaven)) == 3


def test_an_insurer_that_mends_its_answer_leaves_the_list(clinic: Clinic) -> None:
    """Paid $20.00 too little, taken back by a reversal, and paid anew as agreed."""
    claim = sent(clinic)
    wrong = payment(claim, (("CO", "45", 50_00),), (("CO", "45", 7_50),))
    answered(clinic, wrong)
    assert short(clinic) == [(1, 90_00, 70_00)]
    back = replace(
        wrong, status="22", charge_cents=-wrong.charge_cents, paid_cents=-wrong.paid_cents,
        lines=tuple(
            replace(
                line, charge_cents=-line.charge_cents, paid_cents=-line.paid_cents,
                adjustments=tuple(replace(a, cents=-a.cents) for a in line.adjustments),
            )
            for line in wrong.lines
        ),
    )  # fmt: skip
    answered(clinic, back, payment(claim, (("CO", "45", 30_00),), (("CO", "45", 7_50),)), number=2)

    assert short(clinic) == []


def test_an_answer_without_lines_is_compared_as_a_whole(clinic: Clinic) -> None:
    """$112.50 agreed for both services, $100.00 allowed in one sum."""
    claim = sent(clinic)
    whole = replace(payment(claim, (), ()), lines=(), adjustments=(Adjustment("CO", "45", 50_00),), paid_cents=100_00)
    answered(clinic, whole)

    assert short(clinic) == [(0, 112_50, 100_00)]


def test_what_is_not_answered_or_long_past_or_without_a_contract_is_not_listed(clinic: Clinic) -> None:
    sent(clinic, "waiting")
    taken(clinic, contract("FLAT,99499,,,,,,1,,", first="2026-11-01"))
    answered(
        clinic,
        payment(sent(clinic, "no contract", VISIT_DAY - timedelta(1)), (("CO", "45", 119_00),), (("CO", "45", 29_00),)),
    )
    assert found(clinic) == []
    early = sent(clinic, "early", VISIT_DAY - timedelta(60))
    answered(clinic, payment(early, (("CO", "45", 119_00),), (("CO", "45", 7_50),)), number=2)

    assert short(clinic) == [(1, 90_00, 1_00)]
    assert underpaid(clinic.practice, today=TODAY + timedelta(400)) == []


def test_another_practice_sees_nothing_of_it(clinic: Clinic) -> None:
    answered(clinic, payment(sent(clinic), (("CO", "45", 50_00),), (("CO", "45", 7_50),)))
    other = clinics.found("Other Clinic", "1990000030", suffix="X")

    assert len(found(clinic)) == 1
    assert found(other) == []


def test_a_contract_that_comes_later_does_not_rewrite_what_was_expected_of_claims_that_are_out(clinic: Clinic) -> None:
    claim = sent(clinic)
    taken(clinic, contract("FLAT,99213,,,,,,500,,", first="2026-11-01"))
    answered(clinic, payment(claim, (("CO", "45", 30_00),), (("CO", "45", 7_50),)))

    assert found(clinic) == []


def test_a_service_the_contract_does_not_speak_of_hides_no_other(clinic: Clinic) -> None:
    taken(clinic, contract("FLAT,99213,,,,,,90,,", first="2026-11-01"))
    answered(clinic, payment(sent(clinic), (("CO", "45", 50_00),), (("CO", "45", 29_00),)))

    assert short(clinic) == [(1, 90_00, 70_00)]


def test_two_services_that_make_up_for_each_other_are_not_asked_for(clinic: Clinic) -> None:
    """$5.00 too little for the visit, $5.00 too much for the count: the claim brought what it should."""
    answered(clinic, payment(sent(clinic), (("CO", "45", 35_00),), (("CO", "45", 2_50),)))

    assert short(clinic) == []
