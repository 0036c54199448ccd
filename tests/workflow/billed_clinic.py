"""A clinic after a month of work: visits billed, answered, one denied in part, patients billed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.claim.claim import Adjustment, Claim
from claims_service.domain.party import Address
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment, LinePayment, ProviderAdjustment
from claims_service.formats.x12 import write_835
from claims_service.formats.x12.interchange import Interchange
from claims_service.store import claim_values
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic


@dataclass(frozen=True)
class Month:
    """Ids of the claims that were sent."""

    claims: tuple[int, ...]


def billed(clinic: Clinic, visits: int = 3, *, answered: bool = True) -> Month:
    """Each visit, a day apart: $150.00, of which $112.50 is allowed, $20.00 copay; the rest is paid."""
    recorded = record_encounters(
        clinic.practice,
        [clinic.visit(reference=f"V{n}", served_on=VISIT_DAY - timedelta(n)) for n in range(visits)],
        by=BILLER,
        now=NOW,
    )
    built = build_claims(clinic.practice, recorded.recorded, by=BILLER, now=NOW, today=TODAY)
    sent = submit_claims(clinic.practice, by=BILLER, now=NOW)
    assert sent.claim_count == visits, built
    if answered:
        content = remittance(clinic, sent.files[0].claims)
        (outcome,) = post_remittance(clinic.practice, [IncomingFile("835", content)], by=BILLER, now=NOW, today=TODAY)
        assert outcome.state == "read", outcome
        bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    return Month(sent.files[0].claims)


def remittance(clinic: Clinic, claims: Sequence[int]) -> bytes:
    """An 835 that pays the claims, with $5.00 interest."""
    assembled = claim_values.assemble(clinic.practice, claims)
    payments = tuple(_payment(position, found.claim) for position, found in enumerate(assembled, 1))
    paid = sum(p.paid_cents for p in payments)
    advice = Advice(
        "000000001", "1", "0001", "EFT0001", "1990000099", paid + 500, "ACH", TODAY, "Quillhaven Health", "QH001",
        "Lakeside Clinic", "1990000014", "990000001", TODAY,
    )  # fmt: skip
    end = AdviceEnd(len(payments), (ProviderAdjustment("1990000014", date(2026, 12, 31), "L6", "INTEREST", -500),))
    envelope = Interchange(sender="QH001", receiver="LAKESIDE", control=1, group_control=1, written_at=NOW)
    payer = write_835.PayerDetails(
        Address("7 Payer Boulevard", "", "Salem", "OR", "973010001"), "EDI DESK", "5035550170"
    )
    return write_835.write_835(envelope, [(advice, payments, end)], payer)


def _payment(position: int, claim: Claim) -> ClaimPayment:
    lines = []
    for n, line in enumerate(claim.lines, 1):
        discount = line.charge_cents // 4
        share = 2000 if n == 1 else 0
        cuts = [Adjustment("CO", "45", discount)] + ([Adjustment("PR", "3", share)] if share else [])
        lines.append(
            LinePayment(
                n, line.procedure, line.charge_cents, line.charge_cents - discount - share, line.reference,
                served_on=line.served_on, adjustments=tuple(cuts), remarks=("N130",) if n == 2 else (),
                allowed_cents=line.charge_cents - discount,
            )
        )  # fmt: skip
    return ClaimPayment(
        position, claim.control_number, "1", claim.charge_cents, sum(x.paid_cents for x in lines), f"QHC{position:05}",
        2000, "12", "11", "1", "Testpatient", "Alma", "QHM0000001", served_on=TODAY - timedelta(10), lines=tuple(lines),
    )  # fmt: skip
