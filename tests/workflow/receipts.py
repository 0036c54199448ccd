"""Receipts of an insurer for claims of ours, and reading them in."""

from collections.abc import Sequence

from claims_service.domain.claim.acknowledgement import BatchAnswer, ClaimAnswer, StatusReason
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.write_277ca import write_277ca
from claims_service.store import claim_values, parties
from claims_service.store.claims import Head
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.cycle import sent

GOOD, BAD = StatusReason("A2", "20", "PR"), StatusReason("A7", "164", "IL")


def envelope(control: int = 1) -> Interchange:
    return Interchange("QH001", "LAKESIDE", control, control, NOW)


def told(clinic: Clinic, content: bytes) -> FileOutcome:
    return read_acknowledgement(clinic.practice, [IncomingFile("answer", content)], by=BILLER, now=NOW)[0]


def receipt(clinic: Clinic, good: Sequence[Head], bad: Sequence[Head], control: int = 1) -> bytes:
    """A 277CA that takes some claims and sends others back."""
    answers = [ClaimAnswer(head.control_number, (GOOD,), 150_00, f"ICN{head.control_number}", TODAY) for head in good]
    answers += [ClaimAnswer(head.control_number, (BAD,), 150_00, "", TODAY) for head in bad]
    listed = claim_values.assemble(clinic.practice, [head.id for head in (*good, *bad)])
    wanted = {c.claim.control_number: c.claim for c in listed}
    batch = BatchAnswer("B10000001", "QUILLHAVEN HEALTH", "QH001", tuple(answers), len(good), len(bad))
    return write_277ca(envelope(control), batch, parties.billing_provider(clinic.practice), wanted)


def accepted(clinic: Clinic, count: int = 1, *codes: str, patient: int | None = None) -> tuple[Head, ...]:
    """Claims of $150.00 each that the insurer has accepted under a number of its own."""
    heads = sent(clinic, count, *codes, patient=patient)
    told(clinic, receipt(clinic, heads, []))
    return heads
