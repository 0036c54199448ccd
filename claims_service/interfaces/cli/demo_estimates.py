"""Estimates of the demo's last day: one asked for on the portal, and the next visits of patients with and without a plan told."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from claims_service.domain.actor import Actor
from claims_service.domain.estimate.wish import ASKED, SCHEDULED, Wish, WishedLine
from claims_service.domain.workdays import add_workdays
from claims_service.queries import visits
from claims_service.workflow.make_estimates import Asked, Issue, ask_estimates, issue_estimates

_PLANNED = (("99213", "85025"), ("99214", "93000", "36415"))
_WORDS = "I have a checkup with blood tests soon. What will I have to pay?"


def tell_prices(practice: int, patients: list[int], *, by: Actor, now: datetime, today: date) -> int:
    """Every second patient with a plan is told as a self-payer; the last only asks. Gives how many were given."""
    provider = visits.providers(practice)[0][0]
    planned_on = add_workdays(today, 12)
    given = 0
    for turn, patient in enumerate(patients[:-1]):
        lines = tuple(WishedLine(code, (), Decimal(1)) for code in _PLANNED[turn % 2])
        wish = Wish(provider, "11", lines, planned_on + timedelta(days=turn), (), self_pay=turn % 2 == 1)
        one = Asked(patient, SCHEDULED, today, f"demo:{patient}", wish)
        [made] = ask_estimates(practice, [one], by=by, now=now, today=today)
        given += len(issue_estimates(practice, [Issue(made.estimate, wish)], by=by, now=now, today=today))
    for patient in patients[-1:]:
        asked = Asked(patient, ASKED, today, f"portal:{patient}:demo", None, _WORDS)
        ask_estimates(practice, [asked], by=Actor(f"patient:{patient}", "patient"), now=now, today=today)
    return given
