"""Give back what an insurer paid too much, or a held payment of nobody: with a reason, and a second person above a limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.credit import FOUND_BY, LETTER, OFFSET, OUTRIGHT, REFUND_REASONS, WAYS
from claims_service.domain.errors import Conflict, Problem, Rejected
from claims_service.domain.ledger.second_person import asks_second_person
from claims_service.domain.money import spoken
from claims_service.store import audit, counters, insurer_refunds, second_person
from claims_service.store.connection import write
from claims_service.store.insurer_refunds import Kept
from claims_service.workflow.giving_insurers_back import Source, book, source_of

_FIRST = 100
_LONGEST = 50
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class InsurerRefund:
    """way: of WAYS; reason: of REFUND_REASONS; found_by: of FOUND_BY. letter: what the insurer's letter calls it.

    identified_on: from here the days to return it run. seen_cents: what could go back when the person looked, so that
    two people give back once. why: without patient data. check_number: of our check, or the trace of our transfer.

    claim: None where a held payment goes back, whole, to payee.
    """

    claim: int | None
    cents: int
    way: str
    reason: str
    found_by: str
    identified_on: date
    seen_cents: int
    why: str
    letter: str = ""
    check_number: str = ""
    held: int | None = None
    payee: str = ""


def refund_insurers(
    practice: int, wanted: Sequence[InsurerRefund], *, by: Actor, now: datetime, today: date
) -> list[Kept]:
    """Book each, or keep it for a second person (its request says so); all or none.

    Raises:
        NotFound: a claim is not of this practice or no insurer had it, or the payment is held no more.
        Rejected: nothing, more than was paid and not returned, or something is missing.
        Conflict: somebody gave back meanwhile, or a refund of it waits already.
    """
    with write(practice):
        return [_refund(practice, n, one, by, now, today) for n, one in enumerate(wanted)]


def _refund(practice: int, n: int, one: InsurerRefund, by: Actor, now: datetime, today: date) -> Kept:
    source = source_of(practice, one.claim, one.held)
    if found := _problems(n, one, source.most, today):
        raise Rejected(found)
    earlier = _earlier(practice, one)
    if any(r.request and not second_person.is_answered(practice, r.request) for r in earlier):
        raise Conflict(
            f"A refund of this {'claim' if one.held is None else 'payment'} waits for a second person already."
        )
    if source.most != one.seen_cents:
        raise Conflict("The money of this claim moved meanwhile: look at it again.")
    before = sum(r.cents for r in earlier if r.request is None)
    request = None
    if asks_second_person(one.cents, before, second_person.limit(practice)):
        request = _ask(practice, one, source, by, now)
    number = f"R{practice}-{_FIRST + counters.next_values(practice, 'insurer_refund')[0]}"
    kept = insurer_refunds.add(
        practice,
        Kept(
            0, number, one.claim, source.payer, one.cents, one.way, one.reason, one.found_by, one.letter.strip(), one.identified_on,
            one.check_number.strip(), one.why.strip(), request, one.held, one.payee.strip(),
        ),
        by=by.name,
        at=now,
    )  # fmt: skip
    if request is None:
        book(practice, kept, by=by, now=now, today=today)
    return kept


def _earlier(practice: int, one: InsurerRefund) -> list[Kept]:
    """What was asked for of the same money before; what came back is not counted."""
    of_held, of_claim = insurer_refunds.of_held, insurer_refunds.of_claim
    earlier = of_held(practice, one.held) if one.held is not None else of_claim(practice, one.claim or 0)
    return [r for r in earlier if not insurer_refunds.came_back(practice, r.id)]


def _ask(practice: int, one: InsurerRefund, source: Source, by: Actor, now: datetime) -> int:
    kind = second_person.TO_INSURERS
    asked = second_person.Asked(kind, one.claim, "", None, one.cents, one.seen_cents, one.reason, one.why.strip())
    (request,) = second_person.ask(practice, [asked], by=by.name, at=now)
    audit.record(
        practice, [audit.Event("insurer_refund.ask", source.patient, f"money_request:{request}")], by=by, at=now
    )
    return request


def _problems(n: int, one: InsurerRefund, most: int, today: date) -> list[Problem]:
    checks = (
        ("cents", 0 < one.cents <= most, f"Give back more than $0.00 and at most {spoken(most)}."),
        ("cents", one.held is None or one.cents == most, f"A held payment goes back whole: {spoken(most)}."),
        ("payee", one.held is None or one.payee.strip(), "Write to whom it goes back."),
        ("payee", len(one.payee) <= _LONGEST_NAME, f"Write {_LONGEST_NAME} letters at most."),
        ("way", one.way in (WAYS if one.held is None else OUTRIGHT), "Choose how it goes back."),
        ("reason", one.reason in REFUND_REASONS, "Choose one of the reasons."),
        ("found_by", one.found_by in FOUND_BY, "Say who found it."),
        ("letter", one.found_by != LETTER or one.letter.strip(), "Write the number or day of the insurer’s letter."),
        ("letter", len(one.letter) <= _LONGEST, f"Write {_LONGEST} letters at most."),
        ("check_number", one.way == OFFSET or one.check_number.strip(), "Write the number of the check or transfer."),
        ("check_number", len(one.check_number) <= _LONGEST, f"Write {_LONGEST} letters at most."),
        ("identified_on", one.identified_on <= today, "Write the day it was found, today at the latest."),
        ("why", one.why.strip(), "Say why it goes back."),
    )
    return [Problem(f"[{n}].{field}", words) for field, holds, words in checks if not holds]
