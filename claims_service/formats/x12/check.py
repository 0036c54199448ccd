"""Everything there is to say against an X12 file, from its envelope to its code sets (SNIP levels 1 to 5)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.node import Node
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.rules.book import rules_of
from claims_service.formats.x12.rules.rule import Closed, Fault, Tally, locate
from claims_service.formats.x12.rules.table import rule_texts
from claims_service.formats.x12.tokenizer import Source


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The findings on a file, in the order of its transactions and segments. unreadable: no whole ISA was found."""

    findings: tuple[Finding, ...]
    unreadable: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity: error, warning, notice."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in ("error", "warning", "notice")}


def check(source: Source) -> CheckedFile:
    """Read a file once, one claim in memory at a time, and judge it by its guide and the rules. Never raises."""
    examiner = _Examiner(source)
    for _ in examiner.reader:
        pass
    return CheckedFile(tuple(examiner.findings), not examiner.reader.check.interchanges)


class _Examiner:
    """Asks the rules about each loop as the reader closes it."""

    def __init__(self, source: Source) -> None:
        self.reader = Reader(source, check=True, closed=self._closed)
        self._texts = rule_texts()
        self._tally = Tally()

    @property
    def findings(self) -> list[Finding]:
        """Transactions in the order of the file and, within one, by segment."""
        found = self.reader.findings
        first: dict[str, int] = {}
        for place, finding in enumerate(found):
            first.setdefault(finding.transaction, place)
        return sorted(found, key=lambda one: (first[one.transaction], one.segment_index))

    def _closed(self, node: Node, parents: Sequence[Node]) -> None:
        envelope = self.reader.check.envelope
        own = [item for item in node.items if not isinstance(item, Node)]
        closed = Closed(node, parents, envelope, self._tally, own)
        for rule in rules_of(envelope.guide, node.loop.id):
            for fault in rule(closed):
                self._report(closed, fault)
        if not parents:
            self._tally = Tally()

    def _report(self, closed: Closed, fault: Fault) -> None:
        text = self._texts[fault.rule]
        holder = fault.node or closed.node
        opener = holder.items[0] if holder.items and not isinstance(holder.items[0], Node) else []
        segment = (fault.segment or opener or [""])[0]
        loop, index = locate(holder, fault.segment, self.reader.check.segment)
        self.reader.check.add(
            fault.rule,
            text.message,
            text.mend,
            severity=text.severity,
            level=text.level,
            loop=loop,
            segment=segment,
            element=f"{segment}{fault.place}" if fault.place else "",
            index=index,
        )
