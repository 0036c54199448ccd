"""Take patients' money: by card on the card company's page, by cash or check at the desk. Twice in counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.money import MOST_CENTS, spoken
from claims_service.domain.patient.payment import FAILED, PAID, STARTED
from claims_service.gateways.cards.processor import CardEvent, CardProcessor, Order
from claims_service.store import audit, bills, payments
from claims_service.store.connection import write
from claims_service.store.payments import NewPayment, PaymentRecord
from claims_service.workflow.patient_money import book_payment, next_receipt, open_claims
from claims_service.workflow.settling import encounters_of, settle

LEAST_CENTS = 100


@dataclass(frozen=True, slots=True)
class CardPayment:
    """A wish to pay by card. key: of the form it came from; statement: whose visits are paid, None = the oldest ones.

    visits: of the statement, where some were chosen; cents are then all that is asked for on them, as the patient saw it.
    return_url: where the card company sends the patient afterwards; "{payment}" in it becomes the payment's id.
    """

    patient: int
    statement: int | None
    cents: int
    key: str
    words: str
    return_url: str
    back_url: str
    visits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """Where the patient goes on to pay."""

    payment: int
    url: str


@dataclass(frozen=True, slots=True)
class DeskPayment:
    """Cash or a check taken at the desk or by mail. key: of the form it came from."""

    patient: int
    cents: int
    method: str
    key: str
    check_number: str = ""
    statement: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A payment in the books; again: it was there before."""

    payment: int
    receipt_number: str
    again: bool = False


def start_payments(
    practice: int, wishes: Sequence[CardPayment], *, processor: CardProcessor, by: Actor, now: datetime
) -> list[Started]:
    """Note each wish and open the card company's page for it. The amount is fixed here, and the same key again is the same page.

    Raises:
        NotFound: no such statement of this patient, or a visit that it does not name.
        Rejected: less than $1.00 or more than is owed; nothing is noted.
        Conflict: this form was paid already, or something else is asked for on the chosen visits by now.
        CardRefused: the card company does not open a page; nothing was charged.
    """
    with write(practice):
        noted = [_note(practice, wish, by, now) for wish in wishes]
    # Outside the transaction: a slow card company must not hold the books.
    return [_open_page(practice, p, wish, processor, now) for p, wish in zip(noted, wishes, strict=True)]


def _note(practice: int, wish: CardPayment, by: Actor, now: datetime) -> PaymentRecord:
    known = payments.by_key(practice, wish.key)
    if known is not None:
        if known.state not in {STARTED, FAILED} or (known.patient, known.cents) != (wish.patient, wish.cents):
            raise Conflict("this form was used already")
        return known
    named = encounters_of(practice, wish.patient, wish.statement)
    if wish.visits and (named is None or not set(wish.visits) <= named):
        raise NotFound("visit")
    owed = sum(claim.cents for claim in open_claims(practice, wish.patient, wish.visits or named))
    if wish.visits and owed != wish.cents:
        raise Conflict("something else is open on these visits by now")
    on_the_way = payments.pending_cents(practice, wish.patient)
    if problem := amount_problem(wish.cents, owed - on_the_way):
        raise Rejected([problem])
    new = NewPayment(wish.patient, wish.statement, "card", wish.cents, wish.key, STARTED)
    made = payments.add(practice, new, by=by.name, at=now)
    payments.choose_visits(practice, made.id, wish.visits)
    audit.record(practice, [audit.Event("payment.start", wish.patient, f"payment:{made.id}")], by=by, at=now)
    return made


def amount_problem(cents: int, owed_cents: int) -> Problem | None:
    """Why an amount can't be taken by card, if it can't."""
    least = min(LEAST_CENTS, owed_cents)
    if owed_cents <= 0:
        return Problem("amount", "Nothing is open, so there is nothing to pay.")
    if not least <= cents <= owed_cents:
        return Problem("amount", f"The amount must be {spoken(least)} or more, and {spoken(owed_cents)} or less.")
    return None


def _open_page(
    practice: int, payment: PaymentRecord, wish: CardPayment, processor: CardProcessor, now: datetime
) -> Started:
    return_url = wish.return_url.replace("{payment}", str(payment.id))
    order = Order(str(practice), payment.key, payment.cents, wish.words, return_url, wish.back_url)
    checkout = processor.create_checkout(order, now=now)
    if payment.processor_reference != checkout.reference:
        payments.set_reference(practice, payment.id, checkout.reference)
    return Started(payment.id, checkout.url)


def settle_payments(
    practice: int, events: Sequence[CardEvent], *, by: Actor, now: datetime, today: date
) -> list[PaymentRecord]:
    """What the card company told, in any order and any number of times; gives the payments as they stand then.

    Raises:
        NotFound: an order that is not ours; the company will tell it again.
        Conflict: another amount than was ordered.
    """
    with write(practice):
        return [settle(practice, event, by, now, today) for event in events]


def take_desk_payments(
    practice: int, taken: Sequence[DeskPayment], *, by: Actor, now: datetime, today: date
) -> list[Taken]:
    """Cash and checks, with a receipt each. What is beyond the open visits is kept as the patient's credit.

    Raises:
        Rejected: with every problem at once; nothing is booked.
        NotFound: no such patient or statement.
    """
    problems = [problem for i, desk in enumerate(taken) for problem in desk_problems(desk, f"payments[{i}]")]
    if problems:
        raise Rejected(problems)
    with write(practice):
        known = bills.addressees(practice, [desk.patient for desk in taken])
        if any(desk.patient not in known for desk in taken):
            raise NotFound("patient")
        return [_take(practice, desk, by, now, today) for desk in taken]


def _take(practice: int, desk: DeskPayment, by: Actor, now: datetime, today: date) -> Taken:
    before = payments.by_key(practice, desk.key)
    if before is not None:
        return Taken(before.id, before.receipt_number or "", again=True)
    encounters = encounters_of(practice, desk.patient, desk.statement)
    receipt = next_receipt(practice)
    new = NewPayment(
        desk.patient, desk.statement, desk.method, desk.cents, desk.key, PAID, receipt, desk.check_number, now
    )
    made = payments.add(practice, new, by=by.name, at=now)
    book_payment(practice, made, encounters, by=by, now=now, today=today)
    return Taken(made.id, receipt)


def desk_problems(desk: DeskPayment, where: str) -> list[Problem]:
    """Why money at the desk can't be taken, if it can't."""
    problems = []
    if not 0 < desk.cents <= MOST_CENTS:
        problems.append(Problem(f"{where}.amount", "The amount must be more than $0.00."))
    if desk.method not in {"cash", "check"}:
        problems.append(Problem(f"{where}.method", "Choose cash or check."))
    if desk.method == "check" and not desk.check_number.strip():
        problems.append(Problem(f"{where}.check_number", "Write down the number of the check."))
    return problems
