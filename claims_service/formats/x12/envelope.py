"""Interchange, group and transaction: whether every trailer is there and its counts and control numbers agree."""

from dataclasses import dataclass, field

from claims_service.formats.x12.findings import Finding, Severity
from claims_service.formats.x12.node import Envelope, Segment

MOST_FINDINGS = 1000
_TRAILERS = {
    "SE": ("transaction", "IK502=2"),
    "GE": ("functional group", "AK905=3"),
    "IEA": ("interchange", "TA105=023"),
}


@dataclass(slots=True)
class EnvelopeCheck:
    """Follows the envelope segments of a file and collects findings; `segment` is the index of the one at hand."""

    envelope: Envelope = field(default_factory=Envelope)
    findings: list[Finding] = field(default_factory=list)
    segment: int = 0
    groups: int = 0
    transactions: int = 0
    interchanges: int = 0
    agreed: bool = False

    def add(
        self,
        rule: str,
        message: str,
        mend: str = "",
        *,
        severity: Severity = "error",
        level: int = 1,
        loop: str = "",
        segment: str = "",
        element: str = "",
        index: int | None = None,
    ) -> None:
        if len(self.findings) >= MOST_FINDINGS:
            if len(self.findings) > MOST_FINDINGS:
                return
            rule, message, mend, severity = "TA105=024", "There are more findings than can be shown.", "", "error"
        at = (self.segment if index is None else index) if self.envelope.st else 0
        control = self.envelope.transaction_control
        self.findings.append(Finding(rule, severity, level, loop, segment, at, element, message, mend, control))

    @property
    def full(self) -> bool:
        """More faults would not be shown, so that there is no use in explaining them."""
        return len(self.findings) > MOST_FINDINGS

    def handle(self, elements: Segment) -> None:
        """Take one of ISA, GS, ST, SE, GE, IEA."""
        {"ISA": self.isa, "GS": self.gs, "ST": self.st, "SE": self.se, "GE": self.ge, "IEA": self.iea}[elements[0]](
            elements
        )

    def isa(self, elements: Segment) -> None:
        self.leave("")
        self.interchanges += 1
        self.groups = 0
        self.envelope = Envelope(self.envelope.marks, self.envelope.filler, isa=elements)

    def gs(self, elements: Segment) -> None:
        self.leave("GE")
        self.groups += 1
        self.transactions = 0
        known = self.envelope
        self.envelope = Envelope(known.marks, known.filler, known.isa, gs=elements)

    def st(self, elements: Segment) -> None:
        self.leave("SE")
        if not self.envelope.gs:
            self.add(
                "AK905=3", "A transaction stands outside a functional group.", "Send a GS before it.", segment="ST"
            )
        self.transactions += 1
        known = self.envelope
        self.envelope = Envelope(known.marks, known.filler, known.isa, known.gs, elements)
        self.segment = 1

    def se(self, elements: Segment) -> None:
        before = len(self.findings)
        if not self.envelope.st:
            self.add("IK502=2", "An SE without its ST.", "Send the file whole.", segment="SE")
        else:
            self._agree(elements, 2, self.envelope.transaction_control, "ST02", "IK502=3")
            self._count(elements, self.segment, "segments from ST to SE", "IK502=4")
        self.agreed = len(self.findings) == before
        known = self.envelope
        self.envelope = Envelope(known.marks, known.filler, known.isa, known.gs)

    def ge(self, elements: Segment) -> None:
        self.leave("SE")
        if not self.envelope.gs:
            self.add("AK905=3", "A GE without its GS.", "Send the file whole.", segment="GE")
            return
        self._agree(elements, 2, self.envelope.group_control, "GS06", "AK905=4")
        self._count(elements, self.transactions, "transactions of the group", "AK905=5")
        self.envelope = Envelope(self.envelope.marks, self.envelope.filler, self.envelope.isa)

    def iea(self, elements: Segment) -> None:
        self.leave("GE")
        if not self.envelope.isa:
            self.add("TA105=022", "An IEA without its ISA.", "Send the file whole.", segment="IEA")
            return
        self._agree(elements, 2, self.envelope.interchange_control, "ISA13", "TA105=001")
        self._count(elements, self.groups, "groups of the interchange", "TA105=021")
        self.envelope = Envelope(self.envelope.marks, self.envelope.filler)

    def leave(self, last: str) -> None:
        """Report the trailers, from the innermost up to `last` ("" all), that should have come before."""
        known = self.envelope
        if known.st:
            self._missing("SE")
            self.envelope = Envelope(known.marks, known.filler, known.isa, known.gs)
        if known.gs and last != "SE":
            self._missing("GE")
            self.envelope = Envelope(known.marks, known.filler, known.isa)
        if known.isa and not last:
            self._missing("IEA")
            self.envelope = Envelope(known.marks, known.filler)

    def end(self) -> None:
        self.leave("")
        if not self.interchanges:
            self.add(
                "TA105=022", "This is not an X12 file: it holds no whole ISA.", "Send a file that begins with ISA."
            )

    def _missing(self, trailer: str) -> None:
        what, rule = _TRAILERS[trailer]
        self.add(
            rule,
            f"The {trailer} that ends the {what} is missing: the file was cut or its parts were mixed up.",
            "Get the whole file from the sender again.",
            segment=trailer,
        )

    def _agree(self, elements: Segment, at: int, expected: str, name: str, rule: str) -> None:
        if len(elements) <= at or elements[at] != expected:
            where = f"{elements[0]}{at:02}"
            self.add(rule, f"{where} is not the control number in {name}.", "Ask the sender for the file again.",
                     segment=elements[0], element=where)  # fmt: skip

    def _count(self, elements: Segment, expected: int, what: str, rule: str) -> None:
        text = elements[1] if len(elements) > 1 else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) == expected):
            where = f"{elements[0]}01"
            self.add(rule, f"{where} does not count the {expected} {what}.", "Ask the sender for the file again.",
                     segment=elements[0], element=where)  # fmt: skip
