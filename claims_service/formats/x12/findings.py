"""What is wrong with an X12 file, as values: never an exception, never a value out of the file (it may be patient data)."""

from dataclasses import dataclass
from typing import Literal

from claims_service.domain.errors import Problem

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or oddity and its place.

    rule: the X12 code an acknowledgement names it by ("IK304=3", "IK403=7", "IK502=4", "AK905=5", "TA105=021").
    level: SNIP 1 to 5. segment_index counts from ST = 1 (0: outside a transaction). element: "NM103" or "SV101-2".
    """

    rule: str
    severity: Severity
    level: int
    loop: str
    segment: str
    segment_index: int
    element: str
    message: str
    mend: str = ""
    transaction: str = ""

    @property
    def where(self) -> str:
        """The place as people read it: "ST 0001, loop 2300, segment 12, CLM05-1"."""
        parts = [
            f"ST {self.transaction}" if self.transaction else "",
            f"loop {self.loop}" if self.loop else "",
            f"segment {self.segment_index}" if self.segment_index else "",
            self.element or self.segment,
        ]
        return ", ".join(part for part in parts if part)

    def problem(self) -> Problem:
        return Problem(self.where, self.message, self.rule, self.mend)


def errors(findings: list[Finding]) -> list[Finding]:
    """Those of severity error."""
    return [finding for finding in findings if finding.severity == "error"]


def broken(findings: list[Finding]) -> list[Finding]:
    """Those for which nothing of a file may be posted: cut, miscounted or unreadable (SNIP level 1).

    A payer's departure from the guide (level 2) is no reason to hold its money back, if everything balances.
    """
    return [finding for finding in findings if finding.severity == "error" and finding.level == 1]
