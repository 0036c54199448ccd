"""Remittances (835) as insurers send them, in plain amounts: valid and balanced by default, so that a test changes one thing.

Amounts are whole cents, written 120_00 for $120.00.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.party import Address
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment, LinePayment, ProviderAdjustment
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.write_835 import PayerDetails, Remittance, write_835
from tests.clinic import NOW, VISIT_DAY

PAID_ON = date(2026, 11, 18)
NPI = "1990000014"
DETAILS = PayerDetails(Address("7 Payer Boulevard", "", "Salem", "OR", "97301"), "EDI DESK", "5035550199")


@dataclass(frozen=True)
class Service:
    """One service as the insurer decided it. reasons: cents by group and reason ("CO45"); what they leave was paid."""

    code: str
    charge_cents: int
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def paid_cents(self) -> int:
        return self.charge_cents - sum(self.reasons.values())

    def as_line(self, position: int, control: str, number: int) -> LinePayment:
        return LinePayment(
            position, self.code, self.charge_cents, self.paid_cents, f"{control}L{number}", served_on=VISIT_DAY,
            adjustments=tuple(Adjustment(name[:2], name[2:], cents) for name, cents in self.reasons.items() if cents),
        )  # fmt: skip


# The usual visit: $150.00 billed, $38.00 discount, $25.00 copay, $87.00 paid.
USUAL = (Service("99213", 120_00, {"CO45": 30_00, "PR3": 25_00}), Service("85025", 30_00, {"CO45": 8_00}))
DENIED = (Service("99213", 120_00, {"CO16": 120_00}), Service("85025", 30_00, {"CO16": 30_00}))


def payment(control: str, services: Sequence[Service] = USUAL, **changes: Any) -> ClaimPayment:
    """What an insurer decided on one claim, by the claim's number."""
    lines = tuple(service.as_line(n, control, n) for n, service in enumerate(services, 1))
    share = sum(a.cents for line in lines for a in line.adjustments if a.group == "PR")
    values: dict[str, Any] = {
        "position": 1, "control_number": control, "status": "1", "charge_cents": sum(line.charge_cents for line in lines),
        "paid_cents": sum(line.paid_cents for line in lines), "payer_claim_number": f"ICN{control}", "lines": lines,
        "patient_share_cents": share, "filing": "12", "patient_last": "TESTPATIENT", "patient_first": "ALMA",
        "member_id": "QHM0000001",
    }  # fmt: skip
    return ClaimPayment(**{**values, **changes})


def reversal(of: ClaimPayment) -> ClaimPayment:
    """The insurer takes a decision back: the same amounts the other way round (CLP02 = 22)."""
    lines = tuple(
        replace(
            line, charge_cents=-line.charge_cents, paid_cents=-line.paid_cents,
            adjustments=tuple(replace(a, cents=-a.cents) for a in line.adjustments),
        )
        for line in of.lines
    )  # fmt: skip
    return replace(
        of,
        status="22",
        charge_cents=-of.charge_cents,
        paid_cents=-of.paid_cents,
        patient_share_cents=0,
        adjustments=tuple(replace(a, cents=-a.cents) for a in of.adjustments),
        lines=lines,
    )


def plb(reason: str, cents: int, reference: str = "LETTER7") -> ProviderAdjustment:
    """A provider-level adjustment: positive takes money from the payment, negative adds to it."""
    return ProviderAdjustment(NPI, date(2026, 12, 31), reason, reference, cents)


def remittance(
    payments: Sequence[ClaimPayment],
    provider: Sequence[ProviderAdjustment] = (),
    *,
    trace: str = "EFT1",
    **changes: Any,
) -> Remittance:
    """One payment with the claims it is for; it adds up unless paid_cents is changed."""
    numbered = [replace(one, position=n) for n, one in enumerate(payments, 1)]
    values: dict[str, Any] = {
        "interchange_control": "", "group_control": "", "transaction_control": "0001", "trace": trace,
        "originator": "1512345678", "method": "ACH", "paid_on": PAID_ON, "payer_name": "QUILLHAVEN HEALTH",
        "payer_identifier": "QH001", "payee_name": "LAKESIDE CLINIC", "payee_npi": NPI, "payee_tax_id": "990000001",
        "produced_on": PAID_ON, "paid_cents": sum(p.paid_cents for p in payments) - sum(a.cents for a in provider),
    }  # fmt: skip
    return Advice(**{**values, **changes}), numbered, AdviceEnd(len(numbered), tuple(provider))


def file_835(*remittances: Remittance, control: int = 1) -> bytes:
    """The file an insurer sends."""
    return write_835(Interchange("QH001", "LAKESIDE", control, control, NOW), remittances, DETAILS)
