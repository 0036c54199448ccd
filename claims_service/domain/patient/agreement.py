"""The agreement to a payment plan: what both sides promise, in words a patient reads in a minute."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from claims_service.domain.money import spoken
from claims_service.domain.party import Address
from claims_service.domain.patient.payment_plan import Schedule, total
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import long_date
from claims_service.words import say

PORTAL, DESK = "portal", "desk"


@dataclass(frozen=True, slots=True)
class Agreement:
    """accepted_at: by the clinic's clock, "3:05 PM PST". address: the IP address of the patient, empty at the desk.

    accepted_by: who said yes; noted_by: who of the clinic wrote it down at the desk, empty on the portal.
    """

    number: str
    agreed_on: date
    accepted_at: str
    accepted_by: str
    noted_by: str
    address: str
    sender: Sender
    patient: str
    postal: Address
    statement: str
    schedule: Schedule
    grace_days: int

    @property
    def total_cents(self) -> int:
        return total(self.schedule)


def terms(schedule: Schedule, grace_days: int, language: str) -> tuple[str, ...]:
    """What both sides promise; the same sentences stand on the page and on the paper."""
    _ = partial(say, language)
    return (
        _(
            "You pay %(total)s in %(count)s payments. That is what you owe today. No interest, no fee.",
            total=spoken(total(schedule)),
            count=len(schedule),
        ),
        _("You can pay more or sooner at any time. It costs nothing, and your plan ends sooner."),
        _(
            "If a payment is late, we remind you. You have %(days)s days to catch up. There is no late fee.",
            days=grace_days,
        ),
        _("After that the plan stops counting and the bill is due again. Catch up and the plan goes on."),
        _("If your insurance pays more or we take something off, we drop your last payments."),
        _("An amount you dispute is not part of the plan while we look into it."),
        _("While you keep the plan, we do not remind you of this bill and do not send it to anyone."),
        _("You can end the plan at any time. Then you owe what is left, as on your bill."),
    )


def accepted(agreement: Agreement, language: str) -> str:
    """By whom, when and from where it was accepted."""
    day = long_date(agreement.agreed_on, language)
    if agreement.noted_by:
        return say(
            language,
            "%(accepted_by)s agreed on %(day)s at %(accepted_at)s. Written down by %(noted_by)s.",
            accepted_by=agreement.accepted_by,
            day=day,
            accepted_at=agreement.accepted_at,
            noted_by=agreement.noted_by,
        )
    return say(
        language,
        "%(accepted_by)s agreed on %(day)s at %(accepted_at)s, on our website, from address %(address)s.",
        accepted_by=agreement.accepted_by,
        day=day,
        accepted_at=agreement.accepted_at,
        address=agreement.address,
    )
