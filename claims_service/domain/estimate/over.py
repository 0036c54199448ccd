"""When a bill is so far above its estimate that the patient may dispute it, 45 CFR 149.620."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.patient.invoice import Invoice

SUBSTANTIAL_CENTS = 400_00  # 45 CFR 149.620(b)(1): billed charges at least $400 above the expected ones
DAYS_TO_DISPUTE = 120  # 45 CFR 149.620(c)(1): calendar days after the first bill
VALID_DAYS = 365  # an estimate speaks of care of the next twelve months, 45 CFR 149.610(b)(1)(viii)


def billed_cents(invoice: Invoice) -> int:
    """What the clinic charges the patient: its prices less what it took off."""
    return invoice.charge_cents - invoice.discount_cents - invoice.forgiven_cents


def is_far_above(billed: int, expected: int) -> bool:
    """Whether the difference is substantial."""
    return billed - expected >= SUBSTANTIAL_CENTS


def dispute_until(first_billed_on: date) -> date:
    """The last day to begin a dispute with the government's agency."""
    return first_billed_on + timedelta(days=DAYS_TO_DISPUTE)


@dataclass(frozen=True, slots=True)
class Given:
    """An estimate that was issued to a self-paying patient. procedures: that it lists."""

    id: int
    number: str
    provider: int
    issued_on: date
    planned_on: date | None
    charge_cents: int
    procedures: frozenset[str]


def estimate_for(served_on: date, provider: int, procedures: Iterable[str], given: Iterable[Given]) -> Given | None:
    """The estimate that spoke of a visit: of its provider, given on or before its day, for that day or for one of its services.

    Of several, the one for that very day, then the newest.
    """
    done = frozenset(procedures)
    fitting = [
        one
        for one in given
        if one.provider == provider
        and one.issued_on <= served_on <= one.issued_on + timedelta(days=VALID_DAYS)
        and (one.planned_on == served_on or done & one.procedures)
    ]
    return max(fitting, key=lambda one: (one.planned_on == served_on, one.issued_on, one.id), default=None)
