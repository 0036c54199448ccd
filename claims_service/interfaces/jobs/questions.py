"""The night before: insurers are asked by file about everyone who comes tomorrow."""

from datetime import date, datetime, timedelta

import structlog

from claims_service.config import Config
from claims_service.domain.actor import Actor
from claims_service.queries import coming_visits
from claims_service.workflow.ask_eligibility import CoverQuestion, ask_eligibility

log = structlog.get_logger("claims_service.jobs")
JOB = Actor("job:questions", "job")


def evening(config: Config, practice: int, now: datetime, today: date) -> None:
    """Ask about the cover on the day of the visit; who was asked about that day already is not asked again."""
    tomorrow = today + timedelta(days=1)
    coming = coming_visits.patients_on(practice, tomorrow)
    wanted = [CoverQuestion(patient, tomorrow) for patient in coming]
    asked = ask_eligibility(practice, wanted, by=JOB, now=now, again_after=timedelta(hours=config.ask_again_hours))
    if asked.problems:
        log.warning("not everyone could be asked about", practice_id=practice, count=len(asked.problems))
