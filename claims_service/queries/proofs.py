"""Do the books and the audit trail still hold? Each fault as a line that names its place."""

from collections.abc import Sequence

from claims_service.store import audit, journal

Anchor = tuple[int, int, str]


def audit_faults(anchors: Sequence[Anchor] = ()) -> list[str]:
    """What is wrong with the audit chains. anchors: (practice, row, hash) kept elsewhere, each must still be there."""
    return [f"practice {fault.practice}, row {fault.seq}: {fault.message}" for fault in audit.verify(anchors)]


def audit_heads() -> list[Anchor]:
    """The last row of each practice's chain: what to keep elsewhere."""
    return audit.heads()


def audit_rows() -> int:
    """How many rows all chains have."""
    return audit.count()


def ledger_faults() -> list[str]:
    """What is wrong with the journal and its running balances, in cents."""
    return [
        f"{fault.place}: {fault.message}" + (f", {fault.cents} cents" if fault.cents else "")
        for fault in journal.check()
    ]
