"""A 277CA to answers: the batch, and each claim of it."""

from collections.abc import Iterator

from claims_service.domain.claim.acknowledgement import (
    ACCEPTED_CATEGORIES,
    BatchAnswer,
    ClaimAnswer,
    StatusReason,
)
from claims_service.formats.x12 import values
from claims_service.formats.x12.node import Node, Segment, padded


def batch_answer(root: Node, component: str) -> BatchAnswer:
    """The whole of one 277CA transaction.

    Raises:
        Unreadable: an amount, date or count can't be read.
    """
    source = next(_below(root, "2100A"), None)
    receiver = next(_below(root, "2200B"), None)
    name = (source.first("NM1", size=9) if source else None) or [""] * 10
    claims = tuple(
        _claim_answer(verdict, component) for patient in _below(root, "2000D") for verdict in patient.loops("2200D")
    )
    above = [loop for loop_id in ("2200B", "2200C") for loop in _below(root, loop_id)]
    return BatchAnswer(
        reference=receiver.value("TRN", "2", 2) if receiver else "",
        payer_name=name[3],
        payer_identifier=name[9],
        claims=claims,
        accepted_count=_total(receiver, "QTY", "90"),
        rejected_count=_total(receiver, "QTY", "AA"),
        accepted_cents=_amount(receiver, "YU"),
        rejected_cents=_amount(receiver, "YY"),
        rejected_whole=tuple(
            reason
            for loop in above
            for stc in loop.segments("STC")
            for reason in _reasons(stc, component)
            if reason.category not in ACCEPTED_CATEGORIES
        ),
    )


def _below(node: Node, loop_id: str) -> Iterator[Node]:
    for item in node.items:
        if isinstance(item, Node):
            if item.loop.id == loop_id:
                yield item
            else:
                yield from _below(item, loop_id)


def _claim_answer(verdict: Node, component: str) -> ClaimAnswer:
    """Loop 2200D; the charge and the date are those of its first STC."""
    stcs = list(verdict.segments("STC"))
    first = padded(stcs[0], 4) if stcs else [""] * 5
    return ClaimAnswer(
        control_number=verdict.value("TRN", "2", 2),
        reasons=tuple(reason for stc in stcs for reason in _reasons(stc, component)),
        charge_cents=values.cents(first, 4),
        payer_claim_number=verdict.value("REF", "1K", 2),
        answered_on=values.maybe_day(first, 2),
    )


def _reasons(stc: Segment, component: str) -> Iterator[StatusReason]:
    for at in (1, 10, 11):
        if len(stc) > at and stc[at]:
            parts = (*stc[at].split(component), "", "")
            yield StatusReason(parts[0], parts[1], parts[2])


def _total(node: Node | None, segment: str, code: str) -> int | None:
    return values.count(node.first(segment, code), 2) if node else None


def _amount(node: Node | None, code: str) -> int | None:
    return values.maybe_cents(node.first("AMT", code), 2) if node else None
