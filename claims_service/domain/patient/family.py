"""Everybody a guarantor answers for: what each owes, and one payment for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims_service.domain.patient.guarantor import Guarantor
from claims_service.domain.patient.payment import OpenClaim, allocate


def same_person(one: Guarantor, other: Guarantor) -> bool:
    """Whether bills go to the same name at the same address; two people of one name live apart."""
    a, b = one.address, other.address
    return (one.name, a.line1.casefold(), a.zip[:5]) == (other.name, b.line1.casefold(), b.zip[:5])


@dataclass(frozen=True, slots=True)
class Part:
    """What of a payment goes to one patient's bill."""

    patient: int
    cents: int


def split(cents: int, owed: Mapping[int, Sequence[OpenClaim]]) -> tuple[tuple[Part, ...], int]:
    """The oldest visit first, whosever it is; parts in the order of the patients, and what is left over."""
    whose = {claim.claim: patient for patient, claims in owed.items() for claim in claims}
    shares, left = allocate(cents, [claim for claims in owed.values() for claim in claims])
    sums: dict[int, int] = {}
    for share in shares:
        sums[whose[share.claim]] = sums.get(whose[share.claim], 0) + share.cents
    return tuple(Part(patient, sums[patient]) for patient in owed if patient in sums), left
