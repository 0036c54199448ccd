"""Eligibility: the questions of a 270 and the answers of a 271 (005010X279A1)."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from claims_service.domain.eligibility.answer import Benefit, CoverDate, EligibilityAnswer, OtherParty, Refusal
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.party import Payer, Person, Provider
from claims_service.formats.x12 import values
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.node import Envelope, Node, padded
from claims_service.formats.x12.pattern import Marks
from claims_service.formats.x12.read_claim_levels import address, first
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Source
from claims_service.formats.x12.values import Unreadable

Kind = TypeVar("Kind")
NOBODY = Person("", "")


class EligibilityFile(Generic[Kind]):
    """Iterates over the questions or answers of a file; memory holds one transaction.

    `findings` is complete when the iteration ends; what can't be read is left out and found.
    """

    def __init__(self, source: Source, transaction: str, read: Callable[[Node, Envelope], Iterator[Kind]]) -> None:
        self._reader = Reader(source, whole=True, check=True)
        self._transaction, self._read = transaction, read

    @property
    def findings(self) -> list[Finding]:
        return self._reader.findings

    def __iter__(self) -> Iterator[Kind]:
        for part in self._reader:
            if part.kind != "transaction" or part.envelope.st[1:2] != [self._transaction]:
                continue
            try:
                yield from self._read(part.node, part.envelope)
            except Unreadable as fault:
                values.report(self._reader.check, fault, part.node)


def read_270(source: Source) -> EligibilityFile[EligibilityQuestion]:
    """Read eligibility questions from bytes or a binary stream."""
    return EligibilityFile(source, "270", _questions)


def read_271(source: Source) -> EligibilityFile[EligibilityAnswer]:
    """Read eligibility answers from bytes or a binary stream."""
    return EligibilityFile(source, "271", _answers)


def _questions(root: Node, envelope: Envelope) -> Iterator[EligibilityQuestion]:
    for above, level in _people(root):
        if level is None:
            continue
        loop = level.child("2100C") or level.child("2100D")
        asked = loop.first("DTP", "291", 3) if loop else None
        asked_on, asked_until = values.days(asked, 3) if asked else (None, None)
        services = [
            eq[1] for question in (loop.loops("2110C", "2110D") if loop else ()) for eq in question.segments("EQ")
        ]
        yield EligibilityQuestion(
            asked_on=asked_on, asked_until=asked_until,
            services=tuple(one for code in services for one in _repeated(code, envelope.marks)), **above,
        )  # fmt: skip


def _answers(root: Node, envelope: Envelope) -> Iterator[EligibilityAnswer]:
    for above, level in _people(root):
        refusals = above.pop("refusals")
        if level is None:
            yield EligibilityAnswer(refusals=refusals, **above)
            continue
        loop = level.child("2100C") or level.child("2100D")
        benefits = loop.loops("2110C", "2110D") if loop else ()
        yield EligibilityAnswer(
            dates=_dates(loop), benefits=tuple(_benefit(one, envelope.marks) for one in benefits), refusals=refusals, **above,
        )  # fmt: skip


def _people(root: Node) -> Iterator[tuple[dict[str, Any], Node | None]]:
    """Who is asked about, with the level that says it: a 2000C without dependents, or each 2000D. None: nobody was reached."""
    is_answer = root.loop.name.endswith("answer")
    for payer_level in root.loops("2000A"):
        payer_loop = payer_level.child("2100A")
        payer = Payer(first(payer_loop, "NM1")[9], first(payer_loop, "NM1")[3])
        refused = (*_refusals(payer_level, "payer"), *_refusals(payer_loop, "payer"))
        providers = list(payer_level.loops("2000B"))
        if not providers and is_answer:
            yield {"payer": payer, "provider": Provider("", ""), "subscriber": NOBODY, "refusals": refused}, None
        for provider_level in providers:
            loop = provider_level.child("2100B")
            nm1 = first(loop, "NM1")
            provider = Provider(nm1[9], nm1[3], nm1[4], middle=nm1[5], suffix=nm1[7])
            found = (*refused, *_refusals(loop, "provider"))
            above = {"payer": payer, "provider": provider}
            subscribers = list(provider_level.loops("2000C"))
            if not subscribers and is_answer:
                yield {**above, "subscriber": NOBODY, "refusals": found}, None
            for level in subscribers:
                for fields, person_level in _members(level):
                    if is_answer:
                        fields["refusals"] = (*found, *fields["refusals"])
                    else:
                        del fields["refusals"]
                    yield {**above, **fields}, person_level


def _members(level: Node) -> Iterator[tuple[dict[str, Any], Node]]:
    loop = level.child("2100C")
    subscriber = {
        "subscriber": _person(loop),
        "member_id": first(loop, "NM1")[9],
        "group_number": loop.value("REF", "6P", 2) if loop else "",
    }
    refusals = _refusals(loop, "subscriber")
    dependents = list(level.loops("2000D"))
    if not dependents or level.first("TRN"):
        yield {**subscriber, **_trace(level), "refusals": refusals}, level
    for below in dependents:
        inner = below.child("2100D")
        fields = {
            "dependent": _person(inner),
            "relationship": first(inner, "INS")[2],
            "refusals": (*refusals, *_refusals(inner, "dependent")),
        }
        yield {**subscriber, **_trace(below), **fields}, below


def _trace(level: Node) -> dict[str, str]:
    """Our own number comes back as TRN*2; a payer may add its own as TRN*1."""
    trn = level.first("TRN", "2", 4) or level.first("TRN", size=4) or [""] * 5
    return {"trace": trn[2], "originator": trn[3]}


def _person(loop: Node | None) -> Person:
    nm1, dmg = first(loop, "NM1"), first(loop, "DMG")
    return Person(nm1[3], nm1[4], nm1[5], values.maybe_day(dmg, 2), dmg[3] or "U", address(loop), nm1[7])


def _refusals(loop: Node | None, about: str) -> tuple[Refusal, ...]:
    if loop is None:
        return ()
    full = (padded(aaa, 4) for aaa in loop.segments("AAA"))
    return tuple(Refusal(about, aaa[3], aaa[4]) for aaa in full)


def _dates(loop: Node | None) -> tuple[CoverDate, ...]:
    full = (padded(dtp, 3) for dtp in (loop.segments("DTP") if loop else ()))
    return tuple(CoverDate(dtp[1], *values.days(dtp, 3)) for dtp in full)


def _repeated(text: str, marks: Marks) -> tuple[str, ...]:
    """The repetitions of one element; a sender without a repetition mark repeats nothing."""
    if not text:
        return ()
    return tuple(text.split(marks.repetition)) if marks.repetition else (text,)


def _benefit(loop: Node, marks: Marks) -> Benefit:
    eb = first(loop, "EB")
    procedure = [*eb[13].split(marks.component), ""]
    bounds = loop.child("2120C-LS") or loop.child("2120D-LS")
    names = [first(one, "NM1") for one in (bounds.loops("2120C", "2120D") if bounds else ())]
    return Benefit(
        kind=eb[1],
        level=eb[2],
        services=_repeated(eb[3], marks),
        insurance_type=eb[4],
        plan_name=eb[5],
        period=eb[6],
        cents=values.maybe_cents(eb, 7),
        share=values.quantity(eb, 8) if eb[8] else None,
        quantity_kind=eb[9],
        quantity=values.quantity(eb, 10) if eb[10] else None,
        authorization=eb[11],
        network=eb[12],
        procedure_kind=procedure[0],
        procedure=procedure[1],
        numbers=tuple((ref[1], ref[2]) for ref in loop.segments("REF") if len(ref) > 2),
        dates=_dates(loop),
        refusals=_refusals(loop, "benefit"),
        messages=tuple(msg[1] for msg in loop.segments("MSG") if len(msg) > 1),
        others=tuple(OtherParty(nm1[1], nm1[3], nm1[4], nm1[8], nm1[9]) for nm1 in names),
    )
