"""What can go wrong in billing, as values: a Problem says where, what and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stops a record, without any patient data in it.

    where: path of the field or place in the file ("lines[0].pointers", "CLP 3 / SVC 2").
    rule: source of the rule, shown small ("837P 2400 SV107").
    mend: what a person does about it; empty when the message says it all.
    """

    where: str
    message: str
    rule: str = ""
    mend: str = ""


class BillingError(Exception):
    """Base of every refusal the billing code makes on purpose."""


class Rejected(BillingError):
    """The input can't be taken; carries every problem at once."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.where}: {p.message}" for p in self.problems))


class NotFound(BillingError):
    """There is no such record, or it belongs to somebody else: the two look the same."""


class Conflict(BillingError):
    """The record changed meanwhile, or its state does not allow the step."""


class AlreadyDone(BillingError):
    """The same thing came in before; `reference` names the earlier record."""

    def __init__(self, message: str, reference: str = "") -> None:
        self.reference = reference
        super().__init__(message)
