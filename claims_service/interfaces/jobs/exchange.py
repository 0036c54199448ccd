"""Files to receivers and answers from them: what the clock, `claims deliver` and `claims fetch` do."""

from datetime import date, datetime

import structlog

from claims_service.config import Config
from claims_service.domain.actor import Actor
from claims_service.domain.errors import Problem
from claims_service.gateways.receivers import opener
from claims_service.workflow.deliver_files import Attempt, deliver_files
from claims_service.workflow.fetch_answers import Fetched, Take, fetch_answers
from claims_service.workflow.incoming import FileOutcome, IncomingFile, kind_of
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_acknowledgement import KINDS, read_acknowledgement
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.read_status_answer import read_status_answer

log = structlog.get_logger("claims_service.jobs")
JOB = Actor("job:exchange", "job")


def deliver(config: Config, practice: int, now: datetime, *, by: Actor = JOB) -> tuple[Attempt, ...]:
    """Bring what is due to its receivers."""
    return deliver_files(practice, open_place=opener(config), by=by, now=now)


def fetch(config: Config, practice: int, now: datetime, today: date, *, by: Actor = JOB) -> tuple[Fetched, ...]:
    """Take in what receivers answered."""
    return fetch_answers(practice, open_place=opener(config), take=reading(practice, now, today, by=by), by=by, now=now)


def exchange(config: Config, practice: int, now: datetime, today: date) -> None:
    """A round: out first, so that the answer to what goes now is there the next time."""
    for attempt in deliver(config, practice, now):
        if attempt.problem:
            log.warning("delivery failed", practice_id=practice, file_id=attempt.file)
    for looked in fetch(config, practice, now, today):
        if looked.problem:
            log.warning("fetching failed", practice_id=practice)


def reading(practice: int, now: datetime, today: date, *, by: Actor) -> Take:
    """Each kind of answer to its step."""

    def take(file: IncomingFile) -> FileOutcome:
        kind = kind_of(file.beginning)
        if kind in KINDS:
            return read_acknowledgement(practice, [file], by=by, now=now)[0]
        if kind == "271":
            return read_eligibility_answer(practice, [file], by=by, now=now)[0]
        if kind == "277":
            return read_status_answer(practice, [file], by=by, now=now)[0]
        if kind == "835":
            return post_remittance(practice, [file], by=by, now=now, today=today)[0]
        found = f"This is a {kind} file." if kind else "It does not begin with a whole X12 envelope (ISA, GS)."
        problem = Problem("ISA", found, "X12.5", "Look at it in the receiver's folder.")
        return FileOutcome(
            None, file.name, kind, "refused", "Not an answer we can read; nothing was changed.", (problem,)
        )

    return take
