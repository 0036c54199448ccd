"""Reads an 835 and tells on the way: is it whole, does it add up, have we seen it? Not a step itself."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment
from claims_service.domain.remittance.balancing import Balance
from claims_service.formats.remittances import read_remittance
from claims_service.formats.x12.findings import broken
from claims_service.formats.x12.tokenizer import Source
from claims_service.store.remittances import payment_json

Item = Advice | ClaimPayment | AdviceEnd


class Doubtful(Exception):
    """A file that can't be posted while it is read; nothing of it may stand."""


@dataclass(slots=True)
class TransactionReading:
    """One ST: its balance, and a hash of all it says but the control numbers, "" until it was read to its end."""

    advice: Advice
    balance: Balance
    signature: str = ""

    @property
    def key(self) -> str:
        """Who pays whom, by which number, how much and when: the same payment has the same key however it is wrapped."""
        a = self.advice
        return f"{a.originator}|{a.trace}|{a.paid_cents}|{a.paid_on:%Y%m%d}|{a.payee_npi or a.payee_tax_id}"[:120]


@dataclass(slots=True)
class Reading:
    """A whole file. problems: why nothing of it may be taken."""

    transactions: list[TransactionReading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def claims(self) -> int:
        return sum(t.balance.claims for t in self.transactions)

    @property
    def paid_cents(self) -> int:
        return sum(t.advice.paid_cents for t in self.transactions)

    @property
    def interchange_control(self) -> str:
        return self.transactions[0].advice.interchange_control if self.transactions else ""

    @property
    def group_control(self) -> str:
        return self.transactions[0].advice.group_control if self.transactions else ""

    def follow(self, content: Source) -> Iterator[Item]:
        """What the file says, one claim at a time; how it adds up so far is known here before the item is handed out.

        Raises:
            Rejected: a file in an insurer's own format that is not whole.
        """
        items = read_remittance(content)
        seen = hashlib.sha256()
        for item in items:
            if isinstance(item, Advice):
                self.transactions.append(TransactionReading(item, Balance(item)))
                told = (item.trace, item.originator, item.paid_cents, item.paid_on, item.payee_npi)
                # A test file is not the payment itself, which may come word for word the same.
                seen = hashlib.sha256(repr((*told, "test") if item.test else told).encode())
            elif isinstance(item, ClaimPayment):
                self.transactions[-1].balance.take(item)
                seen.update(payment_json(item))
            else:
                self.transactions[-1].balance.end(item)
                seen.update(repr(item).encode())
                self.transactions[-1].signature = seen.hexdigest()
            yield item
        self.problems = [finding.problem() for finding in broken(items.findings)]
        if not self.transactions and not self.problems:
            self.problems.append(
                Problem("file", "There is no remittance in this file.", "X12 ST01 = 835", "Ask the insurer for it.")
            )

    def undoubted(self, content: Source) -> Iterator[Item]:
        """The same, as long as all adds up; whether the file is whole is known at its end alone.

        Raises:
            Doubtful: something is not as it should be.
        """
        try:
            for item in self.follow(content):
                if self.transactions[-1].balance.problems:
                    raise Doubtful
                yield item
        except Rejected:
            raise Doubtful from None
        if self.problems:
            raise Doubtful


def read(content: Source) -> Reading:
    """Follow the file to its end, holding one claim at a time."""
    reading = Reading()
    try:
        for _ in reading.follow(content):
            pass
    except Rejected as refused:
        reading.problems = list(refused.problems)
    return reading
