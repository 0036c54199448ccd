"""One check or one sum of cash for everybody a guarantor answers for: each patient's bill gets its part and its own receipt."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.money import spoken
from claims_service.domain.patient.family import split
from claims_service.domain.patient.payment import PAID, OpenClaim
from claims_service.store import bills, guarantors, payments
from claims_service.store.connection import write
from claims_service.store.payments import NewPayment
from claims_service.workflow.patient_money import book_payment, next_receipt, open_claims
from claims_service.workflow.settling import encounters_of
from claims_service.workflow.take_payment import DeskPayment, desk_problems


@dataclass(frozen=True, slots=True)
class FamilyTaken:
    """A part in the books; again: the form was taken before."""

    patient: int
    payment: int
    cents: int
    receipt_number: str
    again: bool = False


def take_family_payment(
    practice: int, desk: DeskPayment, *, by: Actor, now: datetime, today: date
) -> tuple[FamilyTaken, ...]:
    """desk.patient: one of the family; the money goes to the oldest visits on everybody's newest bill, never to a confidential one.

    Raises:
        NotFound: nobody else answers for this patient.
        Rejected: no amount, more than they owe together, or no number of a check; nothing is booked.
    """
    if problems := desk_problems(desk, "payment"):
        raise Rejected(problems)
    with write(practice):
        family = guarantors.family(practice, desk.patient, on=today)
        if not family:
            raise NotFound("guarantor")
        keys = {patient: f"{desk.key}:{patient}" for patient in family}
        before = [found for patient in family if (found := payments.by_key(practice, keys[patient]))]
        if before:
            return tuple(FamilyTaken(p.patient, p.id, p.cents, p.receipt_number or "", again=True) for p in before)
        bills.lock_patients(practice, family)
        told = {patient: bill[0] for patient in family if (bill := bills.newest_statement(practice, patient))}
        owed = {patient: _open(practice, patient, statement) for patient, statement in told.items()}
        parts, left = split(desk.cents, owed)
        if left:
            most = spoken(desk.cents - left)
            raise Rejected([Problem("payment.amount", f"Together they owe {most}; the amount is more than that.")])
        taken = []
        for part in parts:
            receipt = next_receipt(practice)
            new = NewPayment(
                part.patient, told[part.patient], desk.method, part.cents, keys[part.patient], PAID, receipt,
                desk.check_number, now,
            )  # fmt: skip
            made = payments.add(practice, new, by=by.name, at=now)
            visits = encounters_of(practice, part.patient, told[part.patient])
            book_payment(practice, made, visits, by=by, now=now, today=today)
            taken.append(FamilyTaken(part.patient, made.id, part.cents, receipt))
    return tuple(taken)


def _open(practice: int, patient: int, statement: int) -> list[OpenClaim]:
    return open_claims(practice, patient, encounters_of(practice, patient, statement))
