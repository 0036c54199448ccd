"""What is brought to the bank, on paper: the cash and each check, without a patient's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import long_date
from claims_service.formats.documents.press import pdf, sender_of


@dataclass(frozen=True, slots=True)
class DepositSlip:
    """checks: (number, cents) of each."""

    number: str
    made_on: date
    sender: Sender
    cash_cents: int
    checks: Sequence[tuple[str, int]]

    @property
    def cents(self) -> int:
        return self.cash_cents + sum(cents for _, cents in self.checks)


def deposit_slip_pdf(slip: DepositSlip) -> bytes:
    """The same slip always gives the same bytes."""
    rows = [("Made on", long_date(slip.made_on, "en")), ("Cash", spoken(slip.cash_cents))]
    rows += [(f"Check {number}", spoken(cents)) for number, cents in slip.checks]
    rows.append(
        (f"{len(slip.checks)} checks" if len(slip.checks) != 1 else "1 check", spoken(slip.cents - slip.cash_cents))
    )
    content = {
        "lang": "en",
        "title": f"Deposit slip {slip.number}, {slip.sender.name}",
        "page_words": "",
        "sender": sender_of(slip.sender),
        "numbered": f"Deposit slip {slip.number}",
        "heading": "To deposit",
        "amount": spoken(slip.cents),
        "rows": rows,
        "notes": ["Counted by ____________________     Brought to the bank by ____________________"],
    }
    return pdf("receipt.typ", content, slip.made_on)
