"""What came in: the interchange taken apart, with the faults the codec found and the claims of each transaction."""

from dataclasses import dataclass, field

from claims_service.formats.x12.findings import Finding, errors
from claims_service.formats.x12.node import Envelope
from claims_service.formats.x12.reader import Reader
from claims_service.gateways.sandbox_insurer.submitted import Claim, read_claim


@dataclass(slots=True)
class Transaction:
    """One 837P. reference: BHT03; submitter: (name, number) of 1000A."""

    envelope: Envelope
    reference: str
    submitter: tuple[str, str]
    claims: list[Claim]
    faults: list[Finding]


@dataclass(slots=True)
class Interchange:
    """faults: about the envelope, which stop the whole of it."""

    envelope: Envelope
    transactions: list[Transaction] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)


def take_apart(content: bytes) -> Interchange:
    """Read one interchange of claims.

    Raises:
        ValueError: there is no interchange in it, or one that no claims can come in.
    """
    reader = Reader(content, check=True)
    claims: list[Claim] = []
    found: list[Transaction] = []
    broken: set[str] = set()
    for part in reader:
        control = part.envelope.transaction_control
        if part.kind == "claim":
            try:
                claims.append(read_claim(part, part.envelope.marks.component))
            except (ValueError, KeyError, IndexError):
                broken.add(control)
        elif part.kind == "transaction" and part.envelope.st:
            submitter = part.node.child("1000A")
            who = (submitter.value("NM1", "41", 3), submitter.value("NM1", "41", 9)) if submitter else ("", "")
            found.append(Transaction(part.envelope, part.node.value("BHT", "", 3), who, claims, []))
            claims = []
    if not found:
        raise ValueError("the file holds no interchange with claims")
    faults = errors(reader.findings)
    for transaction in found:
        control = transaction.envelope.transaction_control
        transaction.faults = [f for f in faults if f.transaction == control and not f.rule.startswith("TA105")]
        if control in broken and not transaction.faults:
            transaction.faults = [
                Finding("IK304=I6", "error", 2, "2300", "CLM", 1, "", "A claim can't be read.", "", control)
            ]
    return Interchange(found[0].envelope, found, [f for f in faults if f.rule.startswith(("TA105", "AK905"))])
