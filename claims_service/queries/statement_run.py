"""Who is to be billed."""

from claims_service.store import bills, disputes
from claims_service.store.connection import in_parts, opened

AT_ONCE = 500  # patients: what one transaction bills; a run that is cut off goes on with the next ones


def due(practice: int, at_once: int | None = None) -> list[list[int]]:
    """Patients with something open or an answer to a dispute, in order and in parts; whether a bill is due is for the step to say."""
    with opened():
        answered = {ending.patient for ending in disputes.endings(practice, None)}
        return in_parts(sorted(answered.union(bills.owing(practice))), at_once or AT_ONCE)
