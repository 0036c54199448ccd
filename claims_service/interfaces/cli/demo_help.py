"""Who asked for financial help on the demo's last day: one got it, one did not, one waits."""

from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.patient.assistance import OPEN
from claims_service.queries import accounts, assistance
from claims_service.workflow.ask_assistance import Application, ask_assistance
from claims_service.workflow.decide_assistance import Decision, decide_assistance

_TOLD = (
    (2, 30_000_00, "I work half days since the summer."),
    (1, 90_000_00, "I have many bills at once."),
    (3, 41_000_00, "My husband lost his work."),
)
_NO = "Your income is above our scale. Please call us: a payment plan costs nothing extra."
_SKIPPED = 4  # who owe the most are the ones whose bills the tour shows


def help_out(practice: int, *, by: Actor, manager: Actor, now: datetime, today: date) -> int:
    """Gives how many asked."""
    patients = [one.id for one in accounts.newest(practice) if one.owes_cents > 0][_SKIPPED : _SKIPPED + len(_TOLD)]
    asked = []
    for patient, (household, income, words) in zip(patients, _TOLD, strict=False):
        wish = Application(patient, household, income, f"portal:{patient}:demo", words)
        who = Actor(f"patient:{patient}", "patient")
        asked += ask_assistance(practice, [wish], by=who, now=now, today=today)
    for one in asked[:2]:
        percent = assistance.application(practice, one.application).scale_percent
        decision = Decision(one.application, percent, "" if percent else _NO)
        for who in (by, manager):  # the second where it is above the practice's limit
            [after] = decide_assistance(practice, [decision], by=who, now=now, today=today, above_limit=who is manager)
            if after.state != OPEN:
                break
    return len(asked)
