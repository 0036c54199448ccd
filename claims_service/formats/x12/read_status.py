"""Claim status: the questions of a 276 and the answers of a 277 (005010X212), one claim at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from claims_service.domain.claim.acknowledgement import StatusReason
from claims_service.domain.claim.status import LineStatus, StatusAnswer, StatusQuestion, StatusStep
from claims_service.domain.party import Address, BillingProvider, Payer, Person
from claims_service.formats.x12 import values
from claims_service.formats.x12.claim_file import ClaimFile
from claims_service.formats.x12.node import Node, Segment, padded
from claims_service.formats.x12.read_claim_levels import first
from claims_service.formats.x12.tokenizer import Source


def read_276(source: Source) -> ClaimFile[StatusQuestion]:
    """Read claim status questions from bytes or a binary stream; memory holds one."""
    return ClaimFile(source, {"276": question})


def read_277(source: Source) -> ClaimFile[StatusAnswer]:
    """Read claim status answers from bytes or a binary stream; memory holds one."""
    return ClaimFile(source, {"277": answer})


def question(node: Node, parents: Sequence[Node], component: str) -> StatusQuestion:
    """Loop 2200D or 2200E under its levels.

    Raises:
        Unreadable: an amount or date can't be read.
    """
    return StatusQuestion(
        charge_cents=values.maybe_cents(node.first("AMT", "T3"), 2),
        **_parties(parents),
        **_claim(node),
    )


def answer(node: Node, parents: Sequence[Node], component: str) -> StatusAnswer:
    """Loop 2200D or 2200E under its levels.

    Raises:
        Unreadable: an amount or date can't be read.
    """
    lines = tuple(_line(loop, component) for loop in node.loops("2220D", "2220E"))
    return StatusAnswer(
        steps=tuple(_step(stc, component) for stc in node.segments("STC")),
        lines=lines,
        **_parties(parents),
        **_claim(node),
    )


def _parties(parents: Sequence[Node]) -> dict[str, Any]:
    levels = {node.loop.id: node for node in parents}

    def name(level: str, loop: str) -> Segment:
        above = levels.get(level)
        return first(above.child(loop) if above else None, "NM1")

    payer, receiver, provider = name("2000A", "2100A"), name("2000B", "2100B"), name("2000C", "2100C")
    subscriber, dependent = name("2000D", "2100D"), name("2000E", "2100E")
    return {
        "payer": Payer(payer[9], payer[3]),
        "billing": BillingProvider(provider[3], provider[9], "", "", Address(), "", "", receiver[9]),
        "subscriber": _person(subscriber, levels.get("2000D")),
        "member_id": subscriber[9],
        "dependent": _person(dependent, levels["2000E"]) if "2000E" in levels else None,
    }


def _person(nm1: Segment, level: Node | None) -> Person:
    dmg = first(level, "DMG")
    return Person(nm1[3], nm1[4], nm1[5], values.maybe_day(dmg, 2), dmg[3] or "U", suffix=nm1[7])


def _claim(node: Node) -> dict[str, Any]:
    served = node.first("DTP", "472", 3)
    served_on, served_until = values.days(served, 3) if served else (None, None)
    return {
        "trace": first(node, "TRN")[2],
        "control_number": node.value("REF", "EJ", 2),
        "payer_claim_number": node.value("REF", "1K", 2),
        "served_on": served_on,
        "served_until": served_until,
    }


def _step(segment: Segment, component: str) -> StatusStep:
    stc = padded(segment, 12)
    return StatusStep(
        tuple(_reasons(stc, component)),
        values.day(stc, 2),
        values.maybe_cents(stc, 4),
        values.maybe_cents(stc, 5),
        values.maybe_day(stc, 6),
        values.maybe_day(stc, 8),
        stc[9],
    )


def _reasons(stc: Segment, component: str) -> Iterator[StatusReason]:
    for at in (1, 10, 11):
        if stc[at]:
            category, status, entity = [*stc[at].split(component), "", "", ""][:3]
            yield StatusReason(category, status, entity)


def _line(loop: Node, component: str) -> LineStatus:
    svc = first(loop, "SVC")
    procedure = [*svc[1].split(component), *[""] * 8][:8]
    served_on, served_until = values.days(first(loop, "DTP", "472"), 3)
    return LineStatus(
        procedure=procedure[1],
        charge_cents=values.cents(svc, 2),
        paid_cents=values.cents(svc, 3),
        served_on=served_on,
        steps=tuple(_step(stc, component) for stc in loop.segments("STC")),
        reference=loop.value("REF", "FJ", 2),
        modifiers=tuple(one for one in procedure[2:6] if one),
        units=values.quantity(svc, 7) if svc[7] else None,
        qualifier=procedure[0],
        served_until=served_until,
        revenue_code=svc[4],
    )
