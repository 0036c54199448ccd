"""TA1, 999 and 277CA: reading what payers answer, and writing answers for the files that came in."""

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
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.interchange import Interchange, Transaction, enclose, isa
from claims_service.formats.x12.node import Envelope, Node, Segment, padded
from claims_service.formats.x12.read_277ca import batch_answer
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Source
from claims_service.formats.x12.values import Unreadable
from claims_service.formats.x12.writer import Writer, form

Answer = InterchangeAnswer | GroupAnswer | BatchAnswer
VERSION = "005010X231A1"
TRANSACTIONS = {"HC": "837", "HP": "835", "HS": "270", "HB": "271", "HR": "276", "HN": "277", "FA": "999"}

TA1 = form("ta1", "TA1", "TA1", "control date time code note")
AK1 = form("999", "ST", "AK1", "functional_id control version")
AK2 = form("999", "2000", "AK2", "transaction control version")
IK3 = form("999", "2100", "IK3", "segment position loop code")
IK4 = form("999", "2110", "IK4", "position{element component} code")
_ERRORS = " ".join(f"error{i}" for i in range(1, 6))
IK5 = form("999", "2000", "IK5", f"code {_ERRORS}")
AK9 = form("999", "ST", "AK9", f"code included received accepted {_ERRORS}")


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
    ak1, ak9 = node.first("AK1", size=3), node.first("AK9", size=9)
    if ak1 is None or ak9 is None:
        raise Unreadable("AK1" if ak1 is None else "AK9", 1, "there")
    transactions = tuple(_transaction_answer(loop, envelope.marks.component) for loop in node.loops("2000"))
    counts = [values.count(ak9, at) or 0 for at in (2, 3, 4)]
    errors = tuple(code for code in ak9[5:] if code)
    return GroupAnswer(ak1[2], ak1[1], ak1[3], ak9[1], transactions, counts[0], counts[1], counts[2], errors)


def _transaction_answer(node: Node, component: str) -> TransactionAnswer:
    ik5 = node.first("IK5", size=6)
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
    errors = tuple(code for code in ik5[2:] if code and not (code == "5" and faults))
    return TransactionAnswer(node.value("AK2", "", 2), ik5[1] if ik5[1] in ("A", "E") else "R", tuple(faults), errors)


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
            out.add(IK5, one.code, *_five(("5", *one.errors) if one.faults else one.errors))
        counts = (answer.included, answer.received, answer.accepted)
        out.add(AK9, answer.code, *(str(count) for count in counts), *_five(answer.errors))
        bodies.append(out.lines)
        out.lines = []
    transactions = [Transaction(out.text(lines), len(lines)) for lines in bodies]
    return enclose(interchange, "FA", "999", VERSION, transactions)


def _five(errors: Sequence[str]) -> Sequence[str]:
    return (*errors, "", "", "", "", "")[:5]


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
