"""What we answer to a file that came in, found while it streams by: a TA1 for each interchange, a 999 for each group."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from claims_service.domain.claim.acknowledgement import (
    GroupAnswer,
    InterchangeAnswer,
    SegmentFault,
    TransactionAnswer,
)
from claims_service.formats.x12.envelope import EnvelopeCheck
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.node import Envelope, Segment, padded
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Odd, Source, Tokenizer

MOST_FAULTS = 100  # named in one transaction; the rest are known to be there
ACKNOWLEDGEMENT = "FA"  # GS01 of a 999, which nobody answers


Item = TypeVar("Item")


@dataclass(slots=True)
class _Group:
    """One GS as it goes by, with the verdicts on its transactions."""

    gs: Segment
    answers: list[TransactionAnswer] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Interchange:
    """One ISA as it goes by. note: TA105 of its first fault. is_answer: it only carries TA1s."""

    isa: Segment
    note: str = ""
    is_answer: bool = False
    groups: list[_Group] = field(default_factory=list)


class _Desk(list[Finding]):
    """Takes the findings of a reader and lays each with the interchange, group and transaction at hand; keeps none."""

    def __init__(self, check: EnvelopeCheck) -> None:
        super().__init__()
        self._check = check
        self.interchanges: list[_Interchange] = []
        self.faults: list[SegmentFault] = []
        self.codes: list[str] = []

    def append(self, finding: Finding) -> None:
        if finding.severity != "error":
            return
        rule, _, code = finding.rule.partition("=")
        envelope = self._check.envelope
        if rule == "TA105" and len(envelope.isa) > 13:
            interchange = self.interchange(envelope)
            interchange.note = interchange.note or code
        elif rule == "AK905" and envelope.gs:
            _add(self.group(envelope).errors, code, 5)
        elif rule == "IK502":
            _add(self.codes, code, 5)
        elif rule in ("IK304", "IK403"):
            _add(self.faults, _fault(finding, code), MOST_FAULTS)

    def interchange(self, envelope: Envelope) -> _Interchange:
        if not self.interchanges or self.interchanges[-1].isa is not envelope.isa:
            self.interchanges.append(_Interchange(envelope.isa))
        return self.interchanges[-1]

    def group(self, envelope: Envelope) -> _Group:
        groups = self.interchange(envelope).groups
        if not groups or groups[-1].gs is not envelope.gs:
            groups.append(_Group(envelope.gs))
        return groups[-1]

    def close(self, envelope: Envelope) -> None:
        """The transaction at hand ends: what was found since the last one is its own."""
        bad = bool(self.faults or self.codes)
        codes = tuple(code for code in self.codes if code != "5" or not self.faults)
        answer = TransactionAnswer(envelope.transaction_control, "R" if bad else "A", tuple(self.faults), codes)
        self.group(envelope).answers.append(answer)
        self.faults.clear()
        self.codes.clear()


def _add(found: list[Item], one: Item, most: int) -> None:
    if len(found) < most and one not in found:
        found.append(one)


def _fault(one: Finding, code: str) -> SegmentFault:
    """IK3 or IK4; IK303 takes the first four characters of a loop."""
    if one.rule.startswith("IK304"):
        return SegmentFault(one.segment or "ZZZ", one.segment_index, one.loop[:4], code)
    position = one.element[len(one.segment) :].lstrip("0")
    return SegmentFault(one.segment, one.segment_index, one.loop[:4], "8", position or "1", code)


def answers_to(source: Source) -> tuple[tuple[InterchangeAnswer, ...], tuple[GroupAnswer, ...]]:
    """A TA1 for each interchange and a 999 for each group, by our own check; memory holds one claim and the verdicts.

    TA1s and 999s are themselves never answered, or two partners would answer each other for ever.
    """
    reader = Reader(source, check=True)
    desk = _Desk(reader.check)
    reader.check.findings = desk
    for part in reader:
        if part.kind == "transaction" and part.envelope.gs:
            desk.close(part.envelope)
        elif part.kind == "ta1" and len(part.envelope.isa) > 13:
            desk.interchange(part.envelope).is_answer = True
    envelopes = [one for one in desk.interchanges if not one.is_answer or one.groups or one.note]
    groups = [
        group
        for one in desk.interchanges
        for group in one.groups
        if group.answers and group.gs[1:2] != [ACKNOWLEDGEMENT]
    ]
    return tuple(_ta1(one) for one in envelopes), tuple(_999(group) for group in groups)


def first_isa(source: Source) -> list[str]:
    """The elements of the first whole ISA, padded; empty when there is none."""
    tokens = Tokenizer(source)
    for raws in tokens:
        if raws[0].startswith("ISA") and isinstance(raws[0], Odd) and raws[0].fault != "isa":
            return padded(raws[0].split(tokens.marks.element), 16)
    return []


def back_to_sender(isa: Sequence[str], control: int, written_at: datetime) -> Interchange:
    """The envelope of an answer: to the sender of the file, from its receiver. written_at: the clinic's local time.

    Raises:
        Rejected: an id of theirs, or the control number, is none that X12 allows.
    """
    isa = isa or [""] * 17
    return Interchange(
        sender=isa[8].strip(), receiver=isa[6].strip(), control=control, group_control=control, written_at=written_at,
        sender_qualifier=isa[7], receiver_qualifier=isa[5], test=isa[15] == "T", acknowledge=False,
    )  # fmt: skip


def _ta1(one: _Interchange) -> InterchangeAnswer:
    """An ISA without a readable date is answered as of 1 January 2000: its number is what the sender goes by."""
    isa = padded(one.isa, 16)
    try:
        on = date(2000 + int(isa[9][:2]), int(isa[9][2:4]), int(isa[9][4:6]))
    except ValueError:
        on, one.note = date(2000, 1, 1), one.note or "014"
    code = "R" if one.note else "A"
    return InterchangeAnswer(isa[13], on, isa[10], code, one.note or "000", wanted=isa[14] == "1")


def _999(group: _Group) -> GroupAnswer:
    """A group whose own envelope is broken is refused whole."""
    answers: Sequence[TransactionAnswer] = group.answers
    good = 0 if group.errors else sum(one.code == "A" for one in answers)
    code = "A" if good == len(answers) else "P" if good else "R"
    gs = padded(group.gs, 8)
    return GroupAnswer(gs[6], gs[1], gs[8], code, tuple(answers), len(answers), len(answers), good, tuple(group.errors))
