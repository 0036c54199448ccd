"""Autopay: what a patient agrees to, when a bill or a plan's payment is charged, and everything that stops a charge.

The notice is the law's for debits that vary (12 CFR 1005.10(d): at least 10 days before); so that a patient need not know which
law is whose, cards are told the same. A plan's payments were agreed with amount and day, and are told 3 days before.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from claims_service.domain.money import spoken
from claims_service.words import say

STATEMENTS, PLAN = "statements", "plan"
CARD, BANK = "card", "bank"
STARTED, READY, REMOVED = "started", "ready", "removed"
ANNOUNCED, CHARGING, RETRY, PAID, FAILED, STOPPED = "announced", "charging", "retry", "paid", "failed", "stopped"
OPEN = (ANNOUNCED, CHARGING, RETRY)
VERSION = "2026-11"
DAYS_AFTER_BILL = 21  # before the next bill of the same visits, and before it is due
NOTICE_DAYS, PLAN_NOTICE_DAYS = 10, 3
RETRY_DAYS, MOST_TRIES = 3, 2
LEAST_LIMIT_CENTS, MOST_LIMIT_CENTS = 5_00, 10_000_00

# Why a charge was called off; the patient reads it.
NOTHING, CHANGED, DISPUTED, RESTS, ENDED, ABOVE, UNTOLD = (
    "nothing",
    "changed",
    "disputed",
    "rests",
    "ended",
    "above",
    "untold",
)


@dataclass(frozen=True, slots=True)
class SavedMethod:
    """A card or account that the company keeps for a patient. customer, token: its own names for it; we know no number.

    kind: card, bank. last_digits: four at most, so that a patient knows which one it is (PCI DSS 3.4).
    """

    customer: str
    token: str
    kind: str
    brand: str
    last_digits: str


@dataclass(frozen=True, slots=True)
class Stands:
    """What a charge is for, in the moment it is to be made. asked_cents: less what is on its way to us already.

    still_due: the newest bill as it was issued, or the same payment of a running plan. holds: why bills rest.
    """

    asked_cents: int
    held_cents: int
    still_due: bool
    holds: Collection[str] = ()


def charge_day(issued_on: date, today: date) -> date:
    """When a new bill is charged: always after the whole notice."""
    return max(issued_on + timedelta(days=DAYS_AFTER_BILL), today + timedelta(days=NOTICE_DAYS + 1))


def plan_charge_day(due_on: date, today: date) -> date:
    """When a plan's payment is charged: on its day, or after the notice."""
    return max(due_on, today + timedelta(days=PLAN_NOTICE_DAYS + 1))


def is_time_to_tell(due_on: date, today: date) -> bool:
    """Whether a plan's payment is near enough to announce it."""
    return today >= due_on - timedelta(days=PLAN_NOTICE_DAYS + 1)


def charge_now(announced_cents: int, most_cents: int, now: Stands) -> tuple[int, str]:
    """(cents to take, why nothing is taken). Never more than was announced, and nothing of a bill that is in doubt."""
    if now.holds:
        return 0, RESTS
    if now.held_cents > 0:
        return 0, DISPUTED
    if now.asked_cents <= 0:
        return 0, NOTHING
    if not now.still_due:
        return 0, CHANGED
    cents = min(announced_cents, now.asked_cents)
    return (0, ABOVE) if cents > most_cents else (cents, "")


def consent(what: str, most_cents: int, method: str, clinic: str, phone: str, language: str) -> tuple[str, ...]:
    """What a patient says yes to; the same sentences are kept with their version. method: "Visa ending in 4242"."""
    _, most = partial(say, language), spoken(most_cents)
    if what == PLAN:
        own = (
            _(
                "I let %(clinic)s charge my %(method)s for each payment of my plan, on its due day.",
                clinic=clinic,
                method=method,
            ),
            _(
                "You tell me by e-mail %(days)s days before, with the amount and the day. Never more than %(most)s at once.",
                days=PLAN_NOTICE_DAYS,
                most=most,
            ),
        )
    else:
        own = (
            _(
                "I let %(clinic)s charge my %(method)s for each new bill, about %(days)s days after the bill.",
                clinic=clinic,
                method=method,
                days=DAYS_AFTER_BILL,
            ),
            _(
                "You tell me by e-mail at least %(days)s days before, with the amount and the day. Never more than %(most)s at once.",
                days=NOTICE_DAYS,
                most=most,
            ),
        )
    return (
        *own,
        _(
            "Nothing is charged while I question a bill, while you look at my request for help, or when the bill changes."
        ),
        _(
            "If a charge does not go through, you try once more after %(days)s days. It costs me nothing.",
            days=RETRY_DAYS,
        ),
        _("I can stop this at any time, on this page or by phone: %(phone)s. It stops at once.", phone=phone),
    )


def method_name(method: SavedMethod, language: str) -> str:
    """ "Visa ending in 4242" """
    name = method.brand.replace("_", " ").title() if method.kind == CARD else method.brand
    name = name or say(language, "card")
    return say(language, "%(name)s ending in %(last_digits)s", name=name, last_digits=method.last_digits)
