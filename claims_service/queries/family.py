"""Everybody a guarantor answers for, with what each is asked for: the figures of their own bills."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.patient.guarantor import Guarantor
from claims_service.queries import bills
from claims_service.queries.bills import Bill
from claims_service.store import bills as accounts
from claims_service.store import guarantors
from claims_service.store.connection import opened


@dataclass(frozen=True, slots=True)
class Member:
    """bill: the newest with something to pay that is not confidential, None for nothing."""

    patient: int
    name: str
    bill: Bill | None

    @property
    def asked_cents(self) -> int:
        return self.bill.asked_cents if self.bill else 0


@dataclass(frozen=True, slots=True)
class Family:
    """Those one guarantor answers for today, in order."""

    guarantor: Guarantor
    members: tuple[Member, ...]

    @property
    def asked_cents(self) -> int:
        return sum(member.asked_cents for member in self.members)


def family(practice: int, patient: int, *, on: date) -> Family | None:
    """None where the patient answers alone."""
    with opened():
        found = guarantors.family(practice, patient, on=on)
        if not found:
            return None
        names = accounts.addressees(practice, found)
        members = [Member(one, names[one][0], _bill(practice, one)) for one in found]
        return Family(guarantors.of_patients(practice, [patient], on=on)[patient], tuple(members))


def _bill(practice: int, patient: int) -> Bill | None:
    return next((b for b in bills.bills_of(practice, patient) if b.payable and not b.statement.confidential), None)
