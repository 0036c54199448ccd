"""Give back what an insurer paid too much: by check or from a later payment, with a second person above a limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.credit import CHECK, FOUND_BY, LETTER, REFUND_REASONS, WAYS
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.ledger.second_person import asks_second_person
from claims_service.domain.money import spoken
from claims_service.store import audit, claims, counters, insurer_refunds, second_person
from claims_service.store.connection import write
from claims_service.store.insurer_refunds import Kept
from claims_service.workflow.giving_insurers_back import book

_FIRST = 100
_LONGEST = 50


@dataclass(frozen=True, slots=True)
class InsurerRefund:
    """way: of WAYS; reason: of REFUND_REASONS; found_by: of FOUND_BY. letter: what the insurer's letter calls it.

    identified_on: from here the days to return it run. seen_cents: what could go back when the person looked, so that
    two people give back once. why: without patient data.
    """

    claim: int
    cents: int
    way: str
    reason: str
    found_by: str
    identified_on: date
    seen_cents: int
    why: str
    letter: str = ""
    check_number: str = ""


def refund_insurers(
    practice: int, wanted: Sequence[InsurerRefund], *, by: Actor, now: datetime, today: date
) -> list[Kept]:
    """Book each, or keep it for a second person (its request says so); all or none.

    Raises:
        NotFound: a claim is not of this practice, or no insurer had it.
        Rejected: nothing, more than was paid and not returned, or something is missing.
        Conflict: somebody gave back meanwhile, or a refund of this claim waits already.
    """
    with write(practice):
        return [_refund(practice, n, one, by, now, today) for n, one in enumerate(wanted)]


def _refund(practice: int, n: int, one: InsurerRefund, by: Actor, now: datetime, today: date) -> Kept:
    head = claims.heads(practice, [one.claim]).get(one.claim)
    if head is None or head.payer is None:
        raise NotFound("claim")
    most = insurer_refunds.returnable(practice, one.claim)
    if found := _problems(n, one, most, today):
        raise Rejected(found)
    if second_person.waits(practice, second_person.TO_INSURERS, one.claim):
        raise Conflict("A refund of this claim waits for a second person already.")
    if most != one.seen_cents:
        raise Conflict("The money of this claim moved meanwhile: look at it again.")
    before = sum(r.cents for r in insurer_refunds.of_claim(practice, one.claim) if r.request is None)
    request = None
    if asks_second_person(one.cents, before, second_person.limit(practice)):
        request = _ask(practice, one, head, by, now)
    number = f"R{practice}-{_FIRST + counters.next_values(practice, 'insurer_refund')[0]}"
    kept = insurer_refunds.add(
        practice,
        Kept(
            0, number, one.claim, head.payer, one.cents, one.way, one.reason, one.found_by, one.letter.strip(), one.identified_on,
            one.check_number.strip(), one.why.strip(), request,
        ),
        by=by.name,
        at=now,
    )  # fmt: skip
    if request is None:
        book(practice, kept, by=by, now=now, today=today)
    return kept


def _ask(practice: int, one: InsurerRefund, head: claims.Head, by: Actor, now: datetime) -> int:
    kind = second_person.TO_INSURERS
    asked = second_person.Asked(kind, one.claim, "", None, one.cents, one.seen_cents, one.reason, one.why.strip())
    (request,) = second_person.ask(practice, [asked], by=by.name, at=now)
    audit.record(practice, [audit.Event("insurer_refund.ask", head.patient, f"money_request:{request}")], by=by, at=now)
    return request


def _problems(n: int, one: InsurerRefund, most: int, today: date) -> list[Problem]:
    checks = (
        ("cents", 0 < one.cents <= most, f"Give back more than $0.00 and at most {spoken(most)}."),
        ("way", one.way in WAYS, "Choose how it goes back."),
        ("reason", one.reason in REFUND_REASONS, "Choose one of the reasons."),
        ("found_by", one.found_by in FOUND_BY, "Say who found it."),
        ("letter", one.found_by != LETTER or one.letter.strip(), "Write the number or day of the insurer’s letter."),
        ("letter", len(one.letter) <= _LONGEST, f"Write {_LONGEST} letters at most."),
        ("check_number", one.way != CHECK or one.check_number.strip(), "Write the number of the check."),
        ("check_number", len(one.check_number) <= _LONGEST, f"Write {_LONGEST} letters at most."),
        ("identified_on", one.identified_on <= today, "Write the day it was found, today at the latest."),
        ("why", one.why.strip(), "Say why it goes back."),
    )
    return [Problem(f"[{n}].{field}", words) for field, holds, words in checks if not holds]
