"""Double entry: a Transfer can't be one-sided, an Entry is a set of transfers with its source; undo is a reversal."""

from dataclasses import dataclass, replace
from datetime import date

from claims_service.domain.ledger.accounts import BY_NAME
from claims_service.domain.quick import quick


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement of cents > 0 from the credit account to the debit account.

    claim, line, patient, payer: what it is about (ids; line = claim line number), None where it does not apply.
    reason: the CAS group and reason ("CO45") or PLB code behind it, empty otherwise.
    """

    debit: str
    credit: str
    cents: int
    claim: int | None = None
    line: int | None = None
    patient: int | None = None
    payer: int | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        assert self.cents > 0, "a transfer moves money; to undo one, reverse it"
        assert self.debit != self.credit
        assert self.debit in BY_NAME
        assert self.credit in BY_NAME

    def reversed(self) -> "Transfer":
        return replace(self, debit=self.credit, credit=self.debit)


transfer = quick(Transfer)


@dataclass(frozen=True, slots=True)
class Entry:
    """Transfers that stand or fall together.

    key: unique in the practice; the same key again is not posted again.
    source, source_id: the record behind it ("remittance", 12). kind: charge, remittance, payment, deposit ...
    """

    posted_on: date
    kind: str
    key: str
    source: str
    source_id: int | None
    transfers: tuple[Transfer, ...]
    memo: str = ""
    reverses: int | None = None

    @property
    def total_cents(self) -> int:
        return sum(t.cents for t in self.transfers)


def moved(
    debit: str,
    credit: str,
    cents: int,
    claim: int | None = None,
    line: int | None = None,
    patient: int | None = None,
    payer: int | None = None,
    reason: str = "",
) -> tuple[Transfer, ...]:
    """A transfer of any sign: nothing for 0, turned round when negative."""
    if not cents:
        return ()
    if cents < 0:
        debit, credit, cents = credit, debit, -cents
    return (transfer(debit, credit, cents, claim, line, patient, payer, reason),)


def reversal(entry: Entry, entry_id: int, *, posted_on: date, memo: str = "") -> Entry:
    """The entry that undoes another, linked to it. The original stays as it is."""
    return Entry(
        posted_on, entry.kind, f"reversal:{entry.key}", entry.source, entry.source_id,
        tuple(t.reversed() for t in entry.transfers), memo, entry_id,
    )  # fmt: skip
