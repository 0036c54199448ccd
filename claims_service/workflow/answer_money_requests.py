"""The second person agrees to a write-off or refund, to patients or insurers, or doesn't; nobody agrees to what they asked for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.credit import OFFSET
from claims_service.domain.errors import AlreadyDone, Conflict, NotFound, Problem, Rejected
from claims_service.gateways.cards.processor import CardProcessor
from claims_service.store import audit, insurer_refunds, payments, second_person
from claims_service.store.connection import write
from claims_service.store.second_person import TO_INSURERS, WRITE_OFFS, Asked
from claims_service.workflow import giving_back, giving_insurers_back, giving_up
from claims_service.workflow.giving_back import Refund
from claims_service.workflow.giving_up import WriteOff


@dataclass(frozen=True, slots=True)
class Answer:
    """words: why not, where it is refused."""

    request: int
    agreed: bool
    words: str = ""


def answer_money_requests(
    practice: int, answers: Sequence[Answer], *, processor: CardProcessor | None, by: Actor, now: datetime, today: date
) -> list[int]:
    """Post each that is agreed to, in the name of who agrees; gives the cents that moved, 0 where it was refused.

    Raises:
        NotFound: no such request of this practice.
        Conflict: one's own request, or the money is not there any more.
        AlreadyDone: it was answered.
        Rejected: refused without a word.
    """
    return [_answer(practice, one, processor, by, now, today) for one in answers]


def _answer(practice: int, one: Answer, processor: CardProcessor | None, by: Actor, now: datetime, today: date) -> int:
    with write(practice):
        asked = _seen(practice, one, by)
    total = 0
    if one.agreed and asked.payment is not None:
        payment = payments.get(practice, asked.payment)
        giving_back.check(payment, _refund(asked))
        total = giving_back.refund_at_company(practice, payment, _refund(asked), processor, now)
    with write(practice):
        _seen(practice, one, by)
        second_person.answer(practice, one.request, agreed=one.agreed, words=one.words.strip(), by=by.name, at=now)
        action = "money_request.agree" if one.agreed else "money_request.refuse"
        audit.record(practice, [audit.Event(action, subject=f"money_request:{one.request}")], by=by, at=now)
        if not one.agreed:
            return 0
        if asked.kind == WRITE_OFFS:
            _write_off(practice, asked, by, now, today)
            return asked.cents
        if asked.kind == TO_INSURERS:
            _to_insurer(practice, one.request, asked, by, now, today)
            return asked.cents
        return giving_back.book(practice, _refund(asked), total, by=by, now=now, today=today)


def _seen(practice: int, one: Answer, by: Actor) -> Asked:
    asked = second_person.get(practice, one.request)
    if second_person.is_answered(practice, one.request):
        raise AlreadyDone("This was answered already.")
    if asked.by == by.name:
        raise Conflict("You asked for it yourself: a second person has to agree.")
    if not one.agreed and not one.words.strip():
        raise Rejected([Problem("words", "Say why not.")])
    return asked


def _write_off(practice: int, asked: Asked, by: Actor, now: datetime, today: date) -> None:
    assert asked.claim is not None, "a write-off is of a claim"
    wanted = [WriteOff(asked.claim, asked.account, asked.cents, asked.why, asked.reason)]
    if found := giving_up.problems(practice, wanted):
        raise Conflict(f"Part of this money was settled meanwhile. {found[0].message}")
    giving_up.book(practice, wanted, by=by, now=now, today=today)


def _to_insurer(practice: int, request: int, asked: Asked, by: Actor, now: datetime, today: date) -> None:
    refund = insurer_refunds.of_request(practice, request)
    # Where it is to be an offset it is agreed to by now, so it counts among the promised ones itself.
    promised = refund.cents if refund.way == OFFSET else 0
    try:
        source = giving_insurers_back.source_of(practice, refund.claim, refund.held)
    except NotFound:
        raise Conflict("This payment was placed or closed meanwhile.") from None
    if source.most + promised < asked.cents:
        raise Conflict("Part of this money went back meanwhile.")
    giving_insurers_back.book(practice, refund, by=by, now=now, today=today)


def _refund(asked: Asked) -> Refund:
    assert asked.payment is not None, "a refund is of a payment"
    return Refund(asked.payment, asked.cents, asked.seen_cents, asked.why)
