"""Posts insurers' remittances (835): what balances goes to the journal, what doesn't waits for a person."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.taking_remittance import take_file


def post_remittance(
    practice: int, incoming: Sequence[IncomingFile], *, by: Actor, now: datetime, today: date
) -> tuple[FileOutcome, ...]:
    """Each file on its own, whole or not at all; the same remittance again is known and posts nothing."""
    return tuple(take_file(practice, file, by=by, now=now, today=today) for file in incoming)
