"""TA1, 999 and 277CA: reading what payers answer, and writing answers for the files that came in."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from claims_service.domain.claim.acknowledgement import (
    BatchAnswer,
    GroupAnswer,
    InterchangeAnswer,
    SegmentFault,
    TransactionAnswer,
)
from claims_service.formats.x12 import values
from claims_service.formats.x12.findings import Finding, errors
from claims_service.formats.x12.interchange import Interchange, Transaction, enclose, isa
from claims_service.formats.x12.node import Envelope, Node, Segment, padded
from claims_service.formats.x12.read_277ca import batch_answer
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Source
from claims_service.formats.x12.values import Unreadable
from claims_service.formats.x12.writer import Writer, form

Answer = InterchangeAnswer | GroupAnswer | BatchAnswer
VERSION = "005010X231A1"
TRANSACTIONS = {"HC": "837", "HP": "835", "HN": "277", "FA": "999"}

TA1 = form("ta1", "TA1", "TA1", "control date time code note")
AK1 = form("999", "ST", "AK1", "functional_id control version")
AK2 = form("999", "2000", "AK2", "transaction control version")
IK3 = form("999", "2100", "IK3", "segment position loop code")
IK4 = form("999", "2110", "IK4", "position{element component} code")
IK5 = form("999", "2000", "IK5", "code error1")
AK9 = form("999", "ST", "AK9", "code included received accepted error1")


class AcknowledgementFile:
    """Iterates over the answers in a file: TA1s, one GroupAnswer per 999, one BatchAnswer per 277CA.

    `findings` is complete when the iteration ends; what can't be read is left out and found.
    """

    def __init__(self, source: Source) -> None:
        self._reader = Reader(source, whole=True)

    @property
    def findings(self) -> list[Finding]:
        return self._reader.findings

    def __iter__(self) -> Iterator[Answer]:
        for part in self._reader:
            try:
                if part.kind == "ta1":
                    yield _interchange_answer(part.node.items[0])  # type: ignore[arg-type]
                elif part.envelope.guide == "999":
                    yield _group_answer(part.node, part.envelope)
                elif part.envelope.guide == "277ca":
                    yield batch_answer(part.node, part.envelope.marks.component)
            except Unreadable as fault:
                values.report(self._reader.check, fault, part.node)


def read_acknowledgements(source: Source) -> AcknowledgementFile:
    """Read a file of TA1, 999 (005010X231A1) or 277CA (005010X214), or of several, from bytes or a binary stream."""
    return AcknowledgementFile(source)


def _interchange_answer(segment: Segment) -> InterchangeAnswer:
    ta1 = padded(segment, 5)
    try:
        on = date(2000 + int(ta1[2][:2]), int(ta1[2][2:4]), int(ta1[2][4:6]))
    except ValueError:
        raise Unreadable("TA1", 2, "a date") from None
    return InterchangeAnswer(ta1[1], on, ta1[3], ta1[4], ta1[5] or "000")


def _group_answer(node: Node, envelope: Envelope) -> GroupAnswer:
    ak1, ak9 = node.first("AK1", size=3), node.first("AK9", size=4)
    if ak1 is None or ak9 is None:
        raise Unreadable("AK1" if ak1 is None else "AK9", 1, "there")
    transactions = tuple(_transaction_answer(loop, envelope.marks.component) for loop in node.loops("2000"))
    counts = [values.count(ak9, at) or 0 for at in (2, 3, 4)]
    return GroupAnswer(ak1[2], ak1[1], ak1[3], ak9[1], transactions, *counts)


def _transaction_answer(node: Node, component: str) -> TransactionAnswer:
    ik5 = node.first("IK5", size=1)
    if ik5 is None:
        raise Unreadable("IK5", 1, "there")
    faults: list[SegmentFault] = []
    for loop in node.loops("2100"):
        ik3 = padded(loop.items[0], 4)  # type: ignore[arg-type]
        place = (ik3[1], values.count(ik3, 2) or 0, ik3[3], ik3[4])
        elements = [padded(inner.items[0], 3) for inner in loop.loops("2110")]  # type: ignore[arg-type]
        for ik4 in elements:
            position = "-".join(part for part in ik4[1].split(component)[:2] if part)
            faults.append(SegmentFault(*place, element=position, element_code=ik4[3]))
        if not elements:
            faults.append(SegmentFault(*place))
    return TransactionAnswer(node.value("AK2", "", 2), ik5[1] if ik5[1] in ("A", "E") else "R", tuple(faults))


def write_ta1(interchange: Interchange, answers: Sequence[InterchangeAnswer]) -> bytes:
    """An interchange that holds TA1s only, and so no group (IEA01 = 0)."""
    out = Writer()
    for one in answers:
        out.add(TA1, one.interchange_control, f"{one.interchange_on:%y%m%d}", one.interchange_time, one.code, one.note)
    return f"{isa(interchange)}{out.text(out.lines)}IEA*0*{interchange.control:09}~".encode("ascii")


def write_999(interchange: Interchange, answers: Sequence[GroupAnswer]) -> bytes:
    """A 999 for each group that is answered. IK404, the copy of the bad value, is never sent: it may be patient data."""
    out = Writer()
    bodies = []
    for answer in answers:
        out.add(AK1, answer.functional_id, answer.group_control, answer.version)
        for one in answer.transactions:
            out.add(AK2, TRANSACTIONS.get(answer.functional_id, "000"), one.transaction_control, answer.version)
            _faults(out, one.faults)
            out.add(IK5, one.code, "5" if one.faults else "")
        counts = (answer.included, answer.received, answer.accepted)
        out.add(AK9, answer.code, *(str(count) for count in counts), "")
        bodies.append(out.lines)
        out.lines = []
    transactions = [Transaction(out.text(lines), len(lines)) for lines in bodies]
    return enclose(interchange, "FA", "999", VERSION, transactions)


def _faults(out: Writer, faults: Iterable[SegmentFault]) -> None:
    """IK3 once for a segment, an IK4 for each of its elements. IK303 takes four characters: 2010AA goes as 2010."""
    before: tuple[str, int, str, str] | None = None
    for fault in faults:
        place = (fault.segment, fault.position, fault.loop[:4], fault.segment_code)
        if place != before:
            out.add(IK3, fault.segment, str(fault.position), fault.loop[:4], fault.segment_code)
        before = place
        if fault.element_code:
            element, _, component = fault.element.partition("-")
            out.add(IK4, element, component, fault.element_code)


def answers_to(source: Source) -> tuple[tuple[InterchangeAnswer, ...], tuple[GroupAnswer, ...]]:
    """What we answer to a file that came in: a TA1 for each interchange and a 999 for each group, by our own check."""
    content = source if isinstance(source, bytes) else source.read()
    reader = Reader(io.BytesIO(content), check=True)
    groups: dict[tuple[str, str], list[TransactionAnswer]] = {}
    heads: dict[tuple[str, str], Envelope] = {}
    interchanges: dict[str, Envelope] = {}
    seen = 0
    for part in reader:
        envelope = part.envelope
        interchanges.setdefault(envelope.interchange_control, envelope)
        if part.kind == "transaction":
            key = (envelope.interchange_control, envelope.group_control)
            heads.setdefault(key, envelope)
            found = [one for one in errors(reader.findings[seen:]) if one.rule[:2] == "IK"]
            seen = len(reader.findings)
            groups.setdefault(key, []).append(_own_answer(envelope.transaction_control, found))
    bad = [one for one in errors(reader.findings) if one.rule.startswith("TA105")]
    on = tuple(_own_ta1(envelope, bad) for envelope in interchanges.values() if len(envelope.isa) > 10)
    return on, tuple(_own_group(heads[key], found) for key, found in groups.items())


def _own_answer(control: str, found: Sequence[Finding]) -> TransactionAnswer:
    faults = []
    for one in found:
        rule, _, code = one.rule.partition("=")
        if rule == "IK304":
            faults.append(SegmentFault(one.segment or "ZZZ", one.segment_index, one.loop[:4], code))
        elif rule == "IK403":
            position = one.element[len(one.segment) :].lstrip("0")
            faults.append(SegmentFault(one.segment, one.segment_index, one.loop[:4], "8", position or "1", code))
    return TransactionAnswer(control, "R" if found else "A", tuple(faults))


def _own_ta1(envelope: Envelope, bad: Sequence[Finding]) -> InterchangeAnswer:
    isa = envelope.isa
    code, note = ("R", bad[0].rule[-3:]) if bad else ("A", "000")
    return _interchange_answer(["TA1", isa[13], isa[9], isa[10], code, note])


def _own_group(envelope: Envelope, found: list[TransactionAnswer]) -> GroupAnswer:
    good = sum(one.code == "A" for one in found)
    code = "A" if good == len(found) else "P" if good else "R"
    gs = padded(envelope.gs, 8)
    return GroupAnswer(gs[6], gs[1], gs[8], code, tuple(found), len(found), len(found), good)
