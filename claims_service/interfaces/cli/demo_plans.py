"""Who pays over time on the demo's last day: one agreed on the portal, one by phone."""

from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.patient.agreement import DESK, PORTAL
from claims_service.queries import accounts, bills, payment_plans
from claims_service.workflow.agree_payment_plan import Wish, agree_payment_plans

_FROM, _UNTIL = 1, 4  # by what they owe: the tour pays the first one’s bill, and the next ones ask for help instead
_WANTED = 2


def agree_plans(practice: int, *, by: Actor, by_name: str, now: datetime, today: date) -> int:
    """Gives how many plans there are."""
    made = 0
    for one in [found for found in accounts.newest(practice) if found.owes_cents > 0][_FROM:_UNTIL]:
        offered = payment_plans.offered(practice, one.id, today=today)
        if offered.bill is None or not offered.schedules or made == _WANTED:
            continue
        person, by_phone = bills.addressee(practice, one.id), made % 2 == 1
        wish = Wish(
            one.id, offered.bill.id, len(offered.schedules[-1]), offered.bill.asked_cents, f"demo:{one.id}", person.name,
            DESK if by_phone else PORTAL, "" if by_phone else "203.0.113.24", person.language, by_name if by_phone else "",
        )  # fmt: skip
        who = by if by_phone else Actor(f"patient:{one.id}", "patient", "203.0.113.24")
        made += len(agree_payment_plans(practice, [wish], by=who, now=now, today=today))
    return made
